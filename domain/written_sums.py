"""Sums as files write them, read by one decimal mark for a whole column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_SIGNS = {
    "US$": "USD", "A$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "R$": "BRL", "MX$": "MXN", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY",
    "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₪": "ILS", "₫": "VND", "₱": "PHP",
    "zł": "PLN", "Kč": "CZK", "Fr.": "CHF", "Ft": "HUF", "lei": "RON", "₴": "UAH", "₦": "NGN",
    "円": "JPY", "Rs.": "INR", "Rs": "INR", "kr": "",
    "euros": "EUR", "euro": "EUR", "Euro": "EUR", "dollars": "USD", "pounds": "GBP",
}  # fmt: skip
_SHARED = {
    "$": frozenset({"AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD"}),
    "dollars": frozenset({"AUD", "CAD", "NZD", "SGD", "HKD"}),
    "¥": frozenset({"CNY"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
}
"""Currencies that share a sign: written in a workspace of one of them, it is that one."""

CURRENCIES = frozenset(_SIGNS.values()).union(
    *_SHARED.values(), {"ZAR", "AED", "SAR", "THB", "MYR"}
)
_UNIT = re.compile(
    r"(?:(?<![A-Za-z])(?P<before>k|T|M|Mio\.?|Mn) ?)?(?P<sign>[$€£¥₹]|\b[A-Z]{3}\b|(?<=\bT)EUR\b)"
    r" ?(?P<behind>k|K|T|M|mn|Mio)?(?![A-Za-z])"
)
_THOUSANDS = re.compile(r"\b(?:in thousands|thousands|in 1[.,]?000|000s?)\b", re.IGNORECASE)
_TIMES = {"k": 1_000, "t": 1_000, "m": 1_000_000, "mn": 1_000_000, "mio": 1_000_000}
_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)))
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_FACTORS = {
    "": 1,
    **dict.fromkeys(("k", "tsd", "thousand"), 1_000),
    **dict.fromkeys(("m", "mm", "mn", "mio", "mill", "million", "millions"), 1_000_000),
    **dict.fromkeys(("bn", "mrd", "billion"), 1_000_000_000),
}
_FIGURES = re.compile(
    r"(\d[\d.,]*)(?:e\+?(\d{1,2})|(k|tsd|thousand|mm|mn|mio|mill(?:ions?)?|m|bn|mrd|billion)\.?)?",
    re.IGNORECASE,
)
_BEYOND = 15  # places to which a sum written as 1.2E+06 may go
_ROUGHLY = re.compile(r"^(?:[~≈]|ca\b\.?|circa\b|approx\b\.?|about\b)\s*|\s*[*?]+$", re.IGNORECASE)
_A_YEAR = re.compile(r"\s*(?:/ ?(?:yr|year|a)|p\.? ?a\.?|per (?:year|annum))$", re.IGNORECASE)
_BELOW_ZERO = re.compile(r"\((.+)\)|[-−–](?![-−–])(.+)|(.*\d)[-−](?!\d)|([^-−\d]+)[-−](?=\d)(.+)")
_SHAPE = str.maketrans("012345678", "999999999")
_MOST_SHAPES = 10_000
_LONGEST = 100  # characters
_GAPS = re.compile(r"[\s'’_]")
_MOST = Decimal(10) ** 15
_MARKS = ".,"
_ANY_CROWN = "SEK"  # whichever: it is the marks that are asked about
_THREE_FIGURES = {mark: re.compile(rf"\{mark}\d{{3}}(?!\d)") for mark in _MARKS}
_NO_THOUSANDS = {
    mark: re.compile(rf"(?<![\d.,])\d{{4,}}\{mark}\d{{3}}(?!\d)|\{mark}\d{{4,}}") for mark in _MARKS
}
_THOUSAND, _PLACES = 1000, 3


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount in whole currency units, and the ISO code written beside it ("" where none)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Unit:
    """What a heading says of the sums below it: their currency ("" for none), and times what."""

    currency: str = ""
    times: int = 1


def unit_in(heading: str) -> Unit:
    """Read the unit out of "Amount (EUR)", "ARR in $", "Umsatz (T€)" or "Value, in thousands"."""
    times = 1_000 if _THOUSANDS.search(heading) else 1
    for found in _UNIT.finditer(heading):
        currency = _SIGNS.get(found["sign"], found["sign"])
        if currency in CURRENCIES:
            word = (found["before"] or found["behind"] or "").lower().rstrip(".")
            return Unit(currency, _TIMES.get(word, times))
    return Unit("", times)


def read_sum(text: str, mark: str, own: str = "") -> Sum | None:
    """Read "$1,200.50", "1.234,56 €", "12k" or "USD 1200", where `mark` is the decimal mark.

    `own` is the currency meant by a sign that several share. None where it is no amount, is below
    zero, or too large to be right.
    """
    plain = text.strip().removeprefix("'")
    if plain.isascii() and plain.isdigit() and len(plain) < 16:
        return Sum(Decimal(plain), "")
    if len(plain) > _LONGEST:
        return None
    plain = _A_YEAR.sub("", _ROUGHLY.sub("", plain))
    currency = ""
    sign = _SIGN.search(plain)
    code = _CODE.search(plain)
    if code:
        currency, plain = code.group(), plain.replace(code.group(), "", 1)
    if sign:
        meant = own if own in _SHARED.get(sign.group(), ()) else _SIGNS[sign.group()]
        if not currency and not meant:
            return None
        currency, plain = currency or meant, plain.replace(sign.group(), "", 1)
    figures = _FIGURES.fullmatch(_GAPS.sub("", plain).removesuffix(".-").removesuffix(",-"))
    if figures is None:
        return None
    digits = _without_marks(figures[1], mark)
    if digits is None:
        return None
    power = int(figures[2] or 0)
    if power > _BEYOND:
        return None
    amount = Decimal(digits) * _FACTORS[(figures[3] or "").lower()] * 10**power
    return Sum(amount, currency) if amount < _MOST else None


def above_zero(text: str) -> tuple[str, bool]:
    """Give a sum without its sign, and whether that said below zero: "-5", "(5)", "5-", "$-5"."""
    found = _BELOW_ZERO.fullmatch(text.strip()) if len(text) < _LONGEST else None
    if found is None or not any(map(str.isdigit, text)):
        return text, False
    return "".join(filter(None, found.groups())), True


def in_minor_units(amount: Decimal, digits: int) -> int:
    """Give an amount in minor units of a currency with so many decimal digits."""
    return int(amount.scaleb(digits).quantize(Decimal(1)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A column's decimal mark.

    `doubtful`: three figures behind it may be thousands all the same, by the hand of somebody who
    writes them another way than the rest, for nothing in the column is that exact for certain.
    `below`: all of it is below zero, as some write what they have lost.
    """

    mark: str
    doubtful: bool = False
    below: bool = False

    def doubts(self, found: Sum, digits: int) -> bool:
        """Whether a sum in a currency with so many decimal digits may be a thousand times that."""
        exact = -int(found.amount.as_tuple().exponent)
        return self.doubtful and exact == _PLACES > digits and found.amount < _THOUSAND


class SumEvidence:
    """What a column's values say about its decimal mark, gathered value by value.

    Values of one shape ("1,234" and "5,678") say the same, and count once.
    """

    def __init__(self) -> None:
        self._shapes: set[str] = set()
        self._fits = dict.fromkeys(_MARKS, 0)
        self._three_figures = dict.fromkeys(_MARKS, 0)
        self._exact = dict.fromkeys(_MARKS, 0)
        self._below = False
        self.above = False
        """Whether one is above zero; may be set where values are read another way."""

    def add(self, text: str) -> None:
        """Take a value into account."""
        text, below = above_zero(text)
        if any(figure in text for figure in "123456789"):
            self._below, self.above = self._below or below, self.above or not below
        shape = text.translate(_SHAPE)
        if shape in self._shapes or len(self._shapes) > _MOST_SHAPES:
            return
        self._shapes.add(shape)
        for mark in _MARKS:
            if mark in text:
                for each in _MARKS:
                    self._fits[each] += read_sum(text, each, _ANY_CROWN) is not None
                self._three_figures[mark] += _THREE_FIGURES[mark].search(text) is not None
                self._exact[mark] += _NO_THOUSANDS[mark].search(text) is not None

    def decide(self) -> Mark:
        """Give the mark that more values fit.

        Where both fit equally, a mark before exactly three figures separates thousands.
        """
        mark = max(_MARKS, key=lambda mark: (self._fits[mark], -self._three_figures[mark]))
        doubtful = self._three_figures[mark] > 0 and not self._exact[mark]
        return Mark(mark, doubtful, self._below and not self.above)


def _other(mark: str) -> str:
    return "," if mark == "." else "."


def _without_marks(figures: str, mark: str) -> str | None:
    """Give plain figures with a point, or None where the thousands marks stand wrong."""
    other = _other(mark)
    whole, point, fraction = figures.partition(mark)
    if other in fraction or mark in fraction:
        return None
    if other in whole and not re.fullmatch(
        rf"[1-9]\d{{0,2}}(?:\{other}\d{{2,3}})*\{other}\d{{3}}", whole
    ):
        return None
    plain = whole.replace(other, "")
    return f"{plain}.{fraction}" if point and fraction else plain
