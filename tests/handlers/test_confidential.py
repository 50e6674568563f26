"""S3: what is not somebody's to see reaches them by no command, button, form, page, list or log."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select

from domain.account_life import State
from handlers.events import (
    Action,
    Command,
    Event,
    FormSubmitted,
    HomeOpened,
    OptionsAsked,
)
from handlers.registry import ACTIONS, COMMANDS, FORMS
from jobs.context import JobContext
from jobs.table import run_all_due
from storage.tables import Outbox
from tests.handlers.winning import a_visit, an_account, claims
from tests.people import ADA, BEN, CHANNEL, EVE, FAY, MAX, OTTO, WORKSPACE, Desk, reply_of

CUSTOMER, MET, HEARD = "Acme Corp", "Road Runner", "They told us"
EARNED = "2,469.12"
"""Ada's bounty, on a value of $12,345.60; the value itself is on the board for all."""

_LINES = ("", CUSTOMER, "Ada Fox", "all")


@pytest.fixture
async def won(desk: Desk) -> Desk:
    """Ada won a customer back and half of it is paid; another one she holds and has visited."""
    await desk.types(MAX, f"settings team_channel={CHANNEL} hold_days=0")
    desk.now += timedelta(minutes=1)
    account = await an_account(desk)
    await a_visit(desk, account)
    await a_visit(desk, await an_account(desk, "Hooli", state=State.MET))
    await desk.types(ADA, f"{CUSTOMER}, 12345.60", "found")
    [claim] = await claims(desk)
    await desk.presses(MAX, "claim.approve", claim=str(claim.id))
    await desk.presses(FAY, "payment.draw")
    await desk.sends(FAY, "payment.mark", {"references": f"LF-{desk.ids[ADA]}-1"})
    return desk


async def _all_that_reaches(desk: Desk, user: str) -> AsyncIterator[tuple[str, str]]:
    """Let somebody try everything there is; give what each try came to."""
    ids = {"page": "0", "words": "", "query": "", "sort": "", "name": CUSTOMER, "was": "met"}
    ids |= dict.fromkeys(("account", "claim", "loss", "deal", "file", "letter", "deadline"), "1")
    ids |= {"member": str(desk.ids[ADA]), "line": f"{CUSTOMER}, price", "group": "the bounty plan"}
    ids |= {"absence": "1", "period": "quarter", "start": "2026-01-01", "task": "1", "key": "x"}
    tries: list[tuple[str, Event]] = [
        *(
            (f"/lost {name} {line}", Command(desk.origin(user), line, name))
            for name in ("", *COMMANDS)
            for line in _LINES
        ),
        *((name, Action(desk.origin(user), name, ids)) for name in ACTIONS),
        *((name, FormSubmitted(desk.origin(user), name, {}, ids)) for name in FORMS),
        ("App Home", HomeOpened(desk.origin(user))),
    ]
    for way, event in tries:
        try:
            yield way, str(await desk.dispatcher.handle(event))
        except (KeyError, ValueError):
            continue  # a button of another kind, which needs what this one does not bear
    for source in ("accounts", "members"):
        for typed in ("", "Acme", "Ada"):
            asked = OptionsAsked(desk.origin(user), source, typed)
            yield f"options of {source}", str(await desk.dispatcher.options(asked))
    for played in range(3):
        now = desk.now + timedelta(days=8 * played)
        await run_all_due(JobContext(desk.database, now, deliver_at=now))
    async with desk.database.reading(WORKSPACE) as work:
        for row in await work.session.exec(select(Outbox)):
            if row.channel_id or row.member_id == desk.ids.get(user):
                yield f"message {row.dedupe_key}", row.view_json


@pytest.mark.parametrize(
    ("user", "hidden"),
    [
        (BEN, (EARNED,)),
        (FAY, (MET, HEARD, "Hooli")),
        (OTTO, (EARNED, MET, HEARD, CUSTOMER, "Hooli")),
    ],
)
async def test_what_is_not_theirs_reaches_nobody_by_any_way(
    won: Desk, user: str, hidden: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found = [
        (way, secret)
        async for way, said in _all_that_reaches(won, user)
        for secret in hidden
        if secret in said
    ]
    assert found == []
    for secret in (EARNED, MET, HEARD):
        assert secret not in caplog.text


async def test_it_is_there_for_those_whose_it_is(won: Desk) -> None:
    ways = [way async for way, said in _all_that_reaches(won, ADA) if EARNED in said]
    assert {"/lost bounties ", "bounties.lines", "App Home"} <= set(ways)
    assert EARNED in reply_of(await won.types(ADA, "bounties"))
    for user in (MAX, EVE, FAY):
        assert EARNED in reply_of(await won.types(user, "bounties Ada"))
    assert HEARD in reply_of(await won.types(ADA, "show Hooli"))
    assert HEARD in reply_of(await won.types(MAX, "show Hooli"))
