"""The way to Slack's Web API: one session, a time limit for each call, no hidden retries."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.refusals import meaning_of
from domain.errors import SendFailed

SECONDS = 10.0
"""How long a call may take where nobody waits for it."""

QUIET = logging.getLogger("bot.slack.sdk")
"""For Slack's libraries. Never below INFO: there they would write down tokens and messages."""
QUIET.setLevel(max(QUIET.level, logging.INFO))  # whoever set up the log may want less

T = TypeVar("T")


class WebApi:
    """Clients that share one session. `url` ends in `/api/`; every call goes there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_local = _is_loopback(url)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the session; has to be awaited before any call."""
        if self._session is None:
            self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        """Give all connections back."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The shared session, for what is not a method of the Web API."""
        if self._session is None:
            raise RuntimeError("the Web API was not opened")
        return self._session

    def client(self, token: str | None = None) -> AsyncWebClient:
        """Make a client for one token. Retries are ours: the SDK's would post a message twice."""
        client = AsyncWebClient(
            token=token,
            base_url=self.url,
            session=self._session,
            retry_handlers=[],
            logger=QUIET,
        )
        if self.is_local:
            client.proxy = None  # the environment's proxy is for the world outside
        return client


async def asked(call: Awaitable[T], *, seconds: float = SECONDS) -> T:
    """Await one call of the Web API; everything that can go wrong on the way is `SendFailed`."""
    try:
        async with asyncio.timeout(seconds):
            return await call
    except SlackApiError as error:
        raise meaning_of(error) from error
    except TimeoutError as error:
        raise SendFailed(f"Slack did not answer within {seconds:g} s.") from error
    except (aiohttp.ClientError, SlackClientError, OSError) as error:
        raise SendFailed(f"Slack could not be reached ({type(error).__name__}).") from error


def data_of(response: Any) -> dict[str, Any]:
    """Give an answer's body as a plain dictionary."""
    return response.data if isinstance(response.data, dict) else {}


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
