"""Days as files write them, read by one order of day and month for a whole column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.names import unaccented

_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)
_CENTURY_TURNS = 70  # "69" is 2069 and "70" is 1970, as POSIX reads two-digit years
_SERIAL_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, with their leap day of 1900
_EPOCH_BEGINS = date(1970, 1, 1)
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")  # days 20000 to 69999: 1954 to 2091
_TIME = re.compile(
    r"(?:[T\s]+|,\s*)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_FIGURES = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?")
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?(?:\.0)?")  # (milli)seconds since 1970: 2001 to 2033
_NAMED_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er)?[-/. ]*(?:de )?([a-z]{3,10})\.?[-/., ]*(?:de )?(\d{4}|\d{2})"
)
_NAMED_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?,?[-/. ]+(\d{4})")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]*\s+", re.IGNORECASE)
_MONTHS = (
    "january januar janvier enero januari gennaio janeiro",
    "february februar fevrier febrero februari febbraio fevereiro",
    "march marz maerz mars marzo maart mrt marco",
    "april avril abril aprile",
    "may mai mayo mei maggio maio",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre",
    "december dezember decembre diciembre dicembre dezembro",
)
"""The months in English, German, French, Spanish, Dutch, Italian and Portuguese."""


class Order(StrEnum):
    """Which figure of 3/4/2017 is the month."""

    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"


@dataclass(frozen=True, slots=True)
class Decision:
    """How a column's days are to be read.

    `evident`: some value fits this order alone. `certain` is False where both orders fit every
    value and `example` is one that means two different days.
    """

    order: Order
    evident: bool = False
    certain: bool = True
    example: str = ""


def read_day(text: str, order: Order) -> date | None:
    """Read one day; None where it is none, or lies before 1900 or after 2100.

    A time of day behind it is passed over. ISO dates, months in words, 20170301, the serial numbers
    of spreadsheets and seconds since 1970 mean the same in either order.
    """
    plain = _TIME.sub("", text.strip())
    year_first = _YEAR_FIRST.fullmatch(plain)
    if year_first:
        return _day(year_first[1], year_first[3], year_first[4])
    figures = _FIGURES.fullmatch(plain)
    if figures:
        first, second, year = figures[1], figures[3], figures[4]
        month, day = (first, second) if order is Order.MONTH_FIRST else (second, first)
        return _day(year, month, day)
    return _in_other_forms(plain)


class DayEvidence:
    """What a column's values say about its order, gathered value by value."""

    def __init__(self) -> None:
        self._only = dict.fromkeys(Order, 0)
        self._example = ""

    def add(self, text: str) -> None:
        """Take a value into account; best each distinct one once."""
        month_first = read_day(text, Order.MONTH_FIRST)
        day_first = read_day(text, Order.DAY_FIRST)
        if month_first == day_first:
            return
        if day_first is None:
            self._only[Order.MONTH_FIRST] += 1
        elif month_first is None:
            self._only[Order.DAY_FIRST] += 1
        else:
            self._example = self._example or text

    def decide(self, preferred: Order) -> Decision:
        """Give the order that more values fit.

        Where both fit equally and at least one value means two different days, it is `preferred`,
        and not certain.
        """
        month_first, day_first = (self._only[order] for order in Order)
        if month_first != day_first:
            order = Order.MONTH_FIRST if month_first > day_first else Order.DAY_FIRST
            return Decision(order, evident=True)
        return Decision(preferred, certain=not self._example, example=self._example)


def _in_other_forms(plain: str) -> date | None:
    compact = _COMPACT.fullmatch(plain)
    if compact:
        return _day(compact[1], compact[2], compact[3])
    if _SERIAL.fullmatch(plain):
        return _SERIAL_EPOCH + timedelta(days=int(float(plain)))
    since_1970 = _EPOCH.fullmatch(plain)
    if since_1970:
        return _EPOCH_BEGINS + timedelta(seconds=int(since_1970[1]))
    lower = unaccented(_WEEKDAY.sub("", plain)).lower()
    day_first = _NAMED_DAY_FIRST.fullmatch(lower)
    if day_first:
        return _day(day_first[3], _month(day_first[2]), day_first[1])
    month_first = _NAMED_MONTH_FIRST.fullmatch(lower)
    if month_first:
        return _day(month_first[3], _month(month_first[1]), month_first[2])
    return None


def _month(word: str) -> str:
    """Give the number of the month that alone begins so, else "0"."""
    found = [
        str(number)
        for number, names in enumerate(_MONTHS, 1)
        if any(name.startswith(word) for name in names.split())
    ]
    return found[0] if len(found) == 1 else "0"


def _day(year: str, month: str, day: str) -> date | None:
    full = int(year)
    if len(year) == 2:
        full += 1900 if full >= _CENTURY_TURNS else 2000
    try:
        found = date(full, int(month), int(day))
    except ValueError:
        return None
    return found if _EARLIEST <= found <= _LATEST else None
