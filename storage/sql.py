"""The few statements that the two databases spell differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

Insert = sqlite.Insert | postgresql.Insert


def table_of(model: type[SQLModel]) -> Table:
    """Give the table behind a row class, for statements that skip the object layer."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # set by the metaclass
    return table


def insert_into(session: AsyncSession, model: type[SQLModel]) -> Insert:
    """Begin an INSERT that knows `on_conflict_…`, for the database behind `session`."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table_of(model))
    return postgresql.insert(table_of(model))


async def run(
    session: AsyncSession, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[Any]:
    """Execute a Core statement in the session's transaction, past the object layer.

    With `rows` it is executed once for each of them, in batches.
    """
    connection = await session.connection()
    return await connection.execute(statement, rows)


async def insert_ignoring(
    session: AsyncSession, model: type[SQLModel], values: Mapping[str, Any]
) -> bool:
    """Insert one row unless a unique key already holds it; say whether it is new."""
    statement = insert_into(session, model).values(**values).on_conflict_do_nothing()
    return (await run(session, statement)).rowcount == 1
