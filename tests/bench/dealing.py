"""Dealing a full drawer out, against bare SQL that writes the same rows.

Ours plans, explains and carries out a deal as a press does. The floor is one `INSERT … SELECT`
whose window function counts the accounts off to the reps, with what a deal writes beside it: who
holds each account, and what falls due on it.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from domain.rules import Rules
from handlers.dealing import carry_out, plan
from storage.database import Database
from storage.sql import run
from storage.tables.accounts import IN_DRAWER
from tests.bench.full_drawer import NOW, TEAM, fill
from tests.bench.grounds import KINDS, address, ground
from tests.bench.table import Row

_ACCOUNTS = int(os.environ.get("BENCH_DEALT", "200000"))  # six databases are filled
_REPS = 1_000
_MOST_MB = 2_000

_PLAIN = Rules(open_accounts_cap=0, max_lead=0)
_NOW = NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
_TODAY = NOW.date()
_DEAL = (
    "INSERT INTO deal (id, workspace_id, preview_key, dealt_at, turns_json) "
    f"VALUES (1, '{TEAM}', 'by hand', '{_NOW}', '{{}}')"
)
_ASSIGN = (
    "INSERT INTO assignment "
    "(workspace_id, account_id, member_id, deal_id, why, assigned_at, assigned_on) "
    "SELECT workspace_id, id, "
    f"(row_number() OVER (ORDER BY value_minor DESC, name_key) - 1) % {_REPS} + 1, "
    f"1, 'next in turn', '{_NOW}', '{_TODAY}' FROM account "
    f"WHERE workspace_id = '{TEAM}' AND {IN_DRAWER}"
)
_HOLD = (
    f"UPDATE account SET state = 'assigned', touched_at = '{_NOW}', "
    "holder_id = assignment.member_id FROM assignment "
    f"WHERE assignment.account_id = account.id AND assignment.workspace_id = '{TEAM}'"
)
_FALL_DUE = (
    "INSERT INTO deadline (workspace_id, assignment_id, account_id, member_id, kind, due_on, "
    "tell_at, snoozes) "
    "SELECT workspace_id, id, account_id, member_id, '{kind}', '{due_on}', {tell_at}, 0 "
    f"FROM assignment WHERE workspace_id = '{TEAM}' AND deal_id = 1"
)


async def measure(accounts: int = _ACCOUNTS) -> list[Row]:
    """Deal in plain turns, and by value with caps and what each lost kept from them."""
    weighed = replace(_PLAIN, open_accounts_cap=2 * accounts // _REPS, deal_by_value=True)
    rows = []
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder, address(kind, Path(folder)) as url:
            async with ground(url, "by_hand") as floor:
                await fill(floor, accounts, _REPS)
                bare = await _by_hand(floor)
            for what, rules, goal in (("in turn", _PLAIN, 2), ("by value", weighed, 10)):
                name = what.replace(" ", "_")
                async with ground(url, name) as database:
                    await fill(database, accounts, _REPS, lost_by_them=rules is weighed)
                    ours = await _ours(database, rules)
                title = f"{accounts:,} dealt {what}, {kind}"
                rows.append(Row(title, ours, bare, "s", goal))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*rows, Row(f"{accounts:,} dealt: memory at its peak", peak, _MOST_MB, "MB", 1)]


async def _ours(database: Database, rules: Rules) -> float:
    begun = time.perf_counter()
    async with database.workspace(TEAM) as work:
        await carry_out(work, rules, NOW, await plan(work, rules, NOW), None)
        await work.commit()
    return time.perf_counter() - begun


async def _by_hand(database: Database) -> float:
    begun = time.perf_counter()
    async with database.session() as session:
        for statement in (_DEAL, _ASSIGN, _HOLD):
            await run(session, text(statement))
        for kind, days, tell_at in (
            ("contact", 3, "NULL"),
            ("meeting", 14, "NULL"),
            ("overdue", 21, f"'{_NOW}'"),
        ):
            due_on = _TODAY + timedelta(days=days)
            due = _FALL_DUE.format(kind=kind, due_on=due_on, tell_at=tell_at)
            await run(session, text(due))
        await session.commit()
    return time.perf_counter() - begun
