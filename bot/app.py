"""The composition root: everything is wired here, and the clock is read here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from bot.metrics import Metrics
from bot.settings import Settings
from bot.slack.edge import SlackEdge
from domain.errors import SendFailed
from handlers.dispatch import Dispatcher
from handlers.hours import public_holidays
from jobs.worker import Worker
from storage.database import Database

Clock = Callable[[], datetime]


def real_clock() -> datetime:
    """Give the instant it is."""
    return datetime.now(UTC)


class Application:
    """Everything wired together and nothing running yet."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.database = Database(settings.database_url)
        self.metrics = Metrics()
        self.slack = SlackEdge(settings, self.database, clock, answered=self.metrics.answered)
        self.dispatcher = Dispatcher(self.database, self.slack.directory, clock)
        self.slack.listen(self.dispatcher)
        self.worker = Worker(
            self.database,
            self.slack.sender,
            clock,
            attention=self.slack.attention,
            meter=self.metrics,
        )

    async def start_listening(self) -> None:
        """Take what Slack tells us from now on; what an answer would have to load is loaded before.

        Raises `Refused` where Slack refuses a token.
        """
        await asyncio.to_thread(public_holidays, "US")  # whichever: the calendars come together
        await self.slack.start()

    async def own_workspace(self) -> str | None:
        """Give the id of the workspace that the token in the settings belongs to, if there is one.

        Where Slack does not answer, it is the one of the last start.
        """
        if not self.settings.slack_bot_token:
            return None
        try:
            return await self.slack.identify()
        except SendFailed:
            return await self.slack.recall()

    async def deliver(self, *, until_empty: bool = True) -> int:
        """Send what is due in the outbox and give how many messages went out.

        With `until_empty` also what only waits for its turn at Slack's pace.
        """
        return await self.worker.delivery.drain(until_empty=until_empty)

    async def close(self) -> None:
        """Give back every connection."""
        await self.slack.stop()
        await self.database.close()


def build(settings: Settings, clock: Clock = real_clock) -> Application:
    """Wire the application; nobody else builds anything."""
    return Application(settings, clock)
