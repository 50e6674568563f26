"""Room for many rows in one go on SQLite, whose indexes grow costly row by row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func, select
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import run, table_of

_WORTH_IT = 5_000  # rows; for fewer, parting with an index costs more than it saves
_CACHE_KB = 64 << 10
_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql > ''"


@asynccontextmanager
async def much_at_once(
    session: AsyncSession, rows: int, *models: type[SQLModel]
) -> AsyncIterator[None]:
    """Put the indexes of tables in order once at the end, where more rows come than there are.

    It is part of the transaction: nobody else sees a table without its indexes, and what is not
    committed has never been without. Unique keys hold throughout. On PostgreSQL, where it would
    lock the tables for everybody, nothing is done.
    """
    connection = await session.connection()
    if connection.dialect.name != "sqlite" or rows < _WORTH_IT:
        yield
        return
    usual_cache = (await connection.exec_driver_sql("PRAGMA cache_size")).scalar_one()
    await connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KB}")
    indexes: dict[str, str] = {}
    for table in map(table_of, models):
        highest = (await run(session, select(func.max(table.c.id)))).scalar_one()
        if rows > (highest or 0):
            found = await connection.exec_driver_sql(_INDEXES, (table.name,))
            indexes.update((row.name, row.sql) for row in found)
    for name in indexes:
        await connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for statement in indexes.values():
        await connection.exec_driver_sql(statement)
    await connection.exec_driver_sql(f"PRAGMA cache_size = {usual_cache}")
