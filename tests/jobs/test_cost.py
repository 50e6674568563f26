"""Finding what is due costs what is due: no statement of a tick reads a whole table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from domain.errors import SendFailed
from jobs.outbox import Delivery
from jobs.table import run_all_due
from storage.database import Database
from tests.jobs.files import at, hand_out
from tests.jobs.senders import Post
from tests.people import ADA, BEN, NOW, Desk

_GROWS = r"\bSCAN (outbox|member|deadline|account|assignment|seen_envelope|visit|loss)\b(?! USING)"


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is sent to the database meanwhile."""
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, sql: str, values: Any, _x: object, many: bool) -> None:
        sent.append((sql, values[0] if many and values else values))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def plans_of(database: Database, sent: list[tuple[str, Any]]) -> dict[str, str]:
    """Give how SQLite goes about each statement."""
    plans = {}
    async with database.looking() as session:
        connection = await session.connection()
        for sql, values in dict(sent).items():
            if sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
                found = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
                plans[sql] = "; ".join(str(row["detail"]) for row in found.mappings())
    return plans


async def test_a_tick_and_a_delivery_go_by_indexes_alone(desk: Desk) -> None:
    if desk.database.kind != "sqlite":
        pytest.skip("the plans of SQLite are read")
    for user in (ADA, BEN):
        await hand_out(desk, user, f"Of {user}", date(2026, 2, 2), tell_at=NOW)
    post = Post(fails=lambda to: SendFailed("x", retry_after=1) if to == ADA else None)
    with statements(desk.database) as sent:
        for hours in (0, 20, 40, 24 * 60):
            now = datetime(2026, 3, 2, 15, 0, tzinfo=UTC) + timedelta(hours=hours)
            await run_all_due(at(now, desk))
            await Delivery(desk.database, post, lambda at=now: at).drain()  # type: ignore[misc]  # mypy cannot infer a default's type
    plans = await plans_of(desk.database, sent)
    assert len(plans) > 20
    assert {sql: plan for sql, plan in plans.items() if re.search(_GROWS, plan)} == {}


async def test_an_account_is_looked_up_by_its_name_or_id_alone(desk: Desk) -> None:
    if desk.database.kind != "sqlite":
        pytest.skip("the plans of SQLite are read")
    await hand_out(desk, ADA, "Acme Bikes", date(2026, 2, 2))
    with statements(desk.database) as sent:
        await desk.types(ADA, "snooze Acme Bikes in 2 weeks")
    plans = await plans_of(desk.database, sent)
    [looked] = [plan for sql, plan in plans.items() if "UNION ALL" in sql and "name_key" in sql]
    for part in ("USING INTEGER PRIMARY KEY (rowid=?)", "AND name_key=?)", "AND external_id=?)"):
        assert part in looked
