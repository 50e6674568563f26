"""The sandbox's beginning: the team in its roles, the channels, and a drawer of lost customers."""

from __future__ import annotations

from pathlib import Path

from bot.app import Application
from bot.demo.story import ANNOUNCEMENTS, MAYA, ROLES, TEAM_ID
from domain.columns import Kind
from domain.roles import Role
from handlers import team
from handlers.context import id_of
from handlers.import_file import import_file
from handlers.import_wishes import Wishes
from handlers.settings_page import change

_DRAWER = Path(__file__).parent / "lost_customers.csv"
_SETTINGS = {
    "team_channel": ANNOUNCEMENTS,
    "leaderboard_channel": ANNOUNCEMENTS,
    "time_zone": "America/New_York",
}


async def seed(app: Application) -> None:
    """Put the story into the bot's database, unless somebody is in it already."""
    await app.slack.directory.everyone(TEAM_ID)
    async with app.database.workspace(TEAM_ID) as work:
        if await work.members.team():
            return
        now = app.clock()
        members = {}
        for user, role in ROLES.items():
            profile = await app.slack.directory.profile(TEAM_ID, user)
            if profile is not None:
                members[user] = await team.add(work, profile, Role(role), now)
        await work.session.flush()
        for member in members.values():
            if member.role == Role.REP:
                member.manager_id = id_of(members[MAYA])
        await change(work, now, None, _SETTINGS)
        await import_file(
            work,
            await work.workspaces.rules(),
            now,
            app.slack.directory,
            name=_DRAWER.name,
            source=_DRAWER,
            wishes=Wishes(kind=Kind.LOSSES),
        )
        await work.commit()
