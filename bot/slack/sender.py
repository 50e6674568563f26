"""Messages out: to a person's DM or a channel, once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.installations import Installations
from bot.slack.messages import message_of
from bot.slack.tiers import Tier
from bot.slack.web_api import WebApi, asked, data_of
from domain.errors import SendFailed
from handlers.views.elements import View

EVENT_TYPE = "lost_and_found_nudge"


class SlackSender:
    """Sends views through `chat.postMessage` and `chat.update`; keeps to `jobs.ports.Sender`."""

    def __init__(self, api: WebApi, installations: Installations) -> None:
        self._api = api
        self._installations = installations
        self._dms: dict[tuple[str, str], str] = {}
        self._opening = Tier(per_minute=48, spare=30)  # `conversations.open` takes 50 a minute

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
        """Send a message and give its reference, `CHANNEL:TS`.

        Slack has no documented key against doubles; the same `dedupe_key` gives the same
        `client_msg_id` and `nudge_id`, by which a double can be told. Raises `SendFailed`.
        """
        message = _rendered(view)
        if update_of:
            return await self._put_in_place(workspace_id, update_of, message)
        if user_id:
            channel_id = await self.dm(workspace_id, user_id)
        if not channel_id:
            raise SendFailed("This person has no account in Slack that we know of.", permanent=True)
        marks = {
            "client_msg_id": str(uuid5(NAMESPACE_URL, f"{workspace_id}/{dedupe_key}")),
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"nudge_id": dedupe_key}},
        }
        return await self._post(workspace_id, channel_id, {**message, **marks})

    async def whisper(self, workspace_id: str, user_id: str, view: View) -> None:
        """Answer a person in their DM with the bot. Raises `SendFailed`."""
        channel = await self.dm(workspace_id, user_id)
        await self._post(workspace_id, channel, _rendered(view))

    async def replace(self, workspace_id: str, reference: str, view: View) -> None:
        """Put a message in the place of an older one, by its reference. Raises `SendFailed`."""
        await self._put_in_place(workspace_id, reference, _rendered(view))

    def forget(self) -> None:
        """Forget which DM is whose."""
        self._dms.clear()

    async def dm(self, workspace_id: str, user_id: str) -> str:
        """Give the channel of a person's DM with the bot. Raises `SendFailed`."""
        known = self._dms.get((workspace_id, user_id))
        if known is None:
            known = await self._installations.dm_of(workspace_id, user_id)
            known = known or await self._open(workspace_id, user_id)
            self._dms[workspace_id, user_id] = known
        return known

    async def _open(self, workspace_id: str, user_id: str) -> str:
        wait = self._opening.wait(workspace_id, asyncio.get_running_loop().time())
        if wait:
            raise SendFailed("Too many new people at once.", retry_after=wait)
        client = await self._client(workspace_id)
        answer = data_of(await asked(client.conversations_open(users=[user_id])))
        channel = str(answer["channel"]["id"])
        await self._installations.keep_dm(workspace_id, user_id, channel)
        return channel

    async def _post(self, workspace_id: str, channel: str, message: Mapping[str, Any]) -> str:
        client = await self._client(workspace_id)
        answer = data_of(await asked(client.chat_postMessage(channel=channel, **message)))
        return f"{answer.get('channel', channel)}:{answer['ts']}"

    async def _put_in_place(
        self, workspace_id: str, reference: str, message: Mapping[str, Any]
    ) -> str:
        channel, _, ts = reference.partition(":")
        client = await self._client(workspace_id)
        unchangeable = {"unfurl_links", "unfurl_media", "mrkdwn"}
        changed = {k: v for k, v in message.items() if k not in unchangeable}
        await asked(client.chat_update(channel=channel, ts=ts, **changed))
        return reference

    async def _client(self, workspace_id: str) -> AsyncWebClient:
        return self._api.client(await self._installations.token(workspace_id))


def _rendered(view: View) -> dict[str, Any]:
    try:
        return message_of(view, "message")
    except ValueError as error:  # a view that no message can hold will not fit the next time either
        raise SendFailed(
            f"The message cannot be shown in Slack: {error}", permanent=True
        ) from error
