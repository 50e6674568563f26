"""Every upgrade ends at the tables that the code describes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Index, TextClause, inspect, text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  # fills the metadata
from storage.database import Database
from storage.migrating import config, is_current, revisions, upgrade
from tests.conftest import KINDS


@pytest.fixture(params=KINDS)
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path}/empty.db")
    else:
        server = request.getfixturevalue("postgres_server")
        admin = await asyncpg.connect(server)
        name = f"empty_{abs(hash(request.node.name))}"
        await admin.execute(f"CREATE DATABASE {name}")
        await admin.close()
        opened = Database(make_url(server).set(database=name).render_as_string(hide_password=False))
    yield opened
    await opened.close()


def _differences(connection: Connection) -> list[object]:
    """Compare everything but the indexes over an expression, which SQLite cannot tell."""
    told = {index.name for index in _over_an_expression()}

    def is_told(_item: object, name: str | None, *_: object) -> bool:
        return name not in told

    context = MigrationContext.configure(
        connection, opts={"compare_server_default": False, "include_object": is_told}
    )
    return list(compare_metadata(context, SQLModel.metadata))


def _over_an_expression() -> list[Index]:
    return [
        index
        for table in SQLModel.metadata.sorted_tables
        for index in table.indexes
        if any(isinstance(part, TextClause) for part in index.expressions)
    ]


def _made_anew(connection: Connection, index: Index) -> tuple[str, str]:
    """Give how the database words an index of the upgrade, and the same index of the code."""
    worded = text(
        "SELECT sql FROM sqlite_master WHERE name = :name"
        if connection.dialect.name == "sqlite"
        else "SELECT indexdef FROM pg_indexes WHERE indexname = :name"
    )
    upgraded = connection.execute(worded, {"name": index.name}).scalar_one()
    index.drop(connection)
    index.create(connection)
    return upgraded, connection.execute(worded, {"name": index.name}).scalar_one()


@pytest.mark.filterwarnings("ignore:.*expression-based index")
@pytest.mark.parametrize("start", [None, *revisions()])
async def test_an_upgrade_from_any_release_gives_the_tables_of_the_code(
    empty: Database, start: str | None
) -> None:
    if start is not None:
        await upgrade(empty, start)
    await upgrade(empty)
    async with empty.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    assert await is_current(empty)


@pytest.mark.parametrize("index", _over_an_expression(), ids=lambda index: index.name)
async def test_an_index_over_an_expression_is_the_one_of_the_code(
    empty: Database, index: Index
) -> None:
    await upgrade(empty)
    async with empty.engine.begin() as connection:
        upgraded, own = await connection.run_sync(_made_anew, index)
    assert upgraded == own


def _schema(connection: Connection) -> set[tuple[object, ...]]:
    """Give the columns of every table, key and index."""
    seen, found = inspect(connection), set[tuple[object, ...]]()
    for table in seen.get_table_names():
        found |= {(table, column["name"]) for column in seen.get_columns(table)}
        found |= {(table, *each["column_names"]) for each in seen.get_unique_constraints(table)}
        found |= {(each["name"], *each["column_names"]) for each in seen.get_indexes(table)}
        for key in seen.get_foreign_keys(table):
            found.add((table, key["referred_table"], *key["constrained_columns"]))
    return found


@pytest.mark.filterwarnings("ignore:.*expression-based index")
@pytest.mark.parametrize(("older", "newer"), [*pairwise(revisions())])
async def test_a_downgrade_undoes_its_upgrade(empty: Database, older: str, newer: str) -> None:
    await upgrade(empty, older)
    async with empty.engine.connect() as connection:
        before = await connection.run_sync(_schema)
    await upgrade(empty, newer)
    async with empty.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), older))
    async with empty.engine.connect() as connection:
        assert await connection.run_sync(_schema) == before


async def test_an_empty_database_is_not_current(empty: Database) -> None:
    assert not await is_current(empty)


async def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    await upgrade(empty)
    await upgrade(empty)
    assert await is_current(empty)


def test_revisions_are_those_that_alembic_finds_in_its_order() -> None:
    script = ScriptDirectory.from_config(config())
    assert revisions() == [found.revision for found in script.walk_revisions()][::-1]
