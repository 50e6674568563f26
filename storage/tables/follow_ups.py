"""What executives were asked to hear from a customer in person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

OPEN = text("closed_at IS NULL")
_TO_TELL = text("tell_at IS NOT NULL")


class FollowUp(SQLModel, table=True):
    """An executive's task to hear from a lost customer why they left, beside the rep's own work.

    Open while `closed_at` is None; `heard` is what the customer said, None where nobody called.
    `note` is what the asker wanted known first. `tell_at` is the instant from which being overdue
    is told on its own, None once it was.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        Index(
            "ux_follow_up_open",
            "workspace_id",
            "account_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_follow_up_account", "workspace_id", "account_id"),
        Index(
            "ix_follow_up_member",
            "workspace_id",
            "member_id",
            "due_on",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_follow_up_tell", "tell_at", sqlite_where=_TO_TELL, postgresql_where=_TO_TELL),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    account_id: int = Field(foreign_key="account.id")
    member_id: int = Field(foreign_key="member.id")
    asked_by_id: int = Field(foreign_key="member.id")
    asked_at: datetime
    due_on: date
    note: str | None = None
    tell_at: datetime | None = None
    closed_at: datetime | None = None
    heard: str | None = None
