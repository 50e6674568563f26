"""A table that lasts as long as its transaction: where a file's rows wait to be taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, MetaData, Table, delete, func, select
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import write_columns
from storage.sql import look_over, run


def staging_table(name: str, *columns: Column[Any]) -> Table:
    """Describe a staging table; it belongs to no migration, for it never outlives an import."""
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])


class Staging:
    """One staging table of one transaction."""

    def __init__(self, session: AsyncSession, table: Table) -> None:
        self.table = table
        self._session = session

    async def open(self) -> None:
        """Make the table."""
        await run(self._session, CreateTable(self.table))
        for index in self.table.indexes:
            await run(self._session, CreateIndex(index))

    async def close(self) -> None:
        """Take the table away again."""
        await run(self._session, DropTable(self.table))

    async def clear(self) -> None:
        """Take all rows out."""
        await run(self._session, delete(self.table))

    async def count(self) -> int:
        """Count the rows, all of which are there by now, and have the table looked over."""
        await look_over(self._session, self.table)
        counted = await run(self._session, select(func.count()).select_from(self.table))
        return int(counted.scalar_one())

    async def add(self, columns: Mapping[str, Sequence[object]]) -> None:
        """Write rows, given by the column; a column that is not given stays empty."""
        if any(columns.values()):
            await write_columns(self._session, self.table, columns)
