"""A stretch of days as people write it."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from domain.absence import Range
from domain.errors import Refused
from handlers.days import read_day

_BETWEEN = re.compile(r"\s+(?:to|until|till|through)\s+|\s*[–—…]\s*|\s*\.{2,3}\s*|\s+-\s+")
_UNTIL = re.compile(r"(?:until|till|to)\s+", re.IGNORECASE)
_LASTING = re.compile(r"(?:for\s+)?([1-9]\d?)\s*(day|week|month)s?")
_DAY = timedelta(days=1)
_LASTS = {"day": _DAY, "week": 7 * _DAY}
_WEEKS = {"this week": 0, "next week": 7}
_MONTHS_AHEAD = {"this month": 0, "next month": 1}
_MONTHS = [name.lower() for name in calendar.month_name[1:]]


def read_span(text: str, today: date) -> Range:
    """Read "friday to 12 march", "until monday", "next week" or one day as first and last.

    The last day counts. Raises `Refused` with ways to write it.
    """
    plain = text.strip().removeprefix("from ").strip()
    if _UNTIL.match(plain):
        return _ordered(today, _UNTIL.sub("", plain, count=1), today)
    parts = _BETWEEN.split(plain)
    if len(parts) == 2:
        return _ordered(read_day(parts[0], today), parts[1], today)
    whole = _whole(" ".join(plain.lower().split()), today)
    if whole:
        return whole
    words = plain.split()
    for at in range(1, len(words)):
        first, last = " ".join(words[:at]), " ".join(words[at:])
        if _reads(first, today) and _reads(last, today):
            return _ordered(read_day(first, today), last, today)
    day = read_day(plain, today)
    return day, day


def _whole(words: str, today: date) -> Range | None:
    """Read "next week", "december" or "for 2 weeks", of what runs already the rest from today."""
    lasting = _LASTING.fullmatch(words)
    if lasting:
        many, unit = int(lasting[1]), lasting[2]
        past = today + (relativedelta(months=many) if unit == "month" else many * _LASTS[unit])
        return today, past - _DAY
    if words in _WEEKS:
        monday = today + timedelta(days=_WEEKS[words] - today.weekday())
        return max(monday, today), monday + timedelta(days=6)
    if words in _MONTHS_AHEAD:
        first = today.replace(day=1) + relativedelta(months=_MONTHS_AHEAD[words])
    elif words.removeprefix("in ") in _MONTHS:
        month = _MONTHS.index(words.removeprefix("in ")) + 1
        first = today.replace(day=1) + relativedelta(months=(month - today.month) % 12)
    else:
        return None
    return max(first, today), first + relativedelta(months=1, days=-1)


def _ordered(first: date, text: str, today: date) -> Range:
    """Read the last day; "friday" after a first day is the one that follows it."""
    last = read_day(text, today)
    if last < first:
        last = read_day(text, first)
    if last < first:
        raise Refused(f"The last day, {last:%-d %B %Y}, is before the first.")
    return first, last


def _reads(text: str, today: date) -> bool:
    try:
        read_day(text, today)
    except Refused:
        return False
    return True
