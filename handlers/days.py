"""Days as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from dateutil import parser as dates

from domain.errors import Refused
from domain.rules import WEEKDAYS

_AHEAD = re.compile(r"(?:in\s+)?(\d{1,3})\s*(day|week|month)s?", re.IGNORECASE)
_DAYS = {"day": 1, "week": 7, "month": 30}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


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
        if _ISO.fullmatch(plain):
            return date.fromisoformat(plain)
        if re.fullmatch(r"[\d\s./-]+", plain):
            raise ValueError("figures alone could be day or month first")
        found = dates.parse(plain, default=datetime.combine(today, time())).date()
    except (ValueError, OverflowError):
        raise Refused(
            f"“{text[:40]}” is not a day I can read. Write it like tomorrow, friday, "
            f"in 2 weeks, {today + timedelta(days=7):%-d %B} or {today + timedelta(days=7)}."
        ) from None
    named_year = re.search(r"\b\d{4}\b", plain)
    return found if named_year or found >= today else found.replace(year=found.year + 1)


def show_day(day: date, today: date) -> str:
    """Write a day for reading: "today", "tomorrow", "Fri 13 Mar", with the year if another."""
    if day == today:
        return "today"
    if day == today + timedelta(days=1):
        return "tomorrow"
    return f"{day:%a} {day.day} {day:%b}" + ("" if day.year == today.year else f" {day.year}")


def show_past_day(day: date, today: date) -> str:
    """Write the day of what has happened; a colleague's day may have begun before the reader's."""
    return show_day(min(day, today), today)
