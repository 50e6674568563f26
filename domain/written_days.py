"""Days as files write them, read by one order of day and month for a whole column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.names import unaccented

_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)
_CENTURY_TURNS = 70  # "69" is 2069 and "70" is 1970, as POSIX reads two-digit years
_LONGEST = 100  # characters, with a time and the name of its zone
_SERIAL_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, with their leap day of 1900
_EPOCH_BEGINS = date(1970, 1, 1)
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")  # days 20000 to 69999: 1954 to 2091
_TIME = re.compile(
    r"(?:[T\s]+|,\s*|:|,?\s+(?:at|um|om|kl|alle|à|às)\s+)"
    r"(?:\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?|(?:(?<=\d{4}\s)|(?<=-\d\d\s))\d{1,2}\.\d{2}(?:\.\d{2})?"
    r"|\d{1,2}\.\d{2}\.\d{2}\.\d+)\s*(?:[ap]\.?m\.?|uhr|hrs?|h)?"
    r"\s*(?:[A-Z]{1,5}|[A-Z][a-z]+/[A-Z]\w+)?\s?(?:[+-]\d{1,2}(?::?\d{2})?)?\s*(?:[A-Z]{2,5})?"
    r"\s*(?:\([^)]*\))?$",
    re.IGNORECASE,
)
_TIME_WITHIN = re.compile(r"\s\d{1,2}:\d{2}:\d{2}(?:\s[A-Z]{2,5})?(?=\s\d{4}$)")  # as Unix has it
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_FIGURES = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?")
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?(?:\.0)?")  # (milli)seconds since 1970: 2001 to 2033
_NAMED_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er)?[-/. ]*(?:de )?([a-z]{3,10})\.?[-/., ]*(?:de )?(\d{4}|\d{2})"
)
_NAMED_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?,?[-/. ]+(\d{4})")
_WEEKDAY_ABROAD = re.compile(
    r"^[^\W\d]{2,10}[.,]*\s+(?=\d{1,4}[-/.]\d{1,2}[-/.]|\d{1,2}\.?\s+(?:de )?[^\W\d]{3,})"
)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]*\s+", re.IGNORECASE)
_A_MONTH = (
    re.compile(r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})"),
    re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})"),
    re.compile(r"(?P<word>[a-z]{3,10})\.?[-/., ]*(?:de |of )?(?P<year>\d{4})"),
    re.compile(r"(?P<word>[a-z]{3,10})\.?(?:[-/]|[ -]?['’])(?P<year>\d{2})"),
    re.compile(r"(?P<year>\d{4})[-/. ]*(?P<word>[a-z]{3,10})\.?"),
)
_A_QUARTER = (
    re.compile(r"[qtk]\s?(?P<quarter>[1-4])[-/., ]*['’]?(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<year>\d{4})[-/., ]*[qtk]\s?(?P<quarter>[1-4])"),
    re.compile(r"(?P<quarter>[1-4])\s?[qtk][-/., ]*['’]?(?P<year>\d{4}|\d{2})"),
    re.compile(
        r"(?P<quarter>[1-4])(?:\.|st|nd|rd|th|er|e|o|º)?\s*"
        r"(?:quarter|quartal|kwartaal|trimest[a-z]+)[,/ ]*(?:de |of )?(?P<year>\d{4})"
    ),
)
_AT_ITS_END = re.compile(r"^(?:the )?(?:end(?: of)?|ende|fin(?: de)?|fine|eind)\s+")
_NO_YEAR = re.compile(
    r"\d{1,2}\s?[-/.]\s?\d{1,2}\.?|\d{1,2}\W*[a-z]{3,}|[a-z]{3,}\W*\d{1,2}(?:st|nd|rd|th)?"
)
_NO_MONTH = re.compile(
    r"(?:(?:fy|cy|[hsqw])\W?\d{0,4}\W*)*(?:(?:19|20)?\d\d)?(?:\W*(?:fy|cy|[hsqw])\W?\d{0,4})*"
)
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
    if len(text) > _LONGEST:
        return None
    plain = _WEEKDAY_ABROAD.sub("", _TIME.sub("", _TIME_WITHIN.sub("", text.strip(" \t\r\n'"))))
    year_first = _YEAR_FIRST.fullmatch(plain)
    if year_first:
        return _day(year_first[1], year_first[3], year_first[4])
    figures = _FIGURES.fullmatch(plain)
    if figures:
        first, second, year = figures[1], figures[3], figures[4]
        month, day = (first, second) if order is Order.MONTH_FIRST else (second, first)
        return _day(year, month, day)
    return _in_other_forms(plain)


def read_period(text: str) -> date | None:
    """Read a month or a quarter ("03/2025", "Mar-25", "Q1 2025"); give its last day.

    None where it is neither, or the quarter of a fiscal year, which may begin anywhen.
    """
    if len(text) > _LONGEST:
        return None
    plain = _AT_ITS_END.sub("", unaccented(" ".join(text.split())).lower())
    for form in (*_A_MONTH, *_A_QUARTER):
        found = form.fullmatch(plain)
        if found:
            named = found.groupdict()
            quarter, word = named.get("quarter"), named.get("word")
            month = 3 * int(quarter) if quarter else int(_month(word) if word else named["month"])
            year = _full_year(named["year"]) + month // 12
            first_after = _day(str(year), str(month % 12 + 1), "1") if 1 <= month <= 12 else None
            return first_after and first_after - timedelta(days=1)
    return None


def lacking(text: str) -> str:
    """Say what a day that cannot be read lacks: "year", "month", or "" where it is no day."""
    plain = unaccented(text.strip()).lower() if len(text) < _LONGEST else ""
    if _NO_YEAR.fullmatch(plain) and (not any(map(str.isalpha, plain)) or _names_a_month(plain)):
        return "year"
    return "month" if _NO_MONTH.fullmatch(plain) and any(map(str.isdigit, plain)) else ""


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


def _names_a_month(text: str) -> bool:
    return any(_month(word) != "0" for word in re.findall("[a-z]{3,}", text))


def _full_year(year: str) -> int:
    if len(year) == 4:
        return int(year)
    return int(year) + (1900 if int(year) >= _CENTURY_TURNS else 2000)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(_full_year(year), int(month), int(day))
    except ValueError:
        return None
    return found if _EARLIEST <= found <= _LATEST else None
