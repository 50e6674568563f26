"""Socket Mode: Slack's envelopes over a connection that we open, for bots without an address."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack.errands import Errands
from bot.slack.web_api import QUIET, WebApi, asked, data_of
from domain.errors import Refused, SendFailed

_PING = 5.0  # seconds
_TO_CONNECT = 10.0
_IN_HAND = 3.0

_log = logging.getLogger(__name__)


class SocketMode:
    """One connection, kept up; every envelope goes through the Bolt app and is answered.

    `answered` is told how many seconds each answer took.
    """

    def __init__(
        self,
        app: AsyncApp,
        errands: Errands,
        api: WebApi,
        app_token: str,
        answered: Callable[[float], None],
    ) -> None:
        self._app = app
        self._errands = errands
        self._api = api
        self._token = app_token
        self._answered = answered
        self._client: SocketModeClient | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._in_hand: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether envelopes can reach us now."""
        session = self._client.current_session if self._client is not None else None
        return session is not None and not session.closed

    async def start(self) -> None:
        """Connect, and go on trying in the background where it takes long.

        Raises `Refused` where Slack refuses the app-level token.
        """
        web_client = self._api.client(self._token)
        client = SocketModeClient(self._token, QUIET, web_client, ping_interval=_PING)
        if self._api.is_local:
            client.proxy = None
        client.socket_mode_request_listeners.append(self._answer)
        self._client = client
        try:
            answer = await asked(web_client.apps_connections_open(app_token=self._token))
            client.wss_uri = str(data_of(answer)["url"])
        except SendFailed as failure:
            if failure.permanent:
                await _close(client)
                raise Refused(f"SLACK_APP_TOKEN: {failure.reason}") from failure
            _log.warning("Socket Mode is not open yet: %s", failure.reason)
        connecting: asyncio.Task[None] = asyncio.create_task(
            client.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
        )
        self._tasks = [connecting, asyncio.create_task(self._renew(client))]
        await asyncio.wait([connecting], timeout=_TO_CONNECT)

    async def stop(self) -> None:
        """Answer what is in hand, then hang up."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=_IN_HAND)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await _close(self._client)

    async def _renew(self, client: SocketModeClient) -> None:
        """Let the client ask for a new address: it would try one that is used up for ever."""
        while True:
            await asyncio.sleep(_PING)
            if not self.connected:
                client.wss_uri = None

    async def _answer(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
        held = self._errands.hold()
        begun = time.monotonic()
        response = await run_async_bolt_app(self._app, request)
        await send_async_response(client, request, response, 0.0)
        self._answered(time.monotonic() - begun)
        await held.release()


async def _close(client: SocketModeClient) -> None:
    await client.close()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
