"""S3: what is not somebody's to see reaches them by no command, button, form, page, list or log."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from domain.account_life import State
from handlers.registry import FORMS
from jobs.context import JobContext
from jobs.table import run_all_due
from tests.handlers.reaching import all_that_is_said_to
from tests.handlers.winning import a_visit, an_account, claims
from tests.people import ADA, BEN, CHANNEL, EVE, FAY, MAX, OTTO, Desk, reply_of

CUSTOMER, MET, HEARD = "Acme Corp", "Road Runner", "They told us"
EARNED = "2,469.12"
"""Ada's bounty, on a value of $12,345.60; the value itself is on the board for all."""


@pytest.fixture
async def won(desk: Desk) -> Desk:
    """Ada won a customer back and was paid for it; another one she holds and has visited."""
    await desk.types(MAX, f"settings team_channel={CHANNEL} hold_days=0")
    desk.now += timedelta(minutes=1)
    await a_visit(desk, await an_account(desk))
    await a_visit(desk, await an_account(desk, "Hooli", state=State.MET))
    await desk.types(ADA, f"{CUSTOMER}, 12345.60", "found")
    [claim] = await claims(desk)
    await desk.presses(MAX, "claim.approve", claim=str(claim.id))
    await desk.presses(FAY, "payment.draw")
    await desk.sends(FAY, "payment.mark", {"references": f"LF-{desk.ids[ADA]}-1"})
    return desk


async def _all_that_reaches(desk: Desk, user: str) -> str:
    """What somebody hears who tries everything there is, and in the weeks after."""
    keys = ("account", "claim", "loss", "deal", "file", "letter", "deadline", "absence")
    ids = dict.fromkeys(keys, "1") | {"member": str(desk.ids[ADA]), "page": "0", "group": "Bounty"}
    said = []
    for form in FORMS:
        try:
            said.append(await desk.sends(user, form, {}, ids))
        except (KeyError, ValueError):
            continue  # it bears other fields or another context
    for weeks in range(3):
        now = desk.now + timedelta(weeks=weeks)
        await run_all_due(JobContext(desk.database, now, deliver_at=now))
    lines = ("", CUSTOMER, "Ada Fox", "all")
    return str(said) + await all_that_is_said_to(desk, [user], lines, ids)


@pytest.mark.parametrize(
    ("user", "hidden"),
    [
        (BEN, {EARNED}),
        (FAY, {MET, HEARD, "Hooli"}),
        (OTTO, {EARNED, MET, HEARD, CUSTOMER, "Hooli"}),
    ],
)
async def test_what_is_not_theirs_reaches_nobody_by_any_way(
    won: Desk, user: str, hidden: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = await _all_that_reaches(won, user)
    assert {secret for secret in hidden if secret in said} == set()
    assert {secret for secret in (EARNED, MET, HEARD) if secret in caplog.text} == set()


async def test_it_is_there_for_those_whose_it_is(won: Desk) -> None:
    assert EARNED in await _all_that_reaches(won, ADA)
    for user in (MAX, EVE, FAY):
        assert EARNED in reply_of(await won.types(user, "bounties Ada"))
    for user in (ADA, MAX):
        assert HEARD in reply_of(await won.types(user, "show Hooli"))
