"""What the environment decides: read once, every mistake reported at once and by name."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from domain.errors import LostAndFoundError

VARIABLES: dict[str, str] = {
    "SLACK_BOT_TOKEN": "the bot's token (xoxb-…), for one workspace",
    "SLACK_APP_TOKEN": "the app-level token (xapp-…); with it the bot uses Socket Mode",
    "SLACK_SIGNING_SECRET": "what Slack signs its requests with; needed without Socket Mode",
    "SLACK_CLIENT_ID": "for installing into many workspaces",
    "SLACK_CLIENT_SECRET": "for installing into many workspaces",
    "SLACK_API_URL": "where the Web API is, ending in /api/ (Slack's own unless set)",
    "DATABASE_URL": "sqlite:///file.db or postgresql://user:password@host/name",
    "PORT": "the port that the web process listens on",
    "WORKER_PORT": "the port on which a worker answers /healthz, /readyz and /metrics, if any",
    "LOG_LEVEL": "debug, info, warning or error",
    "LOG_FORMAT": "text for people, json for machines",
    "SENTRY_DSN": "where errors are reported, if anywhere",
    "TOKEN_ENCRYPTION_KEY": "a Fernet key that encrypts stored tokens; needed for many workspaces",
}
"""Every variable that is read, with the line `.env.example` gives it."""

SLACK_API = "https://slack.com/api/"

_CANNOT_SPEAK = (
    "SLACK_BOT_TOKEN is missing (or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, for many workspaces)"
)


class SettingsError(LostAndFoundError):
    """The environment cannot be used; `mistakes` says everything that is wrong with it."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a process. An empty string is a variable that was not set."""

    database_url: str = "sqlite:///lost-and-found.db"
    port: int = 3000
    worker_port: int | None = None
    slack_bot_token: str = ""
    slack_app_token: str = ""
    slack_signing_secret: str = ""
    slack_client_id: str = ""
    slack_client_secret: str = ""
    slack_api_url: str = SLACK_API
    log_level: str = "info"
    log_format: str = "text"
    sentry_dsn: str = ""
    token_encryption_key: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings, or raise `SettingsError` with all mistakes."""
        given = {name: environ.get(name, "").strip() for name in VARIABLES}
        mistakes = [
            mistake
            for mistake in (
                _database_mistake(given["DATABASE_URL"]),
                _port_mistake("PORT", given),
                _port_mistake("WORKER_PORT", given),
                _api_mistake(given["SLACK_API_URL"]),
                _choice_mistake("LOG_LEVEL", given, ("debug", "info", "warning", "error")),
                _choice_mistake("LOG_FORMAT", given, ("text", "json")),
                _key_mistake(given["TOKEN_ENCRYPTION_KEY"]),
                _pair_mistake(given, "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"),
            )
            if mistake
        ]
        if given["SLACK_CLIENT_ID"] and not given["TOKEN_ENCRYPTION_KEY"]:
            mistakes.append("TOKEN_ENCRYPTION_KEY is needed where workspaces install by themselves")
        if mistakes:
            raise SettingsError(mistakes)
        unset = cls()
        return cls(
            database_url=given["DATABASE_URL"] or unset.database_url,
            port=int(given["PORT"] or unset.port),
            worker_port=int(given["WORKER_PORT"]) if given["WORKER_PORT"] else None,
            slack_bot_token=given["SLACK_BOT_TOKEN"],
            slack_app_token=given["SLACK_APP_TOKEN"],
            slack_signing_secret=given["SLACK_SIGNING_SECRET"],
            slack_client_id=given["SLACK_CLIENT_ID"],
            slack_client_secret=given["SLACK_CLIENT_SECRET"],
            slack_api_url=given["SLACK_API_URL"] or unset.slack_api_url,
            log_level=given["LOG_LEVEL"].lower() or unset.log_level,
            log_format=given["LOG_FORMAT"].lower() or unset.log_format,
            sentry_dsn=given["SENTRY_DSN"],
            token_encryption_key=given["TOKEN_ENCRYPTION_KEY"],
        )

    def require_token(self) -> None:
        """Raise `SettingsError` where there is no way to speak in Slack."""
        if not self.slack_bot_token and not self.slack_client_id:
            raise SettingsError([_CANNOT_SPEAK])

    def require_slack(self) -> None:
        """Raise `SettingsError` where there is no way to talk with Slack, both ways."""
        mistakes = []
        if not self.slack_bot_token and not self.slack_client_id:
            mistakes.append(_CANNOT_SPEAK)
        if not self.slack_app_token and not self.slack_signing_secret:
            mistakes.append("SLACK_SIGNING_SECRET is missing (or SLACK_APP_TOKEN, for Socket Mode)")
        if mistakes:
            raise SettingsError(mistakes)

    @property
    def logging_level(self) -> int:
        """The level as the logging module counts it."""
        return logging.getLevelNamesMapping()[self.log_level.upper()]


def _database_mistake(url: str) -> str:
    if not url:
        return ""
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError:
        kind = ""
    if kind in {"sqlite", "postgresql"}:
        return ""
    return "DATABASE_URL is not an address of the form sqlite:///… or postgresql://…"


def _port_mistake(name: str, given: Mapping[str, str]) -> str:
    port = given[name]
    if not port or (port.isdecimal() and int(port) < 65_536):
        return ""
    return f"{name} is not a number from 0 to 65535"


def _api_mistake(url: str) -> str:
    if not url or (url.startswith(("http://", "https://")) and url.endswith("/api/")):
        return ""
    return "SLACK_API_URL has to be an address that ends in /api/"


def _choice_mistake(name: str, given: Mapping[str, str], choices: tuple[str, ...]) -> str:
    if given[name].lower() in {"", *choices}:
        return ""
    return f"{name} is one of {', '.join(choices)}"


def _key_mistake(key: str) -> str:
    try:
        if key:
            Fernet(key)
    except ValueError:
        return "TOKEN_ENCRYPTION_KEY is not a Fernet key (32 bytes, url-safe base64)"
    return ""


def _pair_mistake(given: Mapping[str, str], one: str, other: str) -> str:
    if bool(given[one]) == bool(given[other]):
        return ""
    missing = other if given[one] else one
    return f"{missing} is missing: the two belong together"
