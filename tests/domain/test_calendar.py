"""N3: local hours, worked days, quiet hours and time away, in every zone there is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import (
    Absent,
    Hours,
    board_after,
    board_before,
    falls_to,
    instant,
    is_workday,
    missed_since,
    next_allowed,
    next_digest,
    window,
)
from domain.digest_times import due_first, due_next, is_time
from domain.rules import WEEKDAYS, Rules

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ZONES = sorted(available_timezones() - {"Factory", "localtime"})
YEAR = [date(2026, 1, 1) + n * DAY for n in range(365)]


def hours(
    zone: str = "UTC",
    *,
    digest_time: str = "09:00",
    days: Collection[str] = WEEKDAYS[:5],
    quiet: tuple[str, str] = ("20:00", "07:00"),
    holidays: Collection[date] = (),
    absences: tuple[Absent, ...] = (),
) -> Hours:
    return Hours(ZoneInfo(zone), digest_time, days, *quiet, holidays, absences)


def test_every_zone_has_one_digest_a_working_day_at_its_first_minute_the_year_round() -> None:
    for zone in ZONES:
        own = hours(zone)
        due, told = next_digest(YEAR[0] - DAY, own), []
        while (day := own.local(due).date()) <= YEAR[-1]:
            told.append(day)
            assert own.local(due).strftime("%H:%M") == "09:00", (zone, day)
            assert is_time(due, own)
            assert not is_time(due - MINUTE, own)
            due = due_next(due, own)
        assert told == [day for day in YEAR if day.weekday() < 5], zone


@pytest.mark.parametrize(
    ("zone", "day", "clock", "utc"),
    [
        ("America/New_York", date(2026, 3, 8), "02:30", "2026-03-08T07:30"),  # skipped: 03:30
        ("America/New_York", date(2026, 11, 1), "01:30", "2026-11-01T05:30"),  # twice: the first
        ("Australia/Lord_Howe", date(2026, 4, 5), "09:00", "2026-04-04T22:30"),  # by half an hour
        ("Asia/Kathmandu", date(2026, 4, 5), "09:00", "2026-04-05T03:15"),
        ("America/Godthab", date(2026, 3, 28), "23:45", "2026-03-29T00:45"),  # skipped: 22:45
        ("Pacific/Apia", date(2011, 12, 30), "09:00", "2011-12-30T19:00"),  # a day that never was
    ],
)
def test_odd_hours_have_one_instant(zone: str, day: date, clock: str, utc: str) -> None:
    found = instant(day, clock, ZoneInfo(zone))
    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds are naive
    steps=st.lists(st.integers(1, 5000), min_size=30, max_size=60),
    digest_time=st.times().map(lambda t: f"{t:%H:%M}"),
    quiet=st.tuples(*[st.times().map(lambda t: f"{t:%H:%M}")] * 2),
    days=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
)
def test_a_clock_that_jumps_neither_doubles_nor_disturbs(
    *,
    zone: str,
    start: datetime,
    steps: list[int],
    digest_time: str,
    quiet: tuple[str, str],
    days: set[str],
) -> None:
    own = hours(zone, digest_time=digest_time, days=days, quiet=quiet)
    now, last, told = start, None, []
    due = due_first(now, own, None, now - 2 * DAY)
    for minutes in steps:
        if due <= now:
            if is_time(now, own):
                last = own.local(now).date()
                told.append(last)
                assert own.allow(now)
                assert own.works_on(last)
            due = due_next(now, own)
            assert due > now
        if is_time(now, own):
            assert last == own.local(now).date()
        now += minutes * MINUTE
    assert len(told) == len(set(told))


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds are naive
    quiet=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    away=st.integers(0, 20),
)
def test_the_next_allowed_instant_is_allowed_and_not_before(
    zone: str, at: datetime, quiet: tuple[int, int], away: int
) -> None:
    day = at.astimezone(ZoneInfo(zone)).date()
    own = hours(
        zone,
        quiet=(f"{quiet[0]:02}:00", f"{quiet[1]:02}:00"),
        absences=(Absent(day, day + away * DAY),) if away else (),
    )
    found = next_allowed(at, own)
    assert found >= at
    assert own.allow(found)
    assert (found == at) == own.allow(at)


def test_quiet_hours_may_lie_within_a_day_or_past_midnight_or_be_none() -> None:
    siesta, night, none = (
        hours(quiet=("13:00", "15:00")),
        hours(),
        hours(quiet=("08:00", "08:00")),
    )
    assert [siesta.is_quiet(clock) for clock in ("12:59", "13:00", "14:59", "15:00")] == [
        False,
        True,
        True,
        False,
    ]
    assert [night.is_quiet(clock) for clock in ("19:59", "20:00", "06:59", "07:00")] == [
        False,
        True,
        True,
        False,
    ]
    assert not none.is_quiet("08:00")


def test_a_window_lasts_until_the_quiet_or_the_end_of_the_day_and_comes_again() -> None:
    noon = datetime(2026, 3, 6, 12, tzinfo=UTC)  # a Friday
    monday_nine = datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert window(noon, hours()) == (noon + timedelta(hours=8), monday_nine)
    midnight = datetime(2026, 3, 7, tzinfo=UTC)
    assert window(noon, hours(quiet=("00:00", "00:00"))) == (midnight, monday_nine)
    siesta = hours(quiet=("13:00", "15:00"))
    after = noon + timedelta(hours=4)
    assert window(noon, siesta) == (noon + timedelta(hours=1), noon + timedelta(hours=3))
    assert window(after, siesta) == (midnight, monday_nine)


def test_a_digest_in_the_quiet_hours_comes_when_they_end() -> None:
    own = hours(digest_time="06:00")
    assert own.digest_at(date(2026, 3, 3)) == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)


def test_holidays_and_days_away_are_passed_over() -> None:
    own = hours(holidays={date(2026, 3, 4)}, absences=(Absent(date(2026, 3, 5), date(2026, 3, 6)),))
    assert next_digest(date(2026, 3, 3), own) == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_one_who_is_away_for_ever_is_looked_at_again_some_day() -> None:
    own = hours(absences=(Absent(date.min, date.max),))
    assert next_digest(date(2026, 3, 3), own) > datetime(2030, 1, 1, tzinfo=UTC)


def test_missed_days_are_those_with_a_digest_between() -> None:
    monday, friday = date(2026, 3, 2), date(2026, 2, 27)
    assert missed_since(friday, monday, hours()) is None
    assert missed_since(friday, monday + DAY, hours()) == monday


def test_who_has_no_date_yet_gets_todays_or_the_next() -> None:
    tuesday = date(2026, 3, 3)
    eight, ten = (datetime(2026, 3, 3, hour, tzinfo=UTC) for hour in (8, 10))
    nine, next_nine = hours().digest_at(tuesday), hours().digest_at(tuesday + DAY)
    saturday = datetime(2026, 3, 7, 8, tzinfo=UTC)
    long_ago = eight - 40 * DAY
    assert due_first(eight, hours(), None, eight) == nine
    assert due_first(ten, hours(), None, ten) == next_nine
    assert due_first(ten, hours(), None, long_ago) == nine
    assert due_first(ten, hours(), tuesday - DAY, long_ago) == nine
    assert due_first(ten, hours(), tuesday, long_ago) == next_nine
    assert due_first(saturday, hours(), None, long_ago) == hours().digest_at(date(2026, 3, 9))
    assert due_first(eight, hours(), tuesday, long_ago) == next_nine  # their hour was earlier


def test_who_joined_today_by_their_own_clock_begins_tomorrow() -> None:
    own = hours("Asia/Kolkata")
    joined_at = datetime(2026, 3, 2, 22, tzinfo=UTC)  # half past three on Tuesday there
    found = due_first(joined_at + timedelta(hours=8), own, None, joined_at)
    assert found == own.digest_at(date(2026, 3, 4))


def test_the_next_digest_is_todays_while_its_hour_is_to_come() -> None:
    early = datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert due_next(early, hours()) == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert due_next(early + timedelta(hours=1), hours()) == datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_a_workday_is_one_of_the_rules_and_no_holiday() -> None:
    monday = date(2026, 3, 2)
    assert is_workday(monday, Rules())
    assert not is_workday(monday, Rules(), {monday})
    assert not is_workday(date(2026, 3, 7), Rules())


@settings(deadline=None)
@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds are naive
    weekday=st.sampled_from(WEEKDAYS),
    zone=st.sampled_from(ZONES),
)
def test_the_board_has_one_slot_a_week(at: datetime, weekday: str, zone: str) -> None:
    rules, where = Rules(leaderboard_weekday=weekday), ZoneInfo(zone)
    before, after = board_before(at, rules, where), board_after(at, rules, where)
    assert before <= at < after
    for slot in (before, after):
        local = slot.astimezone(where)
        assert (WEEKDAYS[local.weekday()], f"{local:%H:%M}") == (weekday, "09:00")
    assert (after.astimezone(where).date() - before.astimezone(where).date()).days == 7


def test_deadlines_of_days_that_nobody_works_fall_to_the_next_that_is_worked() -> None:
    monday = date(2026, 3, 2)
    assert falls_to(monday + DAY, hours()) == monday + DAY
    assert falls_to(monday, hours()) == monday - 2 * DAY
    assert falls_to(monday, hours(holidays={monday - 3 * DAY})) == monday - 3 * DAY
    assert falls_to(monday, hours(absences=(Absent(date.min, monday),))) == monday - 2 * DAY
    assert falls_to(monday, hours(days=())) == monday - 14 * DAY
    weeks_away = (monday - 21 * DAY, monday - 3 * DAY)
    assert falls_to(monday, hours(), [weeks_away]) == monday - 23 * DAY
    assert falls_to(monday + DAY, hours(), [weeks_away]) == monday + DAY


@pytest.mark.parametrize("digest_time", ["00:00", "02:30", "23:45"])
def test_an_hour_that_the_clocks_skip_or_show_twice_has_one_digest_a_day(digest_time: str) -> None:
    """Where the clocks change, around the day on which they do; without quiet hours."""
    for zone in ZONES:
        own = hours(zone, digest_time=digest_time, days=WEEKDAYS, quiet=("08:00", "08:00"))
        offsets = [own.local(instant(day, "12:00", own.zone)).utcoffset() for day in YEAR]
        changes = [
            day
            for day, n in zip(YEAR[1:], range(1, 365), strict=True)
            if offsets[n] != offsets[n - 1]
        ]
        for change in changes:
            days = [change + n * DAY for n in range(-2, 3)]
            due, told = next_digest(days[0] - DAY, own), []
            while own.local(due).date() <= days[-1]:
                told.append(own.local(due).date())
                assert is_time(due, own)
                before = due - MINUTE
                assert own.local(before).date() < told[-1] or not is_time(before, own)
                due = due_next(due, own)
            assert told == days, (zone, change)
