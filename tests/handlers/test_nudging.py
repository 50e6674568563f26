"""N3, N5: what waits to be said is true when it is said, and disturbs nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.deadlines import Rung, Step
from domain.errors import SendFailed
from handlers.views.elements import say
from jobs.outbox import Delivery
from jobs.table import run_all_due, run_job
from storage.outbox import NewLetter
from storage.tables import Account
from tests.jobs.files import VISIT, at, hand_out, letters
from tests.jobs.senders import Post, Sent
from tests.people import ADA, BEN, CHI, EVE, MAX, WORKSPACE, Desk

DEALT_ON = date(2026, 2, 9)
DUE = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
IN_KOLKATA = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)  # 09:00 there; 22:30 on Monday where Max is
WHERE_MAX_IS = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)  # 09:00


async def goes_out(desk: Desk, now: datetime) -> list[Sent]:
    """Give what is delivered at an instant."""
    desk.now = now
    post = Post()
    await Delivery(desk.database, post, lambda: now).drain()
    return post.sent


async def overdue(desk: Desk, *names: str, now: datetime = IN_KOLKATA) -> list[Account]:
    """Let accounts of Chi's be overdue; the manager is told when it is morning where he is."""
    rungs = [Rung(Step.OVERDUE, DUE.date())]
    found = [await hand_out(desk, CHI, n, DEALT_ON, tell_at=DUE, rungs=rungs) for n in names]
    desk.now = now
    await run_job("deadlines", at(now, desk))
    return found


async def test_a_manager_never_hears_of_what_was_visited_meanwhile(desk: Desk) -> None:
    acme, _ = await overdue(desk, "Acme", "Bolt")
    desk.now += timedelta(hours=2)
    await desk.sends(CHI, "visit", VISIT, {"account": str(acme.id)})
    [told] = [one for one in await goes_out(desk, WHERE_MAX_IS) if one.to == MAX]
    assert "Bolt" in told.text
    assert "Acme" not in told.text


async def test_where_nothing_is_overdue_any_more_nobody_is_told(desk: Desk) -> None:
    [acme] = await overdue(desk, "Acme")
    desk.now += timedelta(hours=2)
    await desk.types(CHI, "snooze Acme friday")
    assert await goes_out(desk, WHERE_MAX_IS) == []
    assert acme.id


async def test_another_teams_news_are_left_out(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        eve, ben = await work.members.by_id(desk.ids[EVE]), await work.members.by_id(desk.ids[BEN])
        assert eve is not None
        assert ben is not None
        eve.role, ben.manager_id, ben.time_zone = "manager", eve.id, "Asia/Kolkata"
        await work.commit()
    await hand_out(desk, BEN, "Cove", DEALT_ON, tell_at=DUE)
    await overdue(desk, "Acme", "Bolt")
    await desk.types(CHI, "snooze Acme friday")
    told = {one.to: one.text for one in await goes_out(desk, WHERE_MAX_IS)}
    assert ["Bolt" in told[MAX], "Cove" in told[MAX], "Acme" in told[MAX]] == [True, False, False]
    assert ["Bolt" in told[EVE], "Cove" in told[EVE], "Acme" in told[EVE]] == [False, True, False]


@pytest.mark.parametrize(
    ("line", "back"),
    [
        ("me pause 2026-03-06", datetime(2026, 3, 9, 13, 0, tzinfo=UTC)),
        ("away today to thursday", datetime(2026, 3, 6, 14, 0, tzinfo=UTC)),
    ],
)
async def test_what_waits_for_morning_waits_longer_for_who_is_gone_by_then(
    desk: Desk, line: str, back: datetime
) -> None:
    await overdue(desk, "Acme")
    await desk.types(MAX, line)
    assert MAX not in {one.to for one in await goes_out(desk, WHERE_MAX_IS)}
    assert MAX not in {one.to for one in await goes_out(desk, back - timedelta(minutes=1))}
    assert [one.to for one in await goes_out(desk, back)] == [MAX]


async def test_who_comes_back_hears_of_it_at_once(desk: Desk) -> None:
    await overdue(desk, "Acme")
    await desk.types(MAX, "me pause 2026-03-20")
    assert [one.to for one in await goes_out(desk, WHERE_MAX_IS)] == [CHI]
    desk.now = WHERE_MAX_IS + timedelta(hours=3)
    await desk.types(MAX, "me resume")
    assert [one.to for one in await goes_out(desk, desk.now)] == [MAX]


async def test_a_member_who_moves_while_a_nudge_waits_is_not_woken(desk: Desk) -> None:
    """Written at nine in New York; by the time it can go out it is five in the morning in Tokyo."""
    await hand_out(desk, ADA, "Acme", date(2026, 3, 1))
    desk.now = WHERE_MAX_IS
    await run_job("digest", at(desk.now, desk))
    desk.now += timedelta(hours=1)
    await desk.sends(ADA, "me", {"time_zone": "Asia/Tokyo"})
    assert await goes_out(desk, datetime(2026, 3, 3, 20, 0, tzinfo=UTC)) == []
    nine = datetime(2026, 3, 4, 0, 0, tzinfo=UTC)
    await run_job("digest", at(nine, desk))
    assert [one.dedupe_key for one in await goes_out(desk, nine)] == [
        f"digest:{desk.ids[ADA]}:2026-03-04"
    ]


async def test_after_days_without_the_platform_nobody_is_woken_either(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=DUE)
    post = Post(fails=lambda to: SendFailed("server error"))
    sender = Delivery(desk.database, post, lambda: desk.now)
    desk.now = DUE
    while desk.now < DUE + timedelta(hours=42):  # three in the morning of Wednesday
        await run_all_due(at(desk.now, desk))
        await sender.drain()
        desk.now += timedelta(hours=1)
    post.fails = lambda to: None
    await sender.drain()
    assert post.sent == []
    desk.now = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)
    for minutes in (0, 15):
        await run_all_due(at(desk.now + timedelta(minutes=minutes), desk))
        desk.now += timedelta(minutes=minutes)
        await sender.drain()
    assert [one.dedupe_key.partition(":")[0] for one in post.to(ADA)] == ["digest", "overdue"]


async def test_whoever_is_taken_out_of_the_team_is_nudged_no_more(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", date(2026, 3, 1))
    desk.now = WHERE_MAX_IS
    await run_job("digest", at(desk.now, desk))
    await desk.types(MAX, f"team remove <@{ADA}>")
    assert await letters(desk) == []


async def test_other_news_that_wait_are_left_as_they_are(desk: Desk) -> None:
    """An executive's own overdue is a nudge of the same kind, about something else."""
    async with desk.database.workspace(WORKSPACE) as work:
        hearing = NewLetter(
            "overdue", "followup:9:late", say("Still to hear").to_json(), DUE, desk.ids[EVE]
        )
        await work.outbox.put_all([hearing], DUE)
        await work.commit()
    await overdue(desk, "Acme")
    await desk.types(CHI, "snooze Acme friday")
    assert "followup:9:late" in {row.dedupe_key for row in await letters(desk)}
