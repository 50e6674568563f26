"""`/lost me`: my hours, what I mute, and a pause from all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from zoneinfo import available_timezones

from domain.digest import Nudge
from domain.errors import Refused
from domain.names import tidy
from domain.roles import Permission, can
from domain.rules import read
from handlers.context import Context
from handlers.days import read_day
from handlers.effects import Effect, FormErrors, OpenForm, Reply
from handlers.events import Action, Command, FormSubmitted
from handlers.hours import has_holidays, hours_of
from handlers.nudging import keep_new_hours
from handlers.views.elements import View
from handlers.views.me import hours_form, mute_field, my_hours
from storage.tables import Member

_LONGEST_PAUSE = timedelta(days=366)
_HOUR = re.compile(r"\d{1,2}:\d{2}")


async def show_me(context: Context, event: Command) -> list[Effect]:
    """Show the actor's hours and mutes; or set the hour, begin a pause, end one."""
    word, _, rest = event.text.strip().partition(" ")
    actor = context.actor
    if word.lower() == "pause":
        actor.paused_until = _last_day(context, rest.strip().removeprefix("until ") or "tomorrow")
    elif word.lower() == "resume":
        actor.paused_until = None
    elif word:
        actor.digest_time = _hour(context, word)
    if word:
        await _keep_them(context)
    return [Reply(await _shown(context))]


async def open_me(context: Context, event: Action) -> list[Effect]:
    """Open the form for all of it."""
    return [OpenForm(hours_form(context.actor, context.rules))]


async def send_me(context: Context, event: FormSubmitted) -> list[Effect]:
    """Save the form, or say at each field what to mend; an empty field follows the workspace."""
    actor = context.actor
    chosen, errors = _read(context, event.values)
    if errors:
        return [FormErrors(errors)]
    actor.zone_chosen = bool(chosen["time_zone"])
    chosen["time_zone"] = chosen["time_zone"] or actor.time_zone
    for name, value in chosen.items():
        setattr(actor, name, value)
    actor.muted = ",".join(n for n in Nudge if event.values.get(mute_field(n)) == "yes")
    await _keep_them(context)
    return [Reply(await _shown(context))]


async def _keep_them(context: Context) -> None:
    """Let the next digest, and what waits to be said, go by the new hours."""
    context.actor.digest_due_at = None
    await keep_new_hours(context.work, context.actor, context.rules, context.now)


async def who_muted(context: Context) -> list[Member]:
    """Give those of the team who muted what matters or pause, for who leads; nobody for others."""
    if not can(context.role, Permission.MANAGE_TEAM):
        return []
    team = await context.work.members.team()
    return [m for m in team if m.id != context.actor_id and _keeps_quiet(m, context.today)]


def _keeps_quiet(member: Member, today: date) -> bool:
    paused = member.paused_until is not None and member.paused_until >= today
    muted = {Nudge.OVERDUE, Nudge.TODAY}.intersection(member.muted.split(","))
    return paused or bool(muted)


async def _shown(context: Context) -> View:
    return my_hours(context.actor, context.rules, context.today, await who_muted(context))


def _read(context: Context, values: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    readers: dict[str, Callable[[str], object]] = {
        "digest_time": partial(_hour, context),
        "time_zone": _zone,
        "working_days": partial(read, "working_days"),
        "country": _country,
        "paused_until": partial(_last_day, context),
    }
    chosen: dict[str, object] = {}
    errors: dict[str, str] = {}
    for field, reader in readers.items():
        text = tidy(values.get(field, ""))
        try:
            chosen[field] = reader(text) if text else None
        except Refused as refusal:
            errors[field] = refusal.sentence
    return chosen, errors


def _hour(context: Context, text: str) -> str:
    if not _HOUR.fullmatch(text):
        raise Refused("Write the hour of your digest like 08:30: `/lost me 08:30`.")
    hour = str(read("digest_time", text))
    rules = context.rules
    if hours_of(context.actor, rules).is_quiet(hour):
        raise Refused(
            f"It is quiet here from {rules.quiet_from} to {rules.quiet_to}. Choose another hour."
        )
    return hour


def _zone(text: str) -> str:
    """Read a zone by its name, or by its city where only one zone has it."""
    wanted = text.lower().replace(" ", "_")
    zones = available_timezones()
    named = [zone for zone in zones if zone.lower() == wanted]
    by_city = [zone for zone in zones if zone.lower().rpartition("/")[2] == wanted and "/" in zone]
    found = named or by_city
    if len(found) != 1:
        raise Refused("Write your time zone like Europe/Paris or America/New_York.")
    return found[0]


def _country(text: str) -> str:
    code = str(read("country", text))
    if not has_holidays(code):
        raise Refused(
            f"I know no public holidays of {code}. Write a country code such as US or FR."
        )
    return code


def _last_day(context: Context, text: str) -> date:
    day = read_day(text, context.today)
    if not context.today <= day <= context.today + _LONGEST_PAUSE:
        raise Refused("Choose a day from today on, within a year.")
    return day
