"""Slack's edge of the house: the one face that the rest of the program sees of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from slack_sdk.signature import Clock

from bot.settings import Settings
from bot.slack.attention import SlackAttention
from bot.slack.connection import SlackConnection
from bot.slack.directory import SlackDirectory
from bot.slack.sender import SlackSender
from handlers.dispatch import Dispatcher
from storage.database import Database

if TYPE_CHECKING:
    from starlette.routing import Route

    from bot.slack.ears import Ears

_REAL_CLOCK = Clock()


def _uncounted(seconds: float) -> None:
    """Count nothing."""


class SlackEdge:
    """Takes commands, buttons, forms and events; sends messages; knows the people.

    `directory`, `sender` and `attention` may be handed on at once and work from `start` (or
    `identify`) on.
    `wall_clock` gives the real time in seconds, by which Slack signs its requests; `clock` is the
    house's own, which a sandbox may move. `answered` is told how many seconds each answer over a
    socket took; those over HTTP are for whoever serves them to count.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Callable[[], datetime],
        *,
        wall_clock: Callable[[], float] = _REAL_CLOCK.now,
        answered: Callable[[float], None] = _uncounted,
    ) -> None:
        self._settings = settings
        self._answered = answered
        self._database = database
        self._wall_clock = wall_clock
        self._connection = SlackConnection(settings, database, clock)
        self._dispatcher: Dispatcher | None = None
        self._ears: Ears | None = None

    @property
    def directory(self) -> SlackDirectory:
        """Slack's list of people, as handlers ask for it."""
        return self._connection.directory

    @property
    def sender(self) -> SlackSender:
        """The way out for messages, as the outbox asks for it."""
        return self._connection.sender

    @property
    def attention(self) -> SlackAttention:
        """Who wants to be left alone, as the outbox asks for it."""
        return self._connection.attention

    @property
    def connection(self) -> SlackConnection:
        """Our side of Slack, for whoever examines it."""
        return self._connection

    @property
    def ready(self) -> bool:
        """Whether commands can be taken now."""
        return self._connection.ready and (self._ears is None or self._ears.open)

    def listen(self, dispatcher: Dispatcher) -> None:
        """Say who carries out what people do; has to come before `routes` and `start`."""
        self._dispatcher = dispatcher

    def routes(self) -> list[Route]:
        """Give `/slack/events`, `/slack/install` and `/slack/oauth_redirect`."""
        return self._listening().routes()

    async def identify(self) -> str:
        """Ask Slack which workspace the token in the settings belongs to, and write it down.

        Raises `Refused` where Slack refuses the token, `SendFailed` where it does not answer.
        """
        return await self._connection.identify()

    async def recall(self) -> str | None:
        """Give the workspace that was identified last, without asking Slack; None if none was."""
        return await self._connection.installations.recall()

    async def start(self, *, listening: bool = True) -> None:
        """Connect; where Slack does not answer, go on trying and be `ready` later.

        `listening` opens the socket too, if there is an app token. Raises `Refused` where Slack
        refuses a token.
        """
        await self._connection.start()
        if listening:
            await self._listening().open_socket()

    async def stop(self) -> None:
        """Take nothing more, finish what is under way, give everything back."""
        if self._ears is not None:
            await self._ears.close()
        await self._connection.stop()

    def _listening(self) -> Ears:
        if self._dispatcher is None:
            raise RuntimeError("nobody listens yet: call listen first")
        if self._ears is None:
            from bot.slack.ears import Ears  # noqa: PLC0415  # loads Bolt, which few commands need

            self._ears = Ears(
                self._settings,
                self._database,
                self._connection,
                self._dispatcher,
                wall_clock=self._wall_clock,
                answered=self._answered,
            )
        return self._ears
