"""N1, N3: one digest a member and working day, at their hour, and none with nothing to say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.errors import SendFailed
from domain.pace import UNPACED
from domain.rules import WEEKDAYS
from jobs.context import JobContext
from jobs.outbox import Delivery
from jobs.table import run_all_due, run_job
from storage.leasing import lease
from storage.tables import Absence, Claim
from tests.jobs.files import at, hand_out, letters, member
from tests.jobs.senders import Post
from tests.people import ADA, BEN, CHI, MAX, NOW, WORKSPACE, Desk

MONDAY = date(2026, 3, 2)
TUESDAY_IN_NEW_YORK = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)


async def test_a_digest_comes_at_each_members_own_hour(desk: Desk) -> None:
    for user, account in ((ADA, "Acme"), (BEN, "Bolt"), (CHI, "Cove")):
        await hand_out(desk, user, account, MONDAY)
    told: dict[int, datetime] = {}
    tick = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    while tick < datetime(2026, 3, 3, 20, 0, tzinfo=UTC):
        await run_job("digest", at(tick, desk))
        for letter in await letters(desk):
            assert letter.member_id is not None
            told.setdefault(letter.member_id, tick)
        tick += timedelta(minutes=30)
    assert {user: f"{told[desk.ids[user]]:%H:%M}" for user in (CHI, BEN, ADA)} == {
        CHI: "03:30",
        BEN: "08:00",
        ADA: "14:00",
    }
    assert len(await letters(desk)) == 3


async def test_it_says_what_is_overdue_due_and_coming_up_with_buttons(desk: Desk) -> None:
    await hand_out(desk, ADA, "Late Ltd", MONDAY - timedelta(days=4))
    await hand_out(desk, ADA, "Now Inc", MONDAY - timedelta(days=2))
    await hand_out(desk, ADA, "Soon AG", MONDAY)
    await run_job("digest", at(TUESDAY_IN_NEW_YORK, desk))
    [letter] = await letters(desk)
    text = letter.view_json
    assert (letter.kind, letter.member_id, letter.due_at) == (
        "digest",
        desk.ids[ADA],
        TUESDAY_IN_NEW_YORK,
    )
    assert [word for word in ("Overdue", "Due today", "Coming up") if word in text] == [
        "Overdue",
        "Due today",
        "Coming up",
    ]
    assert text.index("Late Ltd", 100) < text.index("Now Inc") < text.index("Soon AG")
    for action in ("visit.open", "snooze.open", "pass.ask"):
        assert text.count(action) == 3


async def test_there_is_no_digest_with_nothing_to_say(desk: Desk) -> None:
    await hand_out(desk, ADA, "Far Off", MONDAY + timedelta(days=20))
    await run_job("digest", at(TUESDAY_IN_NEW_YORK, desk))
    assert await letters(desk) == []


async def test_a_second_run_a_second_worker_and_a_restart_add_nothing(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    for minutes in (0, 0, 10, 300):
        await run_job("digest", at(TUESDAY_IN_NEW_YORK + timedelta(minutes=minutes), desk))
    assert len(await letters(desk)) == 1


async def test_the_next_day_has_its_own(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    for days in (0, 1):
        played = TUESDAY_IN_NEW_YORK + timedelta(days=days)
        await run_job("digest", JobContext(desk.database, played, NOW))
    assert [letter.dedupe_key[-10:] for letter in await letters(desk)] == [
        "2026-03-03",
        "2026-03-04",
    ]


async def test_no_digest_on_a_weekend_or_public_holiday(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", date(2026, 7, 1))
    thursday = datetime(2026, 7, 2, 13, 0, tzinfo=UTC)
    for days in range(6):  # Friday 3 July is a holiday in the United States that year
        await run_job("digest", at(thursday + timedelta(days=days), desk))
    assert [letter.dedupe_key[-10:] for letter in await letters(desk)] == [
        "2026-07-02",
        "2026-07-06",
        "2026-07-07",
    ]


async def test_whoever_is_away_or_paused_is_left_alone(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        work.session.add(
            Absence(
                workspace_id=WORKSPACE,
                member_id=desk.ids[ADA],
                from_on=MONDAY,
                to_on=date(2026, 3, 4),
            )
        )
        await work.commit()
    await member(desk, BEN, paused_until=date(2026, 3, 3))
    await hand_out(desk, ADA, "Acme", MONDAY)
    await hand_out(desk, BEN, "Bolt", MONDAY)
    for days in range(3):
        await run_job("digest", at(TUESDAY_IN_NEW_YORK + timedelta(days=days), desk))
    assert [letter.dedupe_key for letter in await letters(desk)] == [
        f"digest:{desk.ids[BEN]}:2026-03-04",
        f"digest:{desk.ids[BEN]}:2026-03-05",
        f"digest:{desk.ids[ADA]}:2026-03-05",
    ]
    assert "no digest since" not in (await letters(desk))[-1].view_json


async def test_a_clock_that_jumps_a_week_brings_one_digest_that_says_so(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await run_job("digest", at(TUESDAY_IN_NEW_YORK, desk))
    await Delivery(desk.database, Post(), lambda: TUESDAY_IN_NEW_YORK).drain()
    await run_job("digest", at(TUESDAY_IN_NEW_YORK + timedelta(days=7, hours=2), desk))
    first, second = await letters(desk)
    assert "no digest since" not in first.view_json
    assert "You have had no digest since Wed 4 Mar" in second.view_json


async def test_a_digest_waits_for_quiet_hours_to_end(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await run_job("digest", at(datetime(2026, 3, 4, 1, 30, tzinfo=UTC), desk))  # 20:30 on Tuesday
    assert await letters(desk) == []
    await run_job("digest", at(datetime(2026, 3, 4, 13, 59, tzinfo=UTC), desk))
    assert await letters(desk) == []
    await run_job("digest", at(datetime(2026, 3, 4, 14, 0, tzinfo=UTC), desk))
    assert len(await letters(desk)) == 1


async def test_one_that_could_not_be_sent_waits_for_morning_and_is_folded_into_the_next(
    desk: Desk,
) -> None:
    post = Post(fails=lambda to: SendFailed("server error"))
    sender = Delivery(desk.database, post, lambda: desk.now)
    await hand_out(desk, ADA, "Acme", MONDAY)
    desk.now = TUESDAY_IN_NEW_YORK
    await run_job("digest", at(desk.now, desk))
    await sender.drain()
    post.fails = lambda to: None
    desk.now = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)  # 20:30 on Tuesday
    await sender.drain()
    assert post.sent == []
    [held] = await letters(desk)
    desk.now = TUESDAY_IN_NEW_YORK + timedelta(days=1)
    assert held.due_at == desk.now + timedelta(minutes=15)  # the next day's digest comes first
    await run_job("digest", at(desk.now, desk))
    await sender.drain()
    [sent] = post.sent
    assert "You have had no digest since Tue 3 Mar" in sent.text
    first, second = await letters(desk)
    assert (first.last_error, second.sent_at) == ("folded into a newer one", desk.now)


async def test_after_days_without_slack_the_first_of_them_is_named_and_stays_named(
    desk: Desk,
) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await hand_out(desk, ADA, "Bolt", MONDAY)
    post = Post(fails=lambda to: SendFailed("server error"))
    sender = Delivery(desk.database, post, lambda: desk.now)
    for days in range(4):
        desk.now = TUESDAY_IN_NEW_YORK + timedelta(days=days)
        if days == 3:
            post.fails = lambda to: None
        await run_job("digest", at(desk.now, desk))
        await sender.drain()
    await desk.types(ADA, "snooze Acme 2026-03-20")
    await sender.drain()
    first, changed = post.to(ADA)
    assert changed.update_of == f"{ADA}/1"
    for sent in (first, changed):
        assert "You have had no digest since Tue 3 Mar" in sent.text
    desk.now = TUESDAY_IN_NEW_YORK + timedelta(days=6)
    await run_job("digest", at(desk.now, desk))
    await sender.drain()
    assert "no digest since" not in post.to(ADA)[-1].text


async def test_a_member_who_moves_zone_is_not_told_early_nor_twice_a_day(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await run_job("digest", at(TUESDAY_IN_NEW_YORK, desk))
    await member(desk, ADA, time_zone="America/Los_Angeles")
    await run_job("digest", at(TUESDAY_IN_NEW_YORK + timedelta(hours=23), desk))
    assert len(await letters(desk)) == 1
    await run_job("digest", at(datetime(2026, 3, 4, 17, 0, tzinfo=UTC), desk))
    assert len(await letters(desk)) == 2


async def test_a_zone_that_nobody_knows_is_the_workspaces(desk: Desk) -> None:
    await member(desk, ADA, time_zone="Mars/Olympus")
    await hand_out(desk, ADA, "Acme", MONDAY)
    await run_job("digest", at(datetime(2026, 3, 3, 9, 0, tzinfo=UTC), desk))
    assert len(await letters(desk)) == 1


async def test_what_is_played_as_another_time_goes_out_at_once(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await run_job("digest", JobContext(desk.database, TUESDAY_IN_NEW_YORK, NOW))
    [letter] = await letters(desk)
    assert letter.due_at == NOW


async def test_whoever_joined_after_the_hour_begins_tomorrow(desk: Desk) -> None:
    await hand_out(desk, BEN, "Bolt", MONDAY)
    await run_job("digest", at(NOW + timedelta(minutes=5), desk))  # joined at NOW, 16:00 in Paris
    assert await letters(desk) == []
    await run_job("digest", at(datetime(2026, 3, 3, 8, 0, tzinfo=UTC), desk))
    assert len(await letters(desk)) == 1


async def test_the_deactivated_and_colleagues_get_none(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await hand_out(desk, BEN, "Bolt", MONDAY)
    await run_job("digest", at(NOW, desk))
    await member(desk, ADA, active=False)
    await member(desk, BEN, role="colleague")
    assert await run_job("digest", at(TUESDAY_IN_NEW_YORK, desk)) > 0
    assert await letters(desk) == []
    assert (await member(desk, ADA)).digest_due_at is None


async def test_muted_kinds_are_left_out_but_never_the_overdue(desk: Desk) -> None:
    await member(desk, ADA, muted="coming up,due today,overdue")
    await hand_out(desk, ADA, "Late Ltd", MONDAY - timedelta(days=4))
    await hand_out(desk, ADA, "Soon AG", MONDAY)
    await run_job("digest", at(TUESDAY_IN_NEW_YORK, desk))
    [letter] = await letters(desk)
    assert "Late Ltd" in letter.view_json
    assert "Soon AG" not in letter.view_json


async def test_d3_a_manager_hears_of_claims_daily_and_of_untouched_files_weekly(
    desk: Desk,
) -> None:
    account = await hand_out(desk, ADA, "Acme", MONDAY)
    async with desk.database.workspace(WORKSPACE) as work:
        assert account.id is not None
        await work.accounts.add(
            name="Dusty",
            state="code 99",
            created_at=NOW - timedelta(days=90),
            touched_at=NOW - timedelta(days=60),
        )
        work.session.add(
            Claim(
                workspace_id=WORKSPACE,
                account_id=account.id,
                member_id=desk.ids[ADA],
                value_minor=100,
                bounty_minor=10,
                currency="USD",
                rule="r",
                claimed_at=NOW,
                won_on=MONDAY,
            )
        )
        await work.commit()
    for days in (0, 1, 6):
        await run_job("digest", at(TUESDAY_IN_NEW_YORK + timedelta(days=days), desk))
        await Delivery(
            desk.database, Post(), lambda: TUESDAY_IN_NEW_YORK + timedelta(days=6)
        ).drain()
    mine = [row.view_json for row in await letters(desk) if row.member_id == desk.ids[MAX]]
    assert ["one claim waits" in text for text in mine] == [True, True, True]
    assert ["One file" in text for text in mine] == [True, False, True]


async def test_more_lines_than_a_message_takes_are_counted(desk: Desk) -> None:
    for number in range(20):
        await hand_out(desk, ADA, f"Account {number:02}", MONDAY)
    await run_job("digest", at(TUESDAY_IN_NEW_YORK, desk))
    [letter] = await letters(desk)
    assert "And 5 more: " in letter.view_json
    assert letter.view_json.count("visit.open") == 15


async def test_changing_the_hour_moves_todays_digest(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await run_job("digest", at(NOW, desk))
    async with desk.database.workspace(WORKSPACE) as work:
        await work.workspaces.decide("digest_time", "08:00")
        await work.due.forget_digest_plans()
        await work.commit()
    await run_job("digest", at(datetime(2026, 3, 3, 13, 0, tzinfo=UTC), desk))
    assert len(await letters(desk)) == 1
    assert (await member(desk, ADA)).digest_on == date(2026, 3, 3)
    assert WEEKDAYS[0] == "monday"


async def test_d3_what_is_said_once_a_week_stays_said_while_the_digest_changes(desk: Desk) -> None:
    await hand_out(desk, MAX, "Acme", MONDAY)
    async with desk.database.workspace(WORKSPACE) as work:
        await work.accounts.add(
            name="Dusty",
            state="code 99",
            created_at=NOW - timedelta(days=90),
            touched_at=NOW - timedelta(days=60),
        )
        await work.commit()
    desk.now = TUESDAY_IN_NEW_YORK
    await run_job("digest", at(desk.now, desk))
    await desk.types(MAX, "snooze Acme 2026-03-20")
    [letter] = await letters(desk, "digest")
    assert "Acme" not in letter.view_json
    assert "One file" in letter.view_json


async def test_a_workspace_without_the_app_is_left_alone_and_told_so_when_it_is_back(
    desk: Desk,
) -> None:
    overdue_at = TUESDAY_IN_NEW_YORK + timedelta(days=1)
    await hand_out(desk, ADA, "Acme", date(2026, 2, 9), tell_at=overdue_at)
    await run_job("digest", at(TUESDAY_IN_NEW_YORK, desk))
    desk.now = TUESDAY_IN_NEW_YORK
    await Delivery(desk.database, Post(), lambda: desk.now).drain()
    told = len(await letters(desk))
    await _installed(desk, active=False)
    for days in (1, 2):
        await run_all_due(at(TUESDAY_IN_NEW_YORK + timedelta(days=days), desk))
    assert len(await letters(desk)) == told
    await _installed(desk, active=True)
    await run_all_due(at(TUESDAY_IN_NEW_YORK + timedelta(days=3), desk))
    kinds = [row.kind for row in await letters(desk) if row.member_id == desk.ids[ADA]]
    assert kinds[-2:] == ["digest", "overdue"]
    assert "no digest since Wed 4 Mar" in (await letters(desk, "digest"))[-1].view_json


async def _installed(desk: Desk, *, active: bool) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        workspace = await work.workspaces.get()
        assert workspace is not None
        workspace.active = active
        await work.commit()


async def test_a_digest_whose_sender_died_is_folded_into_the_next(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await run_job("digest", at(TUESDAY_IN_NEW_YORK, desk))
    async with desk.database.session() as session:
        until = TUESDAY_IN_NEW_YORK + timedelta(seconds=90)
        assert await lease(session, now=TUESDAY_IN_NEW_YORK, until=until, limit=9, pace=UNPACED)
        await session.commit()
    next_day = TUESDAY_IN_NEW_YORK + timedelta(days=1)
    await run_job("digest", at(next_day, desk))
    post = Post()
    for desk.now in (next_day, next_day + timedelta(minutes=30)):
        await Delivery(desk.database, post, lambda: desk.now, pace=UNPACED).drain()
    assert [sent.dedupe_key[-10:] for sent in post.sent] == ["2026-03-04"]
