"""What the page reads: the workspace as one person sees it, and the stream of news."""

import asyncio
import json
from contextlib import suppress
from datetime import datetime

from aiohttp import web

from bot.sandbox.errors import Nonsense
from bot.sandbox.parts import Parts
from bot.sandbox.records import Channel, Json
from bot.sandbox.story import Person

HEARTBEAT_SECONDS = 15.0


class PageReads:
    """The GET routes under `/sandbox/`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[web.RouteDef]:
        """The routes, to be added to the server."""
        return [
            web.get("/sandbox/bootstrap", self.bootstrap),
            web.get("/sandbox/messages", self.messages),
            web.get("/sandbox/views", self.views),
            web.get("/sandbox/home", self.home),
            web.get("/sandbox/file/{id}", self.file),
            web.get("/sandbox/traffic", self.traffic),
            web.get("/sandbox/pings", self.pings),
            web.get("/sandbox/faults", self.faults),
            web.get("/sandbox/events", self.events),
        ]

    async def bootstrap(self, request: web.Request) -> web.Response:
        """Everything a page needs to draw itself for one person."""
        parts = self._parts
        person = person_of(parts, request.query.get("person", ""), or_first=True)
        story = parts.config.story
        channels = [c for c in parts.workspace.visible_to(person.id) if not c.archived]
        dm = parts.workspace.app_dm(person.id)
        app_row = {
            "id": parts.config.bot_user,
            "name": parts.config.manifest.bot_name,
            "title": "App",
            "tz": "UTC",
            "tz_label": "UTC",
            "role_hint": "",
            "deleted": False,
            "is_bot": True,
            "colour": "2e5d4b",
        }
        body: Json = {
            "workspace": {"id": story.team_id, "name": story.workspace_name},
            "people": [*(self._person(p) for p in parts.workspace.people.values()), app_row],
            "channels": [self._channel(c, person.id) for c in channels],
            "dms": [
                {
                    "id": dm.id,
                    "user": parts.config.bot_user,
                    "unread": parts.workspace.unread(person.id, dm.id),
                    "last_ts": parts.workspace.last_ts(dm.id, person.id),
                }
            ],
            "app": self._app(),
            "clock": clock_json(parts),
            "bot": parts.envelopes.status(),
            "steps": parts.traffic.steps(),
        }
        return web.json_response(body)

    async def messages(self, request: web.Request) -> web.Response:
        """A page of a channel's messages, oldest first."""
        person, channel = who_and_where(self._parts, dict(request.query))
        limit = max(1, min(1000, whole(request.query.get("limit", "50"))))
        before = request.query.get("before") or None
        found, more = self._parts.workspace.messages(channel.id, person.id, before, limit)
        shown = [self._parts.posting.as_page(m) for m in found]
        return web.json_response({"messages": shown, "has_more": more})

    async def views(self, request: web.Request) -> web.Response:
        """A person's open forms, bottom first."""
        person = person_of(self._parts, request.query.get("person", ""))
        return web.json_response({"stack": self._parts.views.stack(person.id)})

    async def home(self, request: web.Request) -> web.Response:
        """A person's App Home, or null."""
        person = person_of(self._parts, request.query.get("person", ""))
        return web.json_response({"view": self._parts.views.home(person.id)})

    async def file(self, request: web.Request) -> web.Response:
        """A file's bytes, for the people who can see it."""
        person = person_of(self._parts, request.query.get("person", ""))
        file = self._parts.workspace.files.get(request.match_info["id"])
        content = self._parts.workspace.content(file.id) if file else None
        shared = file is not None and any(
            person.id in self._parts.workspace.channels[c].members for c in file.channels
        )
        if file is None or content is None or not (shared or file.user == person.id):
            raise Nonsense("file_not_found", "There is no such file.")
        return web.Response(
            body=content,
            content_type=file.mimetype,
            headers={
                "Content-Disposition": f'attachment; filename="{ascii_name(file.name)}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    async def traffic(self, request: web.Request) -> web.Response:
        """What was said between bot and workspace after a sequence number."""
        after = whole(request.query.get("after", "0"))
        limit = whole(request.query.get("limit", "200"))
        return web.json_response({"entries": self._parts.traffic.after(after, limit)})

    async def pings(self, request: web.Request) -> web.Response:
        """Every mention in what the bot wrote."""
        found = [
            {"channel": p.channel, "ts": p.ts, "kind": p.kind, "whom": p.whom}
            for p in self._parts.posting.pings
        ]
        return web.json_response({"pings": found})

    async def faults(self, request: web.Request) -> web.Response:
        """The faults that are armed."""
        return web.json_response({"faults": self._parts.faults.armed()})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events for a page that acts as one person."""
        person = person_of(self._parts, request.query.get("person", ""))
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        # A page that goes away closes its line whenever it likes.
        with self._parts.watchers.watching(person.id) as queue, suppress(ConnectionResetError):
            await response.prepare(request)
            await response.write(b": hello\n\n")
            while True:
                try:
                    news = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if news is None:
                    break
                event, body = news
                await response.write(f"event: {event}\ndata: {json.dumps(body)}\n\n".encode())
        return response

    def _person(self, person: Person) -> Json:
        now: datetime = self._parts.workspace.local_time(person.tz)
        return {
            "id": person.id,
            "name": person.real_name,
            "handle": person.name,
            "title": person.title,
            "tz": person.tz,
            "tz_label": person.tz_label or now.tzname() or person.tz,
            "role_hint": person.role_hint,
            "deleted": person.deleted,
            "is_bot": person.is_bot,
            "colour": person.colour,
        }

    def _channel(self, channel: Channel, person: str) -> Json:
        return {
            "id": channel.id,
            "name": channel.name,
            "topic": channel.topic,
            "member": person in channel.members,
            "app_member": self._parts.config.bot_user in channel.members,
            "private": channel.private,
            "unread": self._parts.workspace.unread(person, channel.id),
            "last_ts": self._parts.workspace.last_ts(channel.id, person),
        }

    def _app(self) -> Json:
        config = self._parts.config
        return {
            "id": config.app_id,
            "name": config.manifest.name,
            "bot_user": config.bot_user,
            "home": config.manifest.home_tab,
            "installed": self._parts.workspace.installed,
            "commands": [
                {
                    "command": c.command,
                    "usage_hint": c.usage_hint,
                    "description": c.description,
                    "suggestions": [
                        {"text": s.text, "hint": s.hint}
                        for s in config.story.suggestions.get(c.command, ())
                    ],
                }
                for c in config.manifest.commands
            ],
        }


def clock_json(parts: Parts) -> Json:
    """The clock as the page shows it."""
    return {"now": parts.clock.now().isoformat(), "moved": parts.clock.moved}


def person_of(parts: Parts, id: str, *, or_first: bool = False) -> Person:
    """Someone to act as. Raises Nonsense for nobody, and for a bot."""
    person = parts.workspace.people.get(id)
    if person is None and or_first and not id:
        person = next(p for p in parts.workspace.people.values() if not p.is_bot)
    if person is None or person.is_bot:
        raise Nonsense("user_not_found", "There is nobody of that id to act as.")
    return person


def who_and_where(parts: Parts, asked: Json) -> tuple[Person, Channel]:
    """The person and a channel they can see. Raises Nonsense."""
    person = person_of(parts, str(asked.get("person", "")))
    channel = parts.workspace.channels.get(str(asked.get("channel", "")))
    hidden = channel is not None and (
        (channel.kind == "im" or channel.private) and person.id not in channel.members
    )
    if channel is None or hidden:
        raise Nonsense("channel_not_found", "There is no such channel.")
    return person, channel


def whole(text: str) -> int:
    """A whole number. Raises Nonsense."""
    try:
        return int(text)
    except ValueError:
        raise Nonsense("invalid_number", "That is not a whole number.") from None


def ascii_name(name: str) -> str:
    """A file name that may stand in a header."""
    return name.encode("ascii", "replace").decode().replace('"', "'").replace("\n", " ")
