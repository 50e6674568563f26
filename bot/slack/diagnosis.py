"""What Slack says about our installation, for whoever has to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from bot.slack.connection import SlackConnection
from bot.slack.web_api import asked, data_of
from domain.errors import SendFailed


@dataclass(frozen=True, slots=True)
class Facts:
    """Who we are to Slack. `scopes` and `slack_time` are None where Slack did not say."""

    workspace_id: str
    workspace_name: str
    scopes: frozenset[str] | None
    slack_time: datetime | None


async def facts(connection: SlackConnection) -> Facts:
    """Ask Slack about the one token. Raises `Refused` or `SendFailed`."""
    workspace_id = await connection.identify()
    client = connection.api.client(await connection.installations.token(workspace_id))
    response = await asked(client.auth_test())
    headers = {str(key).lower(): str(value) for key, value in _headers(response.headers).items()}
    scopes = headers.get("x-oauth-scopes")
    date = headers.get("date")
    return Facts(
        workspace_id,
        str(data_of(response).get("team", "")),
        frozenset(scope.strip() for scope in scopes.split(",")) if scopes else None,
        parsedate_to_datetime(date) if date else None,
    )


async def is_in(connection: SlackConnection, workspace_id: str, channel_id: str) -> bool:
    """Say whether the bot is in a channel; False where the channel is not to be seen."""
    client = connection.api.client(await connection.installations.token(workspace_id))
    try:
        answer = data_of(await asked(client.conversations_info(channel=channel_id)))
    except SendFailed:
        return False
    return bool(answer.get("channel", {}).get("is_member"))


def _headers(given: object) -> Mapping[str, object]:
    return given if isinstance(given, Mapping) else {}
