"""A7: accounts nobody visits return to the drawer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.account_life import State
from handlers.idle import return_idle
from handlers.views.elements import Buttons
from storage.tables import Account, Assignment, AuditEntry, Deadline, Outbox, Visit
from tests.handlers.dealt import (
    change,
    deals,
    decide,
    drawer,
    holders,
    letters_to,
    rows,
    text_of,
    view_of,
)
from tests.people import ADA, BEN, CHI, MAX, NOW, WORKSPACE, Desk

DUE = 21 + 7  # overdue, and the grace


async def returned(desk: Desk, days: int) -> int:
    desk.now = NOW + timedelta(days=days)
    async with desk.database.workspace(WORKSPACE) as work:
        count = await return_idle(work, desk.now, await work.workspaces.rules())
        await work.commit()
    return count


@pytest.mark.parametrize(("days", "count"), [(DUE - 1, 0), (DUE, 2), (DUE + 30, 2)])
async def test_they_go_back_after_deadline_and_grace(desk: Desk, days: int, count: int) -> None:
    await drawer(desk, "Acme", "Bolt")
    await deals(desk, MAX)
    assert await returned(desk, days) == count


async def test_what_goes_back_is_told_and_closed(desk: Desk) -> None:
    await drawer(desk, "Acme", "Bolt", "Cora", "Dune")
    await deals(desk, MAX)
    await returned(desk, DUE)
    assert set((await holders(desk)).values()) == {None}
    assert {account.state for account in await rows(desk, Account)} == {State.CODE_99}
    assert {a.ended_as for a in await rows(desk, Assignment)} == {"returned"}
    assert all(d.closed_at and d.tell_at is None for d in await rows(desk, Deadline))
    [letter] = await letters_to(desk, desk.ids[ADA], "returned")
    assert (
        "Acme and Dune went back to the drawer for somebody else to try: they were waiting"
        in text_of(letter)
    )
    [letter] = await letters_to(desk, desk.ids[MAX], "returned in team")
    assert "4 accounts came back to the drawer, unvisited" in text_of(letter)
    assert "@Ada Fox: 2 accounts" in text_of(letter)
    [look] = [button for e in letter.elements if isinstance(e, Buttons) for button in e.buttons]
    preview = text_of(view_of(await desk.presses(MAX, look.action, **look.payload)))
    assert "4 accounts for 3 reps" in preview
    assert (await rows(desk, AuditEntry))[-1].action == "returned to the drawer"
    assert await returned(desk, DUE + 1) == 0


async def test_n6_it_waits_for_each_readers_next_digest(desk: Desk) -> None:
    """It is past nine in Kolkata and half past ten in the evening where the manager is.

    Where a quarter of an hour later no digest has said it, it goes by itself.
    """
    await drawer(desk, "Acme", "Bolt", "Cora")
    await deals(desk, MAX)
    desk.now = datetime(2026, 4, 1, 3, 30, tzinfo=UTC)
    async with desk.database.workspace(WORKSPACE) as work:
        await return_idle(work, desk.now, await work.workspaces.rules())
        await work.commit()
    written = [row for row in await rows(desk, Outbox) if row.kind.startswith("returned")]
    due = {row.member_id: row.due_at for row in written}
    assert due == {
        desk.ids[ADA]: datetime(2026, 4, 1, 13, 15, tzinfo=UTC),
        desk.ids[BEN]: datetime(2026, 4, 1, 7, 15, tzinfo=UTC),
        desk.ids[CHI]: datetime(2026, 4, 2, 3, 45, tzinfo=UTC),
        desk.ids[MAX]: datetime(2026, 4, 1, 13, 15, tzinfo=UTC),
    }


async def test_of_reps_in_several_zones_a_manager_hears_in_one_piece(desk: Desk) -> None:
    """It is the day in Kolkata, hours later in Berlin, and last of all in New York."""
    await drawer(desk, "Acme", "Bolt", "Cora")
    await deals(desk, MAX)
    for hours in range(24):
        desk.now = datetime(2026, 3, 29, 18, 30, tzinfo=UTC) + timedelta(hours=hours)
        async with desk.database.workspace(WORKSPACE) as work:
            await return_idle(work, desk.now, await work.workspaces.rules())
            await work.commit()
    [letter] = await letters_to(desk, desk.ids[MAX], "returned in team")
    assert letter.summary == "3 accounts came back to the drawer, unvisited"
    assert text_of(letter).count("1 account") == 3


async def test_what_was_visited_stays(desk: Desk) -> None:
    acme, bolt = await drawer(desk, "Acme", "Bolt")
    await deals(desk, MAX)
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.by_id(acme)
        assignment = await work.dealing.open_assignment(bolt)
        assert account is not None
        assert assignment is not None
        account.state = State.CONTACTED
        work.session.add(
            Visit(
                workspace_id=WORKSPACE,
                account_id=bolt,
                assignment_id=assignment.id,
                member_id=assignment.member_id,
                visited_on=date(2026, 3, 9),
                who_was_met="Jo",
                met_decision_maker=False,
                what_happened="Talked",
                logged_at=desk.now,
            )
        )
        await work.commit()
    assert await returned(desk, DUE) == 0


@pytest.mark.parametrize(("days", "count"), [(DUE + 4, 0), (DUE + 5, 1)])
async def test_the_clock_stands_still_while_away(desk: Desk, days: int, count: int) -> None:
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    await desk.types(ADA, "away 2026-03-09 to 2026-03-13")
    assert await returned(desk, days) == count


async def test_nothing_goes_back_while_the_rep_is_away(desk: Desk) -> None:
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    await desk.types(ADA, "away 2026-03-25 to 2026-04-30")
    assert await returned(desk, DUE + 20) == 0


async def test_a_workspace_may_not_want_it(desk: Desk) -> None:
    await decide(desk, return_idle=False)
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    assert await returned(desk, DUE) == 0


async def test_it_is_dealt_to_somebody_else_next(desk: Desk) -> None:
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    await returned(desk, DUE)
    await deals(desk, MAX)
    assert (await holders(desk))["Acme"] == desk.ids[BEN]


async def test_where_losses_are_dealt_as_they_come_so_are_these(desk: Desk) -> None:
    """A8."""
    await decide(desk, deal_new_losses=True)
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    await returned(desk, DUE)
    assert (await holders(desk))["Acme"] == desk.ids[BEN]


async def test_who_leads_is_told_of_what_nobody_can_take(desk: Desk) -> None:
    """A5, A8."""
    await decide(desk, deal_new_losses=True)
    for user in (BEN, CHI):
        await change(desk, user, role="colleague")
    await drawer(desk, *(f"A{i}" for i in range(9)))
    await deals(desk, MAX)
    await returned(desk, DUE)
    letters = await letters_to(desk, desk.ids[MAX])
    assert letters[-1].summary == "9 accounts that nobody can take now"
    assert "A0: Ada Fox had it last" in text_of(letters[-1])
    assert "and 1 more" in text_of(letters[-1])


async def test_a_long_list_of_reps_is_folded() -> None:
    from handlers.views.idle import returned_to_drawer
    from storage.tables import Member

    reps = [
        (Member(workspace_id="T", name=f"R{i}", name_key=f"r{i}", joined_at=NOW), 1)
        for i in range(25)
    ]
    assert "and 5 reps more" in text_of(returned_to_drawer(reps))


async def test_who_has_left_is_not_written_to(desk: Desk) -> None:
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    await change(desk, ADA, active=False)
    assert await returned(desk, DUE) == 1
    assert await letters_to(desk, desk.ids[ADA], "returned") == []
    assert len(await letters_to(desk, desk.ids[MAX], "returned in team")) == 1
