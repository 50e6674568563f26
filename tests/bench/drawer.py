"""A page of a full drawer, against raw SQL that finds the same accounts and counts as far.

The floor are statements written by hand for just that question, over the same connections. In
which compartments (ADR 0011) a reason, tier or region lies it has to ask, too: nobody knows them
beforehand, and without them either database would read the drawer from end to end.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import text

from domain.drawer_filter import Sort
from storage.accounts import MANY
from storage.database import Database
from storage.drawer import COUNTED, Sought
from storage.sql import run
from storage.tables.accounts import COMPARTMENT, IN_DRAWER
from tests.bench.full_drawer import TEAM, fill
from tests.bench.grounds import KINDS, address, ground
from tests.bench.table import Row

_ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "1000000"))
_REPS = 1_000
_ROUNDS = 40
_PAGE = 10
_GOAL_MS = 50.0

_FLAGGED = "tier IS NOT NULL AND value_minor IS NOT NULL"  # the first part of the order by value
_BY_VALUE = "value_minor DESC, id DESC"
_NEXT = f"SELECT {COMPARTMENT} FROM account WHERE workspace_id = '{TEAM}' AND {IN_DRAWER}"
_COMPARTMENTS = (
    f"WITH RECURSIVE found(part) AS (SELECT ({_NEXT} ORDER BY 1 LIMIT 1) UNION ALL "
    f"SELECT ({_NEXT} AND {COMPARTMENT} > part ORDER BY 1 LIMIT 1) FROM found "
    "WHERE part IS NOT NULL) SELECT part FROM found WHERE part LIKE '{}'"
)

Answers = tuple[int, list[int]]
"""How many fit, as far as they are counted, and the accounts of a page."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What is looked for, and the same in SQL; `first` narrows to where the page is found.

    `lies` is a pattern of compartments.
    """

    what: str
    sought: Sought
    where: str = "true"
    first: str = "true"
    lies: str = ""
    order: str = _BY_VALUE
    sort: Sort = Sort.VALUE


_QUESTIONS = (
    _Question("a page", Sought(), first=_FLAGGED),
    _Question("a page by age", Sought(), order="lost_on, id", sort=Sort.AGE),
    _Question("a page by name", Sought(), order="name_key, id", sort=Sort.NAME),
    _Question(
        "a search",
        Sought(name="customer 77"),
        "name_key >= 'customer 77' AND name_key < 'customer 78'",
        first=_FLAGGED,
    ),
    _Question(
        "a search that finds nothing",
        Sought(name="zebra"),
        "name_key >= 'zebra' AND name_key < 'zebrb'",
    ),
    _Question(
        "a combined filter",
        Sought(reasons=("price",), region="Central", lost_before=date(2026, 1, 1)),
        "lost_on < '2026-01-01'",
        first=_FLAGGED,
        lies="price\x1f%\x1fCentral",
    ),
    _Question(
        "a combined filter that fits few",
        Sought(reasons=("price",), region="Central", lost_by=(7,)),
        "lost_by_id = 7",
        lies="price\x1f%\x1fCentral",
        order=f"tier IS NULL, {_BY_VALUE}",
    ),
    _Question(
        "days that fit nothing",
        Sought(reasons=("price",), lost_before=date(2020, 1, 1)),
        "lost_on < '2020-01-01' AND reason = 'price'",
    ),
    _Question(
        "a region that fits nothing",
        Sought(region="Atlantis", tier="biggest"),
        lies="%\x1fbiggest\x1fAtlantis",
    ),
)


async def measure(accounts: int = _ACCOUNTS) -> list[Row]:
    """Ask every question of both databases; the medians in a ratio, the slow end beside 50 ms."""
    rows = []
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder, address(kind, Path(folder)) as url:
            async with ground(url, "drawer") as database:
                await fill(database, accounts, _REPS)
                for question in _QUESTIONS:
                    rows += await _compare(kind, database, question)
    return rows


async def _compare(kind: str, database: Database, question: _Question) -> list[Row]:
    roads: dict[str, Callable[[], Awaitable[Answers]]] = {
        "ours": lambda: _ours(database, question),
        "floor": lambda: _by_hand(database, question),
    }
    took: dict[str, list[float]] = {name: [] for name in roads}
    answers: dict[str, Answers] = {}
    for _ in range(_ROUNDS):
        for name, road in roads.items():
            begun = time.perf_counter()
            answers[name] = await road()
            took[name].append((time.perf_counter() - begun) * 1000)
    assert answers["ours"] == answers["floor"], question.what
    middle = {name: statistics.median(times) for name, times in took.items()}
    slow = sorted(took["ours"])[int(_ROUNDS * 0.95)]
    what = f"{question.what}, {kind}"
    return [
        Row(f"{what}: raw SQL", middle["ours"], middle["floor"], "ms", 2),
        Row(f"{what}: p95", slow, _GOAL_MS, "ms", 1),
    ]


async def _ours(database: Database, question: _Question) -> Answers:
    async with database.reading(TEAM) as work:
        found = await work.drawer.find(question.sought, question.sort)
        if not found.count:
            return 0, []
        leaf = await work.drawer.leaf(found, _PAGE)
        return found.count, [account.id or 0 for account in leaf.accounts]


async def _by_hand(database: Database, question: _Question) -> Answers:
    fits = f"FROM account WHERE workspace_id = '{TEAM}' AND {IN_DRAWER} AND {question.where}"
    most = MANY if question.sought == Sought() else COUNTED
    async with database.looking() as session:
        if question.lies:
            found = (await run(session, text(_COMPARTMENTS.format(question.lies)))).scalars().all()
            if not found:
                return 0, []
            listed = ", ".join(f"'{part}'" for part in found)
            fits += f" AND {COMPARTMENT} IN ({listed})"
        counted = f"SELECT count(*) FROM (SELECT 1 {fits} LIMIT {most}) AS counted"
        count = (await run(session, text(counted))).scalar_one()
        if not count:
            return 0, []
        page = f"SELECT * {fits} AND {question.first} ORDER BY {question.order} LIMIT {_PAGE}"
        return count, [row[0] for row in await run(session, text(page))]
