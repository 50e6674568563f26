"""Customers, how they left, and what was learned on visiting them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, String, TextClause, UniqueConstraint, text
from sqlmodel import Field, SQLModel

IN_DRAWER = "account.state IN ('code 99', 'lost')"
"""The accounts that wait for a deal, in the words of the indexes over them (a partial index serves
a query only where the query says the same, without parameters)."""

COMPARTMENT = (
    "(coalesce(account.reason, '') || '\x1f' || coalesce(account.tier, '') "
    "|| '\x1f' || coalesce(account.region, ''))"
)
"""Reason, tier and region in one, in the words of the index over them, where accounts that agree in
all three lie side by side. U+001F stands between the parts."""

BY_CODE = String().with_variant(String(collation="C"), "postgresql")
"""Text in the same order on both databases, so that pages and turns agree."""

_HELD = text("holder_id IS NOT NULL")


def _drawer_index(name: str, *columns: str | TextClause, also: str = "") -> Index:
    where = text(IN_DRAWER.replace("account.", "") + also)
    return Index(name, "workspace_id", *columns, sqlite_where=where, postgresql_where=where)


class Account(SQLModel, table=True):
    """A customer. `name_key` is the folded name under which spellings meet (`domain.names`).

    Values are minor units of `currency`. `lost_by_id`, `lost_on` and the stated reason repeat the
    latest loss, so that lists and the deal need no join. `holder_id` is the rep who has it now.
    `workspace_id` is looked up by no key (docs/adr/0012): `storage.repository` knows it.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "name_key"),
        UniqueConstraint("workspace_id", "external_id"),
        Index("ix_account_touched", "workspace_id", "state", "touched_at"),
        _drawer_index("ix_account_flagged", "value_minor", "id", also=" AND tier IS NOT NULL"),
        _drawer_index("ix_account_unflagged", "value_minor", "id", also=" AND tier IS NULL"),
        _drawer_index("ix_account_drawer_age", "lost_on", "id"),
        _drawer_index(
            "ix_account_compartment",
            text(COMPARTMENT.replace("account.", "")),
            "lost_by_id",
            "lost_on",
        ),
        Index(
            "ix_account_holder",
            *("workspace_id", "holder_id", "state"),
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    name: str
    name_key: str = Field(sa_type=BY_CODE)
    external_id: str | None = None
    state: str
    tier: str | None = None
    region: str | None = None
    sector: str | None = None
    product: str | None = None
    decision_maker: str | None = None
    value_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None
    holder_id: int | None = Field(default=None, foreign_key="member.id")
    lost_by_id: int | None = Field(default=None, foreign_key="member.id")
    lost_on: date | None = None
    reason: str | None = None
    why_verified: str | None = None
    competitor: str | None = None
    reconnect_on: date | None = None
    created_at: datetime
    touched_at: datetime


class Loss(SQLModel, table=True):
    """One parting. `reason` is what was stated at the loss; `verified_reason` what a visit found.

    `kind` is `customer`, `deal` (with `wake_on`) or `ebbing`. `fingerprint` tells a loss that is
    known already when it is imported (again): its external id, or one of our own making.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "fingerprint"),
        Index("ix_loss_account", "workspace_id", "account_id", "lost_on"),
        Index("ix_loss_logged", "workspace_id", "logged_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    account_id: int = Field(foreign_key="account.id")
    kind: str = "customer"
    reason: str = "unknown"
    verified_reason: str | None = None
    what_happened: str | None = None
    competitor: str | None = None
    competitor_won_by: str | None = None
    product: str | None = None
    value_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None
    last_day_on: date | None = None
    lost_on: date
    decision_maker: str | None = None
    preventable: str | None = None
    wake_on: date | None = None
    lost_by_id: int | None = Field(default=None, foreign_key="member.id")
    logged_by_id: int | None = Field(default=None, foreign_key="member.id")
    logged_at: datetime
    fingerprint: str | None = None


class Visit(SQLModel, table=True):
    """A visit and what it found; `met_decision_maker` with a `verified_reason` opens the gate."""

    __table_args__ = (
        Index("ix_visit_assignment", "assignment_id"),
        Index("ix_visit_account", "workspace_id", "account_id", "visited_on"),
        Index("ix_visit_logged", "workspace_id", "logged_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    account_id: int = Field(foreign_key="account.id")
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    member_id: int = Field(foreign_key="member.id")
    visited_on: date
    who_was_met: str
    met_decision_maker: bool
    what_happened: str
    verified_reason: str | None = None
    evidence: str | None = None
    apologised: bool = False
    next_step: str | None = None
    next_step_on: date | None = None
    logged_at: datetime


class ForgottenContact(SQLModel, table=True):
    """A contact of an account who is to be forgotten: a `fingerprint` that does not tell the name.

    By it a name that comes back with a file is known again and left out.
    """

    __tablename__ = "forgotten_contact"
    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    fingerprint: str = Field(primary_key=True)
