"""Platforms repeat themselves: whatever comes twice, or twice at once, has one effect."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from handlers.effects import Effect
from handlers.events import Action, Command, Event, FileShared, FormSubmitted, HomeOpened
from handlers.registry import ACTIONS, COMMANDS, FORMS
from storage.sql import run, table_of
from storage.tables import Account, Assignment, LedgerLine, Loss, PendingImport, SeenEnvelope, Visit
from tests.handlers.dealt import button, drawer
from tests.handlers.winning import a_visit, an_account, claims
from tests.people import ADA, FAY, MAX, WORKSPACE, Desk

Rows = dict[str, list[Any]]
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


async def everything(desk: Desk) -> Rows:
    """Every row of every table."""
    async with desk.database.reading(WORKSPACE) as work:
        return {
            table.name: sorted(map(tuple, await run(work.session, select(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
        }


async def count(desk: Desk, model: type[SQLModel]) -> int:
    return len((await everything(desk))[table_of(model).name])


async def heard(desk: Desk, event: Event) -> bool:
    async with desk.database.reading(WORKSPACE) as work:
        key = {"workspace_id": WORKSPACE, "envelope_id": event.origin.envelope_id}
        return await work.session.get(SeenEnvelope, key) is not None


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


class _Whatever(dict[str, str]):
    """Fields of which every one is there."""

    def __missing__(self, name: str) -> str:
        return "1"

    def get(self, name: str, default: str | None = None) -> str:  # type: ignore[override]  # no None
        return self[name]


def _commands(desk: Desk, user: str) -> Iterable[Event]:
    for name in COMMANDS:
        for text in ("", "Acme Corp", "Acme Corp, 12000"):
            yield Command(desk.origin(user), text, name)


def _actions(desk: Desk, user: str) -> Iterable[Event]:
    for name in ACTIONS:
        yield Action(desk.origin(user), name, _Whatever(page="0"))


def _forms(desk: Desk, user: str) -> Iterable[Event]:
    for name in FORMS:
        yield FormSubmitted(desk.origin(user), name, _Whatever(_VISIT), _Whatever())


@pytest.mark.parametrize("events", [_commands, _actions, _forms])
async def test_no_row_of_the_registry_acts_twice(
    desk: Desk, events: Callable[[Desk, str], Iterable[Event]]
) -> None:
    """Fields that do not fit are refused or fail whole; then nothing is kept of either try."""
    await an_account(desk)
    await drawer(desk, "One", "Two")
    await desk.types(ADA, "Acme Corp, 12000", "found")
    carried_out = 0
    for user in (MAX, ADA, FAY):
        for event in events(desk, user):
            both = (desk.dispatcher.handle(event) for _ in range(2))
            answers: list[list[Effect] | BaseException] = list(
                await asyncio.gather(*both, return_exceptions=True)
            )
            kept = await everything(desk)
            if await heard(desk, event):
                carried_out += 1
                assert [] in answers, event
            await asyncio.gather(desk.dispatcher.handle(event), return_exceptions=True)
            assert await everything(desk) == kept, event
    assert carried_out >= 10
