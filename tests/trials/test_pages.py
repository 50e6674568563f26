"""S1: pages open in under a second, with 500 accounts in one rep's hands."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from statistics import median

import pytest

from bot.slack.blocks import blocks_of
from bot.slack.surfaces import MOST_BLOCKS, Surface
from domain.account_life import State
from domain.deadlines import Rung, Step, ladder
from domain.rules import Rules
from handlers.effects import Effect, Reply, UpdateHome
from handlers.events import HomeOpened
from storage.tables import Account, Assignment, Claim, Visit
from tests.handlers.winning import claims
from tests.people import CHI, MAX, NOW, WORKSPACE, Desk
from tests.trials.conftest import LONG

_ACCOUNTS, _CLAIMS, _ROUNDS = 500, 100, 9


@pytest.mark.skipif(not LONG, reason="it measures: `make trial-year`")
async def test_pages_open_within_a_second_with_500_accounts(desk: Desk) -> None:
    await _fill(desk)
    pages: dict[str, tuple[Surface, Callable[[], Awaitable[list[Effect]]]]] = {
        "App Home of a rep": ("home", lambda: desk.dispatcher.handle(_opened(desk, CHI))),
        "its last page": ("home", lambda: desk.presses(CHI, "home.page", page="49")),
        "App Home of a manager": ("home", lambda: desk.dispatcher.handle(_opened(desk, MAX))),
        "/lost mine": ("ephemeral", lambda: desk.types(CHI, "mine")),
        "/lost board quarter": ("ephemeral", lambda: desk.types(CHI, "board quarter")),
        "/lost bounties": ("ephemeral", lambda: desk.types(CHI, "bounties")),
    }
    for name, (surface, page) in pages.items():
        took = []
        for _ in range(_ROUNDS):
            begun = time.perf_counter()
            [effect] = await page()
            assert isinstance(effect, Reply | UpdateHome)
            blocks = blocks_of(effect.view, surface)
            took.append(time.perf_counter() - begun)
        assert len(blocks) <= MOST_BLOCKS[surface]
        assert "left out" not in str(blocks), name
        print(f"{name}: {median(took) * 1000:.0f} ms, {len(blocks)} blocks")  # noqa: T201  # the figures are what it is run for
        assert median(took) < 1, name


def _opened(desk: Desk, user: str) -> HomeOpened:
    return HomeOpened(desk.origin(user))


async def _fill(desk: Desk) -> None:
    """Put 500 accounts into a rep's hands, each visited; 100 more are won back, or claimed so."""
    chi = desk.ids[CHI]
    async with desk.database.workspace(WORKSPACE) as work:
        accounts = [
            Account(
                workspace_id=WORKSPACE,
                name=f"Customer {number:03}",
                name_key=f"customer {number:03}",
                state=State.UNDERSTOOD,
                tier="biggest" if number % 9 == 0 else None,
                value_minor=100_000 + number,
                currency="USD",
                holder_id=chi,
                lost_on=NOW.date(),
                reason="price",
                created_at=NOW,
                touched_at=NOW,
            )
            for number in range(_ACCOUNTS + _CLAIMS)
        ]
        work.session.add_all(accounts)
        await work.session.flush()
        held = [
            Assignment(
                workspace_id=WORKSPACE,
                account_id=account.id or 0,
                member_id=chi,
                why="in turn",
                assigned_at=NOW,
                assigned_on=NOW.date(),
            )
            for account in accounts
        ]
        work.session.add_all(held)
        await work.session.flush()
        due: list[tuple[Assignment, Rung, None, None]] = [
            (assignment, rung, None, None)
            for assignment in held
            for rung in ladder(NOW.date(), Rules())
            if rung.step is not Step.OVERDUE
        ]
        await work.deadlines.set_all(due)
        work.session.add_all(
            Visit(
                workspace_id=WORKSPACE,
                account_id=account.id or 0,
                member_id=chi,
                visited_on=NOW.date(),
                who_was_met="Road Runner",
                met_decision_maker=True,
                what_happened="They told us",
                verified_reason="price",
                logged_at=NOW,
            )
            for account in accounts
        )
        await work.commit()
    for account in accounts[_ACCOUNTS:]:
        await desk.types(CHI, f"{account.name}, 1200", "found")
    waiting: list[Claim] = list(await claims(desk))
    for claim in waiting[: _CLAIMS // 2]:
        await desk.presses(MAX, "claim.approve", claim=str(claim.id))
