"""Days and clocks: what a local time of a local day is in UTC, and which days are worked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from domain.rules import WEEKDAYS, Rules


def instant(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """Give the UTC instant of a wall-clock time (HH:MM) on a day in a zone.

    A time that the clocks skip in spring is as much later as they skip (02:30 becomes 03:30); of
    one that they show twice in autumn it is the first (RFC 5545, section 3.3.5).
    """
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone).astimezone(UTC)


def is_workday(day: date, rules: Rules, holidays: Collection[date] = ()) -> bool:
    """Say whether a day is worked: one of the workspace's working days, and no public holiday."""
    return WEEKDAYS[day.weekday()] in rules.working_days.split(",") and day not in holidays
