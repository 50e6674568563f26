"""What the page does: everything a person does in Slack, and what only a sandbox can do."""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import BodyPartReader, web

from bot.sandbox.clock import morning_after
from bot.sandbox.errors import Nonsense
from bot.sandbox.faults import Fault
from bot.sandbox.page_api import clock_json, person_of, who_and_where
from bot.sandbox.parts import Parts, start_afresh
from bot.sandbox.records import Channel, Json
from bot.sandbox.story import Person

CHANNEL_NAME = re.compile(r"[a-z0-9_-]{1,80}")
MOST_UPLOAD_BYTES = 50_000_000
FARTHEST_SECONDS = 366 * 24 * 3600
MONDAY = 0

Act = Callable[[Json], Awaitable[Json]]


class PageActs:
    """The POST routes under `/sandbox/`; each takes and gives JSON, except the upload."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[web.RouteDef]:
        """The routes, to be added to the server."""
        acts: dict[str, Act] = {
            "message": self.message,
            "command": self.command,
            "action": self.action,
            "options": self.options,
            "view/submit": self.submit,
            "view/close": self.close,
            "home/open": self.open_home,
            "read": self.read,
            "channel": self.channel,
            "invite": self.invite,
            "person": self.person,
            "clock": self.clock,
            "reset": self.reset,
            "faults": self.faults,
            "refresh": self.refresh,
            "uninstall": self.uninstall,
        }
        return [
            *(web.post(f"/sandbox/{path}", _in_json(act)) for path, act in acts.items()),
            web.post("/sandbox/upload", self.upload),
            web.delete("/sandbox/faults", self.no_faults),
        ]

    async def message(self, asked: Json) -> Json:
        """Write a message; a text that begins with a slash is a command."""
        person, channel = self._actor_and_place(asked)
        text = str(asked.get("text", "")).strip()
        if not text:
            raise Nonsense("no_text", "There is nothing to send.")
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            if asked.get("thread_ts"):
                why = f"{command} is not supported in threads. Sorry!"
                return {"ok": False, "error": "not_in_threads", "message": why}
            return await self.command({**asked, "command": command, "text": rest})
        self._check_may_write(channel.kind, channel.archived)
        message = self._parts.posting.post_as_person(
            channel, person.id, text, thread_ts=asked.get("thread_ts") or None
        )
        return {"ok": True, "ts": message.ts}

    async def command(self, asked: Json) -> Json:
        """Run a slash command."""
        person, channel = self._actor_and_place(asked)
        command, text = str(asked.get("command", "")), str(asked.get("text", ""))
        return await self._parts.interactions.command(person.id, channel, command, text)

    async def action(self, asked: Json) -> Json:
        """Press or choose something."""
        person = self._actor(asked)
        action = _object(asked, "action")
        if not action.get("action_id"):
            raise Nonsense("invalid_action", "The action has no action_id.")
        state = _object(asked, "state", optional=True)
        return await self._parts.interactions.action(
            person.id, _object(asked, "container"), action, state
        )

    async def options(self, asked: Json) -> Json:
        """Load the options of a type-ahead."""
        person = self._actor(asked)
        if not asked.get("block_id") or not asked.get("action_id"):
            raise Nonsense("no_such_element", "There is no such type-ahead there.")
        return await self._parts.interactions.options(person.id, _object(asked, "container"), asked)

    async def submit(self, asked: Json) -> Json:
        """Send a form."""
        person = self._actor(asked)
        values = _object(asked, "state", optional=True).get("values") or {}
        return await self._parts.forms.submit(person.id, str(asked.get("view_id")), values)

    async def close(self, asked: Json) -> Json:
        """Close a form, or all of them."""
        person = self._actor(asked)
        return await self._parts.forms.close(
            person.id, str(asked.get("view_id")), everything=bool(asked.get("all"))
        )

    async def open_home(self, asked: Json) -> Json:
        """Look at the App Home (or, with `tab` "messages", at the DM with the app)."""
        person = self._actor(asked)
        event: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": self._parts.workspace.app_dm(person.id).id,
            "event_ts": self._parts.workspace.next_ts(),
            "tab": "messages" if asked.get("tab") == "messages" else "home",
        }
        view = self._parts.views.home(person.id)
        if event["tab"] == "home" and view is not None:
            event["view"] = view
        self._parts.envelopes.event(event, self._parts.config.bot_user)
        return {"ok": True}

    async def read(self, asked: Json) -> Json:
        """Have read a channel."""
        person, channel = who_and_where(self._parts, asked)
        self._parts.workspace.mark_read(person.id, channel.id)
        self._parts.watchers.tell("unread", {"channel": channel.id, "unread": 0}, person.id)
        return {"ok": True}

    async def upload(self, request: web.Request) -> web.Response:
        """Drop files into a channel; without a channel they are kept for a form's file input."""
        fields: Json = {}
        contents: list[tuple[str, bytes]] = []
        if not request.content_type.startswith("multipart/"):
            raise Nonsense("invalid_upload", "An upload is multipart.")
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.filename:
                content = bytes(await part.read())
                if len(content) > MOST_UPLOAD_BYTES:
                    raise Nonsense("file_too_large", "That file is too large for the sandbox.")
                contents.append((part.filename, content))
            else:
                fields[part.name or ""] = (await part.text()).strip()
        person = self._actor(fields)
        if not contents:
            raise Nonsense("no_file", "There is no file.")
        where = who_and_where(self._parts, fields)[1] if fields.get("channel") else None
        files = [self._parts.uploads.drop(person.id, n, c) for n, c in contents]
        if where is not None:
            self._parts.uploads.share(person.id, where, files, str(fields.get("text", "")))
        shown = [self._parts.uploads.as_slack(f) for f in files]
        return web.json_response({"ok": True, "files": shown})

    async def channel(self, asked: Json) -> Json:
        """Make a channel, or join the one of that name."""
        person = person_of(self._parts, str(asked.get("person", "")))
        name = str(asked.get("name", "")).strip().removeprefix("#").lower()
        if not CHANNEL_NAME.fullmatch(name):
            raise Nonsense("invalid_name", "Use small letters, digits, - and _.")
        channel = self._parts.workspace.channel_named(name)
        if channel is None:
            channel = self._parts.workspace.create_channel(name, person.id)
        elif channel.private and person.id not in channel.members:
            raise Nonsense("name_taken", "That name is taken.")
        else:
            self._parts.membership.join(channel, person.id)
        return {"ok": True, "channel": channel.id}

    async def invite(self, asked: Json) -> Json:
        """Put the app into a channel."""
        channel = self._parts.workspace.channels.get(str(asked.get("channel", "")))
        if channel is None or channel.kind == "im":
            raise Nonsense("channel_not_found", "There is no such channel.")
        inviter = str(asked.get("person") or "") or None
        self._parts.membership.join(channel, self._parts.config.bot_user, inviter)
        return {"ok": True}

    async def person(self, asked: Json) -> Json:
        """Deactivate someone, or bring them back."""
        person = person_of(self._parts, str(asked.get("person", "")))
        self._parts.membership.set_deleted(person.id, deleted=bool(asked.get("deleted")))
        return {"ok": True}

    async def clock(self, asked: Json) -> Json:
        """Move the clock and answer once the bot has done what was due."""
        now = self._parts.clock.now()
        mover = self._parts.mover
        preset = asked.get("preset")
        if preset == "now":
            await mover.return_to_real()
        elif preset in ("tomorrow_9", "next_monday_9"):
            zone = person_of(self._parts, str(asked.get("person", "")), or_first=True).tz
            weekday = MONDAY if preset == "next_monday_9" else None
            await mover.move_to(morning_after(now, zone, weekday))
        elif "to" in asked:
            target = _instant(asked["to"])
            if abs((target - now).total_seconds()) > FARTHEST_SECONDS:
                raise Nonsense("too_far", "The clock moves at most a year at a time.")
            await mover.move_to(target)
        else:
            seconds = asked.get("by_seconds")
            if not isinstance(seconds, int | float) or abs(seconds) > FARTHEST_SECONDS:
                raise Nonsense("invalid_clock", "Say by_seconds, to or preset.")
            await mover.move_by(seconds)
        shown = clock_json(self._parts)
        self._parts.traffic.record(
            "to_bot", "clock", str(preset or "moved"), ok=True, request=asked, response=shown
        )
        return {"clock": shown}

    async def reset(self, asked: Json) -> Json:
        """Start the story anew."""
        await start_afresh(self._parts)
        return {"ok": True}

    async def faults(self, asked: Json) -> Json:
        """Arm a fault."""
        try:
            fault = Fault(
                str(asked.get("method", "*")),
                asked["kind"],
                float(asked.get("seconds", 1)),
                int(asked.get("times", 1)),
                str(asked.get("error", "")),
            )
            self._parts.faults.add(fault)
        except (KeyError, TypeError, ValueError) as wrong:
            raise Nonsense("invalid_fault", f"There is no such fault: {wrong}") from wrong
        return {"ok": True}

    async def no_faults(self, request: web.Request) -> web.Response:
        """Disarm all faults."""
        self._parts.faults.clear()
        return web.json_response({"ok": True})

    async def refresh(self, asked: Json) -> Json:
        """Recycle the bot's Socket Mode connections, as Slack does every few hours."""
        await self._parts.sockets.refresh()
        return {"ok": True}

    async def uninstall(self, asked: Json) -> Json:
        """Remove the app from the workspace."""
        self._parts.grants.uninstall()
        return {"ok": True}

    def _actor(self, asked: Json) -> Person:
        """Who does something: not a bot, and nobody who was deactivated. Raises Nonsense."""
        person = person_of(self._parts, str(asked.get("person", "")))
        if person.deleted:
            raise Nonsense("account_inactive", f"{person.real_name} is deactivated.")
        return person

    def _actor_and_place(self, asked: Json) -> tuple[Person, Channel]:
        self._actor(asked)
        return who_and_where(self._parts, asked)

    def _check_may_write(self, kind: str, archived: bool) -> None:
        if archived:
            raise Nonsense("is_archived", "That channel is archived.")
        manifest = self._parts.config.manifest
        if kind == "im" and (manifest.messages_read_only or not manifest.messages_tab):
            raise Nonsense("messages_tab_disabled", "Sending messages to this app is turned off.")


def _in_json(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A route that reads a JSON object and answers with one."""

    async def route(request: web.Request) -> web.Response:
        try:
            asked = json.loads(await request.text() or "{}")
        except ValueError:
            raise Nonsense("invalid_json", "That is not JSON.") from None
        if not isinstance(asked, dict):
            raise Nonsense("invalid_json", "That is not a JSON object.")
        return web.json_response(await act(asked))

    return route


def _object(asked: Json, name: str, *, optional: bool = False) -> Json:
    value = asked.get(name)
    if value is None and optional:
        return {}
    if not isinstance(value, dict):
        raise Nonsense("invalid_arguments", f"{name} is not an object.")
    return value


def _instant(text: object) -> datetime:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        raise Nonsense("invalid_clock", "That is not an ISO date and time.") from None
    if instant.tzinfo is None:
        raise Nonsense("invalid_clock", "Say the zone of that time, for example with a Z.")
    return instant
