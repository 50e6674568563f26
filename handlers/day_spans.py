"""A stretch of days as people write it."""

from __future__ import annotations

import re
from datetime import date

from domain.absence import Range
from domain.errors import Refused
from handlers.days import read_day

_BETWEEN = re.compile(r"\s+(?:to|until|till|through)\s+|\s*[–—…]\s*|\s*\.{2,3}\s*|\s+-\s+")
_UNTIL = re.compile(r"(?:until|till|to)\s+", re.IGNORECASE)


def read_span(text: str, today: date) -> Range:
    """Read "friday to 12 march", "tomorrow friday", "until monday" or one day as first and last.

    The last day counts. Raises `Refused` with ways to write it.
    """
    plain = text.strip().removeprefix("from ").strip()
    if _UNTIL.match(plain):
        return _ordered(today, _UNTIL.sub("", plain, count=1), today)
    parts = _BETWEEN.split(plain)
    if len(parts) == 2:
        return _ordered(read_day(parts[0], today), parts[1], today)
    words = plain.split()
    for at in range(1, len(words)):
        first, last = " ".join(words[:at]), " ".join(words[at:])
        if _reads(first, today) and _reads(last, today):
            return _ordered(read_day(first, today), last, today)
    day = read_day(plain, today)
    return day, day


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
