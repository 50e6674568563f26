"""N3: what Slack tells of a person changes when they are nudged, and whether."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.slack.workspace_events import WorkspaceEvents
from jobs.outbox import Delivery
from jobs.table import run_job
from tests.bot.slack.conftest import House
from tests.jobs.files import at, hand_out, letters, member
from tests.jobs.senders import Post
from tests.people import ADA, WORKSPACE, Desk

NINE_IN_NEW_YORK = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)


async def a_digest_waits(house: House) -> tuple[Desk, WorkspaceEvents]:
    desk = await Desk(house.database).open()
    await hand_out(desk, ADA, "Acme", date(2026, 3, 1))
    desk.now = NINE_IN_NEW_YORK
    await run_job("digest", at(desk.now, desk))
    installations = house.edge.connection.installations
    return desk, WorkspaceEvents(desk.database, installations, lambda: desk.now)


def changed(**more: Any) -> dict[str, Any]:
    person = {"id": ADA, "team_id": WORKSPACE, "profile": {"real_name": "Ada Fox"}, **more}
    return {"type": "user_change", "user": person}


async def test_who_moves_while_a_nudge_waits_is_not_woken(real: House) -> None:
    desk, events = await a_digest_waits(real)
    desk.now += timedelta(hours=1)
    await events.hear(changed(tz="Asia/Tokyo"), WORKSPACE)
    post = Post()
    desk.now = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)  # five in the morning in Tokyo
    await Delivery(desk.database, post, lambda: desk.now).drain()
    assert post.sent == []
    assert (await member(desk, ADA)).time_zone == "Asia/Tokyo"


async def test_whose_account_is_switched_off_is_nudged_no_more(real: House) -> None:
    desk, events = await a_digest_waits(real)
    await events.hear(changed(deleted=True), WORKSPACE)
    assert await letters(desk) == []
    assert not (await member(desk, ADA)).active
