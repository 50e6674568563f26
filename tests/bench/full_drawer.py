"""A drawer as full as is wanted, and reps to deal it to."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from storage.database import Database
from storage.installing import ensure_workspace
from storage.sql import run

TEAM = "T0BENCH"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

_REPS = """
INSERT INTO member (id, workspace_id, platform_user_id, name, name_key, role, zone_chosen, active,
  platform_admin, weight, muted, on_board, joined_at, time_zone)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {reps})
SELECT i, '{team}', 'U' || i, 'Rep ' || i, 'rep ' || i, 'rep', false, true,
  false, 100, '', true, '{now}', 'UTC' FROM n
"""
_ACCOUNTS = """
INSERT INTO account (id, workspace_id, name, name_key, external_id, state, tier, region, reason,
  value_minor, currency, lost_by_id, lost_on, created_at, touched_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {accounts})
SELECT i, '{team}', 'Customer ' || i || ' Trading', 'customer ' || i || ' trading', 'A' || i,
  CASE WHEN i % 7 = 0 THEN 'lost' ELSE 'code 99' END,
  CASE i % 23 WHEN 0 THEN 'biggest' WHEN 1 THEN 'longest held' END,
  CASE i % 6 WHEN 0 THEN 'Central' WHEN 1 THEN 'East' WHEN 2 THEN 'West' WHEN 3 THEN 'North'
    WHEN 4 THEN 'South' END,
  CASE i * 31 % 11 WHEN 0 THEN 'price' WHEN 1 THEN 'service' WHEN 2 THEN 'billing'
    WHEN 3 THEN 'neglect' WHEN 4 THEN 'contact-left' WHEN 5 THEN 'no-need' WHEN 6 THEN 'budget-cut'
    WHEN 7 THEN 'product-gap' WHEN 8 THEN 'legal' ELSE 'other' END,
  CAST(i AS BIGINT) * 7919 % 10000019 + 100, 'USD', {lost_by}, {day}, '{now}', '{now}' FROM n
"""
_DAYS = {
    "sqlite": "date('2025-01-01', '+' || (i % 400) || ' days')",
    "postgresql": "DATE '2025-01-01' + i % 400",
}


async def fill(database: Database, accounts: int, reps: int, *, lost_by_them: bool = True) -> None:
    """Write reps and accounts in the drawer, lost for all sorts of reasons, all over the place."""
    stamp = NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
    lost_by = f"i % {reps} + 1" if lost_by_them else "NULL"
    words = {"team": TEAM, "now": stamp, "reps": reps, "accounts": accounts, "lost_by": lost_by}
    async with database.session() as session:
        await ensure_workspace(session, TEAM, now=NOW)
        await run(session, text(_REPS.format(**words)))
        await run(session, text(_ACCOUNTS.format(**words, day=_DAYS[database.kind])))
        await session.commit()
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
