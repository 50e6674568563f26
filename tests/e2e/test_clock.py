"""The sandbox as people try it: the real bot beside its workspace, and a clock to move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo.running import Stage
from bot.demo.story import ANNOUNCEMENTS, DAN, JONAS, LENA, MAYA, PRIYA, SAM, STORY
from tests.e2e.page import Page

REPS = (SAM, LENA, JONAS, PRIYA)
SALES = "C0SALES"
ZONES = {person.id: ZoneInfo(person.tz) for person in STORY.people}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    opened = Stage(tmp_path)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    opened = Page(stage.sandbox)
    yield opened
    await opened.close()


async def test_s6_a_week_is_seen_in_a_moment(stage: Stage, page: Page) -> None:
    """N1 N2 N5 P1: digests at nine in each one's zone, the visit, the claim, Monday's board."""
    await page.types(MAYA, "/lost settings public_holidays=false", SALES)
    await page.types(MAYA, "/lost deal", SALES)
    await page.press_last(MAYA, SALES, "Deal them out")
    for rep in REPS:
        await page.dm_with(rep, "to win back")
    dealt_at = stage.sandbox.clock.now()
    await page.move_clock(MAYA, preset="next_monday_9")
    now = stage.sandbox.clock.now()
    assert now.astimezone(ZONES[MAYA]).strftime("%a %H:%M") == "Mon 09:00"
    for rep in REPS:
        digests = [dm for dm in await page.dms(rep) if "Your day" in dm["text"]]
        days = mornings(dealt_at, now, ZONES[rep])
        assert [f"{day:%A} {day.day} {day:%B}" for day in days] == [
            dm["text"].partition("Your day, ")[2].partition("\n")[0] for dm in digests
        ]
        assert len(await page.dms(rep)) == 1 + len(days)
    account = await one_comes_back(page, SAM)
    assert await page.messages(DAN, ANNOUNCEMENTS) == []
    await page.move_clock(MAYA, preset="next_monday_9")
    [board] = [
        post for post in await page.messages(DAN, ANNOUNCEMENTS) if account not in post["text"]
    ]
    assert "Sam Okafor" in board["text"]
    assert "Priya Raman" not in board["text"]


async def test_n2_three_weeks_without_a_visit_reach_the_manager(stage: Stage, page: Page) -> None:
    """A7: and a week later what nobody visited lies in the drawer again."""
    await page.types(MAYA, "/lost deal", SALES)
    await page.press_last(MAYA, SALES, "Deal them out")
    await page.dm_with(SAM, "to win back")
    before = len(await page.dms(MAYA))
    await page.move_clock(MAYA, by_seconds=timedelta(days=26).total_seconds())
    news = (await page.dms(MAYA))[before:]
    for name in ("Sam Okafor", "Lena Ortiz", "Jonas Weber", "Priya Raman"):
        assert any(name in dm["text"] for dm in news)
    assert "40 accounts" not in await page.types(MAYA, "/lost drawer", SALES)
    await page.move_clock(MAYA, by_seconds=timedelta(days=14).total_seconds())
    assert "40 accounts" in await page.types(MAYA, "/lost drawer", SALES)


async def one_comes_back(page: Page, rep: str) -> str:
    """Visit the first of a rep's accounts, claim it, and have it approved; give its name."""
    await page.types(rep, "/lost visit", SALES)
    chosen = (await page.messages(rep, SALES))[-1]
    account = str(
        next(
            element["text"]["text"]
            for block in chosen["blocks"]
            for element in block.get("elements", [])
            if element.get("type") == "button"
        )
    )
    await page.press(rep, SALES, chosen, account)
    done = await page.fill(
        rep,
        who_was_met="Jo Park",
        decision_maker="Yes",
        what_happened="They felt forgotten.",
        verified_reason="Neglect (no one called)",
    )
    assert done["ok"], done
    await page.sees(rep, SALES, "the visit is written down")
    await page.types(rep, f'/found "{account}", 5000', SALES)
    request = await page.dm_with(MAYA, "approve?")
    await page.press(MAYA, await page.dm(MAYA), request, "Approve")
    await page.dm_with(rep, "$1,000")
    return account


def mornings(start: datetime, end: datetime, zone: ZoneInfo) -> list[date]:
    """The days from Monday to Friday whose 09:00 there lies between two instants."""
    day = start.astimezone(zone).date()
    found = []
    while (nine := datetime.combine(day, time(9), zone)) <= end:
        if nine > start and day.weekday() < 5:
            found.append(day)
        day += timedelta(days=1)
    return found
