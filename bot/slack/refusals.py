"""What Slack's refusals mean: whether to try again, and a sentence for whoever has to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from domain.errors import SendFailed

_PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)

_NEW_TOKEN = "Install the app again and put the new token into the settings."  # noqa: S105  # a sentence
_SENTENCES: Mapping[str, str] = {
    "account_inactive": f"Slack says that the app was removed from the workspace. {_NEW_TOKEN}",
    "cannot_dm_bot": "This is an app and not a person: no direct message can reach it.",
    "cant_update_message": "Slack does not let the app change this message any more.",
    "channel_not_found": (
        "Slack finds no such channel, or a private one without the app: "
        "choose another with /lost settings, or invite the app."
    ),
    "invalid_auth": f"Slack does not accept the app's token. {_NEW_TOKEN}",
    "invalid_blocks": "Slack could not read the message; this is a fault of the app.",
    "is_archived": "The channel is archived: choose another with /lost settings.",
    "message_not_found": "The message to be replaced is gone.",
    "messages_tab_disabled": "The app's messages are switched off in Slack's settings of the app.",
    "missing_scope": (
        "The app lacks a permission in Slack. Install it again with the current manifest."
    ),
    "not_authed": f"Slack was given no token. {_NEW_TOKEN}",
    "not_in_channel": "The app is not in the channel: invite it there with /invite.",
    "restricted_action": "The workspace does not let the app post in this channel.",
    "token_expired": f"The app's token has run out. {_NEW_TOKEN}",
    "token_revoked": f"The app's token was revoked. {_NEW_TOKEN}",
    "user_disabled": "This person's account in Slack is deactivated.",
    "user_not_found": "Slack knows nobody by this id.",
}


def meaning_of(error: SlackApiError) -> SendFailed:
    """Say what a refused call of the Web API means for whoever wanted to send something."""
    response: Any = error.response
    # The SDK hands over its own response, or aiohttp's where the body was no JSON.
    body = getattr(response, "data", None)
    status = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
    code = str(body.get("error", "")) if isinstance(body, Mapping) else ""
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        wait = _seconds(response.headers.get("Retry-After"))
        return SendFailed("Slack asks us to wait (ratelimited).", retry_after=wait)
    if status >= 500 or not code or code in _PASSING:
        return SendFailed(f"Slack did not take it just now ({code or status}).")
    sentence = _SENTENCES.get(code, "Slack refused it.")
    return SendFailed(f"{sentence[:-1]} ({code}).", permanent=True)


def _seconds(header: str | None) -> float:
    try:
        return max(1.0, float(header or ""))
    except ValueError:
        return 30.0
