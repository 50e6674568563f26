"""Methods about people."""

import base64
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.pace import TIER_2, TIER_3, TIER_4
from bot.sandbox.records import Json
from bot.sandbox.web_api.call import Call, Method


def page_of(call: Call, things: Sequence[Any], most: int = 1000) -> tuple[Sequence[Any], Json]:
    """One page of a list by `cursor` and `limit`, and the metadata that leads to the next.

    Raises SlackError invalid_cursor or invalid_limit.
    """
    limit = call.number("limit", 0)
    if limit < 0 or limit > most:
        raise SlackError("invalid_limit")
    try:
        start = int(base64.b64decode(call.text("cursor"), validate=True) or 0)
    except ValueError:
        raise SlackError("invalid_cursor") from None
    end = start + (limit or most)
    after = base64.b64encode(str(end).encode()).decode() if end < len(things) else ""
    return things[start:end], {"next_cursor": after}


def _shown(call: Call, id: str) -> Json:
    membership = call.parts.membership
    if id == call.bot:
        return membership.app_as_slack()
    email = "users:read.email" in call.parts.config.manifest.scopes
    return membership.as_slack(call.person(id), email=email)


async def users_info(call: Call) -> Json:
    """One person."""
    return {"ok": True, "user": _shown(call, call.need("user"))}


async def users_list(call: Call) -> Json:
    """Everyone, a page at a time."""
    ids, metadata = page_of(call, [*call.parts.workspace.people, call.bot])
    now = int(call.parts.clock.now().timestamp())
    members = [_shown(call, id) for id in ids]
    return {"ok": True, "members": members, "cache_ts": now, "response_metadata": metadata}


async def lookup_by_email(call: Call) -> Json:
    """The active person with that address."""
    wanted = call.need("email").lower()
    for person in call.parts.workspace.people.values():
        shown = call.parts.membership.as_slack(person, email=True)
        if shown["profile"].get("email", "").lower() == wanted and not person.deleted:
            return {"ok": True, "user": _shown(call, person.id)}
    raise SlackError("users_not_found")


async def users_conversations(call: Call) -> Json:
    """The conversations someone is in; the app's own unless a user is named."""
    who = call.text("user", call.bot)
    if who != call.bot:
        call.person(who)
    kinds = call.text("types", "public_channel").split(",")
    found = [
        c.as_slack(call.bot)
        for c in call.parts.workspace.channels.values()
        if who in c.members
        and (
            ("public_channel" in kinds and c.kind == "channel" and not c.private)
            or ("private_channel" in kinds and c.private and call.bot in c.members)
            or ("im" in kinds and c.kind == "im" and call.bot in c.members)
        )
        and not (c.archived and call.flag("exclude_archived"))
    ]
    page, metadata = page_of(call, found)
    return {"ok": True, "channels": list(page), "response_metadata": metadata}


async def presence(call: Call) -> Json:
    """Whether someone is there: whoever is not asked not to be disturbed is."""
    person = call.person(call.need("user"))
    return {"ok": True, "presence": "away" if person.deleted else "active"}


async def dnd_info(call: Call) -> Json:
    """The current or next do-not-disturb window of a person, as times in seconds."""
    person = call.person(call.need("user"))
    if person.quiet is None:
        return {"ok": True, "dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    now = call.parts.workspace.local_time(person.tz)
    for day in (-1, 0, 1):
        begins = _at(now, person.quiet[0], day)
        ends = _at(now, person.quiet[1], day)
        ends = ends if ends > begins else _at(now, person.quiet[1], day + 1)
        if ends > now:
            return {
                "ok": True,
                "dnd_enabled": True,
                "next_dnd_start_ts": int(begins.timestamp()),
                "next_dnd_end_ts": int(ends.timestamp()),
            }
    raise AssertionError("a window a day always has a next one")


def _at(now: datetime, clock: str, days: int) -> datetime:
    day = (now + timedelta(days=days)).date()
    return datetime.combine(day, time.fromisoformat(clock), now.tzinfo)


METHODS = {
    "users.info": Method(users_info, ("users:read",), TIER_4),
    "users.list": Method(users_list, ("users:read",), TIER_2),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",), TIER_3),
    "users.conversations": Method(users_conversations, ("channels:read",), TIER_3),
    "users.getPresence": Method(presence, ("users:read",), TIER_3),
    "dnd.info": Method(dnd_info, ("dnd:read",), TIER_3),
}
