"""The driver's own bulk road into a table, past all that would look at each row."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from sqlalchemy import Date, Dialect, Table
from sqlalchemy.types import TypeEngine
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

KEY_IS_TAKEN = (sqlite3.IntegrityError, asyncpg.UniqueViolationError)
"""What the drivers raise where a unique key holds one of the rows already."""


async def write_columns(
    session: AsyncSession, table: Table, columns: Mapping[str, Sequence[object]]
) -> None:
    """Write rows, given by the column; a column that is not given stays empty.

    Days and instants are written as SQLite keeps them there, and as they are on PostgreSQL. Raises
    `KEY_IS_TAKEN`; the rows before that one may have been written.
    """
    connection = await session.connection()
    driver: Any = (await connection.get_raw_connection()).driver_connection
    if connection.dialect.name != "sqlite":
        rows = zip(*columns.values(), strict=True)
        await driver.copy_records_to_table(table.name, records=rows, columns=list(columns))
        return
    kept = [_kept(table.c[key].type, cells, connection.dialect) for key, cells in columns.items()]
    places = ",".join("?" * len(kept))
    statement = f"INSERT INTO {table.name} ({','.join(columns)}) VALUES ({places})"  # noqa: S608  # our own names
    cursor = driver.cursor()
    try:
        await cursor.executemany(statement, zip(*kept, strict=True))
    finally:  # one that failed must not be left for later, when its statement is another's
        await cursor.close()


def _kept(kind: TypeEngine[Any], cells: Sequence[object], dialect: Dialect) -> Sequence[object]:
    """Give days and instants as SQLite keeps them, each distinct one written once."""
    if not isinstance(kind, Date | UTCDateTime):
        return cells
    write = kind.dialect_impl(dialect).bind_processor(dialect)
    if write is None:
        return cells
    written = {cell: write(cell) for cell in set(cells)}
    return list(map(written.__getitem__, cells))
