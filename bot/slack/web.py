"""What Slack calls over HTTP: signed requests in, Bolt's answers out."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.slack.envelopes import read_body
from bot.slack.errands import Errands
from bot.slack.signatures import is_genuine

_MOST_BYTES = 2_000_000


class Web:
    """The HTTP side of the app."""

    def __init__(
        self,
        app: AsyncApp,
        errands: Errands,
        signing_secret: str,
        wall_clock: Callable[[], float],
    ) -> None:
        self._app = app
        self._errands = errands
        self._secret = signing_secret
        self._wall_clock = wall_clock

    def routes(self) -> list[Route]:
        """Give the route for Starlette."""
        return [Route("/slack/events", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """Answer 401 to what is not Slack's, 400 to what cannot be read, else as the app does."""
        body = await _bounded(request)
        if body is None:
            return PlainTextResponse("too large", 400)
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        now = self._wall_clock()
        if not is_genuine(self._secret, body, timestamp, signature, now):
            return PlainTextResponse("the signature does not match", 401)
        payload = read_body(body, request.headers.get("content-type", ""))
        if payload is None:
            return PlainTextResponse("malformed", 400)
        # Read by us: Bolt's own reader loses every command that contains the word "payload". In
        # the mode it uses for sockets it takes the dictionary as it is.
        asked = AsyncBoltRequest(
            body=payload, headers=dict(request.headers.items()), mode="socket_mode"
        )
        held = self._errands.hold()
        answer = to_starlette_response(await self._app.async_dispatch(asked))
        answer.background = BackgroundTask(held.release)
        return answer


async def _bounded(request: Request) -> bytes | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            return None
    return bytes(body)
