"""A6: an account handed over, without blame."""

from __future__ import annotations

from datetime import date

import pytest

from domain.account_life import State
from domain.deadlines import Step
from storage.tables import Account, Assignment, AuditEntry, Claim, Deadline, Outbox
from tests.handlers.dealt import (
    button,
    change,
    deals,
    decide,
    drawer,
    held,
    holders,
    letters_to,
    rows,
    text_of,
    turns,
    view_of,
)
from tests.people import ADA, BEN, CHI, EVE, FAY, MAX, OTTO, WORKSPACE, Desk, reply_of

FOUR = ("Acme", "Bolt", "Cora", "Dune")


async def test_the_next_in_turn_takes_it_and_both_are_told(desk: Desk) -> None:
    await drawer(desk, *FOUR)
    await deals(desk, MAX)
    said = text_of(view_of(await desk.types(ADA, "pass acme inc")))
    assert "Acme goes to @Ben Ruiz, next in turn." in said
    ada, ben = desk.ids[ADA], desk.ids[BEN]
    assert (await holders(desk))["Acme"] == ben
    letter = (await letters_to(desk, ben))[1]
    assert letter.summary == "Acme comes to you, from Ada Fox"
    assert "No sales pitch" in text_of(letter)
    assert "Why you: next in turn." in text_of(letter)
    taken = [a for a in await rows(desk, Assignment) if a.account_id == 1]
    assert [(a.member_id, a.ended_as, a.why) for a in taken] == [
        (ada, "handed over", "next in turn"),
        (ben, None, "handed over by Ada Fox; next in turn"),
    ]
    due = [d for d in await rows(desk, Deadline) if d.account_id == 1 and d.closed_at is None]
    assert {(d.member_id, d.kind, d.due_on) for d in due} == {
        (ben, Step.CONTACT, date(2026, 3, 5)),
        (ben, Step.MEETING, date(2026, 3, 16)),
        (ben, Step.OVERDUE, date(2026, 3, 23)),
    }
    [entry] = [e for e in await rows(desk, AuditEntry) if e.action == "handed over"]
    assert entry.detail == "from Ada Fox to Ben Ruiz"


async def test_the_rotation_is_not_disturbed(desk: Desk) -> None:
    """It counts as the taker's turn, so that the next deal makes up for it; nobody else moves."""
    await drawer(desk, "Acme", "Bolt", "Cora")
    await deals(desk, MAX)
    await desk.types(ADA, "pass Acme")
    counts = {member: place[0] for member, place in (await turns(desk)).items()}
    assert counts == {desk.ids[ADA]: 1, desk.ids[BEN]: 2, desk.ids[CHI]: 1}
    await drawer(desk, "Dune", "Echo")
    await deals(desk, MAX)
    assert await held(desk) == {desk.ids[ADA]: 1, desk.ids[BEN]: 2, desk.ids[CHI]: 2}


async def test_it_never_goes_to_who_lost_it_or_passed_it_on(desk: Desk) -> None:
    """A4."""
    await drawer(desk, "Acme", lost_by=BEN)
    await deals(desk, MAX)
    await desk.types(ADA, "pass Acme")
    assert (await holders(desk))["Acme"] == desk.ids[CHI]
    said = text_of(view_of(await desk.types(CHI, "pass Acme")))
    assert "Nobody else can take Acme now (Ada Fox passed it on; Ben Ruiz lost it" in said
    assert (await holders(desk))["Acme"] == desk.ids[CHI]
    [letter] = await letters_to(desk, desk.ids[MAX])
    assert "@Chi Nair would like to pass on Acme, and nobody can take it now" in text_of(letter)


async def test_a_manager_who_finds_nobody_needs_no_message(desk: Desk) -> None:
    for user in (BEN, CHI):
        await change(desk, user, role="colleague")
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    said = text_of(view_of(await desk.types(MAX, "pass Acme")))
    assert "Nobody else" in said
    assert "has been told" not in said
    assert await letters_to(desk, desk.ids[MAX]) == []


async def test_a_manager_passes_for_a_rep_who_is_told(desk: Desk) -> None:
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    await desk.types(MAX, "pass Acme")
    letter = (await letters_to(desk, desk.ids[ADA]))[1]
    assert "@Max Lind handed Acme over to @Ben Ruiz." in text_of(letter)


async def test_the_button_asks_once_and_may_be_declined(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    await deals(desk, MAX)
    asked = await desk.presses(ADA, "pass.ask", account=str(acme))
    assert "Is it you, and not Acme?" in text_of(view_of(asked))
    stays = await desk.presses(ADA, "pass.keep", account=str(acme))
    assert "Acme stays with you" in text_of(view_of(stays))
    assert (await holders(desk))["Acme"] == desk.ids[ADA]
    await desk.presses(ADA, "pass.on", **button(asked, "pass.on").payload)
    assert (await holders(desk))["Acme"] == desk.ids[BEN]


async def test_what_a_met_decision_maker_said_begins_anew_with_the_next(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    await deals(desk, MAX)
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.by_id(acme)
        assert account is not None
        account.state = State.MET
        await work.commit()
    await desk.types(ADA, "pass Acme")
    [account] = await rows(desk, Account)
    assert account.state == State.ASSIGNED


async def test_only_its_rep_or_a_manager_hands_it_over(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    await drawer(desk, "Bolt", state=State.WON_BACK)
    await deals(desk, MAX)
    for user in (BEN, EVE):
        assert "is in Ada Fox's hands" in reply_of(await desk.types(user, "pass Acme"))
        refused = await desk.presses(user, "pass.ask", account=str(acme))
        assert "is in Ada Fox's hands" in reply_of(refused)
    for user in (FAY, OTTO):
        assert "That one is for" in reply_of(await desk.types(user, "pass Acme"))
        for action in ("pass.ask", "pass.on", "pass.keep"):
            assert "That one is for" in reply_of(await desk.presses(user, action, account="1"))
    assert "in nobody's hands" in reply_of(await desk.types(MAX, "pass Bolt"))


async def test_what_is_claimed_waits_for_its_answer(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    await deals(desk, MAX)
    async with desk.database.workspace(WORKSPACE) as work:
        work.session.add(
            Claim(
                workspace_id=WORKSPACE,
                account_id=acme,
                member_id=desk.ids[ADA],
                value_minor=1,
                bounty_minor=1,
                currency="USD",
                rule="",
                claimed_at=desk.now,
                won_on=desk.now.date(),
            )
        )
        await work.commit()
    assert "waits for its answer" in reply_of(await desk.types(ADA, "pass Acme"))


@pytest.mark.parametrize("times", [1, 5])
async def test_who_passes_much_on_is_not_owed_for_it(desk: Desk, times: int) -> None:
    """A2: turns among equals stay within one."""
    await drawer(desk, *(f"A{i:02}" for i in range(15)))
    await deals(desk, MAX)
    for number in range(times):
        await desk.types(ADA, f"pass A{number * 3:02}")
    counts = [place[0] for place in (await turns(desk)).values()]
    assert max(counts) - min(counts) <= 1


async def test_who_comes_back_is_level_though_others_handed_over_meanwhile(desk: Desk) -> None:
    """A2, A3: no turn is owed for a time in which somebody was not in the team."""
    names = [f"A{i:02}" for i in range(6)]
    await drawer(desk, *names)
    await deals(desk, MAX)
    await change(desk, CHI, active=False)
    for name in names:
        await desk.types(MAX, f"pass {name}")
    await change(desk, CHI, active=True)
    assert desk.ids[CHI] not in await turns(desk)
    before = await held(desk)
    await drawer(desk, "Bolt", "Cora", "Dune")
    await deals(desk, MAX)
    came = await held(desk) - before
    assert set(came.values()) == {1}
    assert came.total() == 3


async def test_a_cap_holds_for_hand_overs_too(desk: Desk) -> None:
    await drawer(desk, "Acme", "Bolt", "Cora")
    await deals(desk, MAX)
    await decide(desk, open_accounts_cap=1)
    said = text_of(view_of(await desk.types(ADA, "pass Acme")))
    assert "Ben Ruiz holds 1 account, the most you allow" in said
    assert len(await rows(desk, Outbox)) == 4


async def test_a_manager_is_asked_about_whose_account_it_is(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    await deals(desk, MAX)
    asked = text_of(view_of(await desk.presses(MAX, "pass.ask", account=str(acme))))
    assert "Hand Acme over, from @Ada Fox to whoever is next in turn?" in asked
    left = text_of(view_of(await desk.presses(MAX, "pass.keep", account=str(acme))))
    assert left == "Acme stays where it is."
