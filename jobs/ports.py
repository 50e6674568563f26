"""What delivery needs from a platform, in words that no platform owns."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from handlers.views.elements import View


class Sender(Protocol):
    """Takes one message to where it belongs."""

    async def send(
        self,
        workspace_id: str,
        *,
        user_id: str | None,
        channel_id: str | None,
        view: View,
        dedupe_key: str,
        update_of: str | None,
    ) -> str:
        """Send a message once and give the platform's reference to it.

        To the DM of `user_id` or to `channel_id`: one of them is set, by the platform's own ids.
        `update_of` is such a reference: that message is replaced instead. The same `dedupe_key`
        comes again when an attempt is repeated. Raises `SendFailed`.
        """


class Attention(Protocol):
    """Whether somebody wants to be left alone just now, by the platform's own switch."""

    async def busy_until(self, workspace_id: str, user_id: str, now: datetime) -> datetime | None:
        """Give when a person's do-not-disturb ends; None where it is off or not known."""


class Meter(Protocol):
    """Counts what delivery does; `kind` is the message's."""

    def sent(self, kind: str, late: float) -> None:
        """Note that a message went out, so many seconds after it was due."""

    def failed(self, kind: str, how: str) -> None:
        """Note that one did not: `how` is throttled, passing or permanent."""


class NoMeter:
    """Counts nothing."""

    def sent(self, kind: str, late: float) -> None:
        """Pass over it."""

    def failed(self, kind: str, how: str) -> None:
        """Pass over it."""
