"""Deals of the drawer, what each rep holds from them, whose turn it is and what is due."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Deal(SQLModel, table=True):
    """One dealing-out of the drawer: who pressed, when, and whether it was undone.

    `preview_key` names the preview that was confirmed, so that two presses deal once.
    `turns_json` has the rotation as the deal found it, as member → `domain.rotation.Turn`'s fields.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "preview_key"),
        Index("ix_deal_at", "workspace_id", "dealt_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    preview_key: str
    dealt_by_id: int | None = Field(default=None, foreign_key="member.id")
    dealt_at: datetime
    undone_at: datetime | None = None
    undone_by_id: int | None = Field(default=None, foreign_key="member.id")
    turns_json: str = "{}"


class Assignment(SQLModel, table=True):
    """An account in a rep's hands, why it came to them, and how it ended (None while it lasts).

    `ended_as`: won back, handed over, undone, returned, let go.
    """

    __table_args__ = (
        Index("ix_assignment_member", "workspace_id", "member_id", "ended_at"),
        Index("ix_assignment_account", "workspace_id", "account_id", "ended_at"),
        Index("ix_assignment_deal", "workspace_id", "deal_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    account_id: int = Field(foreign_key="account.id")
    member_id: int = Field(foreign_key="member.id")
    deal_id: int | None = Field(default=None, foreign_key="deal.id")
    why: str
    assigned_at: datetime
    assigned_on: date
    ended_at: datetime | None = None
    ended_as: str | None = None


class Turn(SQLModel, table=True):
    """A member's place in the rotation, as `domain.rotation.Turn` has it; the lowest is next.

    `taken` counts accounts, levelled on joining and returning so that nobody is flooded;
    `last_seq` breaks ties: the longest ago goes first. Both were counted in `pool` at `weight`.
    """

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    member_id: int = Field(primary_key=True, foreign_key="member.id")
    taken: int = 0
    last_seq: int = Field(default=0, sa_type=BigInteger)
    pool: str = ""
    weight: int = 100


class Deadline(SQLModel, table=True):
    """One thing due on a member's local day.

    `kind`: contact, meeting, overdue, revisit, next step. `due_at` is the instant from which it
    counts (that day's digest hour in the member's zone). Open while `closed_at` is None;
    `told_at` is when its own message (not the digest's line) went into the outbox.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "assignment_id", "kind", "due_on"),
        Index("ix_deadline_member", "workspace_id", "member_id", "closed_at", "due_on"),
        Index("ix_deadline_account", "workspace_id", "account_id", "closed_at"),
        Index("ix_deadline_tell", "tell_at"),
        Index("ix_deadline_kind", "workspace_id", "kind", "closed_at", "due_on"),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    assignment_id: int = Field(foreign_key="assignment.id")
    account_id: int = Field(foreign_key="account.id")
    member_id: int = Field(foreign_key="member.id")
    kind: str
    due_on: date
    note: str | None = None
    tell_at: datetime | None = None
    told_at: datetime | None = None
    closed_at: datetime | None = None
    snoozes: int = 0
