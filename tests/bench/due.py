"""Finding what is due and writing its messages, against raw SQL that does the same.

Digests are the nudge of which most fall due at once. Ours is the storage's road that `jobs.digest`
takes; the floor is the driver's own connection with statements written by hand, in batches of the
same size and as durable. The whole job, which reads the rules and renders too, has its own row.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event, text

from domain.roles import Role
from handlers.digests import digest_key
from jobs import digest
from jobs.context import JobContext
from storage import due
from storage.database import Database
from storage.due import DigestPlan
from storage.installing import ensure_workspace
from storage.outbox import NewLetter
from storage.sql import run
from tests.bench.floors import RawDue, raw_due
from tests.bench.grounds import KINDS, address, ground
from tests.bench.table import Row

TEAM = "T0BENCH"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
_VIEW = '{"summary": "Your day", "elements": []}'
_ROUNDS = 7  # a commit waits for the disk, and not always as long
_DUE = 1_000
_FLOOD = 50_000

_MEMBERS = """
INSERT INTO member (id, workspace_id, platform_user_id, name, name_key, role, zone_chosen, active,
  platform_admin, weight, digest_due_at, digest_on, muted, on_board, joined_at, time_zone)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})
SELECT i, '{team}', 'U' || i, 'Rep ' || i, 'rep ' || i, '{role}', false, true,
  false, 100, '{later}', '2026-02-27', '', true, '{now}', 'UTC' FROM n
"""
_FALL_DUE = "UPDATE member SET digest_due_at = '{now}', digest_on = '2026-02-27' WHERE id <= {due}"


async def measure(many: int = 1_000_000, few: int = 10_000) -> list[Row]:
    """Measure on both databases, `_DUE` of them due among `many` and among `few`."""
    rows = []
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder, address(kind, Path(folder)) as url:
            async with ground(url, "among_many") as large, ground(url, "among_few") as small:
                await fill(large, many)
                await fill(small, few)
                rows += await _compare(kind, large, small)
                rows.append(await _flood(kind, large))
    return rows


async def _compare(kind: str, large: Database, small: Database) -> list[Row]:
    floor = await raw_due(large.url)
    roads: dict[str, tuple[Database, Callable[[], Awaitable[int]]]] = {
        "ours": (large, lambda: _ours(large)),
        "floor": (large, lambda: _raw(floor)),
        "few": (small, lambda: _ours(small)),
        "job": (large, lambda: _job(large)),
        "job, few": (small, lambda: _job(small)),
    }
    took: dict[str, list[float]] = {name: [] for name in roads}
    for _ in range(_ROUNDS):
        for name, (database, road) in roads.items():
            await _fall_due(database, _DUE)
            begun = time.perf_counter()
            done = await road()
            took[name].append((time.perf_counter() - begun) * 1000)
            assert done == _DUE, (name, done)
    await floor.close()
    middle = {name: statistics.median(times) for name, times in took.items()}
    what = f"{_DUE:,} due, {kind}"
    return [
        Row(f"find and write, {what}: raw SQL", middle["ours"], middle["floor"], "ms", 1.5),
        Row(f"find and write, {what}: among few", middle["ours"], middle["few"], "ms", 1.5),
        Row(f"the digest job, {what}: among few", middle["job"], middle["job, few"], "ms", 1.5),
    ]


async def _flood(kind: str, database: Database) -> Row:
    """Write very many nudges and count the statements that put them into the outbox."""
    await _fall_due(database, _FLOOD)
    batches = -(-_FLOOD // digest.BATCH)
    with _counted(database) as inserts:
        assert await _ours(database) == _FLOOD
    what = f"{_FLOOD:,} nudges, {kind}: batches"
    return Row(what, len(inserts), batches, "statements", 1)


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    """Note every statement that writes into the outbox."""
    noted: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO outbox"):
            noted.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield noted
    event.remove(engine, "before_cursor_execute", note)


async def _ours(database: Database) -> int:
    """Take the storage's road of the digest, with no digest to think of."""
    done = 0
    while True:
        async with database.looking() as session:
            workspace_id = await due.workspace_with_digest(session, NOW)
        if workspace_id is None:
            return done
        async with database.workspace(workspace_id) as work:
            members = await work.due.members(NOW, digest.BATCH)
            ids = [member.id for member in members]
            await work.due.plan_digests(DigestPlan(one, LATER, NOW.date()) for one in ids)
            letters = [
                NewLetter("digest", digest_key(one, NOW.date()), _VIEW, NOW, one) for one in ids
            ]
            await work.outbox.put_all(letters, NOW)
            await work.commit()
        done += len(members)


async def _raw(floor: RawDue) -> int:
    done = 0
    while found := await floor.batch(NOW, LATER, _VIEW, digest.BATCH):
        done += found
    return done


async def _job(database: Database) -> int:
    context = JobContext(database, NOW, deliver_at=NOW)
    done = 0
    while found := await digest.run_some(context):
        done += found
    return done


async def fill(database: Database, many: int) -> None:
    """Write members whose digests are due tomorrow."""
    async with database.session() as session:
        await ensure_workspace(session, TEAM, now=NOW)
        await run(
            session,
            text(
                _MEMBERS.format(
                    many=many, team=TEAM, role=Role.REP, later=_sql(LATER), now=_sql(NOW)
                )
            ),
        )
        await session.commit()
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE"))


async def _fall_due(database: Database, how_many: int) -> None:
    """Let the digests of some be due, with nothing written yet."""
    async with database.session() as session:
        await run(session, text("DELETE FROM outbox"))
        await run(session, text(_FALL_DUE.format(now=_sql(NOW), due=how_many)))
        await session.commit()


def _sql(at: datetime) -> str:
    """Write an instant as both databases read it in a statement; the session's zone is UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
