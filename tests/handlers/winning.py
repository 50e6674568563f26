"""What tests of claims, bounties and boards begin with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import select

from domain.account_life import State
from domain.names import name_key
from handlers.effects import Effect, ReplaceSource
from handlers.views.elements import View
from storage.tables import Account, Assignment, Claim, LedgerLine, Outbox, Visit
from tests.people import ADA, WORKSPACE, Desk

LOST_ON = date(2026, 2, 2)


async def an_account(
    desk: Desk,
    name: str = "Acme Corp",
    *,
    holder: str | None = ADA,
    state: State = State.UNDERSTOOD,
    tier: str | None = None,
) -> int:
    """An account that was lost, in somebody's hands, visited as far as its state says."""
    async with desk.database.workspace(WORKSPACE) as work:
        account = Account(
            workspace_id=WORKSPACE,
            name=name,
            name_key=name_key(name),
            state=state,
            tier=tier,
            value_minor=1_500_000,
            currency="USD",
            holder_id=desk.ids[holder] if holder else None,
            lost_on=LOST_ON,
            reason="price",
            competitor="Globex",
            created_at=desk.now,
            touched_at=desk.now,
        )
        work.session.add(account)
        await work.session.flush()
        assert account.id is not None
        if holder:
            work.session.add(
                Assignment(
                    workspace_id=WORKSPACE,
                    account_id=account.id,
                    member_id=desk.ids[holder],
                    why="in turn",
                    assigned_at=desk.now,
                    assigned_on=desk.now.date(),
                )
            )
        await work.commit()
        return account.id


async def a_visit(
    desk: Desk, account_id: int, by: str = ADA, *, met: bool = True, why: str | None = "price"
) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        work.session.add(
            Visit(
                workspace_id=WORKSPACE,
                account_id=account_id,
                member_id=desk.ids[by],
                visited_on=desk.now.date(),
                who_was_met="Road Runner",
                met_decision_maker=met,
                what_happened="They told us",
                verified_reason=why,
                logged_at=desk.now,
            )
        )
        await work.commit()


async def the_account(desk: Desk, account_id: int) -> Account:
    async with desk.database.reading(WORKSPACE) as work:
        account = await work.accounts.by_id(account_id)
        assert account is not None
        return account


async def claims(desk: Desk) -> Sequence[Claim]:
    async with desk.database.reading(WORKSPACE) as work:
        return list(await work.session.exec(select(Claim).order_by(Claim.id)))  # type: ignore[arg-type]  # a column where the type says int


async def ledger(desk: Desk) -> list[tuple[str, str, str, int]]:
    """Every line as (entry, from, to, minor units), in order."""
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(LedgerLine).order_by(LedgerLine.id))  # type: ignore[arg-type]  # a column where the type says int
        return [(row.entry, row.source, row.target, row.amount_minor) for row in rows]


async def told(desk: Desk, user: str, containing: str = "") -> list[View]:
    """The messages on their way to somebody, first written first."""
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(
            select(Outbox).where(Outbox.member_id == desk.ids[user]).order_by(Outbox.id)  # type: ignore[arg-type]  # a column where the type says int
        )
        return [View.from_json(row.view_json) for row in rows if containing in row.view_json]


def source_of(effects: list[Effect]) -> str:
    """The whole text of what stands in the place of the pressed message."""
    [replaced] = [effect for effect in effects if isinstance(effect, ReplaceSource)]
    return replaced.view.to_json()
