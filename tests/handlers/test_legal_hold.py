"""L10: a legal hold keeps everybody away from an account until a manager lifts it."""

from __future__ import annotations

import pytest

from domain.account_life import State
from handlers.effects import Effect
from tests.handlers.dealt import deals
from tests.handlers.losing import audit, change, fills, the_account
from tests.handlers.screens import labels, press, read, seen
from tests.handlers.winning import an_account, told
from tests.people import ADA, EVE, FAY, MAX, OTTO, Desk, errors_of, reply_of


async def _card(desk: Desk, user: str = MAX) -> list[Effect]:
    return await desk.types(user, "show Acme")


async def _hold(desk: Desk, why: str = "A claim in court") -> list[Effect]:
    opened = await press(desk, MAX, seen(await _card(desk)), "Legal hold")
    return await fills(desk, MAX, opened, {"why": why})


async def _lift(desk: Desk) -> str:
    return read(seen(await press(desk, MAX, seen(await _card(desk)), "Lift the legal hold")))


async def test_l10_an_account_on_hold_is_dealt_to_nobody_until_it_is_lifted(desk: Desk) -> None:
    await desk.types(ADA, "Acme, price")
    assert "Acme is on legal hold." in read(seen(await _hold(desk)))
    assert "The drawer is empty" in reply_of(await desk.types(MAX, "deal"))
    await desk.types(ADA, "Acme, price")
    assert (await the_account(desk, "Acme")).state == State.LEGAL_HOLD
    assert await _lift(desk) == "The hold is lifted: Acme lies in the drawer again."
    await deals(desk, MAX)
    assert (await the_account(desk, "Acme")).state == State.ASSIGNED
    done = [line for line in await audit(desk) if line[0].startswith("legal hold")]
    assert done == [
        ("legal hold set", "Acme", "A claim in court"),
        ("legal hold lifted", "Acme", ""),
    ]


async def test_l10_who_has_it_in_hand_gives_it_back_and_is_told(desk: Desk) -> None:
    await desk.types(MAX, "Acme, price")
    await deals(desk, MAX)
    assert (await the_account(desk, "Acme")).holder_id == desk.ids[ADA]
    await _hold(desk)
    account = await the_account(desk, "Acme")
    assert (account.state, account.holder_id) == (State.LEGAL_HOLD, None)
    assert "off your list" in (await told(desk, ADA))[-1].to_json()
    assert "no account in hand" in reply_of(await desk.types(ADA, "mine"))
    assert "is legal hold and in nobody's hands" in reply_of(await desk.types(ADA, "visit Acme"))


async def test_l10_a_claim_is_decided_first(desk: Desk) -> None:
    await an_account(desk, "Acme")
    await desk.types(ADA, "Acme, 12000", "found")
    assert "Decide that first" in errors_of(await _hold(desk))[""]


async def test_l10_who_was_never_lost_is_a_customer_again(desk: Desk) -> None:
    await an_account(desk, "Acme", holder=None, state=State.ACTIVE)
    await change(desk, "Acme", lost_on=None)
    await _hold(desk)
    assert await _lift(desk) == "The hold is lifted: Acme is a customer again."


async def test_l10_what_cannot_be_is_told(desk: Desk) -> None:
    await an_account(desk, "Acme", holder=None, state=State.UNDERSTOOD)
    account = {"account": str((await the_account(desk, "Acme")).id)}
    assert "not on hold any more" in reply_of(await desk.presses(MAX, "hold.lift", **account))
    assert "What is it for?" in errors_of(await _hold(desk, why=""))["why"]
    await _hold(desk)
    assert (await the_account(desk, "Acme")).state == State.LEGAL_HOLD


@pytest.mark.parametrize("user", [ADA, EVE, FAY, OTTO])
async def test_l10_only_who_leads_sets_and_lifts_it(desk: Desk, user: str) -> None:
    await desk.types(MAX, "Acme, price")
    account = {"account": str((await the_account(desk, "Acme")).id)}
    says = "That one is for managers and admins"
    for action in ("hold.open", "hold.lift"):
        assert says in reply_of(await desk.presses(user, action, **account))
    assert says in errors_of(await desk.sends(user, "hold", {"why": "x"}, account))[""]
    if user in {ADA, EVE}:
        assert "Legal hold" not in labels(seen(await _card(desk, user)))
