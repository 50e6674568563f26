"""What delivery needs from a platform, in words that no platform owns."""

from __future__ import annotations

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
