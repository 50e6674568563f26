"""Where the workspace is kept between runs: one SQLite file and a folder of uploads."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS item (
    kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID
"""


class Store:
    """Keeps JSON values under (kind, id) and bytes under an id; in memory when given no folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._bytes: dict[str, bytes] = {}
        if folder is not None:
            (folder / "uploads").mkdir(parents=True, exist_ok=True)
        target = ":memory:" if folder is None else str(folder / "workspace.sqlite")
        self._db = sqlite3.connect(target, isolation_level=None, check_same_thread=False)
        # A crash of the process loses nothing with these; a power cut may lose seconds of a demo.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(SCHEMA)

    def put(self, kind: str, id: str, body: Any) -> None:
        """Keep a value, in place of what was there."""
        self._db.execute(
            "INSERT OR REPLACE INTO item VALUES (?, ?, ?)", (kind, id, json.dumps(body))
        )

    def drop(self, kind: str, id: str) -> None:
        """Forget a value."""
        self._db.execute("DELETE FROM item WHERE kind = ? AND id = ?", (kind, id))

    def all(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Every (id, value) of a kind, by id."""
        rows = self._db.execute("SELECT id, body FROM item WHERE kind = ? ORDER BY id", (kind,))
        for id, body in rows.fetchall():
            yield id, json.loads(body)

    def get(self, kind: str, id: str, default: Any = None) -> Any:
        """One value, or the default."""
        row = self._db.execute(
            "SELECT body FROM item WHERE kind = ? AND id = ?", (kind, id)
        ).fetchone()
        return default if row is None else json.loads(row[0])

    def put_bytes(self, id: str, content: bytes) -> None:
        """Keep an upload."""
        if self._folder is None:
            self._bytes[id] = content
        else:
            (self._folder / "uploads" / id).write_bytes(content)

    def get_bytes(self, id: str) -> bytes | None:
        """An upload's content, or None."""
        if self._folder is None:
            return self._bytes.get(id)
        path = self._folder / "uploads" / id
        return path.read_bytes() if path.is_file() else None

    def clear(self) -> None:
        """Forget everything."""
        self._db.execute("DELETE FROM item")
        self._bytes.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder / "uploads", ignore_errors=True)
            (self._folder / "uploads").mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        self._db.close()
