"""What is on its way to people, what has already been heard, and who did what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

_OPEN = text("sent_at IS NULL AND dead_at IS NULL")
_DEAD = text("dead_at IS NOT NULL")
_WAITING = text("due_at IS NULL AND sent_at IS NULL AND dead_at IS NULL")


class Outbox(SQLModel, table=True):
    """A message to be sent once.

    To a member (`member_id`, their DM) or to a channel (`channel_id`). `dedupe_key` (kind, subject,
    due date) makes a second writing impossible. Open rows have neither `sent_at` nor `dead_at`;
    `due_at` is when to try (next), None while the platform does not know the member yet; a sender
    holds it until `leased_until`. Answers to what people do go first (`rank` 0), nudges after them
    (1); a nudge that is not out by `closes_at` waits until `reopens_at`. `promised` is whether
    `due_at` is its place in its recipient's queue. `attempts` counts the tries that were begun.
    `message_ref` is
    what the platform called the message; `update_of` is such a reference where an older message
    is to be replaced instead of a new one sent. The indexes hold open rows alone, so that finding
    what is due does not grow with what was sent.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "dedupe_key"),
        Index("ix_outbox_due", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "ix_outbox_member",
            "workspace_id",
            "member_id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_outbox_turn",
            "workspace_id",
            "rank",
            "due_at",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_outbox_dead", "dead_at", sqlite_where=_DEAD, postgresql_where=_DEAD),
        Index("ix_outbox_created", "created_at"),
        Index("ix_outbox_waiting", "member_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    channel_id: str | None = None
    kind: str
    view_json: str
    dedupe_key: str
    rank: int = 0
    due_at: datetime | None = None
    promised: bool = False
    closes_at: datetime | None = None
    reopens_at: datetime | None = None
    created_at: datetime
    leased_until: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    dead_at: datetime | None = None
    message_ref: str | None = None
    update_of: str | None = None
    last_error: str | None = None


class Lane(SQLModel, table=True):
    """How far ahead one road to a platform is taken, shared by all senders (`domain.pace`).

    `name` is a recipient, the changes of older messages, or the workspace as a whole; of the last
    `free_at` is when its bucket is full again.
    """

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    name: str = Field(primary_key=True)
    free_at: datetime
    slot_at: datetime


class SeenEnvelope(SQLModel, table=True):
    """A command, click, form or event already carried out, by the platform's own unique id."""

    __tablename__ = "seen_envelope"
    __table_args__ = (Index("ix_seen_envelope_at", "seen_at"),)
    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    envelope_id: str = Field(primary_key=True)
    seen_at: datetime


class AuditEntry(SQLModel, table=True):
    """Who did what, to whom or what, with before and after in words."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_at", "workspace_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="member.id")
    action: str
    subject: str
    detail: str = ""
