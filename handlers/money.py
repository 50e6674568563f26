"""Sums as people write and read them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from babel.numbers import format_currency, get_currency_precision, is_currency

from domain.errors import Refused
from domain.money import Money

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_FACTORS = {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}
_SUM = re.compile(r"(?P<figures>[\d.,'’\s]*\d)\s*(?P<factor>k|m|bn)?", re.IGNORECASE)
_MOST = Decimal(10) ** 15


def read_money(text: str, currency: str) -> Money:
    """Read "$1,200", "1.234,56 €", "12k" or "1200" as a sum.

    Without a sign or code it is in `currency`. Of two different marks the last is the decimal one;
    a single mark before exactly three figures is a thousands mark. Raises `Refused`.
    """
    plain = text.strip()
    code = next((iso for sign, iso in _SIGNS.items() if sign in plain), "")
    named = re.search(r"\b[A-Za-z]{3}\b", plain)
    if named and is_currency(named.group().upper()):
        code = named.group().upper()
        plain = plain.replace(named.group(), "")
    for sign in _SIGNS:
        plain = plain.replace(sign, "")
    match = _SUM.fullmatch(plain.strip())
    if match is None:
        raise Refused(f"“{text[:40]}” is not an amount I can read. Write it like 1200 or 1,200.50.")
    factor = _FACTORS.get((match["factor"] or "").lower(), 1)
    try:
        amount = Decimal(_decimal_form(match["figures"])) * factor
    except InvalidOperation:
        raise Refused(f"“{text[:40]}” is not an amount I can read. Write it like 1200.") from None
    if amount >= _MOST:
        raise Refused("That amount is too large to be right. Please check it.")
    return of_amount(amount, code or currency)


def of_amount(amount: Decimal, currency: str) -> Money:
    """Turn an amount in whole currency units into a sum, rounded to the currency's minor unit."""
    digits = get_currency_precision(currency)
    return Money(int((amount.scaleb(digits)).quantize(Decimal(1))), currency)


def show_money(money: Money) -> str:
    """Write a sum for reading: "$1,200" without empty cents, "€1,200.50" with them."""
    digits = get_currency_precision(money.currency)
    amount = Decimal(money.minor).scaleb(-digits)
    whole = amount == amount.to_integral_value()
    return str(
        format_currency(
            amount,
            money.currency,
            locale="en_US",
            format="¤#,##0" if whole else None,
            currency_digits=not whole,
        )
    )


def plain_amount(money: Money) -> str:
    """Write a sum's figures alone, as files and form fields take them: "1200.50"."""
    digits = get_currency_precision(money.currency)
    return f"{Decimal(money.minor).scaleb(-digits):f}"


def _decimal_form(figures: str) -> str:
    bare = re.sub(r"[\s'’]", "", figures)
    marks = [mark for mark in ".," if mark in bare]
    if len(marks) == 2:
        decimal = max(marks, key=bare.rfind)
        return bare.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    if not marks:
        return bare
    mark = marks[0]
    head, _, tail = bare.rpartition(mark)
    if mark in head or len(tail) == 3:
        return bare.replace(mark, "")
    return bare.replace(mark, ".")
