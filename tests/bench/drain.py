"""Emptying the outbox, against APScheduler with one job a nudge in the same database.

Neither is held to a pace, and both render every message as Slack takes it; only the socket is
stood in for. A job of the floor does what the outbox does: it reads its nudge, renders and sends
it, and writes down that it went out, in a session of its own. The rows named "writes nothing down"
are held against a bare job that carries its message along and leaves open whether it went out.

The rows named "in plain SQL" say what no outbox on this database can be quicker than: it claims,
renders and records as ours does, as many at a time, through the driver alone and without a pace,
turns or failures.

APScheduler's store needs a driver that blocks. None for PostgreSQL is among our packages, so it is
measured on SQLite alone, in our own mode: WAL, and a commit waits for the disk.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import create_engine, event, make_url
from sqlmodel import Session, col, select

from bot.app import real_clock
from bot.slack.messages import message_of
from domain.deadlines import Step
from domain.digest import DueItem, digest_of
from domain.pace import UNPACED
from handlers.views.digest import digest_message
from handlers.views.elements import View, say
from jobs.outbox import Delivery
from storage.database import Database
from storage.outbox import NewLetter
from storage.tables import Outbox
from tests.bench.due import NOW, TEAM, fill
from tests.bench.grounds import address, ground
from tests.bench.table import Row

_ROUNDS = 3
_PEOPLE = 200
_NUDGES = 1_000
_JOBS = 200
_LINES = 4
_LEASED, _RECORDED = 256, 64  # at a time, at the most: see `jobs.outbox`
_BARE, _PLAIN = " that writes nothing down", " in plain SQL"
_CLAIM = """
UPDATE outbox SET leased_until = :until, attempts = attempts + 1 WHERE id IN (
  SELECT id FROM outbox
  WHERE workspace_id = :workspace_id AND sent_at IS NULL AND dead_at IS NULL AND due_at <= :now
    AND (leased_until IS NULL OR leased_until <= :now)
  ORDER BY rank, due_at, id LIMIT :most
) RETURNING id, member_id, view_json
"""
_RECORD = """
UPDATE outbox SET sent_at = :now, leased_until = NULL, message_ref = one.value
FROM json_each(:sent) AS one WHERE outbox.id = CAST(one.key AS INTEGER) AND sent_at IS NULL
"""


class Wire:
    """A sender that writes every message as it would go over the wire, and counts them.

    Keeps to `jobs.ports.Sender`.
    """

    def __init__(self) -> None:
        self.sent = 0

    async def send(
        self,
        workspace_id: str,
        *,
        user_id: str | None,
        channel_id: str | None,
        view: View,
        dedupe_key: str,
        update_of: str | None,
    ) -> str:
        """Take a message."""
        json.dumps(message_of(view, "message"))
        self.sent += 1
        return f"{user_id}:{self.sent}"


_wire = Wire()
_sessions: Callable[[], Session]
"""Stands in the module, as APScheduler finds a job by its name and keeps its arguments in a row."""


async def measure() -> list[Row]:
    """Measure them in turns; nudges a second, medians of the rounds."""
    took: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, address("sqlite", Path(folder)) as url:
        async with ground(url, "drained") as database, _scheduler(database) as scheduler:
            await fill(database, _PEOPLE)
            for number, (name, view) in enumerate([*_views().items()] * _ROUNDS):
                rates = {
                    "ours": await _drain(database, view, number),
                    "": await _recorded(database, scheduler, view, number),
                    _PLAIN: await _in_plain_sql(database, view, number),
                    _BARE: await _bare(scheduler, view),
                }
                for which, rate in rates.items():
                    took.setdefault((name, which), []).append(rate)
    middle = {key: statistics.median(rates) for key, rates in took.items()}
    against = "sqlite: APScheduler, one job a nudge"
    return [
        Row(what, middle[name, which], middle[name, floor], "nudges/s", 10, at_most=False)
        for name in _views()
        for what, which, floor in (
            (f"outbox drained of {name}, {against}", "ours", ""),
            (f"outbox drained of {name}, {against}{_BARE}", "ours", _BARE),
            (f"drained of {name}{_PLAIN}, {against}", _PLAIN, ""),
        )
    ]


async def _drain(database: Database, view: str, number: int) -> float:
    await _write(database, view, f"ours:{number}", _NUDGES)
    delivery = Delivery(database, _wire, real_clock, pace=UNPACED)
    begun = time.perf_counter()
    assert await delivery.drain() == _NUDGES
    return _NUDGES / (time.perf_counter() - begun)


async def _in_plain_sql(database: Database, view: str, number: int) -> float:
    await _write(database, view, f"plain:{number}", _NUDGES)
    connection = sqlite3.connect(str(make_url(database.url).database), isolation_level=None)
    _durable(connection, None)
    already, begun = _wire.sent, time.perf_counter()
    while rows := _done(connection, _CLAIM, workspace_id=TEAM, until="9999", most=_LEASED):
        for few in (rows[n : n + _RECORDED] for n in range(0, len(rows), _RECORDED)):
            sent = {id_: await _send(str(member), shown) for id_, member, shown in few}
            _done(connection, _RECORD, sent=json.dumps(sent))
    took = time.perf_counter() - begun
    connection.close()
    assert _wire.sent == already + _NUDGES
    return _NUDGES / took


def _done(connection: sqlite3.Connection, statement: str, **given: object) -> list[Any]:
    """Carry out a statement in a transaction of its own, now."""
    now = f"{real_clock().replace(tzinfo=None)}"
    connection.execute("BEGIN IMMEDIATE")
    rows = connection.execute(statement, {"now": now, **given}).fetchall()
    connection.execute("COMMIT")
    return rows


async def _recorded(database: Database, scheduler: Any, view: str, number: int) -> float:
    await _write(database, view, f"job:{number}", _JOBS)
    with _sessions() as session:
        ids = session.exec(select(Outbox.id).where(col(Outbox.sent_at).is_(None))).all()
    rate = await _schedule(scheduler, send_and_record, [(one,) for one in ids])
    with _sessions() as session:
        assert session.exec(select(Outbox.id).where(col(Outbox.sent_at).is_(None))).all() == []
    return rate


async def _bare(scheduler: Any, view: str) -> float:
    return await _schedule(scheduler, send_one, [(str(n), view) for n in range(_JOBS)])


async def _write(database: Database, view: str, key: str, many: int) -> None:
    async with database.workspace(TEAM) as work:
        letters = [
            NewLetter("digest", f"{key}:{n}", view, NOW, n % _PEOPLE + 1) for n in range(many)
        ]
        await work.outbox.put_all(letters, NOW)
        await work.commit()


@asynccontextmanager
async def _scheduler(database: Database) -> AsyncIterator[Any]:
    """Begin an APScheduler that keeps its jobs in a database; paused."""
    global _sessions  # noqa: PLW0603  # as a small application would have it
    engine = create_engine(database.url)
    event.listen(engine, "connect", _durable)
    _sessions = partial(Session, engine)
    scheduler: Any = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(engine=engine)})
    scheduler.start(paused=True)
    yield scheduler
    scheduler.shutdown()
    engine.dispose()


async def _schedule(scheduler: Any, job: Callable[..., Any], given: Sequence[Any]) -> float:
    """Run a job once with each of the arguments, and give how many were done in a second."""
    now = real_clock()
    for one in given:
        scheduler.add_job(job, "date", run_date=now, args=one, misfire_grace_time=None)
    already = _wire.sent
    begun = time.perf_counter()
    scheduler.resume()
    while _wire.sent < already + len(given):  # each job is out of the store before it is sent
        await asyncio.sleep(0)
    took = time.perf_counter() - begun
    scheduler.pause()
    return len(given) / took


async def send_and_record(letter_id: int) -> None:
    """Send one nudge and write down that it went out, all in one session."""
    with _sessions() as session:
        nudge = session.get_one(Outbox, letter_id)
        nudge.message_ref = await _send(str(nudge.member_id), nudge.view_json)
        nudge.sent_at = real_clock()
        session.commit()


async def send_one(number: str, view_json: str) -> None:
    """Send one nudge."""
    await _send(number, view_json)


async def _send(to: str, view_json: str) -> str:
    return await _wire.send(
        TEAM,
        user_id=to,
        channel_id=None,
        view=View.from_json(view_json),
        dedupe_key=to,
        update_of=None,
    )


def _durable(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _views() -> dict[str, str]:
    """Give a nudge of one sentence, and the digest of somebody with a few things to do."""
    today = date(2026, 3, 2)
    items = [
        DueItem(n, 1, n, f"Customer {n} & Sons", "biggest", Step.MEETING, today)
        for n in range(_LINES)
    ]
    return {
        "sentences": say("Acme is overdue: nobody has been there yet.").to_json(),
        "digests": digest_message(digest_of(items, today)).to_json(),
    }
