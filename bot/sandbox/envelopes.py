"""The post to the bot: asks that wait for an answer, and events that are sent again until acked."""

import asyncio
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from bot.sandbox.config import SandboxConfig
from bot.sandbox.faults import Faults
from bot.sandbox.letters import VERIFICATION_TOKEN, Answer, Carrier, Kind, Letter
from bot.sandbox.records import Json
from bot.sandbox.state import new_id
from bot.sandbox.traffic import Traffic
from bot.sandbox.watchers import Watchers

NOT_INTERACTIVE = Answer(ok=False, error="interactivity_not_enabled")
FAULT_NAMES = {"slash_commands": "command", "interactive": "interactive", "events_api": "event"}


class Envelopes:
    """Sends to the bot by whichever carrier the sandbox runs with."""

    def __init__(
        self, config: SandboxConfig, faults: Faults, traffic: Traffic, watchers: Watchers
    ) -> None:
        self._config = config
        self._faults = faults
        self._traffic = traffic
        self._watchers = watchers
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiting = 0
        self.carrier: Carrier

    async def stop(self) -> None:
        """Drop what was still to be sent."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def status(self) -> Json:
        """Whether the bot is there, by which mode, and how many events wait for it."""
        connected = self.carrier.connected
        return {"connected": connected, "mode": self._config.mode, "waiting": self._waiting}

    def tell_status(self) -> None:
        """Tell every open page how the bot is."""
        self._watchers.tell("bot", self.status())

    async def ask(
        self, kind: Kind, shown_as: str, name: str, payload: Json, *, wants_answer: bool
    ) -> Answer:
        """Send a command or an interaction and wait for its ack.

        `shown_as` and `name` are its kind and name in the traffic inspector.
        """
        if kind == "interactive" and not self._config.manifest.interactivity:
            return NOT_INTERACTIVE
        letter = Letter(kind, payload, wants_answer)
        if self._faults.strike(FAULT_NAMES[kind], "duplicate"):
            self.spawn(self._timed(letter, shown_as, name))
        return await self._timed(letter, shown_as, name)

    def event(self, event: Json, authorizations_user: str) -> None:
        """Send an event, if the manifest subscribes to it, until it is acked or given up."""
        if not self._subscribed(event):
            return
        payload: Json = {
            "token": VERIFICATION_TOKEN,
            "team_id": self._config.story.team_id,
            "api_app_id": self._config.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(float(event.get("event_ts", "0"))),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self._config.story.team_id,
                    "user_id": authorizations_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{new_id('')}",
        }
        self.spawn(self._until_acked(payload))
        if self._faults.strike("event", "duplicate"):
            self.spawn(self._until_acked(payload))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something beside, until the sandbox stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _subscribed(self, event: Json) -> bool:
        name = event["type"]
        if name == "message":
            kind = {"channel": "channels", "group": "groups"}.get(
                event["channel_type"], event["channel_type"]
            )
            name = f"message.{kind}"
        return self._config.manifest.hears(name)

    async def _until_acked(self, payload: Json) -> None:
        """One try and one after each delay; while no socket is open it waits without trying."""
        name = payload["event"]["type"]
        reason = ""
        for attempt in range(len(self._config.retry_delays) + 1):
            letter = Letter("events_api", payload, retry_num=attempt, retry_reason=reason)
            if self._config.mode == "socket":
                answer = await self._once_connected(letter, name)
            else:
                answer = await self._timed(letter, "event", name)
            if answer.ok or answer.no_retry or attempt == len(self._config.retry_delays):
                return
            reason = answer.reason
            with self._counted():
                await self._pause(self._config.retry_delays[attempt], reason)

    async def _once_connected(self, letter: Letter, name: str) -> Answer:
        while True:
            if not self.carrier.connected:
                with self._counted():
                    await self.carrier.until_connected()
            answer = await self._timed(letter, "event", name)
            if answer.reason != "connection_failed":
                return answer

    async def _pause(self, seconds: float, reason: str) -> None:
        """Wait until the next try is due, or until a bot that was not there comes back."""
        if reason != "connection_failed":
            await asyncio.sleep(seconds)
            return
        try:
            await asyncio.wait_for(self.carrier.until_connected(), max(seconds, 0.05))
        except TimeoutError:
            return

    async def _timed(self, letter: Letter, shown_as: str, name: str) -> Answer:
        started = time.monotonic()
        answer = await self.carrier.deliver(letter)
        self._traffic.record(
            "to_bot",
            shown_as,
            name,
            ok=answer.ok,
            ms=(time.monotonic() - started) * 1000,
            request=letter.payload,
            response=answer.body if answer.ok else {"error": answer.error, "body": answer.body},
        )
        return answer

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count an event as waiting for the bot, on every open page too."""
        self._waiting += 1
        self.tell_status()
        try:
            yield
        finally:
            self._waiting -= 1
            self.tell_status()
