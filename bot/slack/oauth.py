"""Installing into a workspace from the browser: off to Slack with a state, back with a code."""

from __future__ import annotations

import hashlib
import hmac
import html
import logging
import secrets
from collections.abc import Callable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.settings import Settings
from bot.slack.connection import SlackConnection
from bot.slack.manifest import SCOPES
from bot.slack.web_api import asked, data_of
from domain.errors import Refused, SendFailed

_COOKIE = "lost_and_found_install"
_GOOD_FOR = 600  # seconds from leaving for Slack to coming back

_log = logging.getLogger(__name__)


class Installing:
    """The two pages of an installation. The state is signed, so any web process can check it."""

    def __init__(
        self, settings: Settings, connection: SlackConnection, wall_clock: Callable[[], float]
    ) -> None:
        self._client_id = settings.slack_client_id
        self._secret = settings.slack_client_secret
        self._connection = connection
        self._wall_clock = wall_clock

    def routes(self) -> list[Route]:
        """Give the routes for Starlette."""
        return [
            Route("/slack/install", self.install, methods=["GET"]),
            Route("/slack/oauth_redirect", self.come_back, methods=["GET"]),
        ]

    async def install(self, request: Request) -> Response:
        """Send the person to Slack's consent page."""
        if not self._client_id or self._connection.installations.single:
            return _page("This bot serves one workspace, by the token in its settings.", 404)
        nonce = secrets.token_urlsafe(24)
        issued = int(self._wall_clock())
        asking = {
            "client_id": self._client_id,
            "scope": ",".join(SCOPES),
            "state": f"{nonce}.{issued}.{self._seal(nonce, issued)}",
        }
        home = self._connection.api.url.removesuffix("api/")
        answer = RedirectResponse(f"{home}oauth/v2/authorize?{urlencode(asking)}", 302)
        answer.set_cookie(
            _COOKIE,
            nonce,
            max_age=_GOOD_FOR,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    async def come_back(self, request: Request) -> Response:
        """Trade the code for a token, if it was this browser that set out."""
        if not self._client_id or self._connection.installations.single:
            return _page("This bot serves one workspace, by the token in its settings.", 404)
        code = request.query_params.get("code", "")
        state = request.query_params.get("state", "")
        if not self._is_ours(state, request.cookies.get(_COOKIE, "")):
            return _page("That took too long or began elsewhere. Please start anew.", 400)
        if not code:
            return _page("Nothing was installed. You can come back any time.", 400)
        trade = {"client_id": self._client_id, "client_secret": self._secret, "code": code}
        # Not the SDK's own method for it: that one leans on what aiohttp is giving up.
        call = self._connection.api.client().api_call("oauth.v2.access", data=trade)
        try:
            name = await self._connection.installations.install(data_of(await asked(call)))
        except Refused as refusal:
            return _page(refusal.sentence, 400)
        except SendFailed as failure:
            _log.warning("an installation failed: %s", failure.reason)
            return _page("Slack did not complete the installation. Please start anew.", 400)
        answer = _page(f"Lost & Found is in {name}. Go back to Slack and type /lost help.", 200)
        answer.delete_cookie(_COOKIE)
        return answer

    def _seal(self, nonce: str, issued: int) -> str:
        said = f"install:{nonce}:{issued}".encode()
        return hmac.new(self._secret.encode(), said, hashlib.sha256).hexdigest()

    def _is_ours(self, state: str, cookie: str) -> bool:
        nonce, _, rest = state.partition(".")
        issued, _, seal = rest.partition(".")
        if not nonce or not issued.isascii() or not issued.isdigit() or len(issued) > 12:
            return False
        age = self._wall_clock() - int(issued)
        sealed = hmac.compare_digest(self._seal(nonce, int(issued)).encode(), seal.encode())
        known = hmac.compare_digest(nonce.encode(), cookie.encode())
        return sealed and known and -1 <= age <= _GOOD_FOR


def _page(sentence: str, status: int) -> HTMLResponse:
    return HTMLResponse(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Lost &amp; Found</title>"
        f"<body style='font:1.1rem sans-serif;margin:15vh auto;max-width:32rem'>"
        f"<p>{html.escape(sentence)}</p></body></html>",
        status,
    )
