"""Stretches of days that people report on: a week, a month, a quarter, a campaign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import instant
from domain.errors import Refused

NAMES = ("week", "month", "quarter")
CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to and without `end`; a campaign has a `title` of its own."""

    name: str
    start: date
    end: date
    title: str = ""

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


def campaign_period(title: str, first: date, last: date) -> Period:
    """Give the days of a campaign, both ends included."""
    return Period(CAMPAIGN, first, last + timedelta(days=1), title)


def read_period(
    text: str, today: date, default: str = "week", campaign: Period | None = None
) -> Period:
    """Read "month", "this week", "last quarter", or "campaign" and the name of the one that is set.

    Nothing said is the running `default`. Raises `Refused` with the ways to write it.
    """
    words = text.lower().split()
    if campaign is not None and words in ([CAMPAIGN], campaign.title.lower().split()):
        return campaign
    if words == [CAMPAIGN]:
        raise Refused(
            "No campaign is set yet. A manager gives it a name and days: `/lost settings`."
        )
    name = words[-1].removesuffix("s") if words else default
    if name not in NAMES or words[:-1] not in ([], ["this"], ["last"]):
        raise Refused(
            "Write week, month or quarter, last week, last month, last quarter, or campaign."
        )
    running = period_with(name, today)
    return before(running) if words[:1] == ["last"] else running


def words_for(period: Period) -> str:
    """Name the days: "2–8 March 2026", "30 March – 5 April 2026", "March 2026", "Q1 2026".

    A campaign is called by its title before them: "Spring: 2–8 March 2026".
    """
    if period.title:
        return f"{period.title}: {words_for(replace(period, title=''))}"
    first, last = period.start, period.end - timedelta(days=1)
    if period.name == "month":
        return f"{first:%B %Y}"
    if period.name == "quarter":
        return f"Q{(first.month - 1) // 3 + 1} {first.year}"
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%B %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {first:%B}{year} – {last.day} {last:%B %Y}"
