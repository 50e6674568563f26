"""Slack's edge of the house: the one face that the rest of the program sees of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import Clock
from starlette.routing import Route

from bot.settings import Settings
from bot.slack.connection import SlackConnection
from bot.slack.directory import SlackDirectory
from bot.slack.effects import Effects
from bot.slack.errands import Errands
from bot.slack.listeners import Listeners
from bot.slack.oauth import Installing
from bot.slack.sender import SlackSender
from bot.slack.socket_mode import SocketMode
from bot.slack.web import Web
from bot.slack.workspace_events import WorkspaceEvents
from handlers.dispatch import Dispatcher
from storage.database import Database

_REAL_CLOCK = Clock()


class SlackEdge:
    """Takes commands, buttons, forms and events; sends messages; knows the people.

    `directory` and `sender` may be handed on at once and work from `start` (or `identify`) on.
    `wall_clock` gives the real time in seconds, by which Slack signs its requests; `clock` is the
    house's own, which a sandbox may move.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Callable[[], datetime],
        *,
        wall_clock: Callable[[], float] = _REAL_CLOCK.now,
    ) -> None:
        self._settings = settings
        self._database = database
        self._wall_clock = wall_clock
        self._connection = SlackConnection(settings, database, clock)
        self._installing = Installing(settings, self._connection, wall_clock)
        self._errands = Errands()
        self._bolt: AsyncApp | None = None
        self._socket: SocketMode | None = None

    @property
    def directory(self) -> SlackDirectory:
        """Slack's list of people, as handlers ask for it."""
        return self._connection.directory

    @property
    def sender(self) -> SlackSender:
        """The way out for messages, as the outbox asks for it."""
        return self._connection.sender

    @property
    def connection(self) -> SlackConnection:
        """Our side of Slack, for whoever examines it."""
        return self._connection

    @property
    def ready(self) -> bool:
        """Whether commands can be taken now."""
        return self._connection.ready and (self._socket is None or self._socket.connected)

    def listen(self, dispatcher: Dispatcher) -> None:
        """Say who carries out what people do; has to come before `routes` and `start`."""
        listeners = Listeners(
            dispatcher,
            self._connection,
            Effects(self._connection),
            self._errands,
            WorkspaceEvents(self._database, self._connection.installations),
        )
        self._bolt = listeners.bolt_app()

    def routes(self) -> list[Route]:
        """Give `/slack/events`, `/slack/install` and `/slack/oauth_redirect`."""
        web = Web(self._app(), self._errands, self._settings.slack_signing_secret, self._wall_clock)
        return [*web.routes(), *self._installing.routes()]

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
        if listening and self._settings.slack_app_token:
            self._socket = SocketMode(
                self._app(),
                self._errands,
                self._connection.api,
                self._settings.slack_app_token,
            )
            await self._socket.start()

    async def stop(self) -> None:
        """Take nothing more, finish what is under way, give everything back."""
        if self._socket is not None:
            await self._socket.stop()
            self._socket = None
        await self._errands.finish()
        await self._connection.stop()

    def _app(self) -> AsyncApp:
        if self._bolt is None:
            raise RuntimeError("nobody listens yet: call listen first")
        return self._bolt
