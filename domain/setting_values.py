"""How a setting is written: what each kind takes, and what a person wrote read as its value."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from zoneinfo import available_timezones

from domain.errors import Refused
from domain.names import tidy
from domain.plan_text import read_steps, read_tiers, steps_text, tiers_text
from domain.reason_list import read_reasons, reasons_text

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_NAME = 60
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0", "none"}

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Spec:
    """What a setting is about (`says`) and which values it takes."""

    says: str
    kind: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    least: int = 0
    most: int = 0


def read_value(key: str, text: str, default: Value, spec: Spec) -> Value:
    """Read what was written for a setting, or refuse and show the way to write it."""
    text = text.strip()
    if isinstance(default, bool):
        return _switch(key, text)
    if isinstance(default, int):
        return _whole(key, text, spec.least, spec.most)
    if spec.choices:
        return _one_of(key, text, spec.choices)
    if spec.pattern:
        return _code(key, text.upper(), spec.pattern)
    if spec.kind == "text":
        return _prose(key, text, spec.most)
    return _KINDS[spec.kind](key, text)


def _switch(key: str, text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise Refused(f"{key} is on or off: write true or false.")


def _whole(key: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
        raise Refused(f"{key} is a whole number from {least} to {most}.")
    return int(text)


def _one_of(key: str, text: str, choices: tuple[str, ...]) -> str:
    if text.lower() not in choices:
        raise Refused(f"{key} is one of: {', '.join(choices)}.")
    return text.lower()


def _code(key: str, text: str, pattern: str) -> str:
    if not re.fullmatch(pattern, text):
        raise Refused(f"{key} is an ISO code such as {'USD' if key == 'currency' else 'US'}.")
    return text


def _prose(key: str, text: str, most: int) -> str:
    if not text or len(text) > most:
        raise Refused(f"{key} is a text of at most {most} characters.")
    return text


def _zone(key: str, text: str) -> str:
    if text not in available_timezones():
        raise Refused(f"{key} is a time zone such as Europe/Paris or America/New_York.")
    return text


def _channel(key: str, text: str) -> str:
    match = re.fullmatch(r"(?:<#)?([CG][A-Z0-9]{2,})(?:\|[^>]*)?>?", text)
    if text.lower() in _FALSE or not text:
        return ""
    if match is None:
        raise Refused(f"{key} is a channel: write #its-name, or its id such as C0123ABCD.")
    return match.group(1)


def _time(key: str, text: str) -> str:
    try:
        return time.fromisoformat(text if len(text) > 4 else f"0{text}").strftime("%H:%M")
    except ValueError:
        raise Refused(f"{key} is a time of day such as 09:00.") from None


def _weekdays(key: str, text: str) -> str:
    days = [_weekday(key, part) for part in re.split(r"[,\s]+", text) if part]
    if not days:
        raise Refused(f"{key} names days: monday, tuesday, …")
    return ",".join(day for day in WEEKDAYS if day in days)


def _weekday(key: str, text: str) -> str:
    days = [day for day in WEEKDAYS if len(text) >= 3 and day.startswith(text.lower())]
    if not days:
        raise Refused(f"{key} names a day: monday, tuesday, …")
    return days[0]


def _amount(key: str, text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value < 10**12:
        raise Refused(f"{key} is an amount such as 500 or 500.50, not below zero.")
    return f"{value:f}"


def _percent(key: str, text: str) -> str:
    try:
        value = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= 100:
        raise Refused(f"{key} is a percentage from 0 to 100.")
    return f"{value:f}"


def _day(key: str, text: str) -> str:
    if not text or text.lower() in _FALSE:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused(f"{key} is a day such as 2026-12-31, or none.") from None


def _tiers(key: str, text: str) -> str:
    return "" if not text or text.lower() in _FALSE else tiers_text(read_tiers(key, text))


def _steps(key: str, text: str) -> str:
    return "" if not text or text.lower() in _FALSE else steps_text(read_steps(key, text))


def _name(key: str, text: str) -> str:
    name = "" if text.lower() in _FALSE else tidy(text)
    if len(name) > _LONGEST_NAME:
        raise Refused(f"{key} takes up to {_LONGEST_NAME} characters.")
    return name


def _reasons(_key: str, text: str) -> str:
    return "" if text.lower() in _FALSE else reasons_text(read_reasons(text))


_KINDS: dict[str, Callable[[str, str], str]] = {
    "day": _day,
    "tiers": _tiers,
    "steps": _steps,
    "name": _name,
    "reasons": _reasons,
    "zone": _zone,
    "channel": _channel,
    "time": _time,
    "weekdays": _weekdays,
    "weekday": _weekday,
    "amount": _amount,
    "percent": _percent,
}
