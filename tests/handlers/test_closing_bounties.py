"""B5: a bounty that runs out is in the digest of the week before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from jobs.table import run_job
from tests.jobs.files import at, hand_out, letters, member
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


async def test_whoever_muted_it_hears_nothing(desk: Desk) -> None:
    await desk.types(MAX, "settings bounty_window_days 10")
    await member(desk, ADA, muted="bounties running out")
    await hand_out(desk, ADA, "Acme", DEALT, rungs=[])
    assert await digest(desk, 9) == ""
