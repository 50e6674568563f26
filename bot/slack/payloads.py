"""What Slack sends, read into our events. Pure; nothing here trusts the shape of a payload."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.slack.blocks import REPEATED
from bot.slack.forms import LOOKUP, Memory, clean, values_of
from bot.slack.surfaces import Surface
from handlers.events import Action, Command, FormSubmitted, HomeOpened, OptionsAsked, Origin, Place

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WayBack:
    """How to reach the person who did something: where they are and what may be done there.

    `surface` is what a new answer would be; `message_ref` the message whose button was pressed,
    `view` the form or Home it stood in; `form_sent`: that form was sent, so it is gone.
    """

    workspace_id: str
    user_id: str
    response_url: str = ""
    trigger_id: str = ""
    channel_id: str = ""
    surface: Surface = "message"
    message_ref: str = ""
    view: Body = field(default_factory=dict)
    form_sent: bool = False

    @property
    def from_home(self) -> bool:
        """Whether it began on the bot's own page; forms from elsewhere know the way back there."""
        nowhere_else = self.form_sent and not (self.response_url or self.message_ref)
        return self.surface == "home" or nowhere_else

    @property
    def memory(self) -> Memory:
        """What the form they are in carries along, or a new one that leads back here."""
        if self.view:
            return Memory.from_metadata(self.view.get("private_metadata"))
        return Memory(response_url=self.response_url, message_ref=self.message_ref)


def command_from(body: Body, workspace_id: str) -> tuple[Command, WayBack]:
    """Read a slash command; `/found X` is the command "found", `/lost X` has no name yet."""
    way = _way(body, workspace_id)
    named = "found" if clean(body.get("command")).lower() == "/found" else ""
    typed = _unescaped(clean(body.get("text")).strip())
    return Command(_origin(way, way.trigger_id), typed, named), way


def _unescaped(text: str) -> str:
    """Give what was typed after a command: Slack escapes three characters of it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def action_from(body: Body, workspace_id: str) -> tuple[Action | None, WayBack]:
    """Read a pressed button; None where something else was chosen."""
    way = _way(body, workspace_id)
    actions = body.get("actions")
    pressed = actions[0] if isinstance(actions, list) and actions else None
    if not isinstance(pressed, Mapping) or pressed.get("type") != "button":
        return None, way
    state = way.view.get("state") or body.get("state")
    event = Action(
        _origin(way, way.trigger_id),
        clean(pressed.get("action_id")).partition(REPEATED)[0],
        _strings(pressed.get("value")),
        values_of(state),
    )
    return event, way


def form_from(body: Body, workspace_id: str) -> tuple[FormSubmitted, WayBack]:
    """Read a form that was sent; its answers go where it was opened from."""
    way = replace(_way(body, workspace_id), form_sent=True)
    # Slack gives a trigger with every sending; the view's hash tells repeats apart without one.
    envelope = way.trigger_id or f"{way.view.get('id')}:{way.view.get('hash')}"
    event = FormSubmitted(
        _origin(way, envelope),
        clean(way.view.get("callback_id")),
        values_of(way.view.get("state")),
        way.memory.context,
    )
    return event, way


def options_from(body: Body, workspace_id: str) -> OptionsAsked:
    """Read what somebody has typed into a look-up field so far."""
    way = _way(body, workspace_id)
    source = clean(body.get("action_id")).removeprefix(LOOKUP)
    return OptionsAsked(_origin(way, ""), source, clean(body.get("value")))


def home_from(body: Body, workspace_id: str) -> tuple[HomeOpened | None, WayBack]:
    """Read that somebody opened the bot's own page; None where it was another tab."""
    event = _mapping(body.get("event"))
    way = WayBack(workspace_id, clean(event.get("user")))
    if event.get("tab", "home") != "home" or not way.user_id:
        return None, way
    return HomeOpened(_origin(way, clean(body.get("event_id")))), way


def home_again(way: WayBack) -> HomeOpened:
    """Give the opening of the bot's own page that follows upon an act there."""
    return HomeOpened(_origin(way, f"{way.trigger_id}:home"))


@dataclass(frozen=True, slots=True)
class FileOffered:
    """A file that somebody gave the bot in their DM, still to be fetched."""

    origin: Origin
    way: WayBack
    file_id: str


def files_from(body: Body, workspace_id: str, bot_user_id: str) -> list[FileOffered]:
    """Read which files a person dropped to the bot.

    Slack tells it as `file_shared`, and as a `message` too where the app may read its DMs. The
    file's id makes both the same act. Files in channels, and the bot's own, are not for us.
    """
    event = _mapping(body.get("event"))
    channel = clean(event.get("channel_id") or event.get("channel"))
    user = clean(event.get("user_id") or event.get("user"))
    if event.get("type") == "message":
        told = event.get("files") if event.get("subtype") == "file_share" else None
        found = [_mapping(f).get("id") for f in told] if isinstance(told, list) else []
    else:
        found = [event.get("file_id")]
    if not channel.startswith("D") or not user or user == bot_user_id or event.get("bot_id"):
        return []
    way = WayBack(workspace_id, user, channel_id=channel, surface="message")
    return [
        FileOffered(_origin(way, f"file:{file_id}"), way, file_id)
        for file_id in map(clean, found)
        if file_id
    ]


def _way(body: Body, workspace_id: str) -> WayBack:
    user = body.get("user")
    channel = body.get("channel")
    container = _mapping(body.get("container"))
    view = _mapping(body.get("view"))
    response_url = clean(body.get("response_url"))
    message_ts = clean(container.get("message_ts"))
    channel_id = clean(_mapping(channel).get("id") or body.get("channel_id"))
    lasting = bool(message_ts and channel_id) and not container.get("is_ephemeral")
    message_ref = f"{channel_id}:{message_ts}" if lasting else ""
    if view:
        memory = Memory.from_metadata(view.get("private_metadata"))
        response_url, message_ref = memory.response_url, memory.message_ref
        surface: Surface = "home" if view.get("type") == "home" else "modal"
    else:
        surface = "ephemeral"
    return WayBack(
        workspace_id,
        clean(_mapping(user).get("id") or body.get("user_id")),
        response_url,
        clean(body.get("trigger_id")),
        channel_id,
        surface,
        message_ref,
        view,
    )


def _origin(way: WayBack, envelope_id: str) -> Origin:
    place = Place(way.channel_id, way.response_url)
    return Origin(way.workspace_id, way.user_id, envelope_id, place)


def _mapping(value: object) -> Body:
    return value if isinstance(value, Mapping) else {}


def _strings(value: object) -> dict[str, str]:
    """Read a button's payload; one that is not ours is empty."""
    try:
        read = json.loads(value) if isinstance(value, str) else {}
    except ValueError:
        return {}
    return {clean(k): clean(v) for k, v in read.items()} if isinstance(read, dict) else {}
