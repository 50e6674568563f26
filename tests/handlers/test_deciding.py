"""Approving and declining claims (B3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.account_life import State
from domain.deadlines import Rung, Step
from tests.handlers.winning import (
    an_account,
    claims,
    ledger,
    source_of,
    the_account,
    told,
)
from tests.people import ADA, EVE, FAY, MAX, OTTO, WORKSPACE, Desk, errors_of, form_of, reply_of


async def _claimed(desk: Desk) -> tuple[int, str]:
    account_id = await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    return account_id, str((await claims(desk))[0].id)


async def test_an_approval_wins_the_account_back(desk: Desk) -> None:
    account_id, claim = await _claimed(desk)
    shown = source_of(await desk.presses(MAX, "claim.approve", claim=claim))
    assert "Approved by " in shown
    assert "Max Lind" in shown
    account = await the_account(desk, account_id)
    assert account.state == State.WON_BACK
    async with desk.database.reading(WORKSPACE) as work:
        assert await work.dealing.open_assignment(account_id) is None
    assert await ledger(desk) == [
        ("claimed", "desk", "claimed", 240_000),
        ("approved", "claimed", "held", 240_000),
    ]


async def test_the_rep_is_told_what_it_pays_and_when(desk: Desk) -> None:
    _, claim = await _claimed(desk)
    await desk.presses(MAX, "claim.approve", claim=claim)
    [message] = await told(desk, ADA)
    assert "Your bounty is $2,400" in _aloud(message.to_json())
    assert "Wed 1 Apr" in message.to_json()


def _aloud(json: str) -> str:
    return (
        json.replace('"},{"text":"', "")
        .replace('","kind":"plain', "")
        .replace('","kind":"strong', "")
    )


async def test_without_a_hold_it_is_payable_now(desk: Desk) -> None:
    await desk.types(MAX, "settings hold_days 0")
    _, claim = await _claimed(desk)
    await desk.presses(MAX, "claim.approve", claim=claim)
    assert "payable now" in (await told(desk, ADA))[0].to_json()


async def test_deadlines_of_a_won_account_are_closed(desk: Desk) -> None:
    account_id, claim = await _claimed(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        assignment = await work.dealing.open_assignment(account_id)
        assert assignment is not None
        await work.deadlines.set_all(
            [(assignment, Rung(Step.OVERDUE, desk.now.date()), desk.now, None)]
        )
        await work.commit()
    await desk.presses(MAX, "claim.approve", claim=claim)
    async with desk.database.reading(WORKSPACE) as work:
        assert await work.deadlines.open_for(desk.ids[ADA]) == []


async def test_the_second_of_two_managers_is_told_and_nothing_happens_twice(desk: Desk) -> None:
    _, claim = await _claimed(desk)
    await desk.presses(MAX, "claim.approve", claim=claim)
    late = source_of(await desk.presses(EVE, "claim.approve", claim=claim))
    assert "Already approved by " in late
    assert len(await ledger(desk)) == 2
    assert len(await told(desk, ADA)) == 1
    assert "Already approved" in source_of(await desk.presses(EVE, "claim.decline", claim=claim))
    sent = await desk.sends(EVE, "claim.decline", {"reason": "No"}, {"claim": claim})
    assert "Already approved" in source_of(sent)
    assert (await claims(desk))[0].state == "approved"


async def test_nobody_decides_their_own_claim(desk: Desk) -> None:
    await an_account(desk, holder=MAX)
    await desk.types(MAX, "Acme Corp, 12000", "found")
    claim = str((await claims(desk))[0].id)
    assert len(await told(desk, EVE)) == 1
    for act in (
        desk.presses(MAX, "claim.approve", claim=claim),
        desk.presses(MAX, "claim.decline", claim=claim),
    ):
        assert "Four eyes" in reply_of(await act)
    sent = await desk.sends(MAX, "claim.decline", {"reason": "x"}, {"claim": claim})
    assert "Four eyes" in errors_of(sent)[""]
    assert (await claims(desk))[0].state == "claimed"


async def test_declining_asks_a_reason_that_the_rep_reads(desk: Desk) -> None:
    account_id, claim = await _claimed(desk)
    form = form_of(await desk.presses(MAX, "claim.decline", claim=claim)).form
    assert form.context == {"claim": claim}
    empty = await desk.sends(MAX, "claim.decline", {"reason": " "}, form.context)
    assert "reason" in errors_of(empty)
    done = await desk.sends(MAX, "claim.decline", {"reason": "No order yet."}, form.context)
    assert "Declined by " in source_of(done)
    assert "No order yet." in (await told(desk, ADA))[0].to_json()
    assert (await the_account(desk, account_id)).state == State.UNDERSTOOD
    assert await ledger(desk) == [
        ("claimed", "desk", "claimed", 240_000),
        ("declined", "claimed", "desk", 240_000),
    ]


async def test_a_declined_win_can_be_claimed_again(desk: Desk) -> None:
    _, claim = await _claimed(desk)
    await desk.sends(MAX, "claim.decline", {"reason": "No order yet."}, {"claim": claim})
    assert "Already declined by " in source_of(
        await desk.presses(EVE, "claim.approve", claim=claim)
    )
    await desk.types(ADA, "Acme Corp, 12000", "found")
    assert [c.state for c in await claims(desk)] == ["declined", "claimed"]


async def test_an_account_on_legal_hold_meanwhile_is_not_won_and_nothing_is_kept(
    desk: Desk,
) -> None:
    account_id, claim = await _claimed(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.by_id(account_id)
        assert account is not None
        account.state = State.LEGAL_HOLD
        await work.commit()
    assert "lift the hold" in reply_of(await desk.presses(MAX, "claim.approve", claim=claim))
    assert (await claims(desk))[0].state == "claimed"
    assert len(await ledger(desk)) == 1


async def test_an_unknown_claim_is_told(desk: Desk) -> None:
    assert "not known here" in reply_of(await desk.presses(MAX, "claim.approve", claim="77"))


@pytest.mark.parametrize("user", [OTTO, ADA, FAY])
async def test_who_may_not_decide_is_told_who_may(desk: Desk, user: str) -> None:
    _, claim = await _claimed(desk)
    for act in (
        desk.presses(user, "claim.approve", claim=claim),
        desk.presses(user, "claim.decline", claim=claim),
    ):
        assert "That one is for managers, executives and admins" in reply_of(await act)
    sent = await desk.sends(user, "claim.decline", {"reason": "x"}, {"claim": claim})
    assert "That one is for managers" in errors_of(sent)[""]
    assert (await claims(desk))[0].state == "claimed"


async def test_a_found_account_is_told_who_won_it(desk: Desk) -> None:
    _, claim = await _claimed(desk)
    await desk.presses(MAX, "claim.approve", claim=claim)
    desk.now += timedelta(days=1)
    assert "Ada Fox won them" in reply_of(await desk.types(ADA, "Acme Corp, 5", "found"))


async def _back_in_the_drawer(desk: Desk, account_id: int, **values: object) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.by_id(account_id)
        assignment = await work.dealing.open_assignment(account_id)
        assert account is not None
        assert assignment is not None
        account.state, account.holder_id = State.CODE_99, None
        assignment.ended_at, assignment.ended_as = desk.now, "returned"
        for name, value in values.items():
            setattr(account, name, value)
        await work.commit()


async def test_a_claim_counts_though_its_account_went_back_meanwhile(desk: Desk) -> None:
    account_id, claim = await _claimed(desk)
    await _back_in_the_drawer(desk, account_id)
    await desk.presses(MAX, "claim.approve", claim=claim)
    account = await the_account(desk, account_id)
    assert (account.state, account.holder_id) == (State.WON_BACK, desk.ids[ADA])


async def test_a_customer_who_left_again_since_is_not_won(desk: Desk) -> None:
    account_id, claim = await _claimed(desk)
    await _back_in_the_drawer(desk, account_id, lost_on=desk.now.date() + timedelta(days=1))
    assert "so it cannot become won back" in reply_of(
        await desk.presses(MAX, "claim.approve", claim=claim)
    )
    assert (await claims(desk))[0].state == "claimed"
