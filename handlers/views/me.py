"""A member's hours and mutes, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.digest import Nudge
from domain.rules import Rules
from handlers.days import show_day
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Code,
    Element,
    Facts,
    Heading,
    Note,
    Text,
    View,
    words,
)
from handlers.views.forms import CheckField, DateField, Form, TextField
from storage.tables import Member

_MUTES = {
    Nudge.OVERDUE: "no message of its own for what is overdue (the digest still lists it)",
    Nudge.TODAY: "not what is due today",
    Nudge.COMING: "not what is coming up",
    Nudge.BOUNTY: "not which bounties run out",
    Nudge.DESK: "not what waits on the team's desk",
}


def mute_field(kind: Nudge) -> str:
    """Name the form's box for muting a kind of nudge."""
    return f"mute_{kind.name.lower()}"


def my_hours(member: Member, rules: Rules, today: date, quiet_ones: Sequence[Member]) -> View:
    """Show when the bot may speak to a member, and to who leads, who of the team keeps it quiet."""
    time = member.digest_time or rules.digest_time
    zone = member.time_zone or rules.time_zone
    elements: list[Element] = [
        Heading("When I may speak to you"),
        Facts(
            (
                ("Digest", words(f"{time}, {zone}")),
                ("Days", words(_days(member.working_days or rules.working_days))),
                ("Holidays of", words(member.country or rules.country)),
                ("Quiet", words(f"{rules.quiet_from} to {rules.quiet_to}")),
                ("Muted", words(", ".join(filter(None, member.muted.split(","))) or "nothing")),
                ("Pause", words(_pause(member, today) or "none")),
            )
        ),
        Buttons((Button("Change", "me.open"),)),
        Note(
            words(
                "Quick: ",
                Code("/lost me 08:30"),
                ", ",
                Code("/lost me pause friday"),
                ", ",
                Code("/lost me resume"),
            )
        ),
    ]
    elements += who_is_quiet(quiet_ones, today)
    return View(f"Your digest comes at {time}", tuple(elements))


def who_is_quiet(members: Sequence[Member], today: date) -> list[Element]:
    """List who muted what matters, for who leads them."""
    if not members:
        return []
    return [Heading("Muted in your team"), Bullets(tuple(_quiet(m, today) for m in members))]


def hours_form(member: Member, rules: Rules) -> Form:
    """Ask for a member's hours and mutes."""
    muted = member.muted.split(",")
    return Form(
        "me",
        "My hours",
        "Save",
        (
            TextField(
                "digest_time",
                "Hour of my digest",
                member.digest_time or "",
                hint=f"Like 08:30. Empty: {rules.digest_time}, as for everyone.",
                optional=True,
                most=5,
            ),
            TextField(
                "time_zone",
                "My time zone",
                (member.time_zone or "") if member.zone_chosen else "",
                hint=f"Like Europe/Paris. Empty: {member.time_zone or rules.time_zone}.",
                optional=True,
                most=60,
            ),
            TextField(
                "working_days",
                "My working days",
                member.working_days or "",
                hint=f"Like mon, tue, thu. Empty: {_days(rules.working_days)}.",
                optional=True,
                most=80,
            ),
            TextField(
                "country",
                "Country of my public holidays",
                member.country or "",
                hint=f"A code such as US or FR. Empty: {rules.country}.",
                optional=True,
                most=2,
            ),
            DateField(
                "paused_until",
                "Pause everything, up to and including",
                member.paused_until.isoformat() if member.paused_until else "",
                optional=True,
            ),
            *(
                CheckField(mute_field(kind), f"Mute {kind}", says, "yes" if kind in muted else "")
                for kind, says in _MUTES.items()
            ),
        ),
    )


def _quiet(member: Member, today: date) -> Text:
    muted = [kind for kind in member.muted.split(",") if kind in {Nudge.OVERDUE, Nudge.TODAY}]
    said = [f"muted {', '.join(muted)}"] if muted else []
    pause = _pause(member, today)
    return words(f"{member.name}: {', '.join([*said, *([f'paused {pause}'] if pause else [])])}")


def _pause(member: Member, today: date) -> str:
    if member.paused_until is None or member.paused_until < today:
        return ""
    return f"up to and including {show_day(member.paused_until, today)}"


def _days(listed: str) -> str:
    return ", ".join(day[:3] for day in listed.split(","))
