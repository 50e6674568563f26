"""B4, P1: a year on a real company's data, in which no cent is made or lost and boards add up."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest

from tests.handlers.files import needs_crm
from tests.people import Desk
from tests.trials.boards import check_board
from tests.trials.conftest import LONG
from tests.trials.paying import read_statements
from tests.trials.play import Play
from tests.trials.year import play_week

pytestmark = needs_crm
_QUARTERS = ("01-01", "04-01", "07-01", "10-01")


async def play(desk: Desk, weeks: int) -> Play:
    """Play so many weeks, and prove after each that all adds up; boards at the quarters' ends."""
    year, begun = Play(desk), time.process_time()
    await year.open()
    begins = _quarter(desk.now.date())
    for week in range(weeks):
        await play_week(year, week, weeks)
        await year.books.prove()
        now_in = _quarter(desk.now.date())
        if now_in != begins:
            await _close_quarter(year, "last quarter", begins, now_in)
            begins = now_in
    if desk.now.date() - begins > timedelta(days=7):
        await _close_quarter(year, "quarter", begins, desk.now.date() + timedelta(days=1))
    await _nothing_is_left_unsent(year)
    _report(year, time.process_time() - begun)
    return year


async def test_some_weeks_make_and_lose_no_cent(desk: Desk) -> None:
    year = await play(desk, 3)
    for what in ("approved", "declined", "shared", "left again", "slips answered"):
        assert year.counts[what], what


@pytest.mark.skipif(not LONG, reason="minutes long: `make trial-year`")
async def test_a_year_makes_and_loses_no_cent(desk: Desk) -> None:
    year = await play(desk, 52)
    for what in (
        *("rival claims", "endorsed for an executive", "approved by two at once", "withdrawn"),
        *("clawed back", "had not left after all", "payments paid", "payments bounced"),
    ):
        assert year.counts[what], what
    stands = await year.books.prove()
    assert set(stands) == {"USD", "EUR"}
    assert all(stands[currency]["paid"] > 0 for currency in stands)


async def _close_quarter(year: Play, asked: str, first: date, end: date) -> None:
    _say(f"\n{year.desk.now:%d %B %Y}, what /lost board {asked} shows:")
    _say(await check_board(year, asked, first, end))
    statements = await read_statements(year)
    for currency, pots in (await year.books.prove()).items():
        sums = ", ".join(f"{pot} {minor / 100:,.2f}" for pot, minor in sorted(pots.items()))
        _say(f"{currency}: {sums}; together {sum(pots.values())}")
    _say(f"{statements} statements explained by their lines")


async def _nothing_is_left_unsent(year: Play) -> None:
    """Every message that was due went out, and none of them twice."""
    year.desk.now += timedelta(days=3)
    await year.tick()
    keys = [sent.dedupe_key for sent in year.company.post.sent]
    assert len(keys) == len(set(keys))


def _quarter(day: date) -> date:
    return max(
        date.fromisoformat(f"{day.year}-{start}") for start in _QUARTERS if start <= f"{day:%m-%d}"
    )


def _report(year: Play, seconds: float) -> None:
    _say(f"\n{year.books.acts} acts, {year.books.lines} ledger lines, {seconds:.0f} s of work")
    _say(", ".join(f"{count} {what}" for what, count in sorted(year.counts.items())))


def _say(text: str) -> None:
    print(text)  # noqa: T201  # the figures are what it is run for
