"""Win-backs claimed, the plans that say what they pay, and the ledger of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

_CLAIM_OPEN = text("state = 'claimed'")
_HELD = text("state = 'approved' AND released_at IS NULL")
_TO_REMIND = text("remind_at IS NOT NULL")
_PAYOUT_OPEN = text("state = 'open'")


class BountyPlan(SQLModel, table=True):
    """What the bounty settings were from an instant on: the plan in force for deals from then."""

    __tablename__ = "bounty_plan"
    __table_args__ = (UniqueConstraint("workspace_id", "from_at"),)
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    from_at: datetime
    terms_json: str
    set_by_id: int | None = Field(default=None, foreign_key="member.id")


class Claim(SQLModel, table=True):
    """A member says that a customer came back. `state`: claimed, approved, declined, withdrawn.

    `extent` is whole or foothold. `value_minor` is what was won back, `bounty_minor` what it pays
    by `rule` (in words) under the plan in force at the deal; how long it is held and how long the
    customer must stay are that plan's too. `version` rises with everything a decider must have
    seen. `endorsed_by_id` approved it where an executive has the last word. `release_at` is when
    an approved bounty ends being held, `remind_at` when a testimonial is asked for, `left_loss_id`
    the loss for which it was clawed back. A member has one open claim on an account.
    """

    __table_args__ = (
        Index("ix_claim_account", "workspace_id", "account_id"),
        Index("ix_claim_member", "workspace_id", "member_id"),
        Index("ix_claim_decided", "workspace_id", "state", "decided_at"),
        Index("ix_claim_release", "release_at", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_claim_remind", "remind_at", sqlite_where=_TO_REMIND, postgresql_where=_TO_REMIND),
        Index(
            "ux_claim_open",
            "workspace_id",
            "account_id",
            "member_id",
            unique=True,
            sqlite_where=_CLAIM_OPEN,
            postgresql_where=_CLAIM_OPEN,
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    account_id: int = Field(foreign_key="account.id")
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    member_id: int = Field(foreign_key="member.id")
    plan_id: int | None = Field(default=None, foreign_key="bounty_plan.id")
    state: str = "claimed"
    extent: str = "whole"
    value_minor: int = Field(sa_type=BigInteger)
    bounty_minor: int = Field(sa_type=BigInteger)
    currency: str
    rule: str
    hold_days: int = 30
    clawback_days: int = 90
    product: str | None = None
    how: str = ""
    story: str = ""
    claimed_at: datetime
    won_on: date
    version: int = 1
    endorsed_at: datetime | None = None
    endorsed_by_id: int | None = Field(default=None, foreign_key="member.id")
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="member.id")
    decision_note: str | None = None
    release_at: datetime | None = None
    released_at: datetime | None = None
    remind_at: datetime | None = None
    left_loss_id: int | None = None


class ClaimNote(SQLModel, table=True):
    """A question asked back about a claim, or its answer."""

    __tablename__ = "claim_note"
    __table_args__ = (Index("ix_claim_note", "workspace_id", "claim_id"),)
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    claim_id: int = Field(foreign_key="claim.id")
    by_id: int = Field(foreign_key="member.id")
    at: datetime
    text: str


class LedgerLine(SQLModel, table=True):
    """One line of the bounty ledger; lines are only ever added.

    A member's `amount_minor` moves from the pot `source` to the pot `target` (`domain.ledger`);
    below zero it is what they owe. `entry` says what happened, `payout_id` in which payment.
    """

    __tablename__ = "ledger_line"
    __table_args__ = (
        Index("ix_ledger_member", "workspace_id", "member_id", "at"),
        Index("ix_ledger_claim", "workspace_id", "claim_id"),
        Index("ix_ledger_payout", "workspace_id", "payout_id"),
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
    payout_id: int | None = Field(default=None, foreign_key="payout.id")


class Payout(SQLModel, table=True):
    """A payment that finance drew up for a member: all that was payable to them then.

    `state`: open, paid, returned. A member has one open payment in a currency, so that drawing up
    twice pays once.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "reference"),
        Index("ix_payout_state", "workspace_id", "state"),
        Index(
            "ux_payout_open",
            "workspace_id",
            "member_id",
            "currency",
            unique=True,
            sqlite_where=_PAYOUT_OPEN,
            postgresql_where=_PAYOUT_OPEN,
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    member_id: int = Field(foreign_key="member.id")
    reference: str
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str
    state: str = "open"
    drawn_at: datetime
    drawn_by_id: int | None = Field(default=None, foreign_key="member.id")
    paid_on: date | None = None
    settled_at: datetime | None = None
    settled_by_id: int | None = Field(default=None, foreign_key="member.id")
