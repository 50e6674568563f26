"""The app's manifest: what Slack is told of it, made from the registry."""

from __future__ import annotations

from typing import Any

from bot.slack.surfaces import cut
from handlers.registry import COMMANDS

SCOPES = (
    "channels:read",
    "chat:write",
    "commands",
    "dnd:read",
    "files:read",
    "files:write",
    "im:write",
    "users:read",
    "users:read.email",
)
"""What the bot may do. It reads nobody's messages: files come to it as `file_shared`."""

BOT_EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "file_shared",
    "tokens_revoked",
    "user_change",
)

_NAME = "Lost & Found"
_MOST_HINT = 1000


def manifest(public_url: str = "") -> dict[str, Any]:
    """Describe the app to Slack, in the form of its manifest schema.

    With `public_url` (https://bot.example.com) Slack calls us there by HTTP; without, the bot
    opens a socket and needs no address.
    """
    base = public_url.rstrip("/")
    events = {"url": f"{base}/slack/events"} if base else {}
    request = {"request_url": f"{base}/slack/events"} if base else {}
    options = {"message_menu_options_url": f"{base}/slack/events"} if base else {}
    redirect = {"redirect_urls": [f"{base}/slack/oauth_redirect"]} if base else {}
    return {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": _NAME,
            "description": "The win-back desk: why customers left, who visits them, who came back.",
            "background_color": "#1f3a5f",
            "long_description": (
                "A customer leaves; somebody types /lost; the reason is written down. Lost "
                "accounts are dealt out to the team in fair turns, each rep is sent to visit, meet "
                "the decision maker and find out what happened, without a sales pitch; deadlines "
                "and bounties keep it moving, and /found claims the customer who came back."
            ),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": _NAME, "always_online": True},
            "slash_commands": [
                {
                    "command": "/lost",
                    "description": "Write down a loss, or do anything else of Lost & Found",
                    "usage_hint": _hint(),
                    "should_escape": False,
                    **events,
                },
                {
                    "command": "/found",
                    "description": "A lost customer came back: claim the win",
                    "usage_hint": "ACCOUNT",
                    "should_escape": False,
                    **events,
                },
            ],
        },
        "oauth_config": {**redirect, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True, **request, **options},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not base,
            "token_rotation_enabled": False,
        },
    }


def _hint() -> str:
    """Say what may follow `/lost`: a loss in one line, or a command's name."""
    names = " | ".join(sorted(COMMANDS))
    return cut(f"ACCOUNT, REASON | {names}", _MOST_HINT)
