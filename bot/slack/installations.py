"""Which workspaces we serve, and with which token: one from the settings, or many by OAuth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import exists
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.settings import Settings
from bot.slack.web_api import WebApi, asked, data_of
from domain.errors import Refused, SendFailed
from storage.database import Database
from storage.installing import ensure_workspace
from storage.sql import run
from storage.tables import Member, Workspace

_REMEMBERED = 300.0  # seconds; another process may have installed the workspace anew meanwhile
_NOT_INSTALLED = "The app is not installed in this workspace (any more)."


@dataclass(frozen=True, slots=True)
class Installed:
    """One workspace, the bot's user there and its token."""

    workspace_id: str
    bot_user_id: str
    token: str = field(repr=False)


class Installations:
    """Knows the token of each workspace; asks the database at most every five minutes for it.

    With `SLACK_BOT_TOKEN` there is one workspace and the token is never written down. Without, the
    tokens lie in `workspace.bot_token`, encrypted.
    """

    def __init__(
        self, settings: Settings, database: Database, api: WebApi, clock: Callable[[], datetime]
    ) -> None:
        self._token = settings.slack_bot_token
        self._cipher = (
            Fernet(settings.token_encryption_key) if settings.token_encryption_key else None
        )
        self._database = database
        self._api = api
        self._clock = clock
        self._known: dict[str, tuple[float, Installed]] = {}

    @property
    def single(self) -> bool:
        """Whether there is one workspace only, by the token in the settings."""
        return bool(self._token)

    async def identify(self) -> str:
        """Ask Slack which workspace the one token belongs to, and write it down.

        Raises `Refused` where Slack refuses the token, `SendFailed` where it does not answer.
        """
        try:
            answer = data_of(await asked(self._api.client(self._token).auth_test()))
        except SendFailed as failure:
            if failure.permanent:
                raise Refused(f"SLACK_BOT_TOKEN: {failure.reason}") from failure
            raise
        await self._write(answer["team_id"], str(answer.get("team", "")), answer["user_id"], "")
        self._remember(Installed(answer["team_id"], answer["user_id"], self._token))
        return str(answer["team_id"])

    async def recall(self) -> str | None:
        """Take up the one workspace of the last start, for when Slack does not answer now."""
        if not self.single:
            return None
        async with self._database.session() as session:
            rows = await session.exec(
                select(Workspace).where(
                    Workspace.platform == "slack", Workspace.bot_token == "", col(Workspace.active)
                )
            )
            found = [row for row in rows if row.bot_user_id]
        if len(found) != 1:
            return None
        return self._remember(
            Installed(found[0].id, found[0].bot_user_id, self._token)
        ).workspace_id

    async def of(self, workspace_id: str) -> Installed | None:
        """Give what is known of a workspace; None where the app is not installed."""
        known = self._known.get(workspace_id)
        if known is not None and (self.single or known[0] > _now()):
            return known[1]
        if self.single:
            return None
        async with self._database.reading(workspace_id) as work:
            row = await work.workspaces.get()
        if row is None or not row.active or not row.bot_token:
            return None
        return self._remember(Installed(row.id, row.bot_user_id, self._decrypted(row.bot_token)))

    async def token(self, workspace_id: str) -> str:
        """Give a workspace's token, or raise a permanent `SendFailed`."""
        installed = await self.of(workspace_id)
        if installed is None:
            raise SendFailed(_NOT_INSTALLED, permanent=True)
        return installed.token

    async def install(self, answer: dict[str, Any]) -> str:
        """Keep what `oauth.v2.access` gave and return the workspace's name.

        Raises `Refused` for an installation into a whole organisation.
        """
        team = answer.get("team") or {}
        if answer.get("is_enterprise_install") or not team.get("id"):
            raise Refused("Please install the app into a workspace, not into the organisation.")
        if self._cipher is None:
            raise Refused("TOKEN_ENCRYPTION_KEY is missing: no token can be kept without it.")
        encrypted = self._cipher.encrypt(answer["access_token"].encode()).decode()
        name = str(team.get("name", ""))
        await self._write(team["id"], name, answer["bot_user_id"], encrypted)
        self._known.pop(team["id"], None)
        return name

    async def uninstall(self, workspace_id: str) -> None:
        """Forget a workspace's token; its rows stay, for it may come back."""
        self._known.pop(workspace_id, None)
        async with self._database.workspace(workspace_id) as work:
            await run(
                work.session,
                update(Workspace)
                .where(col(Workspace.id) == workspace_id)
                .values(active=False, bot_token=""),
            )
            await work.commit()

    async def dm_of(self, workspace_id: str, user_id: str) -> str | None:
        """Give the channel of a member's DM with the bot, where it was opened before."""
        async with self._database.reading(workspace_id) as work:
            member = await work.members.by_platform_id(user_id)
        return member.dm_channel if member else None

    async def keep_dm(self, workspace_id: str, user_id: str, channel: str) -> None:
        """Keep which channel is a member's DM; opening one is what Slack lets us do seldom."""
        async with self._database.workspace(workspace_id) as work:
            await run(
                work.session,
                update(Member)
                .where(
                    col(Member.workspace_id) == workspace_id,
                    col(Member.platform_user_id) == user_id,
                )
                .values(dm_channel=channel),
            )
            await work.commit()

    async def _write(self, team_id: str, name: str, bot_user_id: str, bot_token: str) -> None:
        async with self._database.session() as session:
            await ensure_workspace(session, team_id, now=self._clock(), name=name)
            await self._forget_dms(session, team_id, bot_user_id)
            await run(
                session,
                update(Workspace)
                .where(col(Workspace.id) == team_id)
                .values(name=name, bot_user_id=bot_user_id, bot_token=bot_token, active=True),
            )
            await session.commit()

    async def _forget_dms(self, session: AsyncSession, team_id: str, bot_user_id: str) -> None:
        """Forget the DMs of another bot user: an app that was installed anew has new ones."""
        changed = exists().where(
            col(Workspace.id) == team_id, col(Workspace.bot_user_id) != bot_user_id
        )
        await run(
            session,
            update(Member)
            .where(
                col(Member.workspace_id) == team_id, col(Member.dm_channel).is_not(None), changed
            )
            .values(dm_channel=None),
        )

    def _remember(self, installed: Installed) -> Installed:
        self._known[installed.workspace_id] = (_now() + _REMEMBERED, installed)
        return installed

    def _decrypted(self, stored: str) -> str:
        try:
            if self._cipher is None:
                raise InvalidToken
            return self._cipher.decrypt(stored.encode()).decode()
        except InvalidToken:
            raise SendFailed(
                "The stored token cannot be read with this TOKEN_ENCRYPTION_KEY.", permanent=True
            ) from None


def _now() -> float:
    return asyncio.get_running_loop().time()
