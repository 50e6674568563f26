"""What is decided on each topic, in a line that fits a phone."""

from __future__ import annotations

from decimal import Decimal

from domain.bounty import percent, plan_in_words
from domain.rules import Rules
from handlers.money import of_amount, show_money
from handlers.plans import plan_of
from handlers.reasons import reasons_of
from handlers.views.elements import Channel, Code, Span, Text, words

_SHORT = 120  # characters of a long text


def summary_of(group: str, rules: Rules) -> Text:
    """Say in a line what a workspace has decided on a topic of `GROUPS`."""
    return _SUMMARIES[group](rules)


def price_policy(rules: Rules) -> str:
    """Say what may be conceded on price to win somebody back."""
    if rules.concessions == "none":
        return "No concessions on price"
    limit = percent(Decimal(rules.concession_limit) / 100)
    return f"Concessions up to {limit}, with approval"


def _deadlines(rules: Rules) -> Text:
    return words(
        f"first contact by day {rules.contact_days}, a meeting by day {rules.meeting_days}, "
        f"the manager hears on day {rules.overdue_days}."
    )


def _hours(rules: Rules) -> Text:
    days = ", ".join(day[:3].capitalize() for day in rules.working_days.split(","))
    holidays = f", not on holidays ({rules.country})" if rules.public_holidays else ""
    return words(
        f"a digest at {rules.digest_time} on {days}{holidays}; quiet from {rules.quiet_from} to "
        f"{rules.quiet_to}; {rules.time_zone} for posts."
    )


def _channels(rules: Rules) -> Text:
    if not rules.team_channel:
        team = words("no team channel yet")
    else:
        losses = "hears" if rules.announce_losses else "does not hear"
        team = words(Channel(rules.team_channel), f" {losses} of losses")
    board = words("; the leaderboard goes to ", _board_channel(rules), ".")
    return (*team, *board)


def _board_channel(rules: Rules) -> str | Span:
    channel = rules.leaderboard_channel or rules.team_channel
    return Channel(channel) if channel else "none"


def _leaderboard(rules: Rules) -> Text:
    if not rules.leaderboard:
        return words("not posted; anybody can look with ", Code("/lost board"), ".")
    when = f"{rules.leaderboard_weekday.capitalize()}s at {rules.leaderboard_time}"
    return words(f"{when}, of the {rules.leaderboard_period}; a win is {rules.points_win} points.")


def _campaign(rules: Rules) -> Text:
    shows = (Code("/lost board campaign"), " shows it.")
    if not rules.campaign_name:
        return words("none set; once it has a name and days, ", *shows)
    days = f"{rules.campaign_from} to {rules.campaign_to}"
    return words(f"{rules.campaign_name}, {days}; ", *shows)


def _plan(rules: Rules) -> Text:
    kept = f"held {rules.hold_days} days, kept whole after {rules.clawback_days}"
    return words(f"{plan_in_words(plan_of(rules), show_money)}; {kept}.")


def _approval(rules: Rules) -> Text:
    limit = of_amount(Decimal(rules.executive_limit), rules.currency)
    who = f"above {show_money(limit)} an executive approves too" if limit.minor else "one approval"
    asked = rules.testimonial_days
    after = (
        f"a testimonial is asked for after {asked} days" if asked else "no testimonial asked for"
    )
    return words(f"{who}; {after}.")


def _deal(rules: Rules) -> Text:
    marks = ["in fair turns"]
    marks += ["even in value"] if rules.deal_by_value else []
    marks += ["by region"] if rules.deal_by_region else []
    cap = rules.open_accounts_cap
    marks += [f"at most {cap} open accounts each"] if cap else []
    new = "dealt at once" if rules.deal_new_losses else "dealt with the next deal"
    return words(f"{', '.join(marks)}; new losses are {new}.")


def _reasons(rules: Rules) -> Text:
    listed = reasons_of(rules)
    return words(_cut(f"{len(listed)}, from {listed[0].label} to {listed[-1].label}."))


def _price(rules: Rules) -> Text:
    return words(f"{price_policy(rules)[0].lower()}{price_policy(rules)[1:]}.")


def _policy(rules: Rules) -> Text:
    return words(_cut(" ".join(rules.policy.split())))


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


_SUMMARIES = {
    "Deadlines": _deadlines,
    "Hours and holidays": _hours,
    "Channels": _channels,
    "Leaderboard": _leaderboard,
    "Campaign": _campaign,
    "Bounty plan": _plan,
    "Approval and after": _approval,
    "Deal rules": _deal,
    "Reasons": _reasons,
    "Price policy": _price,
    "Written policy": _policy,
}
