"""What Slack tells of the workspace itself: people who change, and the app's own farewell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.slack.directory import profile_of
from bot.slack.installations import Installations
from handlers.nudging import keep_new_hours
from storage.database import Database

FAREWELLS = frozenset({"app_uninstalled", "tokens_revoked"})


class WorkspaceEvents:
    """Keeps our rows in step with the workspace."""

    def __init__(
        self, database: Database, installations: Installations, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._installations = installations
        self._clock = clock

    async def hear(self, event: Mapping[str, Any], workspace_id: str) -> None:
        """Take in one event; those that do not concern us are passed over."""
        kind = event.get("type")
        if kind == "user_change" and isinstance(event.get("user"), Mapping):
            await self._person_changed(event["user"], workspace_id)
        elif kind in FAREWELLS and _is_farewell(event):
            await self._installations.uninstall(workspace_id)

    async def _person_changed(self, user: Mapping[str, Any], workspace_id: str) -> None:
        """Follow a person's activity, time zone, address and part in the workspace."""
        profile = profile_of(user, workspace_id)
        if profile is None:
            return
        async with self._database.workspace(workspace_id) as work:
            member = await work.members.by_platform_id(profile.platform_user_id)
            if member is None:
                return
            member.active = profile.active
            if not member.active and member.id is not None:
                await work.nudges.withdraw_all(member.id)
            moved = profile.time_zone and profile.time_zone != member.time_zone
            if moved and not member.zone_chosen:
                member.time_zone = profile.time_zone
                member.digest_due_at = None  # worked out anew, in the new zone
                await keep_new_hours(work, member, await work.workspaces.rules(), self._clock())
            member.email = profile.email or member.email
            member.platform_admin = profile.admin
            await work.commit()


def _is_farewell(event: Mapping[str, Any]) -> bool:
    """Whether the app is gone: it was removed, or the bot's own token was revoked."""
    tokens = event.get("tokens")
    return event.get("type") == "app_uninstalled" or bool(
        isinstance(tokens, Mapping) and tokens.get("bot")
    )
