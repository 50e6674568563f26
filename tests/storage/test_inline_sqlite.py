"""SQLite's statements where they stand, and what must not hold up the others."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from storage.inline_sqlite import connect

_PATIENCE_MS = 5_000


async def begins(path: Path) -> None:
    connection = await connect(str(path))
    try:
        await connection.cursor().execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
        await connection.cursor().execute("BEGIN IMMEDIATE")
        waits = connection.cursor()
        await waits.execute("PRAGMA busy_timeout")
        assert await waits.fetchall() == [(_PATIENCE_MS,)]
    finally:
        await connection.close()


async def test_whoever_finds_another_process_writing_waits_and_holds_nobody_up(
    tmp_path: Path,
) -> None:
    path = tmp_path / "desk.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    await begins(path)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(begins(path))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    other.execute("COMMIT")
    await waiting
    other.close()


async def test_only_another_writer_is_waited_for(tmp_path: Path) -> None:
    connection = await connect(str(tmp_path / "desk.db"))
    await connection.cursor().execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        await connection.cursor().execute("BEGIN IMMEDIATE")
    await connection.close()
