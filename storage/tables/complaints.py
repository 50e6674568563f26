"""What customers said in confidence of how one of us behaved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Complaint(SQLModel, table=True):
    """A complaint about a member's own conduct, for `told_id` alone.

    `reason` and `words` are what the loss would have said; it says neither, so that no list, file
    or message that shows losses can show them.
    """

    __table_args__ = (Index("ix_complaint_told", "workspace_id", "told_id", "account_id"),)
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    account_id: int = Field(foreign_key="account.id")
    loss_id: int = Field(foreign_key="loss.id", index=True)
    about_id: int = Field(foreign_key="member.id")
    told_id: int = Field(foreign_key="member.id")
    by_id: int = Field(foreign_key="member.id")
    at: datetime
    reason: str
    words: str
