"""What Slack says about our installation, for whoever has to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from bot.slack.web_api import WebApi, asked, data_of
from domain.errors import SendFailed


@dataclass(frozen=True, slots=True)
class Facts:
    """Who we are to Slack. `scopes` and `slack_time` are None where Slack did not say."""

    workspace_id: str
    workspace_name: str
    scopes: frozenset[str] | None
    slack_time: datetime | None


async def facts(api: WebApi, token: str) -> Facts:
    """Ask Slack about a token. Raises `SendFailed`, permanent where Slack refuses it."""
    await api.open()
    response = await asked(api.client(token).auth_test())
    headers = {str(key).lower(): str(value) for key, value in _headers(response.headers).items()}
    scopes = headers.get("x-oauth-scopes")
    date = headers.get("date")
    return Facts(
        str(data_of(response).get("team_id", "")),
        str(data_of(response).get("team", "")),
        frozenset(scope.strip() for scope in scopes.split(",")) if scopes else None,
        parsedate_to_datetime(date) if date else None,
    )


async def is_in(api: WebApi, token: str, channel_id: str) -> bool:
    """Say whether the bot is in a channel; False where the channel is not to be seen."""
    try:
        answer = data_of(await asked(api.client(token).conversations_info(channel=channel_id)))
    except SendFailed:
        return False
    return bool(answer.get("channel", {}).get("is_member"))


def _headers(given: object) -> Mapping[str, object]:
    return given if isinstance(given, Mapping) else {}
