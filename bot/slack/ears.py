"""All that listens to Slack: Bolt's app, the HTTP routes to it and the socket."""

from __future__ import annotations

from collections.abc import Callable

from starlette.routing import Route

from bot.settings import Settings
from bot.slack.connection import SlackConnection
from bot.slack.effects import Effects
from bot.slack.errands import Errands
from bot.slack.listeners import Listeners
from bot.slack.oauth import Installing
from bot.slack.socket_mode import SocketMode
from bot.slack.web import Web
from bot.slack.workspace_events import WorkspaceEvents
from handlers.dispatch import Dispatcher
from storage.database import Database


class Ears:
    """Hands what Slack tells us to the dispatcher.

    Apart from the rest of the edge because of Bolt: what only sends need not load it.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        connection: SlackConnection,
        dispatcher: Dispatcher,
        *,
        wall_clock: Callable[[], float],
        answered: Callable[[float], None],
    ) -> None:
        self._settings = settings
        self._answered = answered
        self._connection = connection
        self._wall_clock = wall_clock
        self._errands = Errands()
        self._socket: SocketMode | None = None
        self._app = Listeners(
            dispatcher,
            connection,
            Effects(connection, dispatcher.report),
            self._errands,
            WorkspaceEvents(database, connection.installations, connection.clock),
        ).bolt_app()

    @property
    def open(self) -> bool:
        """Whether what Slack says now would be heard; HTTP always is."""
        return self._socket is None or self._socket.connected

    def routes(self) -> list[Route]:
        """Give `/slack/events`, `/slack/install` and `/slack/oauth_redirect`."""
        secret = self._settings.slack_signing_secret
        web = Web(self._app, self._errands, secret, self._wall_clock)
        installing = Installing(self._settings, self._connection, self._wall_clock)
        return [*web.routes(), *installing.routes()]

    async def open_socket(self) -> None:
        """Open the socket, if there is an app token. Raises `Refused` where Slack refuses it."""
        token = self._settings.slack_app_token
        if token:
            self._socket = SocketMode(
                self._app, self._errands, self._connection.api, token, self._answered
            )
            await self._socket.start()

    async def close(self) -> None:
        """Take nothing more and finish what is under way."""
        if self._socket is not None:
            await self._socket.stop()
            self._socket = None
        await self._errands.finish()
