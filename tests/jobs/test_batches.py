"""N5: what fails about one member or account holds up nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.digest import DueItem
from handlers.views import digest as words
from handlers.views.elements import View
from handlers.views.overdue import overdue_to_rep
from jobs.table import run_job
from tests.jobs.files import at, hand_out, letters, member
from tests.people import ADA, BEN, MAX, NOW, Desk

NOON = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)  # 10:00 in New York


async def test_one_members_broken_digest_is_set_aside_and_the_others_get_theirs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(item: DueItem) -> str:
        if item.account == "Cursed":
            raise ZeroDivisionError
        return "visit"

    await hand_out(desk, ADA, "Cursed", date(2026, 3, 2))
    await hand_out(desk, BEN, "Bolt", date(2026, 3, 2))
    monkeypatch.setattr(words, "doing", broken)
    await run_job("digest", at(NOON, desk))
    assert [row.member_id for row in await letters(desk)] == [desk.ids[BEN]]
    assert (await member(desk, ADA)).digest_due_at == NOON + timedelta(hours=1)
    monkeypatch.undo()
    await run_job("digest", at(NOON + timedelta(hours=1), desk))
    assert {row.member_id for row in await letters(desk)} == {desk.ids[ADA], desk.ids[BEN]}


async def test_one_deadline_that_cannot_be_told_is_set_aside(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_at = NOW - timedelta(hours=1)
    await hand_out(desk, ADA, "Cursed", date(2026, 2, 9), tell_at=told_at)
    await hand_out(desk, BEN, "Bolt", date(2026, 2, 9), tell_at=told_at + timedelta(minutes=1))

    def broken(items: list[DueItem], day: date, *, led: bool) -> View:
        if items[0].account == "Cursed":
            raise ZeroDivisionError
        return overdue_to_rep(items, day, led=led)

    monkeypatch.setattr("handlers.overdue.overdue_to_rep", broken)
    await run_job("deadlines", at(NOW, desk))
    assert {row.member_id for row in await letters(desk)} == {desk.ids[BEN], desk.ids[MAX]}
    monkeypatch.undo()
    await run_job("deadlines", at(NOW + timedelta(hours=1), desk))
    assert desk.ids[ADA] in {row.member_id for row in await letters(desk)}
