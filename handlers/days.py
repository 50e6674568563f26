"""Days as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from dateutil import parser as dates
from dateutil.relativedelta import relativedelta

from domain.errors import Refused
from domain.rules import WEEKDAYS

_AHEAD = re.compile(r"(?:in\s+)?(\d{1,3})\s*(day|week|month)s?", re.IGNORECASE)
_DAYS = {"day": 1, "week": 7, "month": 30}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIGURES = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4})?)?")
_MONTHS_IN_A_YEAR = 12
_LONGEST = 60  # characters; what is longer is not worth the time it takes to read


def read_day(text: str, today: date) -> date:
    """Read "tomorrow", "friday", "next week", "in 3 days", "12 March" or 2026-03-12 as a day.

    A day without a year is the next one to come. Raises `Refused` with ways to write it.
    """
    plain = " ".join(text.lower().split()).removeprefix("on ").removeprefix("next ")
    if plain in {"today", "now"}:
        return today
    if plain == "tomorrow":
        return today + timedelta(days=1)
    if plain == "week":
        return today + timedelta(days=7 - today.weekday())
    if plain == "month":
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    ahead = _AHEAD.fullmatch(plain)
    if ahead:
        return today + timedelta(days=int(ahead[1]) * _DAYS[ahead[2].lower()])
    weekday = next(
        (i for i, d in enumerate(WEEKDAYS) if len(plain) > 2 and d.startswith(plain)), -1
    )
    if weekday >= 0:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    try:
        if len(plain) > _LONGEST:
            raise ValueError("a story, not a day")
        if _ISO.fullmatch(plain):
            return date.fromisoformat(plain)
        if re.fullmatch(r"[\d\s./-]+", plain):
            found = _of_figures(plain, today)
        else:
            found = dates.parse(plain, default=datetime.combine(today, time())).date()
    except (ValueError, OverflowError):
        raise Refused(
            f"“{text[:40]}” is not a day I can read. Write it like tomorrow, friday, "
            f"in 2 weeks, {today + timedelta(days=7):%-d %B} or {today + timedelta(days=7)}."
        ) from None
    named_year = re.search(r"\b\d{4}\b", plain)
    return found if named_year or found >= today else found + relativedelta(years=1)


def _of_figures(plain: str, today: date) -> date:
    """Read "31.12.", "12/15" or "15-12-2026"; raises `ValueError` where the order is open.

    Where points part them, the day comes first.
    """
    written = _FIGURES.fullmatch(plain)
    if written is None:
        raise ValueError("not a day")
    first, second, year = int(written[1]), int(written[3]), int(written[4] or today.year)
    if written[2] == "." or first > _MONTHS_IN_A_YEAR or first == second:
        return today.replace(year=year, month=second, day=first)
    if second > _MONTHS_IN_A_YEAR:
        return today.replace(year=year, month=first, day=second)
    raise ValueError("figures alone could be day or month first")


def show_day(day: date, today: date) -> str:
    """Write a day for reading: "today", "tomorrow", "Fri 13 Mar", with the year if another."""
    if day == today:
        return "today"
    if day == today + timedelta(days=1):
        return "tomorrow"
    return name_day(day, today)


def name_day(day: date, today: date) -> str:
    """Write a day so that it stays true in a message that is read again later: "Fri 13 Mar"."""
    return f"{day:%a} {day.day} {day:%b}" + ("" if day.year == today.year else f" {day.year}")


def show_past_day(day: date, today: date) -> str:
    """Write the day of what has happened; a colleague's day may have begun before the reader's."""
    return show_day(min(day, today), today)
