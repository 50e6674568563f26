"""B5: a bounty that runs out is in the digest of the week before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from jobs.table import run_job
from tests.jobs.files import VISIT, at, hand_out, letters, member
from tests.people import ADA, MAX, Desk

DEALT = date(2026, 3, 2)


async def digest(desk: Desk, days: int) -> str:
    """Ada's digest so many days after the deal; empty where there is none."""
    day = DEALT + timedelta(days=days)
    nine = datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC)
    await run_job("digest", at(nine, desk))
    key = f"digest:{desk.ids[ADA]}:{day}"
    found = [row.view_json for row in await letters(desk) if row.dedupe_key == key]
    return found[0] if found else ""


async def test_a_window_that_closes_is_told_in_its_last_week(desk: Desk) -> None:
    await desk.types(MAX, "settings bounty_window_days 30")
    await hand_out(desk, ADA, "Acme", DEALT, rungs=[])
    desk.now += timedelta(hours=1)
    assert await digest(desk, 22) == ""
    assert "Acme" in await digest(desk, 23)
    last = await digest(desk, 30)
    assert "the bounty can be earned until today" in last
    assert "its bounty runs out today" in last
    assert await digest(desk, 31) == ""


async def test_the_early_rate_is_told_before_it_ends_and_then_the_window(desk: Desk) -> None:
    await desk.types(MAX, "settings bounty_early 14 days 1.5")
    await desk.types(MAX, "settings bounty_window_days 16")
    await hand_out(desk, ADA, "Acme", DEALT, rungs=[])
    assert "the early rate holds until Mon 16 Mar" in await digest(desk, 11)
    assert "the early rate holds until today" in await digest(desk, 14)
    assert "the bounty can be earned until today" in await digest(desk, 16)


async def test_a_deal_keeps_the_plan_of_its_time(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", DEALT, rungs=[])
    desk.now += timedelta(days=1)
    await desk.types(MAX, "settings bounty_window_days 10")
    assert await digest(desk, 9) == ""


async def test_after_the_plans_end_there_is_nothing_to_run_out(desk: Desk) -> None:
    await desk.types(MAX, "settings bounty_window_days 10")
    await desk.types(MAX, "settings bounty_ends_on 2026-03-01")
    await hand_out(desk, ADA, "Acme", DEALT, rungs=[])
    assert await digest(desk, 9) == ""


async def test_what_is_claimed_runs_out_no_more_and_comes_again_where_it_is_declined(
    desk: Desk,
) -> None:
    await desk.types(MAX, "settings bounty_window_days 10")
    account = await hand_out(desk, ADA, "Acme", DEALT, rungs=[])
    await desk.sends(ADA, "visit", VISIT, {"account": str(account.id)})
    assert "claim.open" in await digest(desk, 7)
    desk.now = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
    await desk.types(ADA, "Acme, 12000", "found")
    assert "All done" in await digest(desk, 7)
    assert "All done" not in await digest(desk, 8)
    await run_job("digest", at(datetime(2026, 3, 10, 14, 30, tzinfo=UTC), desk))
    lead = [row for row in await letters(desk, "digest") if row.member_id == desk.ids[MAX]][-1]
    assert "one claim waits for your yes or no" in lead.view_json
    assert "claim.look" in lead.view_json
    desk.now = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    await desk.sends(MAX, "claim.decline", {"reason": "Not yet"}, {"claim": "1"})
    lead = [row for row in await letters(desk, "digest") if row.member_id == desk.ids[MAX]][-1]
    assert "All done" in lead.view_json
    assert "Acme" in await digest(desk, 9)


async def test_what_is_due_anyway_has_its_buttons_there(desk: Desk) -> None:
    await desk.types(MAX, "settings bounty_window_days 10")
    await hand_out(desk, ADA, "Acme", DEALT)
    said = await digest(desk, 9)
    assert "the bounty can be earned until" in said
    assert ("claim.open" in said, said.count("visit.open")) == (False, 1)


async def test_many_that_run_out_leave_room_for_what_is_due(desk: Desk) -> None:
    await desk.types(MAX, "settings bounty_window_days 10")
    for number in range(20):
        await hand_out(desk, ADA, f"A{number:02}", DEALT, rungs=[])
        await hand_out(desk, ADA, f"B{number:02}", date(2026, 3, 1))
    said = await digest(desk, 9)
    assert said.count("claim.open") == 3
    assert said.count("snooze.open") == 12
    assert said.count("the bounty can be earned until") == 3 + 15
    assert "and 22 more" in said
    assert "And 8 more: " in said


async def test_whoever_muted_it_hears_nothing(desk: Desk) -> None:
    await desk.types(MAX, "settings bounty_window_days 10")
    await member(desk, ADA, muted="bounties running out")
    await hand_out(desk, ADA, "Acme", DEALT, rungs=[])
    assert await digest(desk, 9) == ""
