"""Win-backs claimed, and the ledger of what they pay."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

_OPEN = text("state = 'claimed'")


class Claim(SQLModel, table=True):
    """A member says that a customer came back. `state`: claimed, approved, declined, withdrawn.

    `value_minor` is what was won back, `bounty_minor` what it pays by `rule` (in words). A member
    has one open claim on an account. `release_at` is when an approved bounty ends being held.
    """

    __table_args__ = (
        Index("ix_claim_account", "workspace_id", "account_id"),
        Index("ix_claim_member", "workspace_id", "member_id"),
        Index("ix_claim_decided", "workspace_id", "state", "decided_at"),
        Index("ix_claim_release", "release_at"),
        Index(
            "ux_claim_open",
            "workspace_id",
            "account_id",
            "member_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    account_id: int = Field(foreign_key="account.id")
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    member_id: int = Field(foreign_key="member.id")
    state: str = "claimed"
    value_minor: int = Field(sa_type=BigInteger)
    bounty_minor: int = Field(sa_type=BigInteger)
    currency: str
    rule: str
    product: str | None = None
    how: str = ""
    story: str = ""
    claimed_at: datetime
    won_on: date
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="member.id")
    decision_note: str | None = None
    release_at: datetime | None = None


class LedgerLine(SQLModel, table=True):
    """One line of the bounty ledger; lines are only ever added.

    A member's `amount_minor` moves from the pot `source` to the pot `target` (`domain.ledger`);
    below zero it is what they owe. `entry` says what happened.
    """

    __tablename__ = "ledger_line"
    __table_args__ = (
        Index("ix_ledger_member", "workspace_id", "member_id", "at"),
        Index("ix_ledger_claim", "workspace_id", "claim_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    claim_id: int = Field(foreign_key="claim.id")
    member_id: int = Field(foreign_key="member.id")
    entry: str
    source: str
    target: str
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="member.id")
    note: str | None = None
