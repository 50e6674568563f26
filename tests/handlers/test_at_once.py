"""Two at the same time: one effect, and the other is told (B3, B4)."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain.account_life import State
from handlers.claim_facts import id_of_claim
from handlers.effects import Effect, ReplaceSource, Reply
from jobs.context import JobContext
from jobs.ledger import run_some
from storage.tables import Account, Assignment, Claim, Visit
from tests.handlers.dealt import button, deals, drawer, rows
from tests.handlers.winning import an_account, claims, ledger, told
from tests.jobs.files import VISIT
from tests.people import ADA, BEN, EVE, FAY, MAX, WORKSPACE, Desk


def _said(answers: list[list[Effect]]) -> str:
    return " ".join(
        effect.view.to_json()
        for effects in answers
        for effect in effects
        if isinstance(effect, Reply | ReplaceSource)
    )


async def test_two_managers_approve_one_claim_once(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    claim = str((await claims(desk))[0].id)
    both = (desk.presses(user, "claim.approve", claim=claim) for user in (MAX, EVE))
    said = _said(list(await asyncio.gather(*both)))
    assert said.count("Already approved by ") == 1
    assert Counter(line[0] for line in await ledger(desk)) == {"claimed": 1, "approved": 1}
    assert len(await told(desk, ADA)) == 1


async def test_an_approval_and_a_withdrawal_leave_one_truth(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    claim = str((await claims(desk))[0].id)
    await asyncio.gather(
        desk.presses(MAX, "claim.approve", claim=claim),
        desk.presses(ADA, "claim.withdraw", claim=claim),
    )
    [row] = await claims(desk)
    entries = [line[0] for line in await ledger(desk)]
    assert entries == ["claimed", {"approved": "approved", "withdrawn": "withdrawn"}[row.state]]


async def test_rivals_approved_by_two_managers_at_once_give_one_win(desk: Desk) -> None:
    account_id = await an_account(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        work.session.add(
            Assignment(
                workspace_id=WORKSPACE,
                account_id=account_id,
                member_id=desk.ids[BEN],
                why="before",
                assigned_at=desk.now,
                assigned_on=desk.now.date(),
                ended_at=desk.now,
                ended_as="handed over",
            )
        )
        await work.commit()
    await desk.types(ADA, "Acme Corp, 12000", "found")
    await desk.types(BEN, "Acme Corp, 9000", "found")
    first, second = await claims(desk)
    await asyncio.gather(
        desk.presses(MAX, "claim.approve", claim=str(first.id)),
        desk.presses(EVE, "claim.approve", claim=str(second.id)),
    )
    assert sorted(claim.state for claim in await claims(desk)) == ["approved", "declined"]


async def test_a_claim_sent_twice_at_once_is_one_claim(desk: Desk) -> None:
    await an_account(desk)
    both = (desk.types(ADA, "Acme Corp, 12000", "found") for _ in range(2))
    said = _said(list(await asyncio.gather(*both)))
    assert "You have claimed Acme Corp already" in said
    assert len(await claims(desk)) == 1


async def test_two_workers_release_once_and_two_of_finance_draw_up_once(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    await desk.presses(MAX, "claim.approve", claim=str((await claims(desk))[0].id))
    desk.now += timedelta(days=31)
    context = JobContext(desk.database, desk.now, deliver_at=desk.now)
    await asyncio.gather(run_some(context), run_some(context))
    await asyncio.gather(desk.presses(FAY, "payment.draw"), desk.presses(FAY, "payment.draw"))
    async with desk.database.reading(WORKSPACE) as work:
        [payout] = await work.ledger.open_payouts()
    paid = {"references": payout.reference}
    await asyncio.gather(*(desk.sends(FAY, "payment.mark", paid) for _ in range(2)))
    counted = Counter(line[0] for line in await ledger(desk))
    assert counted == {
        "claimed": 1,
        "approved": 1,
        "released": 1,
        "sent for payment": 1,
        "paid": 1,
    }


async def test_the_rows_themselves_allow_one_open_claim_a_member(desk: Desk) -> None:
    account_id = await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    async with desk.database.workspace(WORKSPACE) as work:
        with pytest.raises(IntegrityError):
            await work.bounties.add(
                account_id=account_id,
                member_id=desk.ids[ADA],
                value_minor=1,
                bounty_minor=1,
                currency="USD",
                extent="whole",
                rule="",
                how="",
                story="",
                hold_days=30,
                clawback_days=90,
                claimed_at=desk.now,
                won_on=desk.now.date(),
            )


def test_a_claim_that_was_never_stored_has_no_id(desk: Desk) -> None:
    claim = Claim(
        workspace_id=WORKSPACE,
        account_id=1,
        member_id=1,
        value_minor=1,
        bounty_minor=1,
        currency="USD",
        rule="",
        claimed_at=desk.now,
        won_on=desk.now.date(),
    )
    with pytest.raises(ValueError, match="never stored"):
        id_of_claim(claim)


async def test_a_claim_is_changed_only_while_it_is_open(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    [claim] = await claims(desk)
    await desk.presses(ADA, "claim.withdraw", claim=str(claim.id))
    async with desk.database.workspace(WORKSPACE) as work:
        with pytest.raises(ValueError, match="open no more"):
            await work.bounties.change(claim.id or 0, state="approved")


async def test_a_visit_and_an_undo_at_once_leave_one_truth(desk: Desk) -> None:
    """A9: who is on an account keeps it, or else it lies in the drawer as if nobody had been."""
    await drawer(desk, "Acme")
    undo = button(await deals(desk, MAX), "deal.undo")
    [held] = await rows(desk, Account)
    [holder] = [user for user, number in desk.ids.items() if number == held.holder_id]
    await asyncio.gather(
        desk.sends(holder, "visit", VISIT, {"account": str(held.id)}),
        desk.presses(MAX, "deal.undo", **undo.payload),
    )
    [account] = await rows(desk, Account)
    visited = len(await rows(desk, Visit)) == 1
    assert account.state == (State.UNDERSTOOD if visited else State.CODE_99)
    assert account.holder_id == (held.holder_id if visited else None)
