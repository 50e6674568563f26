"""The one place that knows which database we run on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.inline_sqlite import connect
from storage.unit_of_work import UnitOfWork

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_BUSY_MS = 300_000  # another process may be taking in a file of a million rows
_TEMPORARY = "64MB"  # of a long import's rows PostgreSQL holds in memory; taken when there is one
_READ_ONLY = "lost_and_found_read_only"


class Database:
    """SQLite or PostgreSQL behind one face: units of work, each bound to one workspace.

    `url` is plain (`sqlite:///file.db`, `postgresql://…`). SQLite has one writer at a time in the
    process, by a lock; PostgreSQL as many as the pool holds.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.kind = parsed.get_backend_name()
        if self.kind not in _DRIVERS:
            raise ValueError(f"DATABASE_URL names {self.kind}; it takes sqlite or postgresql.")
        self.url = url
        driver_url = parsed.set(drivername=_DRIVERS[self.kind])
        if self.kind == "sqlite":
            path = parsed.database or ":memory:"
            self.engine = create_async_engine(driver_url, async_creator=lambda: connect(path))
            _prepare_sqlite(self.engine)
        else:
            self.engine = create_async_engine(
                driver_url,
                pool_size=8,
                pool_pre_ping=True,
                connect_args={"server_settings": {"temp_buffers": _TEMPORARY}},
            )
        self._reading = self.engine.execution_options(**{_READ_ONLY: True})
        self._writer = asyncio.Lock() if self.kind == "sqlite" else None
        self.outbox_written = asyncio.Event()
        """Set when a message was committed, so that a sender in this process need not wait."""

    @asynccontextmanager
    async def workspace(self, workspace_id: str) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work that may write; what is not committed is rolled back."""
        async with self.session() as session:
            work = UnitOfWork(session, workspace_id)
            yield work
            if work.outbox.wrote_something and work.committed:
                self.outbox_written.set()

    @asynccontextmanager
    async def reading(self, workspace_id: str) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work that only reads, and waits for no writer."""
        async with AsyncSession(self._reading, expire_on_commit=False) as session:
            yield UnitOfWork(session, workspace_id)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Open a session over all workspaces: for finding what is due, never for people."""
        if self._writer is None:
            async with AsyncSession(self.engine, expire_on_commit=False) as session:
                yield session
            return
        async with self._writer, AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[AsyncSession]:
        """Open a session over all workspaces that only reads, and waits for no writer."""
        async with AsyncSession(self._reading, expire_on_commit=False) as session:
            yield session

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Make every SQLite connection durable, patient and strict, and every writer announce itself.

    A writer begins as one: as a reader it would fail at once instead of waiting when two meet.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:
        reads = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
