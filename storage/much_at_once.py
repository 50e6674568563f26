"""Room for many rows in one go: indexes grow costly row by row, and are cheap to build whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Index, Table, func, select
from sqlalchemy.schema import CreateIndex, DropIndex
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import run, table_of

_WORTH_IT = 5_000  # rows; for fewer, parting with an index costs more than it saves
_MEMORY_KB = 64 << 10


class Room:
    """What was made of tables that many rows come into."""

    def __init__(self, session: AsyncSession, highest: dict[Table, int]) -> None:
        self._session = session
        self._highest = highest
        self._usual_cache: int | None = None
        self._to_build: list[Index] = []
        self._made: set[Table] = set()

    def highest(self, model: type[SQLModel]) -> int:
        """Give the highest id that a table had when the first row was still to come."""
        return self._highest[table_of(model)]

    async def make(self, rows: int) -> None:
        """Make room for that many rows, those that came since the beginning among them."""
        if rows < _WORTH_IT:
            return
        embedded = await self._take_memory()
        for table, highest in self._highest.items():
            if table not in self._made and highest < (rows if embedded else 1):
                self._made.add(table)
                indexes = sorted(table.indexes, key=lambda index: str(index.name))
                self._to_build += indexes
                for index in indexes:
                    await run(self._session, DropIndex(index))

    async def close(self, *models: type[SQLModel]) -> None:
        """Build the indexes of these tables: many rows were written, now they are to be read."""
        tables = set(map(table_of, models))
        building = [index for index in self._to_build if index.table in tables]
        self._to_build = [index for index in self._to_build if index not in building]
        for index in building:
            await run(self._session, CreateIndex(index))

    async def _take_memory(self) -> bool:
        connection = await self._session.connection()
        embedded = connection.dialect.name == "sqlite"
        if self._usual_cache is None:
            self._usual_cache = 0
            if embedded:
                found = await connection.exec_driver_sql("PRAGMA cache_size")
                self._usual_cache = found.scalar_one()
                await connection.exec_driver_sql(f"PRAGMA cache_size = -{_MEMORY_KB}")
            else:
                await connection.exec_driver_sql(f"SET LOCAL work_mem = {_MEMORY_KB}")
        return embedded

    async def give_memory_back(self) -> None:
        """Let SQLite's connection have its usual cache again."""
        if self._usual_cache:
            connection = await self._session.connection()
            await connection.exec_driver_sql(f"PRAGMA cache_size = {self._usual_cache}")


@asynccontextmanager
async def much_at_once(
    session: AsyncSession, rows: int, *models: type[SQLModel]
) -> AsyncIterator[Room]:
    """Build the indexes of tables whole at the end, where many more rows come than there are.

    It is part of the transaction: what is not committed has never been without them, and unique
    keys hold throughout. SQLite's readers see the tables as they were. PostgreSQL's would have to
    wait, so there it is done only where a table is empty and nobody has anything to read. Whoever
    does not know how many come says `rows=0`, and `make` as they come.
    """
    highest = {}
    for table in map(table_of, models):
        highest[table] = (await run(session, select(func.max(table.c.id)))).scalar_one() or 0
    room = Room(session, highest)
    await room.make(rows)
    yield room
    await room.close(*models)
    await room.give_memory_back()
