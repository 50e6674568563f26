"""Days and clocks: what a local time of a local day is in UTC, and when a member may be nudged."""

from __future__ import annotations

from collections.abc import Collection, Container
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.absence import Range
from domain.rules import WEEKDAYS, Rules

_DAY = timedelta(days=1)
LONGEST_REST = timedelta(days=14)
"""Days together that nobody works, at most."""

_HORIZON = 4000  # days that are looked ahead; whoever is away longer is looked at again then


def instant(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """Give the UTC instant of a wall-clock time (HH:MM) on a day in a zone.

    A time that the clocks skip in spring is as much later as they skip (02:30 becomes 03:30), at
    the very end of a day as much earlier; of one that they show twice in autumn it is the first
    (RFC 5545, section 3.3.5).
    """
    wall = datetime.combine(day, time.fromisoformat(clock), tzinfo=zone)
    at = wall.astimezone(UTC)
    if at.astimezone(zone).date() != day:
        earlier = wall.replace(fold=1).astimezone(UTC)
        return earlier if earlier.astimezone(zone).date() == day else at
    return at


def is_workday(day: date, rules: Rules, holidays: Container[date] = ()) -> bool:
    """Say whether a day is worked: one of the workspace's working days, and no public holiday."""
    return WEEKDAYS[day.weekday()] in rules.working_days.split(",") and day not in holidays


def board_before(at: datetime, rules: Rules, zone: ZoneInfo) -> datetime:
    """Give the latest instant up to `at` at which the schedule has a leaderboard post."""
    local_day = at.astimezone(zone).date()
    weekday = WEEKDAYS.index(rules.leaderboard_weekday)
    day = local_day - timedelta(days=(local_day.weekday() - weekday) % 7)
    found = instant(day, rules.leaderboard_time, zone)
    return found if found <= at else instant(day - 7 * _DAY, rules.leaderboard_time, zone)


def board_after(at: datetime, rules: Rules, zone: ZoneInfo) -> datetime:
    """Give the first instant past `at` at which the schedule has a leaderboard post."""
    last_day = board_before(at, rules, zone).astimezone(zone).date()
    return instant(last_day + 7 * _DAY, rules.leaderboard_time, zone)


@dataclass(frozen=True, slots=True)
class Absent:
    """Days that somebody is away, both ends included."""

    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class Hours:
    """When a member may be nudged, in their own zone; clocks are HH:MM.

    `working_days` holds names of weekdays. From `quiet_from` to `quiet_to` it is quiet, past
    midnight where the second is earlier; the two alike mean never.
    """

    zone: ZoneInfo
    digest_time: str
    working_days: Collection[str]
    quiet_from: str
    quiet_to: str
    holidays: Container[date] = ()
    absences: tuple[Absent, ...] = ()

    def local(self, at: datetime) -> datetime:
        """Give the wall clock at an instant."""
        return at.astimezone(self.zone)

    def works_on(self, day: date) -> bool:
        """Say whether the member works on a day: a working day, no holiday, not away."""
        return (
            WEEKDAYS[day.weekday()] in self.working_days
            and day not in self.holidays
            and not any(a.from_on <= day <= a.to_on for a in self.absences)
        )

    def is_quiet(self, clock: str) -> bool:
        """Say whether a time of day (HH:MM) lies in the quiet hours."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= clock < self.quiet_to
        return clock >= self.quiet_from or clock < self.quiet_to

    def allow(self, at: datetime) -> bool:
        """Say whether the member may be nudged at an instant."""
        local = self.local(at)
        return self.works_on(local.date()) and not self.is_quiet(f"{local:%H:%M}")

    def digest_at(self, day: date) -> datetime:
        """Give the instant of a day's digest: its hour, or the end of the quiet that covers it."""
        clock = self.quiet_to if self.is_quiet(self.digest_time) else self.digest_time
        return instant(day, clock, self.zone)


def next_digest(after: date, hours: Hours) -> datetime:
    """Give the instant of the digest of the first worked day after a day."""
    return hours.digest_at(_next_worked(after + _DAY, hours))


def next_allowed(at: datetime, hours: Hours) -> datetime:
    """Give the first instant from `at` on at which the member may be nudged.

    That is `at` itself, the end of the quiet hours, or the digest's hour of the next worked day.
    """
    if hours.allow(at):
        return at
    today = hours.local(at).date()
    quiet_ends = instant(today, hours.quiet_to, hours.zone)
    if hours.works_on(today) and quiet_ends > at:
        return quiet_ends
    return hours.digest_at(_next_worked(today + _DAY, hours))


def window(at: datetime, hours: Hours) -> tuple[datetime, datetime]:
    """Give until when a member may be nudged who may be at `at`, and from when on again."""
    local = hours.local(at)
    closes_at = instant(local.date() + _DAY, "00:00", hours.zone)
    if hours.quiet_from != hours.quiet_to and f"{local:%H:%M}" < hours.quiet_from:
        closes_at = instant(local.date(), hours.quiet_from, hours.zone)
    return closes_at, next_allowed(closes_at, hours)


def missed_since(last: date, today: date, hours: Hours) -> date | None:
    """Give the first worked day between the last digest's day and today, None where none is."""
    first = _next_worked(last + _DAY, hours)
    return first if first < today else None


def worked_day_after(day: date, hours: Hours) -> date:
    """Give the first day after a day that the member works on."""
    return _next_worked(day + _DAY, hours)


def worked_from(day: date, hours: Hours) -> date:
    """Give the first day from a day on that is a working day of theirs, be they away or not."""
    return _next_worked(day, replace(hours, absences=()))


def falls_to(day: date, hours: Hours, away: Collection[Range] = ()) -> date:
    """Give the first of the days whose deadlines fall to a day: those before it are not worked.

    `away` counts as not worked; the absences of `hours` do not.
    """
    working = replace(hours, absences=tuple(Absent(*one) for one in away))
    longest = LONGEST_REST + sum(((ends - begins + _DAY) for begins, ends in away), timedelta())
    first = day
    while not working.works_on(first - _DAY) and day - first < longest:
        first -= _DAY
    return first


def _next_worked(day: date, hours: Hours) -> date:
    for _ in range(_HORIZON):
        if hours.works_on(day):
            return day
        day += _DAY
    return day
