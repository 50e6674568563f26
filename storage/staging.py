"""A table that lasts as long as its transaction: where a file's rows wait to be taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, MetaData, Table, delete, func, select
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import run


def staging_table(name: str, *columns: Column[Any]) -> Table:
    """Describe a staging table; it belongs to no migration, for it never outlives an import."""
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])


class Staging:
    """One staging table of one transaction.

    Rows go in by the driver's own bulk road, past all that would look at each of them. Days are
    written as SQLite keeps them there, and as they are on PostgreSQL.
    """

    def __init__(self, session: AsyncSession, table: Table) -> None:
        self.table = table
        self._session = session
        self._days = {column.name for column in table.columns if isinstance(column.type, Date)}

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
        """Count the rows, and let PostgreSQL know what they are like before it plans with them."""
        connection = await self._session.connection()
        if connection.dialect.name != "sqlite":
            await connection.exec_driver_sql(f"ANALYZE {self.table.name}")
        counted = await run(self._session, select(func.count()).select_from(self.table))
        return int(counted.scalar_one())

    async def add(self, columns: Mapping[str, Sequence[object]]) -> None:
        """Write rows, given by the column; a column that is not given stays empty."""
        if not any(columns.values()):
            return
        connection = await self._session.connection()
        names = ",".join(columns)
        if connection.dialect.name == "sqlite":
            given = [
                _as_sqlite_days(cells) if name in self._days else cells
                for name, cells in columns.items()
            ]
            await connection.exec_driver_sql(
                f"INSERT INTO {self.table.name} ({names}) VALUES ({','.join('?' * len(given))})",  # noqa: S608  # our own names
                list(zip(*given, strict=True)),
            )
        else:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.copy_records_to_table(
                self.table.name,
                records=zip(*columns.values(), strict=True),
                columns=list(columns),
            )


def _as_sqlite_days(days: Sequence[object]) -> list[str | None]:
    written: dict[object, str | None] = {None: None}
    for day in set(days):
        if isinstance(day, date):
            written[day] = day.isoformat()
    return list(map(written.__getitem__, days))
