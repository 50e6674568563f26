"""N2, N6: what is overdue interrupts, once, the rep and their manager."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from jobs.context import JobContext
from jobs.outbox import Delivery
from jobs.table import run_all_due, run_job
from storage.tables import Account
from tests.jobs.files import at, hand_out, letters, member
from tests.jobs.senders import Post
from tests.people import ADA, BEN, CHI, EVE, MAX, NOW, WORKSPACE, Desk

DEALT_ON = date(2026, 2, 9)
TOLD_AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


async def test_the_rep_and_their_manager_are_told_once(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    assert await run_job("deadlines", at(TOLD_AT - timedelta(minutes=1), desk)) == 0
    assert await run_job("deadlines", at(TOLD_AT, desk)) == 1
    assert await run_job("deadlines", at(TOLD_AT + timedelta(days=1), desk)) == 0
    own, managers = await letters(desk, "overdue")
    assert (own.member_id, managers.member_id) == (desk.ids[ADA], desk.ids[MAX])
    assert "Acme" in own.view_json
    assert "visit.open" in own.view_json
    assert "Ada Fox" in managers.view_json


async def test_what_comes_due_together_is_one_message(desk: Desk) -> None:
    for number in range(3):
        await hand_out(desk, ADA, f"Acme {number}", DEALT_ON, tell_at=TOLD_AT)
    await hand_out(desk, BEN, "Bolt", DEALT_ON, tell_at=TOLD_AT)
    assert await run_job("deadlines", at(TOLD_AT, desk)) == 4
    assert [row.member_id for row in await letters(desk)] == [
        desk.ids[ADA],
        desk.ids[BEN],
        desk.ids[MAX],
    ]


async def test_what_is_closed_is_never_told(desk: Desk) -> None:
    account = await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    async with desk.database.workspace(WORKSPACE) as work:
        assert account.id is not None
        await work.deadlines.close([account.id], NOW)
        await work.commit()
    await run_all_due(at(TOLD_AT + timedelta(days=1), desk))
    assert await letters(desk) == []


async def test_accounts_on_legal_hold_are_left_alone(desk: Desk) -> None:
    account = await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    async with desk.database.workspace(WORKSPACE) as work:
        held = await work.session.get(Account, account.id)
        assert held is not None
        held.state = "legal hold"
        await work.commit()
    assert await run_all_due(at(TOLD_AT, desk)) > 0
    assert await letters(desk) == []


async def test_nobody_is_interrupted_in_their_quiet_hours_or_weekend(desk: Desk) -> None:
    await hand_out(desk, CHI, "Cove", DEALT_ON, tell_at=TOLD_AT)
    late = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)  # Friday 21:30 in Kolkata
    await run_job("deadlines", at(late, desk))
    assert await letters(desk) == []
    monday = datetime(2026, 3, 9, 3, 30, tzinfo=UTC)  # 09:00 there
    await run_job("deadlines", at(monday - timedelta(minutes=1), desk))
    assert await letters(desk) == []
    await run_job("deadlines", at(monday, desk))
    own, managers = await letters(desk)
    assert own.due_at == monday
    assert managers.due_at == datetime(2026, 3, 9, 13, 0, tzinfo=UTC)  # 09:00 where Max is


async def test_played_as_another_time_both_go_out_at_once(desk: Desk) -> None:
    await hand_out(desk, BEN, "Bolt", DEALT_ON, tell_at=TOLD_AT)
    early = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)  # 03:00 where Max is
    await run_job("deadlines", JobContext(desk.database, early, NOW))
    assert [row.due_at for row in await letters(desk)] == [NOW, NOW]


async def test_who_muted_the_overdue_is_spared_but_their_manager_is_told(desk: Desk) -> None:
    await member(desk, ADA, muted="overdue")
    await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    await run_job("deadlines", at(TOLD_AT, desk))
    [letter] = await letters(desk)
    assert letter.member_id == desk.ids[MAX]


async def test_nobody_is_said_to_know_who_is_not_told(desk: Desk) -> None:
    await member(desk, MAX, muted="overdue")
    await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    await run_job("deadlines", at(TOLD_AT, desk))
    [letter] = await letters(desk)
    assert letter.member_id == desk.ids[ADA]
    assert "manager" not in letter.view_json


async def test_of_one_who_left_the_manager_alone_is_told(desk: Desk) -> None:
    await member(desk, ADA, active=False)
    await member(desk, MAX, muted="overdue")
    await member(desk, EVE, role="manager")
    await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    await run_job("deadlines", at(TOLD_AT, desk))
    assert await letters(desk) == []
    await member(desk, BEN, manager_id=desk.ids[EVE], active=False)
    await hand_out(desk, BEN, "Bolt", DEALT_ON, tell_at=TOLD_AT)
    await run_job("deadlines", at(TOLD_AT, desk))
    [letter] = await letters(desk)
    assert letter.member_id == desk.ids[EVE]


async def test_a7_what_nobody_visits_goes_back_to_the_drawer_after_its_grace(desk: Desk) -> None:
    account = await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    for days in range(9):
        await run_job("deadlines", at(TOLD_AT + timedelta(days=days), desk))
        await Delivery(desk.database, Post(), lambda: TOLD_AT).drain()
        async with desk.database.reading(WORKSPACE) as work:
            assert account.id is not None
            found = await work.accounts.by_id(account.id)
            assert found is not None
            assert found.state == ("assigned" if days < 7 else "code 99"), days
    returned = await letters(desk, "returned") + await letters(desk, "returned in team")
    assert {row.member_id for row in returned} == {desk.ids[ADA], desk.ids[MAX]}
    assert len(returned) == 2
    told = [row for row in await letters(desk, "overdue") if row.update_of is None]
    assert len(told) == 2


async def test_n6_what_went_back_is_said_by_the_digest_of_that_day(desk: Desk) -> None:
    """It goes back as the day begins; nobody is told of it by a message of its own."""
    await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    post = Post()
    for hours in range(24 * 9):
        desk.now = TOLD_AT + timedelta(hours=hours)
        await run_all_due(at(desk.now, desk))
        await Delivery(desk.database, post, lambda: desk.now).drain()
    for reader, words in ((ADA, "went back to the drawer"), (MAX, "came back to the drawer")):
        [said] = [sent for sent in post.to(reader) if words in sent.text]
        assert said.dedupe_key == f"digest:{desk.ids[reader]}:2026-03-09"


async def test_n1_what_goes_back_to_the_drawer_leaves_the_digest_of_that_day(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    await run_all_due(at(TOLD_AT, desk))
    await run_all_due(at(TOLD_AT + timedelta(days=6, hours=23), desk))
    digest = (await letters(desk, "digest"))[-1]
    assert digest.dedupe_key.endswith("2026-03-09")
    assert "Acme" not in digest.view_json
    assert await letters(desk, "returned") != []


async def test_days_away_are_added_to_the_time_before_anybody_is_told(desk: Desk) -> None:
    """Ada is away for twenty days until 22 March, the last of which would have been the day."""
    await desk.types(ADA, "away 2026-03-03 to 2026-03-22")
    nine = datetime(2026, 3, 20, 13, 0, tzinfo=UTC)
    for name in ("Acme", "Bolt"):
        await hand_out(desk, ADA, name, date(2026, 2, 27), tell_at=nine)
    told: list[datetime] = []
    for days in range(25):
        await run_all_due(at(nine + timedelta(days=days), desk))
        told += [nine + timedelta(days=days)] * (len(await letters(desk, "overdue")) - len(told))
    assert told == [nine + timedelta(days=20)] * 2
    first = (await letters(desk, "digest"))[0]
    assert first.dedupe_key.endswith("2026-03-23")
    assert "no digest since" not in first.view_json


async def test_nobody_is_said_not_to_have_visited_who_has(desk: Desk) -> None:
    """A visit without the decision maker leaves it open what happened, and no more than that."""
    account = await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    visit = {"who_was_met": "Jo", "decision_maker": "no", "what_happened": "She was out."}
    await desk.sends(ADA, "visit", visit, {"account": str(account.id)})
    await run_all_due(at(TOLD_AT + timedelta(days=1), desk))
    said = [row.view_json.lower() for row in await letters(desk)]
    assert len(said) == 3
    assert not [text for text in said if "no visit" in text]
    assert "it is not written down yet what happened" in said[1]


async def test_a7_switched_off_nothing_returns(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        await work.workspaces.decide("return_idle", value=False)
        await work.commit()
    await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=TOLD_AT)
    for days in (0, 7, 8, 40):
        await run_job("deadlines", at(TOLD_AT + timedelta(days=days), desk))
    assert await letters(desk, "returned") == []
