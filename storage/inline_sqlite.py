"""SQLite without a thread for every step.

The usual asynchronous driver hands each cursor, statement, fetch and close to a thread: four hops
around statements that take a hundredth of that time. Here a statement runs where it stands; only
what waits for a disk or another process (committing, beginning to write while another writes) or
may take long (sets of rows) goes to a thread.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

_TO_WRITE = "BEGIN IMMEDIATE"


class InlineCursor:
    """A cursor of the shape that SQLAlchemy expects of an asynchronous driver."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw.cursor()

    async def __aenter__(self) -> InlineCursor:
        return self

    @property
    def description(self) -> Any:
        return self._raw.description

    @property
    def rowcount(self) -> int:
        return self._raw.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._raw.lastrowid

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Execute one statement; in a thread where it may wait or take long."""
        if statement == _TO_WRITE and self._begins_at_once():
            return
        if _may_take_long(statement):
            await _in_thread(self._raw.execute, statement, parameters)
        else:
            self._raw.execute(statement, parameters)

    def _begins_at_once(self) -> bool:
        """Begin to write, unless another process writes just now: that is waited for elsewhere."""
        connection = self._raw.connection
        [patience] = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute("PRAGMA busy_timeout=0")
        try:
            connection.execute(_TO_WRITE)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            connection.execute(f"PRAGMA busy_timeout={patience}")
        return True

    async def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute a statement for each row, in a thread."""
        await _in_thread(self._raw.executemany, statement, rows)

    async def fetchall(self) -> list[Any]:
        return self._raw.fetchall()

    async def close(self) -> None:
        self._raw.close()


class InlineConnection:
    """A connection in autocommit mode: transactions begin and end where we say so."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._connection = raw  # SQLAlchemy looks here whether it is open

    def cursor(self) -> InlineCursor:
        return InlineCursor(self._raw)

    async def create_function(self, *args: Any, **options: Any) -> None:
        self._raw.create_function(*args, **options)

    async def commit(self) -> None:
        """Commit, in a thread: the disk may take its time."""
        await _in_thread(self._raw.commit)

    async def rollback(self) -> None:
        self._raw.rollback()

    async def close(self) -> None:
        self._raw.close()

    def stop(self) -> None:
        self._raw.close()


async def connect(path: str) -> InlineConnection:
    """Open a database file."""
    return InlineConnection(sqlite3.connect(path, isolation_level=None, check_same_thread=False))


def _may_take_long(statement: str) -> bool:
    """Say whether a statement may wait for another writer, or writes a set of rows."""
    if statement.startswith("SELECT"):
        return False
    return statement == _TO_WRITE or "SELECT" in statement or "CREATE INDEX" in statement


async def _in_thread(call: Callable[..., T], *args: Any) -> T:
    """Run a call in a thread; a cancelled caller waits for it, for the connection is one."""
    running = asyncio.get_running_loop().run_in_executor(None, call, *args)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
