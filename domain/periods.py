"""Stretches of days that people report on: a week, a month, a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import instant
from domain.errors import Refused

NAMES = ("week", "month", "quarter")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to and without `end`."""

    name: str
    start: date
    end: date

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Give the UTC instants at which it begins and ends in a zone."""
        return instant(self.start, "00:00", zone), instant(self.end, "00:00", zone)


def period_with(name: str, day: date) -> Period:
    """Give the calendar week (from Monday), month or quarter that holds a day."""
    if name == "week":
        start = day - timedelta(days=day.weekday())
        return Period(name, start, start + timedelta(days=7))
    months = 1 if name == "month" else 3
    start = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    after = (start + timedelta(days=31 * months)).replace(day=1)
    return Period(name, start, after)


def before(period: Period) -> Period:
    """Give the period just before one."""
    return period_with(period.name, period.start - timedelta(days=1))


def read_period(text: str, today: date, default: str = "week") -> Period:
    """Read "month", "this week" or "last quarter"; nothing said is the running `default`.

    Raises `Refused` with the ways to write it.
    """
    words = text.lower().split()
    name = words[-1].removesuffix("s") if words else default
    if name not in NAMES or words[:-1] not in ([], ["this"], ["last"]):
        raise Refused("Write week, month or quarter, or last week, last month, last quarter.")
    running = period_with(name, today)
    return before(running) if words[:1] == ["last"] else running


def words_for(period: Period) -> str:
    """Name the days: "2–8 March 2026", "30 March – 5 April 2026", "March 2026", "Q1 2026"."""
    first, last = period.start, period.end - timedelta(days=1)
    if period.name == "month":
        return f"{first:%B %Y}"
    if period.name == "quarter":
        return f"Q{(first.month - 1) // 3 + 1} {first.year}"
    if first.month == last.month:
        return f"{first.day}–{last.day} {last:%B %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {first:%B}{year} – {last.day} {last:%B %Y}"
