"""What a year of play stands on: the company, its clock and dice, and the books kept beside it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from domain.account_life import State
from handlers.effects import Effect, FormErrors, OpenForm
from storage.tables import Account, Assignment, Claim, Member
from tests.people import MAX, WORKSPACE, Desk
from tests.trials.books import Books
from tests.trials.company import Company, as_text

PLANS: tuple[dict[str, str], ...] = (
    {"bounty_kind": "fixed", "bounty_fixed": "333.33", "executive_limit": "300"},
    {"bounty_kind": "percentage", "bounty_percentage": "7.5", "hold_days": "14"},
    {
        "bounty_kind": "commission",
        "bounty_tiers": "biggest 1.5, longest held 1.2",
        "bounty_early": "10 days 1.5, 30 days 1.25",
        "bounty_cap": "2500",
        "bounty_member_cap": "4000",
        "hold_days": "0",
    },
    {"currency": "EUR", "bounty_member_cap": "0", "hold_days": "30", "clawback_days": "120"},
)
"""What the manager decides in each quarter of the play; the rest stays as it was."""

_AT_FIRST = {
    "currency": "USD",
    "commission_percentage": "10",
    "bounty_multiple": "2",
    "bounty_foothold": "25",
    "bounty_cap": "0",
    "bounty_member_cap": "0",
}


@dataclass(frozen=True)
class Now:
    """The tables as they are at one moment of the play."""

    people: Mapping[int, Member]
    accounts: Mapping[int, Account]
    claims: Mapping[int, Claim]
    assignments: Mapping[int, Assignment]

    def user(self, member_id: int | None) -> str:
        """Give the user id of a member who still sells; empty of everybody else."""
        member = self.people.get(member_id or 0)
        sells = member is not None and member.role in {"rep", "manager"}
        return (member.platform_user_id or "") if member and sells else ""

    def held(self, *states: State) -> list[Account]:
        """Give the accounts in these states whose holder can act."""
        return [a for a in self.accounts.values() if a.state in states and self.user(a.holder_id)]

    def waiting(self) -> list[Claim]:
        return [claim for claim in self.claims.values() if claim.state == "claimed"]

    def dealt(self, account: Account) -> Assignment:
        """Give the deal under which an account is in hand."""
        of_it = [a for a in self.assignments.values() if a.account_id == account.id]
        return next(a for a in reversed(of_it) if a.ended_at is None)


@dataclass
class Play:
    """A company at play. Every act goes through `act`, which checks what it did to the ledger."""

    desk: Desk
    seed: int = 7
    counts: Counter[str] = field(default_factory=Counter)
    plans: list[tuple[datetime, dict[str, str]]] = field(default_factory=list)
    rates: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311  # play, not secrets
        self.company = Company(self.desk)
        self.books = Books(self.desk.database)

    async def open(self) -> None:
        """Open the company, before any plan was decided."""
        await self.company.open()
        self.plans.append((self.desk.now, dict(_AT_FIRST)))

    async def act(
        self,
        what: Awaitable[list[Effect]],
        entries: Collection[str] = (),
        grows: Mapping[str, int] | None = None,
    ) -> list[Effect]:
        """Let somebody act: `entries` are all it may write into the ledger, `grows` its balance."""
        effects = await what
        try:
            await self.books.follow(entries, grows or {})
        except AssertionError as wrong:
            said = "\n".join(map(said_in, effects))
            raise AssertionError(f"{self.desk.now}, after this was said:\n{said}") from wrong
        return effects

    async def tick(self) -> None:
        """Let the clock's jobs run; of the ledger they only release what was held."""
        self.counts["messages sent"] += await self.company.tick()
        await self.books.follow({"released"})

    async def now(self) -> Now:
        """Read the tables."""
        async with self.desk.database.reading(WORKSPACE) as work:
            claims = list(await work.session.exec(select(Claim).order_by(col(Claim.id))))
            assignments = await work.session.exec(select(Assignment).order_by(col(Assignment.id)))
            return Now(
                await self.company.people(),
                {one.id or 0: one for one in await self.company.customers()},
                {one.id or 0: one for one in claims},
                {one.id or 0: one for one in assignments},
            )

    async def decide_plan(self, number: int) -> None:
        """Put a plan in force; every deal before keeps the old one."""
        wanted = PLANS[number]
        line = " ".join(f"{key}={value}" for key, value in wanted.items())
        said = await self.act(self.desk.types(MAX, f"settings {line}"))
        assert all(key in said_in(said[0]) for key in wanted), said_in(said[0])
        self.plans.append((self.desk.now, {**self.plans[-1][1], **wanted}))

    def terms_at(self, instant: datetime) -> dict[str, str]:
        """Give the settings that were in force at an instant."""
        return next(terms for since, terms in reversed(self.plans) if since <= instant)


def said_in(effect: Effect) -> str:
    """Give what an effect says to the one who acted."""
    match effect:
        case FormErrors():
            return " ".join(effect.errors.values())
        case OpenForm():
            return effect.form.title
        case _:
            return as_text(effect.view) if hasattr(effect, "view") else str(effect)


def said(effects: Sequence[Effect]) -> str:
    """Give all that was said in answer to an act."""
    return "\n".join(map(said_in, effects))
