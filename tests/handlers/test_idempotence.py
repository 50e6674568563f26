"""Platforms repeat themselves: whatever comes twice, or twice at once, has one effect."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import SQLModel

from handlers.events import Action, Command, Event, FileShared, FormSubmitted, HomeOpened
from storage.database import Database
from storage.sql import table_of
from storage.tables import Account, Assignment, LedgerLine, Loss, PendingImport, Visit
from tests.handlers.dealt import button, drawer
from tests.handlers.everyday import all_of_it
from tests.handlers.twice import EVERY_ROW, Twice, everything
from tests.handlers.winning import a_visit, an_account, claims
from tests.people import ADA, MAX, Desk

Acts = Callable[[Desk], Awaitable[Event]]

_FILE = b"Client;Why;When;Amount;Rep\nAcme Corp;price;03/04/2025;1200;Ada Fox\n"
_VISIT = {
    "who_was_met": "Jo Park",
    "decision_maker": "yes",
    "what_happened": "Three wrong invoices in a row.",
    "verified_reason": "billing",
    "evidence": "Invoices 17 and 18",
    "apologised": "yes",
    "next_step": "Send the corrected invoice",
    "next_step_on": "2026-03-09",
    "visited_on": "2026-03-02",
}


async def count(desk: Desk, model: type[SQLModel]) -> int:
    return len((await everything(desk))[table_of(model).name])


async def a_loss(desk: Desk) -> Event:
    return Command(desk.origin(ADA), "Bolt & Co, price, went to Globex")


async def an_approval(desk: Desk) -> Event:
    account = await an_account(desk)
    await a_visit(desk, account)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    return Action(desk.origin(MAX), "claim.approve", {"claim": str((await claims(desk))[0].id)})


async def a_deal(desk: Desk) -> Event:
    await drawer(desk, "One", "Two", "Three")
    confirm = button(await desk.types(MAX, "deal"), "deal.confirm")
    return Action(desk.origin(MAX), "deal.confirm", confirm.payload)


async def a_visit_form(desk: Desk) -> Event:
    account = await an_account(desk)
    return FormSubmitted(desk.origin(ADA), "visit", _VISIT, {"account": str(account)})


async def a_file(desk: Desk) -> Event:
    return FileShared(desk.origin(MAX), "lost.csv", _FILE)


async def the_home_page(desk: Desk) -> Event:
    return HomeOpened(desk.origin(ADA))


ACTS: dict[str, tuple[Acts, type[SQLModel] | None, int]] = {
    "a command": (a_loss, Loss, 1),
    "a press on approve": (an_approval, LedgerLine, 2),
    "a press on deal": (a_deal, Assignment, 3),
    "a form": (a_visit_form, Visit, 1),
    "a file": (a_file, PendingImport, 1),
    "a page that is opened": (the_home_page, None, 0),
}
"""How each is prepared, and how many rows of what there are after it."""

acts = pytest.mark.parametrize(("prepare", "model", "rows"), ACTS.values(), ids=ACTS)


@acts
async def test_what_comes_twice_has_one_effect(
    desk: Desk, prepare: Acts, model: type[SQLModel] | None, rows: int
) -> None:
    event = await prepare(desk)
    assert await desk.dispatcher.handle(event) != []
    after_one = await everything(desk)
    assert await desk.dispatcher.handle(event) == []
    assert await everything(desk) == after_one
    assert model is None or await count(desk, model) == rows


@acts
async def test_what_comes_twice_at_once_has_one_effect(
    desk: Desk, prepare: Acts, model: type[SQLModel] | None, rows: int
) -> None:
    event = await prepare(desk)
    answers = await asyncio.gather(*(desk.dispatcher.handle(event) for _ in range(2)))
    assert sorted(map(bool, answers)) == [False, True]
    assert model is None or await count(desk, model) == rows


async def test_a_first_loss_of_a_customer_told_twice_at_once_makes_one_account(desk: Desk) -> None:
    event = await a_loss(desk)
    await asyncio.gather(*(desk.dispatcher.handle(event) for _ in range(4)))
    assert await count(desk, Account) == 1


async def test_whatever_can_be_done_has_one_effect_when_it_comes_twice(database: Database) -> None:
    """Each command, button, form and event there is; one that nothing here does is missing."""
    desk = Twice(database)
    await desk.open()
    await all_of_it(desk)
    assert desk.done == EVERY_ROW
