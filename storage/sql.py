"""The few statements that the two databases spell differently."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from operator import methodcaller
from typing import Any

from sqlalchemy import (
    CursorResult,
    Executable,
    String,
    Table,
    TableValuedAlias,
    bindparam,
    column,
    func,
    select,
    text,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

Insert = sqlite.Insert | postgresql.Insert

_ROWS = "rows_as_json"


def table_of(model: type[SQLModel]) -> Table:
    """Give the table behind a row class, for statements that skip the object layer."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # set by the metaclass
    return table


def insert_into(session: AsyncSession, model: type[SQLModel]) -> Insert:
    """Begin an INSERT that knows `on_conflict_…`, for the database behind `session`."""
    if is_embedded(session):
        return sqlite.insert(table_of(model))
    return postgresql.insert(table_of(model))


async def run(
    session: AsyncSession, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[Any]:
    """Execute a Core statement in the session's transaction, past the object layer.

    With `rows` it is executed once for each of them, in batches.
    """
    return await session.run_sync(_executed, statement, rows)


def _executed(
    session: Session, statement: Executable, rows: Sequence[Mapping[str, Any]] | None
) -> CursorResult[Any]:
    return session.connection().execute(statement, rows)


def is_embedded(session: AsyncSession) -> bool:
    """Say whether the database is SQLite: it works in our own process, for one writer at a time."""
    return session.get_bind().dialect.name == "sqlite"


async def look_over(session: AsyncSession, table: Table) -> None:
    """Let PostgreSQL know what a table is like after many rows, before it plans with them."""
    if not is_embedded(session):
        connection = await session.connection()
        await connection.exec_driver_sql(f"ANALYZE {table.name}")


async def insert_ignoring(
    session: AsyncSession, model: type[SQLModel], values: Mapping[str, Any]
) -> bool:
    """Insert one row unless a unique key already holds it; say whether it is new."""
    statement = _insert_ignoring(session.get_bind().dialect.name, table_of(model), tuple(values))
    return (await run(session, statement, [values])).rowcount == 1


async def insert_for_id(
    session: AsyncSession, model: type[SQLModel], values: Mapping[str, Any]
) -> int | None:
    """Insert one row and give its id; None where a unique key already holds it."""
    statement = _insert_for_id(session.get_bind().dialect.name, table_of(model), tuple(values))
    given: int | None = (await run(session, statement, [values])).scalar_one_or_none()
    return given


@cache
def _insert_for_id(dialect: str, table: Table, names: tuple[str, ...]) -> Executable:
    return _insert_ignoring(dialect, table, names).returning(table.c.id)


@cache
def _insert_ignoring(dialect: str, table: Table, names: tuple[str, ...]) -> Insert:
    """Make a statement once and for all: putting it together takes longer than carrying it out."""
    values = {name: bindparam(name, type_=table.c[name].type) for name in names}
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return insert.values(values).on_conflict_do_nothing()


async def insert_rows(
    session: AsyncSession,
    model: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    shared: Mapping[str, Any],
) -> None:
    """Insert rows of the same columns, in the same order, in one statement.

    One whose unique key is held already is left out. `shared` is the same in all of them. What
    differs travels as one text of JSON: as parameters each value would cost more than its row does.
    """
    dialect = session.get_bind().dialect.name
    statement = _insert_of_rows(dialect, table_of(model), tuple(shared), tuple(rows[0]))
    if dialect == "sqlite":
        given = json.dumps([[*row.values()] for row in rows], default=_as_sqlite_keeps_it)
    else:
        given = json.dumps(rows, default=methodcaller("isoformat"))
    await run(session, statement, [{_ROWS: given, **shared}])


@cache
def _insert_of_rows(
    dialect: str, table: Table, shared: tuple[str, ...], names: tuple[str, ...]
) -> Insert:
    columns = [table.c[name] for name in names]
    same = [bindparam(name, type_=table.c[name].type) for name in shared]
    if dialect == "sqlite":
        each = func.json_each(bindparam(_ROWS, type_=String())).table_valued("value")
        values = [func.json_extract(each.c.value, f"$[{place}]") for place in range(len(names))]
        given = select(*same, *values).where(true())  # else ON CONFLICT would read as a join's ON
    else:
        typed = [column(c.name, c.type) for c in columns]
        rows = func.json_to_recordset(text(f"CAST(:{_ROWS} AS JSON)")).table_valued(*typed)
        given = select(*same, *rows.render_derived(with_types=True).c)
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return insert.from_select([*shared, *names], given).on_conflict_do_nothing()


def pairs_given(dialect: str, name: str) -> TableValuedAlias:
    """Read a parameter that is one object of JSON as rows of `key` and `value`, both text."""
    if dialect == "sqlite":
        return func.json_each(bindparam(name, type_=String())).table_valued("key", "value")
    return func.json_each_text(text(f"CAST(:{name} AS JSON)")).table_valued("key", "value")


@lru_cache(maxsize=1000)
def _as_sqlite_keeps_it(day: date) -> str:
    if isinstance(day, datetime):
        return day.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return day.isoformat()
