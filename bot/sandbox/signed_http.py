"""Signed HTTP: what Slack posts to an app's request URL, and how it signs it."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import aiohttp

from bot.sandbox.letters import NOBODY_THERE, TOO_LATE, VERIFICATION_TOKEN, Answer, Letter
from bot.sandbox.records import Json

PROBE_SECONDS = 0.5
FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's `v0=` signature of a request body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """Posts to the bot's request URL; looks every half second whether the bot is still there."""

    def __init__(
        self, url: str, secret: str, ack_seconds: float, changed: Callable[[], None]
    ) -> None:
        self._url = url
        self._secret = secret

        self._ack_seconds = ack_seconds
        self._changed = changed
        self._there = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None
        self._probing: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether something listens at the request URL, by the last attempt to reach it."""
        return self._there.is_set()

    async def start(self) -> None:
        """Open the HTTP client and begin to look for the bot."""
        self._session = aiohttp.ClientSession(headers={"User-Agent": "Slackbot 1.0 (sandbox)"})
        self._probing = asyncio.create_task(self._probe())

    async def stop(self) -> None:
        """Stop looking and close the client."""
        if self._probing is not None:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def until_connected(self) -> None:
        """Return once something listens at the request URL."""
        await self._there.wait()

    async def deliver(self, letter: Letter) -> Answer:
        """Post one letter as Slack would and read the answer."""
        headers: dict[str, str] = {}
        if letter.kind == "events_api":
            body, content_type = json.dumps(letter.payload).encode(), "application/json"
            if letter.retry_num:
                headers["X-Slack-Retry-Num"] = str(letter.retry_num)
                headers["X-Slack-Retry-Reason"] = letter.retry_reason
        elif letter.kind == "interactive":
            body, content_type = urlencode({"payload": json.dumps(letter.payload)}).encode(), FORM
        else:
            body, content_type = urlencode(letter.payload).encode(), FORM
        return await self._post(body, content_type, headers)

    async def verify_url(self) -> bool:
        """Send `url_verification`; True if the bot gave the challenge back."""
        challenge = secrets.token_hex(16)
        asked: Json = {
            "type": "url_verification",
            "token": VERIFICATION_TOKEN,
            "challenge": challenge,
        }
        answer = await self._post(json.dumps(asked).encode(), "application/json", {})
        given = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
        return answer.ok and given == challenge

    async def check_ssl(self) -> Answer:
        """Send the `ssl_check` that Slack now and then posts to a command's URL."""
        body = urlencode({"ssl_check": "1", "token": VERIFICATION_TOKEN}).encode()
        return await self._post(body, FORM, {})

    async def _post(self, body: bytes, content_type: str, headers: dict[str, str]) -> Answer:
        if self._session is None:
            return NOBODY_THERE
        timestamp = str(int(time.time()))
        signed = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
            **headers,
        }
        try:
            async with asyncio.timeout(self._ack_seconds):
                async with self._session.post(self._url, data=body, headers=signed) as response:
                    text = await response.text()
        except TimeoutError:
            return TOO_LATE
        except aiohttp.ClientError:
            self._set_there(there=False)
            return NOBODY_THERE
        self._set_there(there=True)
        if not 200 <= response.status < 300:
            no_retry = response.headers.get("X-Slack-No-Retry") == "1"
            return Answer(
                ok=False,
                body=text,
                error="dispatch_failed",
                reason="http_error",
                no_retry=no_retry,
            )
        return Answer(ok=True, body=_parsed(text, response.content_type))

    async def _probe(self) -> None:
        where = urlsplit(self._url)
        port = where.port or (443 if where.scheme == "https" else 80)
        while True:
            try:
                _, writer = await asyncio.open_connection(where.hostname, port)
                writer.close()
                self._set_there(there=True)
            except OSError:
                self._set_there(there=False)
            await asyncio.sleep(PROBE_SECONDS)

    def _set_there(self, *, there: bool) -> None:
        if there == self._there.is_set():
            return
        if there:
            self._there.set()
        else:
            self._there.clear()
        self._changed()


def _parsed(text: str, content_type: str) -> object:
    if not text.strip():
        return None
    if content_type == "application/json":
        try:
            return json.loads(text) or None
        except ValueError:
            return text
    return text
