"""Slack's list of people, as handlers ask for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.slack.installations import Installations
from bot.slack.web_api import WebApi, asked, data_of
from domain.errors import SendFailed
from handlers.ports import Profile

_PATIENCE = 1.5  # seconds; somebody waits for the answer to their command
_PATIENCE_WITH_LISTS = 10.0
_REMEMBERED = 60.0  # seconds
_LISTS_REMEMBERED = 300.0
_PAGE = 200  # people; what Slack recommends
_MOST_REMEMBERED = 10_000
_log = logging.getLogger(__name__)


class SlackDirectory:
    """Looks people up by `users.info` and `users.list`, and remembers them for some minutes."""

    def __init__(self, api: WebApi, installations: Installations) -> None:
        self._api = api
        self._installations = installations
        self._profiles: dict[tuple[str, str], tuple[float, Profile]] = {}
        self._lists: dict[str, tuple[float, list[Profile]]] = {}

    async def profile(self, workspace_id: str, platform_user_id: str) -> Profile | None:
        """Look a person up; None where Slack knows nobody by this id or does not answer in time."""
        key = (workspace_id, platform_user_id)
        now = asyncio.get_running_loop().time()
        remembered = self._profiles.get(key)
        if remembered is not None and remembered[0] > now:
            return remembered[1]
        try:
            client = self._api.client(await self._installations.token(workspace_id))
            answer = await asked(client.users_info(user=platform_user_id), seconds=_PATIENCE)
        except SendFailed as failure:
            _log.info("users.info failed: %s", failure.reason)
            return None
        found = profile_of(data_of(answer).get("user") or {}, workspace_id)
        if found is not None:
            if len(self._profiles) >= _MOST_REMEMBERED:
                self._profiles.clear()
            self._profiles[key] = (now + _REMEMBERED, found)
        return found

    async def everyone(self, workspace_id: str) -> list[Profile]:
        """List the active people of a workspace; empty where Slack does not answer."""
        known = self.remembered(workspace_id)
        if known is not None:
            return known
        remembered = _LISTS_REMEMBERED
        try:
            async with asyncio.timeout(_PATIENCE_WITH_LISTS):
                people = await self._all_pages(workspace_id)
        except (SendFailed, TimeoutError) as failure:
            _log.warning("users.list failed: %s", failure)
            people, remembered = [], _REMEMBERED
        now = asyncio.get_running_loop().time()
        self._lists = {key: kept for key, kept in self._lists.items() if kept[0] > now}
        self._lists[workspace_id] = (now + remembered, people)
        return people

    def remembered(self, workspace_id: str) -> list[Profile] | None:
        """Give a list of less than five minutes ago; an empty one for a minute after a failure."""
        until, people = self._lists.get(workspace_id, (0.0, []))
        return people if until > asyncio.get_running_loop().time() else None

    async def _all_pages(self, workspace_id: str) -> list[Profile]:
        client = self._api.client(await self._installations.token(workspace_id))
        people: list[Profile] = []
        cursor = ""
        while True:
            page = data_of(await asked(client.users_list(limit=_PAGE, cursor=cursor or None)))
            found = [profile_of(user, workspace_id) for user in page.get("members", [])]
            people += [p for p in found if p is not None and p.active and not p.bot]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return people


def profile_of(user: Mapping[str, Any], workspace_id: str) -> Profile | None:
    """Read one of Slack's user objects; None where it is no such thing.

    Somebody from another company, met in a shared channel, counts as inactive: nothing here is
    for them.
    """
    user_id = _text(user.get("id"))
    if not user_id:
        return None
    about = _mapping(user.get("profile"))
    names = (about.get("real_name"), user.get("real_name"), about.get("display_name"))
    name = next((n for n in map(_text, (*names, user.get("name"))) if n), user_id)
    teams = _mapping(user.get("enterprise_user")).get("teams")
    homes = teams if isinstance(teams, list) else [user.get("team_id", workspace_id)]
    return Profile(
        platform_user_id=user_id,
        name=name,
        email=_text(about.get("email")) or None,
        time_zone=_zone(_text(user.get("tz"))),
        admin=any(user.get(key) for key in ("is_admin", "is_owner", "is_primary_owner")),
        active=not user.get("deleted") and workspace_id in homes,
        bot=bool(user.get("is_bot")) or user_id == "USLACKBOT",
    )


def _zone(name: str) -> str | None:
    """Give the name of a time zone, if it is one that we know how to reckon with."""
    try:
        return ZoneInfo(name).key
    except (ValueError, KeyError, OSError):
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
