"""The application and the workspace that a command works on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlmodel import select

from bot.app import Application, build
from bot.cli.wrong_usage import WrongUsage
from bot.settings import Settings
from storage.migrating import is_current, upgrade
from storage.tables import Workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """An application at work on one workspace."""

    app: Application
    workspace_id: str


@asynccontextmanager
async def opened(settings: Settings, workspace_id: str | None) -> AsyncIterator[Desk]:
    """Open the application for one command, on the workspace named or the only one there is.

    SQLite is upgraded on the way; PostgreSQL has to be, by `python -m bot migrate`.
    """
    app = build(settings)
    try:
        await bring_up_to_date(app)
        yield Desk(app, await _which(app, workspace_id))
    finally:
        await app.close()


async def bring_up_to_date(app: Application) -> None:
    """Upgrade the embedded database; refuse one that others may be using."""
    if app.database.kind == "sqlite":
        await upgrade(app.database)
    elif not await is_current(app.database):
        raise WrongUsage("The database is not up to date. Run: python -m bot migrate")


async def _which(app: Application, wanted: str | None) -> str:
    own = await app.own_workspace()
    async with app.database.session() as session:
        known = list(await session.exec(select(Workspace.id).order_by(Workspace.id)))
    if wanted:
        if wanted not in known:
            raise WrongUsage(f"There is no workspace {wanted} here. There are: {_listed(known)}.")
        return wanted
    if own:
        return own
    if len(known) == 1:
        return known[0]
    if known:
        raise WrongUsage(f"Say which workspace with --workspace. There are: {_listed(known)}.")
    raise WrongUsage("No workspace yet: set SLACK_BOT_TOKEN, or install the app into one.")


def _listed(known: list[str]) -> str:
    return ", ".join(known) or "none"
