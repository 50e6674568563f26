"""Room for many rows in one go: indexes grow costly row by row, and are cheap to build whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Index, func, select
from sqlalchemy.schema import CreateIndex, DropIndex
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import run, table_of

_WORTH_IT = 5_000  # rows; for fewer, parting with an index costs more than it saves
_MEMORY_KB = 64 << 10


@asynccontextmanager
async def much_at_once(
    session: AsyncSession, rows: int, *models: type[SQLModel]
) -> AsyncIterator[None]:
    """Build the indexes of tables whole at the end, where many more rows come than there are.

    It is part of the transaction: what is not committed has never been without them, and unique
    keys hold throughout. SQLite's readers see the tables as they were. PostgreSQL's would have to
    wait, so there it is done only where a table is empty and nobody has anything to read.
    """
    if rows < _WORTH_IT:
        yield
        return
    connection = await session.connection()
    if connection.dialect.name == "sqlite":
        usual = (await connection.exec_driver_sql("PRAGMA cache_size")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA cache_size = -{_MEMORY_KB}")
        indexes = await _indexes_of_shorter_tables(session, rows, models)
    else:
        await connection.exec_driver_sql(f"SET LOCAL work_mem = {_MEMORY_KB}")
        indexes = await _indexes_of_shorter_tables(session, 1, models)
    for index in indexes:
        await run(session, DropIndex(index))
    yield
    for index in indexes:
        await run(session, CreateIndex(index))
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql(f"PRAGMA cache_size = {usual}")


async def _indexes_of_shorter_tables(
    session: AsyncSession, rows: int, models: tuple[type[SQLModel], ...]
) -> list[Index]:
    """Give the indexes, but for unique keys, of the tables that never had so many rows."""
    found: list[Index] = []
    for table in map(table_of, models):
        highest = (await run(session, select(func.max(table.c.id)))).scalar_one() or 0
        if highest < rows:
            found += sorted(table.indexes, key=lambda index: str(index.name))
    return found
