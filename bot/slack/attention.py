"""Who wants to be left alone just now, by Slack's do-not-disturb."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.slack.installations import Installations
from bot.slack.tiers import Tier
from bot.slack.web_api import WebApi, asked, data_of
from domain.errors import SendFailed

_PATIENCE = 2.0  # seconds; a message waits for the answer
_REMEMBERED = 600.0  # seconds
_MOST_REMEMBERED = 10_000
_AFTER_REFUSAL = 600.0  # seconds; the app may lack the scope

_NEVER = datetime.max.replace(tzinfo=UTC)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Window:
    """A person's current or next hours of silence, as Slack told them at `asked_at`."""

    asked_at: float
    begins: datetime
    ends: datetime


class SlackAttention:
    """Asks `dnd.info` before a nudge goes; keeps to `jobs.ports.Attention`.

    It is a courtesy and never holds a message up: where Slack does not say, or was asked often
    enough in the last minute, the message goes, and Slack itself keeps its sound back.
    """

    def __init__(self, api: WebApi, installations: Installations) -> None:
        self._api = api
        self._installations = installations
        self._windows: dict[tuple[str, str], _Window] = {}
        self._tier = Tier(per_minute=48, spare=20)  # `dnd.info` takes 50 a minute

    async def busy_until(self, workspace_id: str, user_id: str, now: datetime) -> datetime | None:
        """Give when a person's do-not-disturb ends; None where it is off or not known."""
        asked_at = asyncio.get_running_loop().time()
        window = self._windows.get((workspace_id, user_id))
        if window is None or asked_at > window.asked_at + _REMEMBERED or now >= window.ends:
            window = await self._ask(workspace_id, user_id, asked_at)
        return window.ends if window and window.begins <= now < window.ends else None

    async def _ask(self, workspace_id: str, user_id: str, at: float) -> _Window | None:
        if self._tier.wait(workspace_id, at):
            return None
        try:
            client = self._api.client(await self._installations.token(workspace_id))
            told = data_of(await asked(client.dnd_info(user=user_id), seconds=_PATIENCE))
        except SendFailed as failure:
            _log.info("dnd.info failed: %s", failure.reason)
            self._tier.close(workspace_id, at + (failure.retry_after or _AFTER_REFUSAL))
            return None
        window = _Window(at, *_hours_of(told))
        if len(self._windows) >= _MOST_REMEMBERED:
            self._windows.clear()
        self._windows[workspace_id, user_id] = window
        return window


def _hours_of(told: Mapping[str, Any]) -> tuple[datetime, datetime]:
    begins, ends = told.get("next_dnd_start_ts"), told.get("next_dnd_end_ts")
    if told.get("dnd_enabled") and isinstance(begins, int) and isinstance(ends, int):
        return datetime.fromtimestamp(begins, UTC), datetime.fromtimestamp(ends, UTC)
    return _NEVER, _NEVER
