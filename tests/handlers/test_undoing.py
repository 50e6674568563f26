"""A deal taken back within its hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from domain.account_life import State
from domain.roles import Role
from storage.sql import run, table_of
from storage.tables import Account, Assignment, AuditEntry, Deadline, Deal, Outbox
from tests.handlers.dealt import (
    button,
    change,
    deals,
    drawer,
    held,
    holders,
    letters_to,
    rows,
    text_of,
    turns,
    view_of,
    visited,
)
from tests.people import ADA, BEN, CHI, EVE, MAX, WORKSPACE, Desk, reply_of

FOUR = ("Acme", "Bolt", "Cora", "Dune")


async def sent(desk: Desk) -> None:
    """Let every message have gone out."""
    async with desk.database.workspace(WORKSPACE) as work:
        await run(work.session, update(table_of(Outbox)).values(sent_at=desk.now))
        await work.commit()


async def test_undo_leaves_everything_as_it_was(desk: Desk) -> None:
    """A9."""
    await drawer(desk, "Zero")
    await deals(desk, MAX)
    before = await turns(desk)
    await drawer(desk, *FOUR)
    done = await deals(desk, MAX)
    undo = button(done, "deal.undo")
    assert undo.confirm is not None
    said = text_of(view_of(await desk.presses(MAX, "deal.undo", **undo.payload)))
    assert "Taken back: 4 accounts in the drawer again" in said
    assert await turns(desk) == before
    assert await held(desk) == {desk.ids[ADA]: 1}
    states = {account.name: account.state for account in await rows(desk, Account)}
    assert {states[name] for name in FOUR} == {State.CODE_99}
    assert [a.ended_as for a in await rows(desk, Assignment)] == [None, *["undone"] * 4]
    open_deadlines = [d for d in await rows(desk, Deadline) if d.closed_at is None]
    assert len(open_deadlines) == 3
    assert all(d.tell_at is None for d in await rows(desk, Deadline) if d.closed_at)
    [deal] = [d for d in await rows(desk, Deal) if d.undone_at]
    assert deal.undone_by_id == desk.ids[MAX]
    assert "deal undone" in [entry.action for entry in await rows(desk, AuditEntry)]


async def test_an_undone_deal_can_be_dealt_again(desk: Desk) -> None:
    await drawer(desk, *FOUR)
    await deals(desk, MAX)
    await desk.types(MAX, "undo")
    await deals(desk, MAX)
    assert (await held(desk)).total() == 4


async def test_messages_that_nobody_has_read_are_withdrawn(desk: Desk) -> None:
    await drawer(desk, *FOUR)
    await deals(desk, MAX)
    await desk.types(MAX, "undo")
    assert await rows(desk, Outbox) == []


async def test_who_has_read_theirs_is_told_never_mind(desk: Desk) -> None:
    await drawer(desk, *FOUR)
    await deals(desk, MAX)
    await sent(desk)
    await desk.types(MAX, "undo")
    letters = await letters_to(desk, desk.ids[ADA])
    assert "Never mind: the deal was taken back, and 2 accounts returned" in text_of(letters[1])


async def test_what_somebody_has_visited_stays(desk: Desk) -> None:
    ids = await drawer(desk, *FOUR)
    await deals(desk, MAX)
    await visited(desk, ids[0])
    said = text_of(view_of(await desk.types(MAX, "undo")))
    assert "Taken back: 3 accounts in the drawer again" in said
    assert "Acme (Ada Fox) stays: somebody is on it already." in said
    assert await held(desk) == {desk.ids[ADA]: 1}
    assert (await turns(desk))[desk.ids[ADA]][0] == 1
    letters = await letters_to(desk, desk.ids[ADA])
    assert "You keep Acme, since you are on it already." in text_of(letters[1])


async def test_several_that_stay_are_counted(desk: Desk) -> None:
    ids = await drawer(desk, *FOUR)
    await deals(desk, MAX)
    for account_id in ids:
        await visited(desk, account_id)
    said = text_of(view_of(await desk.types(MAX, "undo")))
    assert "Acme (Ada Fox), Dune (Ada Fox), Bolt (Ben Ruiz) and 1 more stay" in said


async def test_what_was_handed_over_since_comes_back_too(desk: Desk) -> None:
    """A2, A6, A9: it went by turns that are no more."""
    await drawer(desk, "Zero")
    await deals(desk, MAX)
    before = await turns(desk)
    await drawer(desk, *FOUR)
    await deals(desk, MAX)
    await desk.types(BEN, "pass Acme")
    await desk.types(CHI, "pass Acme")
    await desk.types(ADA, "pass Zero")
    said = text_of(view_of(await desk.types(MAX, "undo")))
    assert "Taken back: 5 accounts in the drawer again, as if the deal had not been." in said
    assert "Acme, Zero had been handed over since, and came back with it." in said
    assert await held(desk) == {}
    assert await turns(desk) == before
    assert {d.closed_at for d in await rows(desk, Deadline)} == {desk.now}


async def test_it_is_not_dealt_to_who_passed_it_on(desk: Desk) -> None:
    """A6."""
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    await desk.types(ADA, "pass Acme")
    await desk.types(MAX, "undo")
    await deals(desk, MAX)
    assert await held(desk) == {desk.ids[BEN]: 1}


async def test_who_has_visited_what_was_handed_over_keeps_it(desk: Desk) -> None:
    """A2, A9: it is theirs, and counts as one of their turns."""
    ids = await drawer(desk, *FOUR)
    await deals(desk, MAX)
    await desk.types(ADA, "pass Acme")
    await visited(desk, ids[0])
    said = text_of(view_of(await desk.types(MAX, "undo")))
    assert "Taken back: 3 accounts" in said
    assert "Acme (Ben Ruiz) stays: somebody is on it already." in said
    assert await held(desk) == {desk.ids[BEN]: 1}
    assert {member: place[0] for member, place in (await turns(desk)).items()} == {
        desk.ids[ADA]: 0,
        desk.ids[BEN]: 1,
        desk.ids[CHI]: 0,
    }


async def test_who_has_read_of_a_hand_over_is_told_that_it_went_back(desk: Desk) -> None:
    await drawer(desk, *FOUR)
    await deals(desk, MAX)
    await desk.types(ADA, "pass Acme")
    await desk.types(CHI, "pass Cora")
    await sent(desk)
    await desk.types(MAX, "undo")
    ada, ben, chi = [await letters_to(desk, desk.ids[user]) for user in (ADA, BEN, CHI)]
    assert text_of(ada[-1]) == (
        "Never mind: the deal was taken back, and 1 account returned to the drawer. "
        "So did Cora, handed over to you since."
    )
    assert "1 account returned to the drawer. So did Acme, handed" in text_of(ben[-1])
    assert len(chi) == 1


async def test_who_had_nothing_but_a_hand_over_is_told_that_it_went_back(desk: Desk) -> None:
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    await desk.types(ADA, "pass Acme")
    await sent(desk)
    await desk.types(MAX, "undo")
    [_, letter] = await letters_to(desk, desk.ids[BEN])
    assert text_of(letter) == (
        "Never mind: the deal was taken back, and Acme, handed over to you since, "
        "returned to the drawer."
    )
    assert len(await letters_to(desk, desk.ids[ADA])) == 1


async def test_of_messages_that_nobody_has_read_none_is_left(desk: Desk) -> None:
    """Not even theirs who handed on all that they had."""
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    await desk.types(ADA, "pass Acme")
    await desk.types(MAX, "undo")
    assert await rows(desk, Outbox) == []


async def test_deals_are_taken_back_one_after_the_other(desk: Desk) -> None:
    """A2, A9: what the later one left in somebody's hands still counts after the earlier one."""
    await drawer(desk, *FOUR)
    await deals(desk, MAX)
    await desk.types(ADA, "pass Acme")
    between = await turns(desk)
    await drawer(desk, "Elm", "Fir")
    await deals(desk, MAX)
    await desk.types(BEN, "pass Acme")
    await desk.types(MAX, "undo")
    assert await turns(desk) == between
    assert (await holders(desk))["Acme"] is None
    [gin] = await drawer(desk, "Gin")
    await deals(desk, MAX)
    await visited(desk, gin)
    keeper = (await holders(desk))["Gin"]
    assert "Gin" in reply_of(await desk.types(MAX, "undo"))
    assert "Gin" not in reply_of(await desk.types(MAX, "undo"))
    assert "There is no deal" in reply_of(await desk.types(MAX, "undo"))
    counts = {member: place[0] for member, place in (await turns(desk)).items()}
    assert counts == dict.fromkeys(counts, 0) | {keeper: 1}


async def test_who_joined_since_does_not_wait_for_what_was_taken_back(desk: Desk) -> None:
    """A3, A6, A9: they joined level with the others as the deal had left them."""
    await drawer(desk, *(f"Shop {number}" for number in range(9)))
    await deals(desk, MAX)
    await change(desk, EVE, role=Role.REP)
    await desk.types(ADA, "pass Shop 0")
    assert (await turns(desk))[desk.ids[EVE]][0] == 4
    await desk.types(MAX, "undo")
    assert {place[0] for place in (await turns(desk)).values()} == {0}
    await deals(desk, MAX)
    assert sorted((await held(desk)).values()) == [2, 2, 2, 3]


@pytest.mark.parametrize(("minutes", "too_late"), [(60, False), (61, True)])
async def test_an_hour_later_it_is_too_late(desk: Desk, minutes: int, too_late: bool) -> None:
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    desk.now += timedelta(minutes=minutes)
    said = reply_of(await desk.types(MAX, "undo"))
    assert ("for 60 minutes, and that is over" in said) is too_late


async def test_only_the_latest_deal_is_taken_back_and_only_once(desk: Desk) -> None:
    await drawer(desk, "Acme")
    first = button(await deals(desk, MAX), "deal.undo").payload
    await drawer(desk, "Bolt")
    second = button(await deals(desk, MAX), "deal.undo").payload
    assert "another deal since" in reply_of(await desk.presses(MAX, "deal.undo", **first))
    await desk.presses(MAX, "deal.undo", **second)
    assert "taken back already" in reply_of(await desk.presses(MAX, "deal.undo", **second))


async def test_without_a_deal_there_is_nothing_to_take_back(desk: Desk) -> None:
    assert "There is no deal to take back." in reply_of(await desk.types(MAX, "undo"))


async def test_a_deal_of_an_older_version_is_refused_in_a_sentence(desk: Desk) -> None:
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    async with desk.database.workspace(WORKSPACE) as work:
        dealt = await work.dealing.last_deal()
        assert dealt is not None
        dealt.turns_json = '{"1": [null, {"taken": 1, "last_seq": 1, "pool": "", "weight": 1}]}'
        work.session.add(dealt)
        await work.commit()
    assert "made before I was updated" in reply_of(await desk.types(MAX, "undo"))
    assert (await rows(desk, Account))[0].state == State.ASSIGNED
