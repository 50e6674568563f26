from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.sandbox import Sandbox
from bot.sandbox.clock import MovableClock, morning_after, stops_between
from tests.bot.sandbox.conftest import Page, StartSandbox

Json = dict[str, Any]
START = datetime(2026, 3, 27, 15, 20, tzinfo=UTC)


def nine_o_clock(stops: list[datetime], zone: str) -> list[str]:
    local = [s.astimezone(ZoneInfo(zone)) for s in stops]
    return [f"{s:%d}" for s in local if (s.hour, s.minute) == (9, 0)]


def test_a_day_is_passed_hour_by_hour() -> None:
    stops = stops_between(START, START + timedelta(days=1), ["UTC"])
    assert stops[0] == START.replace(hour=16, minute=0)
    assert stops[-1] == START + timedelta(days=1)
    assert all(b - a <= timedelta(hours=1) for a, b in pairwise(stops))


def test_every_local_morning_is_passed_even_across_a_change_to_summer_time() -> None:
    stops = stops_between(START, START + timedelta(days=7), ["Europe/Paris", "Asia/Kolkata"])
    week = ["28", "29", "30", "31", "01", "02", "03"]
    assert nine_o_clock(stops, "Europe/Paris") == week
    assert nine_o_clock(stops, "Asia/Kolkata") == week
    assert len(stops) < 200


def test_a_year_is_passed_by_mornings_and_midnights() -> None:
    stops = stops_between(START, START + timedelta(days=365), ["America/New_York"])
    assert len(nine_o_clock(stops, "America/New_York")) == 365
    assert len(stops) <= 2 * 365 + 1


def test_back_is_one_step() -> None:
    assert stops_between(START, START - timedelta(days=3), ["UTC"]) == [START - timedelta(days=3)]


def test_the_next_morning_and_the_next_monday_are_local() -> None:
    friday_night = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # Saturday already in Tokyo
    assert morning_after(friday_night, "Asia/Tokyo") == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    assert morning_after(friday_night, "Europe/Paris", 0) == datetime(
        2026, 11, 23, 8, 0, tzinfo=UTC
    )


def test_pacing_time_never_runs_back() -> None:
    clock = MovableClock()
    before = clock.elapsed()
    clock.set_to(clock.now() + timedelta(hours=1))
    assert clock.elapsed() >= before + 3600
    clock.set_real()
    assert clock.elapsed() >= before + 3600
    assert not clock.moved


async def test_the_bot_does_its_due_work_at_every_stop(start: StartSandbox) -> None:
    visited: list[datetime] = []

    async def work(now: datetime) -> None:
        visited.append(now)

    sandbox = await start(on_clock_moved=work)
    async with aiohttp.ClientSession() as session:
        page = Page(sandbox, session, "U0BOB")
        before = sandbox.clock.now()
        answer = await page.post("clock", by_seconds=7 * 86_400)
    assert answer["clock"]["moved"] is True
    assert visited == sorted(visited)
    assert len(nine_o_clock(visited, "Asia/Tokyo")) == 7
    assert visited[-1] - before >= timedelta(days=7)
    assert sandbox.clock.now() - before < timedelta(days=7, seconds=30)


async def test_presets_move_to_the_persons_own_morning(sandbox: Sandbox, page: Page) -> None:
    answer = await page.as_("U0CARA").post("clock", preset="tomorrow_9")
    local = datetime.fromisoformat(answer["clock"]["now"]).astimezone(ZoneInfo("Asia/Kolkata"))
    assert (local.hour, local.minute) == (9, 0)
    answer = await page.post("clock", preset="next_monday_9")
    local = datetime.fromisoformat(answer["clock"]["now"]).astimezone(ZoneInfo("Europe/Paris"))
    assert (local.weekday(), local.hour) == (0, 9)
    assert (await page.post("clock", preset="now"))["clock"]["moved"] is False


async def test_messages_keep_their_order_when_the_clock_goes_back(
    sandbox: Sandbox, page: Page
) -> None:
    await page.post("clock", by_seconds=86_400)
    later = (await page.post("message", channel="C0TEAM", text="tomorrow"))["ts"]
    await page.post("clock", preset="now")
    now = (await page.post("message", channel="C0TEAM", text="today"))["ts"]
    assert now > later
    assert float(later) > datetime.now(UTC).timestamp() + 86_000


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"by_seconds": "soon"},
        {"by_seconds": 10**12},
        {"to": "yesterday"},
        {"to": "2026-11-22T09:00:00"},
        {"to": "9999-01-01T00:00:00Z"},
        {"preset": "doomsday"},
    ],
)
async def test_nonsense_does_not_move_the_clock(
    sandbox: Sandbox, page: Page, nonsense: Json
) -> None:
    await page.post("clock", **nonsense, status=400)
    assert not sandbox.clock.moved


async def test_a_date_may_be_given(page: Page) -> None:
    target = datetime.now(UTC) + timedelta(days=3)
    answer = await page.post("clock", to=target.isoformat())
    assert abs(datetime.fromisoformat(answer["clock"]["now"]) - target) < timedelta(seconds=10)
