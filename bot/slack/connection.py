"""Our side of Slack: who we are there, whom we find there, and how messages go out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.settings import Settings
from bot.slack.attention import SlackAttention
from bot.slack.directory import SlackDirectory
from bot.slack.installations import Installations
from bot.slack.sender import SlackSender
from bot.slack.web_api import WebApi
from domain.errors import Refused, SendFailed
from storage.database import Database

_BETWEEN_TRIES = 5.0  # seconds

_log = logging.getLogger(__name__)


class SlackConnection:
    """What a worker needs of Slack, and what the edge for people stands on.

    `directory` keeps to `handlers.ports.Directory`, `sender` to `jobs.ports.Sender`, `attention` to
    `jobs.ports.Attention`. They may be handed on at once, and work from `start` or `identify` to
    `stop`.
    """

    def __init__(
        self, settings: Settings, database: Database, clock: Callable[[], datetime]
    ) -> None:
        self.clock = clock
        self.api = WebApi(settings.slack_api_url)
        self.installations = Installations(settings, database, self.api, clock)
        self.directory = SlackDirectory(self.api, self.installations)
        self.sender = SlackSender(self.api, self.installations)
        self.attention = SlackAttention(self.api, self.installations)
        self.ready = False
        self._trying: asyncio.Task[None] | None = None

    async def identify(self) -> str:
        """Ask Slack which workspace the token in the settings belongs to, and write it down.

        Raises `Refused` where Slack refuses the token, `SendFailed` where it does not answer.
        """
        await self.api.open()
        self.sender.forget()
        return await self.installations.identify()

    async def start(self) -> None:
        """Learn who we are, and go on trying where Slack does not answer.

        `ready` is set once we know. Raises `Refused` where Slack refuses the token.
        """
        await self.api.open()
        try:
            if self.installations.single:
                await self.identify()
            self.ready = True
        except SendFailed as failure:
            _log.warning("Slack does not answer yet: %s", failure.reason)
            self.ready = await self.installations.recall() is not None
            self._trying = asyncio.create_task(self._try_on())

    async def stop(self) -> None:
        """Give everything back."""
        self.ready = False
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)
        await self.api.close()

    async def _try_on(self) -> None:
        while True:
            await asyncio.sleep(_BETWEEN_TRIES)
            try:
                await self.identify()
            except (SendFailed, Refused) as failure:
                _log.warning("Slack still does not answer: %s", failure)
            else:
                self.ready = True
                return
