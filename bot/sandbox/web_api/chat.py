"""Methods that write, change and take back messages."""

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.limits import UPDATE_TEXT, check_message
from bot.sandbox.pace import TIER_3, TIER_4
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.web_api.call import Call, Method


def _target(call: Call) -> Channel:
    """Where to post: a channel's or DM's id, a channel's name, or a person's id for their DM.

    Raises SlackError: channel_not_found, not_in_channel, is_archived, user_disabled,
    messages_tab_disabled, cannot_dm_bot.
    """
    given = call.args.get("channel")
    if not given:
        raise SlackError("channel_not_found")
    wanted = str(given)
    workspace = call.parts.workspace
    if wanted == call.bot:
        raise SlackError("cannot_dm_bot")
    if wanted in workspace.people:
        if workspace.people[wanted].is_bot:
            raise SlackError("cannot_dm_bot")
        channel = workspace.app_dm(wanted)
    else:
        named = workspace.channel_named(wanted)
        channel = call.channel(named.id if named else wanted)
    if channel.archived:
        raise SlackError("is_archived")
    if channel.person is not None:
        if not call.parts.config.manifest.messages_tab:
            raise SlackError("messages_tab_disabled")
        if workspace.people[channel.person].deleted:
            raise SlackError("user_disabled")
    elif call.bot not in channel.members:
        call.require_public_posting(channel)
    return channel


def _content(call: Call) -> tuple[str, list[Json], list[Json]]:
    """The text, blocks and attachments of a message, as Slack would take them."""
    blocks = call.data("blocks", [], "invalid_blocks_format")
    attachments = call.data("attachments", [], "invalid_attachments")
    text = call.text("text") or call.text("markdown_text")
    check_message(text, blocks, attachments)
    return text, blocks, attachments


def _metadata(call: Call) -> Any:
    metadata = call.data("metadata", None, "invalid_metadata_format")
    if metadata is None:
        return None
    well_formed = (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    )
    if not well_formed:
        raise SlackError("invalid_metadata_format")
    return metadata


async def post_message(call: Call) -> Json:
    """Write a message."""
    channel = _target(call)
    text, blocks, attachments = _content(call)
    wait = call.parts.pace.wait_for_post(channel.id)
    if wait:
        raise SlackError("ratelimited", retry_after=wait)
    thread_ts = call.text("thread_ts") or None
    if thread_ts and call.parts.workspace.message(channel.id, thread_ts) is None:
        thread_ts = None
    message = call.parts.posting.post_as_app(
        channel,
        text,
        blocks,
        attachments=attachments,
        thread_ts=thread_ts,
        metadata=_metadata(call),
        client_msg_id=call.text("client_msg_id") or None,
        links_names=call.flag("link_names") or call.text("parse") == "full",
    )
    shown = call.parts.posting.as_slack(message)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shown}


async def post_ephemeral(call: Call) -> Json:
    """Write a message that one person in the channel sees, until they reload."""
    channel = _target(call)
    person = call.person(call.need("user"))
    if person.id not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks, attachments = _content(call)
    message = call.parts.posting.post_as_app(
        channel, text, blocks, attachments=attachments, only_for=person.id
    )
    return {"ok": True, "message_ts": message.ts}


def _own(call: Call, refusal: str) -> Message:
    """The app's own message by channel and ts. Raises SlackError message_not_found or `refusal`."""
    channel = call.channel(call.need("channel"))
    message = call.parts.workspace.message(channel.id, call.need("ts"))
    if message is None or message.only_for is not None:
        raise SlackError("message_not_found")
    if not message.bot:
        raise SlackError(refusal)
    return message


async def update(call: Call) -> Json:
    """Change a message of the app's; blocks that are left out are taken away."""
    message = _own(call, "cant_update_message")
    text, blocks, attachments = _content(call)
    if len(text) > UPDATE_TEXT:
        raise SlackError("msg_too_long")
    changes: Json = {"text": text, "blocks": blocks, "attachments": attachments}
    if call.args.get("metadata"):
        changes["metadata"] = _metadata(call)
    call.parts.posting.change(message, **changes)
    shown = call.parts.posting.as_slack(message)
    return {
        "ok": True,
        "channel": message.channel,
        "ts": message.ts,
        "text": text,
        "message": shown,
    }


async def delete(call: Call) -> Json:
    """Take a message of the app's back."""
    message = _own(call, "cant_delete_message")
    call.parts.posting.delete(message)
    return {"ok": True, "channel": message.channel, "ts": message.ts}


async def permalink(call: Call) -> Json:
    """The address of a message."""
    channel = call.channel(call.need("channel"))
    ts = call.need("message_ts")
    if call.parts.workspace.message(channel.id, ts) is None:
        raise SlackError("message_not_found")
    address = f"{call.parts.posting.address}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"ok": True, "channel": channel.id, "permalink": address}


async def add_reaction(call: Call) -> Json:
    """React to a message."""
    channel = call.channel(call.need("channel"))
    message = call.parts.workspace.message(channel.id, call.need("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    name = call.need("name").strip(":")
    if name in message.reactions:
        raise SlackError("already_reacted")
    call.parts.posting.react(message, name)
    return {"ok": True}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",), 600),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), TIER_4),
    "chat.update": Method(update, ("chat:write",), TIER_3),
    "chat.delete": Method(delete, ("chat:write",), TIER_3),
    "chat.getPermalink": Method(permalink, (), 600),
    "reactions.add": Method(add_reaction, ("reactions:write",), TIER_3),
}
