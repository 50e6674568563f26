"""Bringing a database to the present schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x10_57_F0_0D  # any number that nothing else here locks: one process upgrades at a time


async def upgrade(database: Database, to: str = "head") -> None:
    """Carry out the migrations that are missing, all or none.

    Processes that start together wait for one another; those that come second find nothing to do.
    """
    if to == "head" and await is_current(database):
        return
    async with database.engine.begin() as connection:
        if database.kind == "postgresql":
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await connection.run_sync(_upgrade, to)


async def is_current(database: Database) -> bool:
    """Say whether the database has every migration."""
    async with database.engine.connect() as connection:
        found = await connection.run_sync(_revision)
    return found == revisions()[-1]


def revisions() -> list[str]:
    """Name every revision, oldest first: each is called as its file is, by number."""
    return sorted(file.stem for file in (_FOLDER / "versions").glob("[0-9]*.py"))


def config(connection: Connection | None = None) -> Config:
    """Make the Alembic configuration; there is no file of it."""
    from alembic.config import Config  # noqa: PLC0415  # only who upgrades needs it, which is rare

    made = Config()
    made.set_main_option("script_location", str(_FOLDER))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command  # noqa: PLC0415  # only who upgrades needs it, which is rare

    command.upgrade(config(connection), to)


def _revision(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
