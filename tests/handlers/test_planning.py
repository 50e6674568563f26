"""S4: what a setting changes takes effect at once, and only that."""

from __future__ import annotations

from datetime import date

from domain.rules import Rules
from handlers.hours import has_holidays, known_zone, public_holidays
from handlers.planning import plan_anew
from jobs.table import run_job
from storage.tables import Workspace
from tests.jobs.files import at, member
from tests.people import ADA, MAX, NOW, WORKSPACE, Desk


async def plans(desk: Desk) -> tuple[bool, bool]:
    """Whether the board and Ada's digest are planned."""
    async with desk.database.reading(WORKSPACE) as work:
        workspace = await work.session.get(Workspace, WORKSPACE)
        assert workspace is not None
    ada = await member(desk, ADA)
    return workspace.leaderboard_due_at is not None, ada.digest_due_at is not None


async def test_settings_of_the_hours_let_the_digests_be_planned_anew(desk: Desk) -> None:
    await run_job("digest", at(NOW, desk))
    assert await plans(desk) == (False, True)
    await desk.types(MAX, "settings points_win 20")
    assert await plans(desk) == (False, True)
    await desk.types(MAX, "settings leaderboard_weekday friday")
    assert await plans(desk) == (True, True)
    await desk.types(MAX, "settings digest_time 08:00")
    assert await plans(desk) == (True, False)


async def test_nothing_changed_nothing_planned(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        await plan_anew(work, [], Rules(), NOW)
        await work.commit()
    assert await plans(desk) == (False, False)


def test_zones_and_countries_nobody_knows_do_no_harm() -> None:
    assert str(known_zone("Mars/Olympus", None)) == "UTC"
    assert str(known_zone("", "Europe/Paris")) == "Europe/Paris"
    assert date(2026, 12, 25) in public_holidays("FR")
    assert date(2026, 12, 25) not in public_holidays("ZZ")
    assert has_holidays("FR")
    assert not has_holidays("ZZ")
