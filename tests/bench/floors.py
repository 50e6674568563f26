"""What the driver alone takes to find due digests, move their dates and write their messages."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from typing import Any, Protocol

import asyncpg
from sqlalchemy.engine import make_url

_FIND = "SELECT workspace_id FROM member WHERE digest_due_at <= {} ORDER BY digest_due_at LIMIT 1"
_TAKE = (
    "SELECT * FROM member WHERE workspace_id = {} AND digest_due_at <= {} "
    "ORDER BY digest_due_at, id LIMIT {}"
)
_MOVE = "UPDATE member SET digest_due_at = {}, digest_on = {} WHERE id = {}"
_WRITE = (
    "INSERT INTO outbox (workspace_id, member_id, kind, view_json, dedupe_key, rank, due_at, "
    "promised, created_at, attempts) "
    "VALUES ({}, {}, 'digest', {}, {}, 1, {}, false, {}, 0) ON CONFLICT DO NOTHING"
)


class RawDue(Protocol):
    """The same work over one open connection; a batch is one transaction."""

    async def batch(self, now: datetime, later: datetime, view: str, size: int) -> int:
        """Take up to `size` members whose digest is due and give how many there were."""

    async def close(self) -> None:
        """Hang up."""


class RawSqlite:
    """`RawDue` on SQLite, as durable as ours."""

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")

    async def batch(self, now: datetime, later: datetime, view: str, size: int) -> int:
        """Do it with statements that the driver keeps prepared."""
        do, at, then = self._connection.execute, _written(now), _written(later)
        found = do(_FIND.format("?"), (at,)).fetchone()
        if found is None:
            return 0
        do("BEGIN IMMEDIATE")
        rows = do(_TAKE.format("?", "?", "?"), (found[0], at, size)).fetchall()
        many = self._connection.executemany
        many(_MOVE.format("?", "?", "?"), [(then, str(now.date()), row[0]) for row in rows])
        values = [(*found, row[0], view, _key(row[0], now.date()), at, at) for row in rows]
        many(_WRITE.format(*"??????"), values)
        do("COMMIT")
        return len(rows)

    async def close(self) -> None:
        self._connection.close()


class RawPostgres:
    """`RawDue` on PostgreSQL."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str) -> RawPostgres:
        """Connect."""
        return cls(await asyncpg.connect(url))

    async def batch(self, now: datetime, later: datetime, view: str, size: int) -> int:
        """Do it with statements that the driver keeps prepared."""
        database = self._connection
        found = await database.fetchval(_FIND.format("$1"), now)
        if found is None:
            return 0
        async with database.transaction():
            take = _TAKE.format("$1", "$2", "$3") + " FOR UPDATE SKIP LOCKED"
            rows = await database.fetch(take, found, now, size)
            moved = [(later, now.date(), row[0]) for row in rows]
            await database.executemany(_MOVE.format("$1", "$2", "$3"), moved)
            values = [(found, row[0], view, _key(row[0], now.date()), now, now) for row in rows]
            write = _WRITE.format("$1", "$2", "$3", "$4", "$5", "$6")
            await database.executemany(write, values)
        return len(rows)

    async def close(self) -> None:
        await self._connection.close()


async def raw_due(url: str) -> RawDue:
    """Open the floor on a database."""
    if make_url(url).get_backend_name() == "sqlite":
        return RawSqlite(url)
    return await RawPostgres.open(url)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _key(member_id: int, day: date) -> str:
    return f"digest:{member_id}:{day}"
