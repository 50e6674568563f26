"""`doctor`: what is well, what is not, and how to mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.app import Application, build
from bot.settings import Settings
from bot.slack import diagnosis
from bot.slack.diagnosis import Facts
from bot.slack.manifest import SCOPES
from domain.errors import SendFailed
from storage.migrating import is_current

_CLOCK_MAY_DIFFER = timedelta(minutes=2)
"""Slack refuses to be answered, and we its requests, at five minutes; two leave room."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, what was found, and how to mend it where it is not well."""

    what: str
    well: bool
    found: str
    mend: str = ""

    def as_dict(self) -> dict[str, str | bool]:
        """Give it for JSON."""
        return asdict(self)


async def examine(settings: Settings, workspace_id: str | None) -> list[Finding]:
    """Look at database, tokens, scopes, clock and channels of an installation.

    Where workspaces install by themselves, `workspace_id` says whose token and channels are meant.
    """
    app = build(settings)
    try:
        database = await _database(app)
        found = [database, _listening(settings)]
        slack = app.slack.connection
        try:
            token = settings.slack_bot_token
            if workspace_id and not token:
                token = await slack.installations.token(workspace_id)
            if not token:
                return [*found, _no_token(settings)]
            facts = await diagnosis.facts(slack.api, token)
        except SendFailed as failure:
            return [*found, _bad_token(failure)]
        found += _slack(app, facts)
        if database.well:
            found += [finding async for finding in _channels(app, facts.workspace_id, token)]
        return found
    finally:
        await app.close()


async def _database(app: Application) -> Finding:
    try:
        current = await is_current(app.database)
    except (SQLAlchemyError, OSError) as error:
        return Finding(
            "database", False, type(error).__name__, "Check DATABASE_URL and the server."
        )
    if not current:
        return Finding("database", False, "not up to date", "Run: python -m bot migrate")
    return Finding("database", True, f"{app.database.kind}, up to date")


def _listening(settings: Settings) -> Finding:
    if settings.slack_app_token:
        return Finding("listening", True, "Socket Mode")
    if settings.slack_signing_secret:
        return Finding("listening", True, f"signed HTTP on port {settings.port}")
    return Finding(
        "listening",
        False,
        "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set",
        "Socket Mode needs the first, HTTP the second: see the app's Basic Information.",
    )


def _no_token(settings: Settings) -> Finding:
    if settings.slack_client_id:
        return Finding("token", True, "none: workspaces install at /slack/install")
    return Finding(
        "token",
        False,
        "no SLACK_BOT_TOKEN",
        "Set SLACK_BOT_TOKEN in .env: it is on the app's page OAuth & Permissions.",
    )


def _bad_token(failure: SendFailed) -> Finding:
    if failure.permanent:
        mend = "Copy SLACK_BOT_TOKEN again from the app's page OAuth & Permissions."
    else:
        mend = "Check the way to Slack: SLACK_API_URL, the proxy, the firewall."
    return Finding("token", False, failure.reason, mend)


def _slack(app: Application, facts: Facts) -> Iterator[Finding]:
    yield Finding("token", True, f"workspace {facts.workspace_name} ({facts.workspace_id})")
    if facts.scopes is not None:
        missing = sorted(set(SCOPES) - facts.scopes)
        yield Finding(
            "scopes",
            not missing,
            f"missing {', '.join(missing)}" if missing else "all there",
            "Update the app with `python -m bot manifest` and install it again.",
        )
    if facts.slack_time is not None:
        drift = abs(app.clock() - facts.slack_time)
        yield Finding(
            "clock",
            drift < _CLOCK_MAY_DIFFER,
            f"{drift.total_seconds():.0f} s from Slack's",
            "Set this machine's clock by NTP.",
        )


async def _channels(app: Application, workspace_id: str, token: str) -> AsyncIterator[Finding]:
    async with app.database.reading(workspace_id) as work:
        rules = await work.workspaces.rules()
    for key in ("team_channel", "leaderboard_channel"):
        channel = getattr(rules, key)
        if not channel:
            yield Finding(key, True, "not set, so nothing is posted there")
            continue
        member = await diagnosis.is_in(app.slack.connection.api, token, channel)
        yield Finding(
            key,
            member,
            "the bot is in it" if member else "the bot is not in it",
            "Invite it there: /invite @Lost & Found",
        )
