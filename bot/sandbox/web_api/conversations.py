"""Methods about channels and direct messages."""

import re

from bot.sandbox.errors import SlackError
from bot.sandbox.pace import TIER_1, TIER_2, TIER_3, TIER_4
from bot.sandbox.records import Channel, Json
from bot.sandbox.web_api.call import Call, Method
from bot.sandbox.web_api.users import page_of

NAME = re.compile(r"[a-z0-9_-]{1,80}")
MOST_HISTORY = 15


def _read_scope(channel: Channel) -> str:
    if channel.kind == "im":
        return "im:read"
    return "groups:read" if channel.private else "channels:read"


async def conversations_list(call: Call) -> Json:
    """The channels of the workspace that the app can see, a page at a time."""
    kinds = call.text("types", "public_channel").split(",")
    found = []
    for channel in call.parts.workspace.channels.values():
        if channel.kind == "im":
            wanted = "im" in kinds
        elif channel.private:
            wanted = "private_channel" in kinds and call.bot in channel.members
        else:
            wanted = "public_channel" in kinds
        if wanted and not (channel.archived and call.flag("exclude_archived")):
            found.append(channel)
    for scope, kind in (("groups:read", "private_channel"), ("im:read", "im")):
        if kind in kinds:
            call.require_scope(scope)
    if "public_channel" in kinds:
        call.require_scope("channels:read")
    page, metadata = page_of(call, [c.as_slack(call.bot) for c in found])
    return {"ok": True, "channels": list(page), "response_metadata": metadata}


async def conversations_info(call: Call) -> Json:
    """One channel."""
    channel = call.channel(call.need("channel"))
    call.require_scope(_read_scope(channel))
    return {"ok": True, "channel": channel.as_slack(call.bot)}


async def conversations_members(call: Call) -> Json:
    """Who is in a channel, a page at a time."""
    channel = call.channel(call.need("channel"))
    call.require_scope(_read_scope(channel))
    page, metadata = page_of(call, channel.members)
    return {"ok": True, "members": list(page), "response_metadata": metadata}


async def conversations_open(call: Call) -> Json:
    """The direct message with one person."""
    if call.args.get("channel"):
        channel = call.channel(call.text("channel"))
        return {"ok": True, "channel": {"id": channel.id}}
    users = [u for u in call.text("users").split(",") if u]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        call.require_scope("mpim:write")
        raise SlackError("method_not_supported_for_channel_type")
    if users[0] == call.bot:
        raise SlackError("cannot_dm_bot")
    person = call.person(users[0])
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.deleted:
        raise SlackError("user_disabled")
    channel = call.parts.workspace.app_dm(person.id)
    answer: Json = {"ok": True, "no_op": True, "already_open": True}
    answer["channel"] = channel.as_slack(call.bot) if call.flag("return_im") else {"id": channel.id}
    return answer


async def conversations_join(call: Call) -> Json:
    """Go into a public channel."""
    channel = call.channel(call.need("channel"))
    if channel.kind == "im" or channel.private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    answer: Json = {"ok": True}
    if not call.parts.membership.join(channel, call.bot):
        answer |= {
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    return answer | {"channel": channel.as_slack(call.bot)}


async def conversations_leave(call: Call) -> Json:
    """Go out of a channel."""
    channel = call.channel(call.need("channel"))
    if call.bot not in channel.members:
        return {"ok": True, "not_in_channel": True}
    call.parts.membership.leave(channel, call.bot)
    return {"ok": True}


async def conversations_create(call: Call) -> Json:
    """Make a channel with the app in it."""
    name = call.need("name")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name_specials")
    if call.parts.workspace.channel_named(name):
        raise SlackError("name_taken")
    channel = call.parts.workspace.create_channel(name, call.bot)
    return {"ok": True, "channel": channel.as_slack(call.bot)}


async def conversations_invite(call: Call) -> Json:
    """Bring people into a channel the app is in."""
    channel = call.channel(call.need("channel"))
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")
    for id in call.need("users").split(","):
        person = call.person(id)
        if person.deleted:
            raise SlackError("user_is_deactivated")
        if not call.parts.membership.join(channel, person.id, call.bot):
            raise SlackError("already_in_channel")
    return {"ok": True, "channel": channel.as_slack(call.bot)}


async def conversations_history(call: Call) -> Json:
    """The last messages of a channel the app is in, newest first, fifteen at the most."""
    channel = call.channel(call.need("channel"))
    scope = {"im": "im:history"}.get(channel.kind)
    call.require_scope(scope or ("groups:history" if channel.private else "channels:history"))
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")
    limit = min(call.number("limit", MOST_HISTORY) or MOST_HISTORY, MOST_HISTORY)
    before = call.text("cursor") or call.text("latest") or None
    found, more = call.parts.workspace.messages(channel.id, call.bot, before, limit)
    oldest = call.text("oldest", "0")
    shown = [call.parts.posting.as_slack(m) for m in reversed(found) if m.ts > oldest]
    if not call.flag("include_all_metadata"):
        for message in shown:
            message.pop("metadata", None)
    return {
        "ok": True,
        "messages": shown,
        "has_more": more,
        "pin_count": 0,
        "response_metadata": {"next_cursor": shown[-1]["ts"] if more and shown else ""},
    }


METHODS = {
    "conversations.list": Method(conversations_list, per_minute=TIER_2),
    "conversations.info": Method(conversations_info, per_minute=TIER_3),
    "conversations.members": Method(conversations_members, per_minute=TIER_4),
    "conversations.open": Method(conversations_open, ("im:write",), TIER_3),
    "conversations.join": Method(conversations_join, ("channels:join",), TIER_3),
    "conversations.leave": Method(conversations_leave, ("channels:manage",), TIER_3),
    "conversations.create": Method(conversations_create, ("channels:manage",), TIER_2),
    "conversations.invite": Method(conversations_invite, ("channels:manage",), TIER_3),
    "conversations.history": Method(conversations_history, per_minute=TIER_1),
}
