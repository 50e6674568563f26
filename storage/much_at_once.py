"""Room for many rows in one go: indexes grow costly row by row, and are cheap to build whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from sqlalchemy import Index, Table, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, DropIndex
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import is_embedded, look_over, run, table_of

_WORTH_IT = 5_000  # rows; for fewer, parting with an index costs more than it saves
_MEMORY_KB = 64 << 10


class TwoAreTheSame(Exception):
    """Of the rows that came without their unique keys, two have the same."""


class Room:
    """What was made of tables that many rows come into."""

    def __init__(self, session: AsyncSession, highest: dict[Table, int], *, strict: bool) -> None:
        self._session = session
        self._highest = highest
        self._strict = strict
        self._many = False
        self._usual_cache: int | None = None
        self._indexes: dict[Table, list[Index]] = {}
        self._keys: dict[Table, dict[str, str]] = {}

    def highest(self, model: type[SQLModel]) -> int:
        """Give the highest id that a table had when the first row was still to come."""
        return self._highest[table_of(model)]

    async def make(self, rows: int, *, all_new: bool = False) -> None:
        """Make room for that many rows, those that came since the beginning among them.

        Of rows that should be `all_new`, PostgreSQL looks whether they are when its keys are built
        again, which is far quicker than one by one.
        """
        self._many = rows >= _WORTH_IT
        if not self._many:
            return
        await self._take_memory()
        embedded = is_embedded(self._session)
        for table, highest in self._highest.items():
            if table in self._indexes or highest >= (rows if embedded else 1):
                continue
            self._indexes[table] = sorted(table.indexes, key=lambda index: str(index.name))
            for index in self._indexes[table]:
                await run(self._session, DropIndex(index))
            if all_new and not embedded and not self._strict:
                empty = [each for each, had in self._highest.items() if not had]
                self._keys[table] = _keys(table, empty)
                for name in self._keys[table]:
                    await self._alter(table, f"DROP CONSTRAINT {name}")

    async def look_again(self, model: type[SQLModel]) -> None:
        """Have a table looked over after many rows.

        PostgreSQL would think that a workspace new to it has none, and go through all for each.
        """
        if self._many:
            await look_over(self._session, table_of(model))

    async def keep_keys(self) -> None:
        """Have all keys again; raises `TwoAreTheSame`."""
        for table in list(self._keys):
            for name, key in self._keys.pop(table).items():
                try:
                    await self._alter(table, f"ADD CONSTRAINT {name} {key}")
                except IntegrityError as error:
                    raise TwoAreTheSame from error

    async def _alter(self, table: Table, how: str) -> None:
        connection = await self._session.connection()
        await connection.exec_driver_sql(f"ALTER TABLE {table.name} {how}")

    async def close(self, *models: type[SQLModel]) -> None:
        """Build the indexes of these tables: many rows were written, now they are to be read."""
        await self.keep_keys()
        for table in map(table_of, models):
            for index in self._indexes.pop(table, ()):
                await run(self._session, CreateIndex(index))

    async def _take_memory(self) -> None:
        if self._usual_cache is not None:
            return
        self._usual_cache = 0
        connection = await self._session.connection()
        if is_embedded(self._session):
            found = await connection.exec_driver_sql("PRAGMA cache_size")
            self._usual_cache = found.scalar_one()
            await connection.exec_driver_sql(f"PRAGMA cache_size = -{_MEMORY_KB}")
        else:
            await connection.exec_driver_sql(f"SET LOCAL work_mem = {_MEMORY_KB}")

    async def give_memory_back(self) -> None:
        """Let SQLite's connection have its usual cache again."""
        if self._usual_cache:
            connection = await self._session.connection()
            await connection.exec_driver_sql(f"PRAGMA cache_size = {self._usual_cache}")


def _keys(table: Table, tables: Collection[Table]) -> dict[str, str]:
    """Give a table's unique keys, and its foreign keys to `tables`, by PostgreSQL's names."""
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    lists = sorted([column.name for column in key.columns] for key in unique)
    keys = {
        f"{'_'.join((table.name, *names))}_key": f"UNIQUE ({','.join(names)})" for names in lists
    }
    for foreign in table.foreign_keys:
        if foreign.column.table in tables:
            name = f"{table.name}_{foreign.parent.name}_fkey"
            keys[name] = (
                f"FOREIGN KEY ({foreign.parent.name}) REFERENCES {foreign.column.table.name}"
            )
    return keys


@asynccontextmanager
async def much_at_once(
    session: AsyncSession, rows: int, *models: type[SQLModel], strict: bool = True
) -> AsyncIterator[Room]:
    """Build the indexes of tables whole at the end, where many more rows come than there are.

    It is part of the transaction: what is not committed has never been without them. SQLite's
    readers see the tables as they were. PostgreSQL's would have to wait, so there it is done only
    where a table is empty and nobody has anything to read. Whoever does not know how many rows
    come says 0, and `make` as they come. Unique keys hold throughout where it is `strict`;
    otherwise the end may raise `TwoAreTheSame`.
    """
    highest = {}
    for table in map(table_of, models):
        highest[table] = (await run(session, select(func.max(table.c.id)))).scalar_one() or 0
    room = Room(session, highest, strict=strict)
    await room.make(rows)
    yield room
    await room.close(*models)
    await room.give_memory_back()
