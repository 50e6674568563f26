"""What a workspace has decided: its rules, their defaults, and how a written value becomes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Annotated, cast, get_type_hints

from domain.errors import Refused
from domain.setting_values import WEEKDAYS, Spec, Value, read_value

__all__ = [
    "WEEKDAYS",
    "Rules",
    "Value",
    "describe",
    "read",
    "spec_of",
    "stored",
]


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
    points_foothold: Annotated[int, Spec("points of a foothold", least=0, most=1000)] = 5
    points_visit: Annotated[int, Spec("points of a visit", least=0, most=1000)] = 1
    points_why: Annotated[int, Spec("points of a why documented", least=0, most=1000)] = 3
    campaign_name: Annotated[
        str,
        Spec("what the campaign is called, which the board can show; none is no campaign", "name"),
    ] = ""
    campaign_from: Annotated[str, Spec("first day of the campaign", kind="day")] = ""
    campaign_to: Annotated[str, Spec("last day of the campaign", kind="day")] = ""
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
    follow_up_days: Annotated[
        int,
        Spec("working days in which an executive is to hear a customer", least=1, most=60),
    ] = 2
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
    bounty_member_cap: Annotated[
        str, Spec("most that one member earns under one plan; 0 is no cap", kind="amount")
    ] = "0"
    bounty_tiers: Annotated[
        str, Spec("times the bounty by tier, such as biggest 1.5, longest held 1.2", kind="tiers")
    ] = ""
    bounty_early: Annotated[
        str, Spec("times the bounty for a quick win, such as 14 days 1.5", kind="steps")
    ] = ""
    bounty_foothold: Annotated[
        str, Spec("part of the bounty that a foothold pays, in per cent", kind="percent")
    ] = "25"
    bounty_window_days: Annotated[
        int, Spec("days from the deal in which a win pays; 0 is no limit", least=0, most=1825)
    ] = 0
    bounty_ends_on: Annotated[
        str, Spec("last day on which a deal carries a bounty, or none", kind="day")
    ] = ""
    hold_days: Annotated[
        int, Spec("days an approved bounty is held before it is payable", least=0, most=365)
    ] = 30
    clawback_days: Annotated[
        int,
        Spec("days a customer must stay for the bounty to be kept whole", least=0, most=1825),
    ] = 90
    executive_limit: Annotated[
        str, Spec("bounty above which an executive approves too; 0 is no limit", kind="amount")
    ] = "0"
    testimonial_days: Annotated[
        int,
        Spec("days after a win until a testimonial is asked for; 0 is never", least=0, most=730),
    ] = 30
    reasons: Annotated[
        str, Spec("why customers leave, a reason a line; none is the list to start with", "reasons")
    ] = ""
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


_HINTS = get_type_hints(Rules, include_extras=True)
_SPECS: dict[str, tuple[Value, Spec]] = {
    f.name: (cast(Value, f.default), _HINTS[f.name].__metadata__[0]) for f in fields(Rules)
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
    return read_value(key, text, _SPECS[key][0], spec)
