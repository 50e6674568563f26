"""P1: the board is posted on its schedule, once, and never an empty one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.rules import Rules
from handlers.planning import plan_anew
from jobs.table import run_job
from storage.tables import Claim
from tests.jobs.files import at, hand_out, letters
from tests.people import ADA, CHANNEL, MAX, NOW, WORKSPACE, Desk

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


async def win(desk: Desk, name: str = "Acme") -> None:
    account = await hand_out(desk, ADA, name, date(2026, 3, 2))
    async with desk.database.workspace(WORKSPACE) as work:
        assert account.id is not None
        work.session.add(
            Claim(
                workspace_id=WORKSPACE,
                account_id=account.id,
                member_id=desk.ids[ADA],
                state="approved",
                value_minor=100_00,
                bounty_minor=10_00,
                currency="USD",
                rule="r",
                claimed_at=NOW,
                won_on=date(2026, 3, 4),
                decided_at=NOW + timedelta(days=2),
                decided_by_id=desk.ids[MAX],
            )
        )
        await work.commit()


async def decide(desk: Desk, **settings: str | bool) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        for key, value in settings.items():
            await work.workspaces.decide(key, value)
        await work.commit()


async def test_the_board_is_posted_on_monday_morning_once(desk: Desk) -> None:
    await decide(desk, leaderboard_channel=CHANNEL)
    await win(desk)
    await run_job("leaderboard", at(NOW, desk))
    await run_job("leaderboard", at(MONDAY - timedelta(minutes=1), desk))
    assert await letters(desk) == []
    await run_job("leaderboard", at(MONDAY, desk))
    await run_job("leaderboard", at(MONDAY + timedelta(hours=5), desk))
    [letter] = await letters(desk)
    assert (letter.channel_id, letter.dedupe_key) == (CHANNEL, "leaderboard:2026-03-09")
    assert "Ada Fox" in letter.view_json


async def test_a_workspace_that_no_worker_has_seen_yet_gets_its_board_too(desk: Desk) -> None:
    await decide(desk, leaderboard_channel=CHANNEL)
    await win(desk)
    await run_job("leaderboard", at(MONDAY + timedelta(hours=1), desk))
    assert len(await letters(desk)) == 1


async def test_boards_that_were_missed_are_one(desk: Desk) -> None:
    await decide(desk, leaderboard_channel=CHANNEL, leaderboard_period="month")
    await win(desk)
    await run_job("leaderboard", at(MONDAY + timedelta(days=17), desk))
    await run_job("leaderboard", at(MONDAY + timedelta(days=18), desk))
    assert len(await letters(desk)) == 1


async def test_nobody_with_points_no_post(desk: Desk) -> None:
    await decide(desk, leaderboard_channel=CHANNEL)
    await run_job("leaderboard", at(MONDAY, desk))
    assert await letters(desk) == []


async def test_switched_off_or_without_a_channel_no_post(desk: Desk) -> None:
    await win(desk)
    await run_job("leaderboard", at(MONDAY, desk))
    await decide(desk, leaderboard_channel=CHANNEL, leaderboard=False)
    await run_job("leaderboard", at(MONDAY + timedelta(days=7), desk))
    assert await letters(desk) == []


async def test_another_weekday_counts_from_the_day_it_was_set(desk: Desk) -> None:
    await decide(desk, leaderboard_channel=CHANNEL, leaderboard_weekday="wednesday")
    await win(desk)
    await run_job("leaderboard", at(NOW, desk))
    async with desk.database.workspace(WORKSPACE) as work:
        rules = Rules(leaderboard_weekday="wednesday")
        await plan_anew(work, ["leaderboard_weekday", "digest_time"], rules, MONDAY)
        await work.commit()
    await run_job("leaderboard", at(MONDAY, desk))
    assert await letters(desk) == []
    await run_job("leaderboard", at(MONDAY + timedelta(days=2), desk))
    assert len(await letters(desk)) == 1
