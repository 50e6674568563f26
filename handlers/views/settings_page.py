"""What a workspace has decided, in groups, and the forms that change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from domain.rules import Rules, Value, spec_of
from handlers.plans import PLAN_KEYS
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Code,
    Element,
    Facts,
    Heading,
    Note,
    Paragraph,
    Text,
    View,
    say,
    words,
)
from handlers.views.forms import ChoiceField, Form, TextField

PLAN_GROUP = "Bounty plan"

GROUPS: dict[str, tuple[str, ...]] = {
    PLAN_GROUP: PLAN_KEYS,
    "Board and channels": (
        "team_channel",
        "announce_losses",
        "leaderboard_channel",
        "leaderboard",
        "leaderboard_weekday",
        "leaderboard_time",
        "leaderboard_period",
        "points_win",
        "points_foothold",
        "points_visit",
        "points_why",
    ),
    "Deadlines": (
        "contact_days",
        "meeting_days",
        "overdue_days",
        "grace_days",
        "snooze_limit",
        "untouched_days",
        "revisit_days",
    ),
    "Hours": (
        "time_zone",
        "country",
        "public_holidays",
        "working_days",
        "digest_time",
        "quiet_from",
        "quiet_to",
    ),
    "Dealing": (
        "deal_by_value",
        "deal_by_region",
        "deal_new_losses",
        "max_lead",
        "open_accounts_cap",
        "catch_up",
        "return_idle",
        "undo_minutes",
    ),
    "Approval and after": ("executive_limit", "testimonial_days"),
    "Policy": ("concessions", "concession_limit", "policy", "reasons"),
}
_OTHER = "More"
_SHORT = 60  # characters of a long text in the list


def groups() -> dict[str, tuple[str, ...]]:
    """Give every setting in its group; one that no group names is under "More"."""
    named = {key for keys in GROUPS.values() for key in keys}
    rest = tuple(f.name for f in fields(Rules) if f.name not in named)
    return {**GROUPS, **({_OTHER: rest} if rest else {})}


def settings_page(rules: Rules) -> View:
    """Show every setting with its value, a group at a time, each with its own form."""
    elements: list[Element] = [Heading("Settings")]
    for group, keys in groups().items():
        elements += [
            Heading(group),
            Facts(tuple((key, _value(getattr(rules, key))) for key in keys)),
            Buttons((Button(f"Change {group.lower()}", "settings.change", {"group": group}),)),
        ]
    elements.append(
        Note(words("Or one by one: ", Code("/lost settings contact_days 5"), ". All is audited."))
    )
    return View("Settings", tuple(elements))


def one_setting(key: str, value: Value) -> View:
    """Show one setting, what it is about and how to change it."""
    return View(
        f"{key}: {said(value)}",
        (
            Facts(((key, _value(value, short=False)),)),
            Note(words(f"{spec_of(key).says.capitalize()}. ", Code(f"/lost settings {key} VALUE"))),
        ),
    )


def settings_changed(changed: dict[str, tuple[Value, Value]]) -> View:
    """Say what was and what is."""
    if not changed:
        return say("It was so already; nothing changed.")
    rows = tuple(
        (key, words(f"{_cut(said(after))} (was {_cut(said(before))})"))
        for key, (before, after) in changed.items()
    )
    return View("Settings changed", (Heading("Settings changed"), Facts(rows)))


def group_form(group: str, rules: Rules) -> Form:
    """Ask for the settings of one group, filled with what holds now."""
    return Form(
        "settings.save",
        group[:24],
        "Save",
        tuple(_field(key, getattr(rules, key)) for key in groups()[group]),
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


def _field(key: str, value: Value) -> ChoiceField | TextField:
    spec = spec_of(key)
    label = key.replace("_", " ").capitalize()
    if isinstance(value, bool):
        return ChoiceField(key, label, (("true", "On"), ("false", "Off")), said(value), spec.says)
    if spec.choices:
        options = tuple((choice, choice.capitalize()) for choice in spec.choices)
        return ChoiceField(key, label, options, str(value), spec.says)
    optional = spec.kind in {"channel", "day", "tiers", "steps"}
    most = spec.most if spec.kind == "text" else 200
    long = spec.kind == "text"
    return TextField(key, label, str(value), spec.says, optional=optional, long=long, most=most)


def _value(value: Value, *, short: bool = True) -> Text:
    return words(_cut(said(value)) if short else said(value))


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHORT else f"{flat[: _SHORT - 1]}…"
