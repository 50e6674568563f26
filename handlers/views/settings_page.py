"""What a workspace has decided, topic by topic, and the forms that change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.rules import Rules, Value, spec_of
from handlers.plans import PLAN_KEYS
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Channel,
    Code,
    Element,
    Facts,
    Heading,
    Note,
    Paragraph,
    Plain,
    Strong,
    Text,
    View,
    say,
    words,
)
from handlers.views.forms import ChannelField, ChoiceField, DateField, Field, Form, TextField
from handlers.views.settings_summary import summary_of

PLAN_GROUP = "Bounty plan"
REASONS_GROUP = "Reasons"

GROUPS: dict[str, tuple[str, ...]] = {
    "Deadlines": (
        "contact_days",
        "meeting_days",
        "overdue_days",
        "grace_days",
        "follow_up_days",
        "snooze_limit",
        "untouched_days",
        "revisit_days",
    ),
    "Hours and holidays": (
        "time_zone",
        "country",
        "public_holidays",
        "working_days",
        "digest_time",
        "quiet_from",
        "quiet_to",
    ),
    "Channels": ("team_channel", "announce_losses", "leaderboard_channel"),
    "Leaderboard": (
        "leaderboard",
        "leaderboard_weekday",
        "leaderboard_time",
        "leaderboard_period",
        "points_win",
        "points_foothold",
        "points_visit",
        "points_why",
    ),
    "Campaign": ("campaign_name", "campaign_from", "campaign_to"),
    PLAN_GROUP: PLAN_KEYS,
    "Approval and after": ("executive_limit", "testimonial_days"),
    "Deal rules": (
        "deal_by_value",
        "deal_by_region",
        "deal_new_losses",
        "max_lead",
        "open_accounts_cap",
        "catch_up",
        "return_idle",
        "undo_minutes",
    ),
    REASONS_GROUP: ("reasons",),
    "Price policy": ("concessions", "concession_limit"),
    "Written policy": ("policy",),
}
"""Every setting, by the topic under which it is shown and changed."""

_SHORT = 60  # characters of a long text in a list
_OPTIONAL = frozenset({"name", "tiers", "steps"})


def settings_page(rules: Rules) -> View:
    """Show in a line a topic what is decided, each with its own form."""
    elements: list[Element] = [Heading("Settings")]
    for group in GROUPS:
        lead = (Strong(group), Plain(": "), *summary_of(group, rules))
        elements += [Paragraph(lead), Buttons((edit_button(group),))]
    elements.append(
        Note(words("Or one by one: ", Code("/lost settings contact_days 5"), ". All is audited."))
    )
    return View("Settings", tuple(elements))


def edit_button(group: str) -> Button:
    """Give the button that opens the form of a topic."""
    return Button(f"Edit {group.lower()}", "settings.change", {"group": group})


def one_setting(key: str, value: Value) -> View:
    """Show one setting, what it is about and how to change it."""
    return View(
        f"{key}: {said(value)}",
        (
            Facts(((key, _value(key, value)),)),
            Note(words(f"{spec_of(key).says.capitalize()}. ", Code(f"/lost settings {key} VALUE"))),
        ),
    )


def settings_changed(changed: Mapping[str, tuple[Value, Value]]) -> View:
    """Say what was and what is."""
    if not changed:
        return say("It was so already; nothing changed.")
    rows = tuple(
        (
            key,
            (
                *_value(key, after, _SHORT),
                Plain(" (was "),
                *_value(key, before, _SHORT),
                Plain(")"),
            ),
        )
        for key, (before, after) in changed.items()
    )
    return View("Settings changed", (Heading("Settings changed"), Facts(rows)))


def group_form(group: str, rules: Rules) -> Form:
    """Ask for the settings of one topic, filled with what holds now."""
    return Form(
        "settings.save",
        group,
        "Save",
        tuple(_field(key, getattr(rules, key)) for key in GROUPS[group]),
        context={"group": group},
    )


def plan_example(asked: Mapping[str, str], examples: Sequence[str]) -> Form:
    """Show what wins would pay before a plan is put in force."""
    return Form(
        "settings.plan",
        "What it would pay",
        "Put it in force",
        (),
        intro=(
            Paragraph(words("By this plan:")),
            Bullets(tuple(words(example) for example in examples)),
            Note(words("It holds for deals from now on; deals made before keep their plan.")),
        ),
        context=dict(asked),
    )


def said(value: Value) -> str:
    """Write a value as people type it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if value != "" else "none"


def _field(key: str, value: Value) -> Field:
    spec = spec_of(key)
    label = key.replace("_", " ").capitalize()
    hint = spec.says[0].upper() + spec.says[1:]
    if isinstance(value, bool):
        return ChoiceField(key, label, (("true", "On"), ("false", "Off")), said(value), hint)
    if spec.choices:
        options = tuple((choice, choice.capitalize()) for choice in spec.choices)
        return ChoiceField(key, label, options, str(value), hint)
    if spec.kind == "channel":
        return ChannelField(key, label, str(value), hint, optional=True)
    if spec.kind == "day":
        return DateField(key, label, str(value), hint, optional=True)
    long = spec.kind == "text"
    return TextField(
        key,
        label,
        str(value),
        hint,
        optional=spec.kind in _OPTIONAL,
        long=long,
        most=spec.most if long else 200,
    )


def _value(key: str, value: Value, most: int = 0) -> Text:
    if spec_of(key).kind == "channel" and value:
        return (Channel(str(value)),)
    text = " ".join(said(value).split()) if most else said(value)
    return words(text if not most or len(text) <= most else f"{text[: most - 1]}…")
