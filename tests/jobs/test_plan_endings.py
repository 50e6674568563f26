"""B1: plans have an end, and who sets the rules hears of it in time, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.ledger import Entry, Line, Pot
from domain.money import Money
from handlers.settings_page import change
from jobs.table import run_job
from storage.tables import Claim
from tests.jobs.files import at, hand_out, letters
from tests.people import ADA, MAX, NOW, WORKSPACE, Desk

ENDS = date(2026, 3, 31)
MORNING = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


async def _a_plan_that_ends(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        await change(work, NOW, None, {"bounty_ends_on": str(ENDS)})
        await work.commit()


async def _on(desk: Desk, *days: date) -> list[str]:
    """What Max is told of the plan by the mornings of these days."""
    for day in days:
        await run_job("digest", at(MORNING.replace(month=day.month, day=day.day), desk))
    told = await letters(desk, "plan")
    assert {letter.member_id for letter in told} <= {desk.ids[MAX]}
    return [letter.view_json for letter in told]


async def _a_win(desk: Desk, *, paid: int) -> None:
    account = await hand_out(desk, ADA, f"Acme {paid}", date(2026, 3, 2))
    async with desk.database.workspace(WORKSPACE) as work:
        plan = await work.plans.in_force(NOW)
        assert plan is not None
        claim = Claim(
            workspace_id=WORKSPACE,
            account_id=account.id or 0,
            member_id=desk.ids[ADA],
            plan_id=plan.id,
            state="approved",
            value_minor=1000_00,
            bounty_minor=100_00,
            currency="USD",
            rule="r",
            claimed_at=NOW,
            won_on=date(2026, 3, 4),
            decided_at=NOW,
        )
        work.session.add(claim)
        await work.session.flush()
        moves = [(Entry.CLAIMED, Pot.DESK, Pot.CLAIMED, 100_00)]
        moves.append((Entry.APPROVED, Pot.CLAIMED, Pot.HELD, 100_00))
        moves.append((Entry.PAID, Pot.HELD, Pot.PAID, paid))
        lines = [Line(desk.ids[ADA], e, s, t, Money(m, "USD")) for e, s, t, m in moves]
        await work.ledger.write(claim.id or 0, lines, now=NOW, by=None)
        await work.commit()


async def test_b1_a_week_before_the_end_the_manager_hears_once_what_it_brought(desk: Desk) -> None:
    await _a_plan_that_ends(desk)
    await _a_win(desk, paid=40_00)
    assert await _on(desk, date(2026, 3, 23)) == []
    [told] = await _on(desk, date(2026, 3, 24))
    assert "The bounty plan ends Tue 31 Mar." in told
    assert "1 win came under it so far: $100 in bounties, of which $40 is paid." in told
    assert '"settings.change"' in told
    assert len(await _on(desk, date(2026, 3, 25), date(2026, 3, 31), date(2026, 4, 1))) == 1


@pytest.mark.parametrize(("day", "said"), [(date(2026, 4, 6), "ended Tue 31 Mar"), (None, "")])
async def test_b1_who_was_away_hears_it_after_unless_it_is_long_past(
    desk: Desk, day: date | None, said: str
) -> None:
    await _a_plan_that_ends(desk)
    told = await _on(desk, day or ENDS + timedelta(days=15))
    assert [said in one for one in told] == ([True] if said else [])
    assert [one for one in told if "No win came under it yet." not in one] == []


async def test_b1_a_new_end_is_told_anew_and_no_end_never(desk: Desk) -> None:
    assert await _on(desk, date(2026, 3, 24)) == []
    await _a_plan_that_ends(desk)
    await _a_win(desk, paid=100_00)
    await _a_win(desk, paid=0)
    assert "2 wins came under it" in (await _on(desk, date(2026, 3, 25)))[0]
    async with desk.database.workspace(WORKSPACE) as work:
        await change(work, NOW + timedelta(days=24), None, {"bounty_ends_on": "2026-04-10"})
        await work.commit()
    assert len(await _on(desk, date(2026, 3, 26))) == 1
    assert len(await _on(desk, date(2026, 4, 3))) == 2
