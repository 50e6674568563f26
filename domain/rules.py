"""What a workspace has decided: its rules, their defaults, and how a written value becomes one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Annotated, cast, get_type_hints
from zoneinfo import available_timezones

from domain.errors import Refused

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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


@dataclass(frozen=True, slots=True)
class Rules:
    """A workspace's settings; every field is one setting, named as people type it.

    Days are calendar days, times are HH:MM in the reader's own zone, percentages may have decimals.
    """

    currency: Annotated[
        str, Spec("currency of values and bounties, ISO code", pattern="[A-Z]{3}")
    ] = "USD"
    time_zone: Annotated[
        str, Spec("time zone for posts, and for members who have none", kind="zone")
    ] = "UTC"
    country: Annotated[
        str, Spec("country whose public holidays count, ISO code", pattern="[A-Z]{2}")
    ] = "US"
    team_channel: Annotated[
        str, Spec("channel for respectful notes when a customer is lost", kind="channel")
    ] = ""
    announce_losses: Annotated[bool, Spec("post that note")] = True
    leaderboard_channel: Annotated[str, Spec("channel for the leaderboard", kind="channel")] = ""
    leaderboard: Annotated[bool, Spec("post the leaderboard on its schedule")] = True
    leaderboard_weekday: Annotated[str, Spec("day of the leaderboard post", kind="weekday")] = (
        "monday"
    )
    leaderboard_time: Annotated[str, Spec("time of the leaderboard post", kind="time")] = "09:00"
    leaderboard_period: Annotated[
        str, Spec("what the post covers", choices=("week", "month", "quarter"))
    ] = "week"
    points_win: Annotated[int, Spec("points of a win on the board", least=0, most=1000)] = 10
    points_visit: Annotated[int, Spec("points of a visit", least=0, most=1000)] = 1
    points_why: Annotated[int, Spec("points of a why documented", least=0, most=1000)] = 3
    digest_time: Annotated[str, Spec("time of the daily digest", kind="time")] = "09:00"
    working_days: Annotated[str, Spec("days with a digest", kind="weekdays")] = (
        "monday,tuesday,wednesday,thursday,friday"
    )
    public_holidays: Annotated[bool, Spec("no nudges on public holidays of the country")] = True
    quiet_from: Annotated[str, Spec("time from which nobody is nudged", kind="time")] = "20:00"
    quiet_to: Annotated[
        str, Spec("time until which nobody is nudged; the same time is no quiet", kind="time")
    ] = "07:00"
    contact_days: Annotated[int, Spec("days until the first contact is due", least=1, most=365)] = 3
    meeting_days: Annotated[int, Spec("days until the meeting is due", least=1, most=365)] = 14
    overdue_days: Annotated[int, Spec("days until the manager is told", least=1, most=730)] = 21
    grace_days: Annotated[
        int,
        Spec("days after that until an unvisited account returns to the drawer", least=0, most=365),
    ] = 7
    snooze_limit: Annotated[
        int, Spec("times a deadline is put off before the manager is told", least=0, most=100)
    ] = 3
    untouched_days: Annotated[
        int, Spec("days until a file nobody touched is reported", least=1, most=3650)
    ] = 30
    revisit_days: Annotated[
        int, Spec("days until an unanswered account is revisited", least=1, most=1825)
    ] = 180
    undo_minutes: Annotated[
        int, Spec("minutes in which a deal can be undone", least=1, most=1440)
    ] = 60
    open_accounts_cap: Annotated[
        int, Spec("most accounts a rep holds at once; 0 is no cap", least=0, most=100000)
    ] = 0
    max_lead: Annotated[
        int,
        Spec(
            "most accounts a rep may be ahead of one who cannot take what is left; 0 is no limit",
            least=0,
            most=1000,
        ),
    ] = 0
    deal_by_value: Annotated[bool, Spec("deal so that value comes out even, not only counts")] = (
        False
    )
    deal_by_region: Annotated[bool, Spec("deal a region's accounts to that region's reps")] = False
    deal_new_losses: Annotated[bool, Spec("deal each new loss at once, not in a batch")] = False
    catch_up: Annotated[
        bool, Spec("let who is new or comes back catch up with what the others were dealt")
    ] = False
    return_idle: Annotated[bool, Spec("put accounts nobody has visited back into the drawer")] = (
        True
    )
    bounty_kind: Annotated[
        str, Spec("how a bounty is reckoned", choices=("fixed", "percentage", "commission"))
    ] = "commission"
    bounty_fixed: Annotated[
        str, Spec("the fixed bounty, in the workspace's currency", kind="amount")
    ] = "500"
    bounty_percentage: Annotated[
        str, Spec("the bounty as a percentage of the value won back", kind="percent")
    ] = "10"
    bounty_multiple: Annotated[
        str, Spec("how many times the usual commission is paid", kind="amount")
    ] = "2"
    commission_percentage: Annotated[
        str, Spec("the usual commission, as a percentage", kind="percent")
    ] = "10"
    bounty_cap: Annotated[str, Spec("most that one claim pays; 0 is no cap", kind="amount")] = "0"
    hold_days: Annotated[
        int, Spec("days an approved bounty is held before it is payable", least=0, most=365)
    ] = 30
    concessions: Annotated[
        str, Spec("concessions on price to win someone back", choices=("none", "approval"))
    ] = "none"
    concession_limit: Annotated[
        str, Spec("most that a concession with approval may be", kind="percent")
    ] = "10"
    policy: Annotated[str, Spec("the written win-back policy", kind="text", most=2900)] = (
        "Every customer who left is visited. We meet the decision maker and find out what "
        "happened. No sales pitch.\n"
        "We listen and do not argue. Where we were wrong we apologise, and say what we changed.\n"
        "Leaving is easy and stays easy. Whoever says no is thanked, and the door stays open.\n"
        "We win people back by being better. Price is the last thing we talk about.\n"
        "What we learn is written down, so that the next customer has no reason to leave."
    )


_SPECS: dict[str, tuple[Value, Spec]] = {
    f.name: (
        cast(Value, f.default),
        get_type_hints(Rules, include_extras=True)[f.name].__metadata__[0],
    )
    for f in fields(Rules)
}


def describe() -> list[tuple[str, Value, str]]:
    """List every setting with its default and the line that explains it, in reading order."""
    return [(name, default, spec.says) for name, (default, spec) in _SPECS.items()]


def spec_of(key: str) -> Spec:
    """Give what a setting is about and which values it takes; refuse a key that there is not."""
    if key not in _SPECS:
        near = get_close_matches(key, _SPECS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise Refused(f"There is no setting called {key[:40]}.{hint} See all: `/lost settings`.")
    return _SPECS[key][1]


def stored(values: Mapping[str, Value]) -> Rules:
    """Build the rules from the values a workspace has set; what it never set keeps its default."""
    return Rules(**{key: value for key, value in values.items() if key in _SPECS})  # type: ignore[arg-type]  # each was checked by `read` when it was set


def read(key: str, text: str) -> Value:
    """Turn what a person wrote for `key` into its value, or refuse and show the way to write it."""
    spec = spec_of(key)
    default = _SPECS[key][0]
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


_KINDS = {
    "zone": _zone,
    "channel": _channel,
    "time": _time,
    "weekdays": _weekdays,
    "weekday": _weekday,
    "amount": _amount,
    "percent": _percent,
}
