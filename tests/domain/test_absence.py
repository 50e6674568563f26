"""N3, A7: what falls due while somebody is away is due after it, and spread."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.absence import days_away, due_after, without_rest

DAY = timedelta(days=1)
MARCH = date(2026, 3, 1)
AWAY = (date(2026, 3, 3), date(2026, 3, 22))


@pytest.mark.parametrize(
    ("due_on", "since", "due_then"),
    [
        (date(2026, 3, 2), MARCH, date(2026, 3, 2)),  # overdue before
        (date(2026, 3, 4), MARCH, date(2026, 3, 24)),  # a day had gone, another was left
        (date(2026, 3, 25), MARCH, date(2026, 4, 14)),  # after it, and yet it had not the time
        (date(2026, 3, 25), date(2026, 3, 20), date(2026, 3, 28)),  # dealt out meanwhile
        (date(2026, 3, 25), date(2026, 3, 23), date(2026, 3, 25)),
        (date(2026, 3, 3), None, date(2026, 3, 23)),  # chosen days
        (date(2026, 3, 12), None, date(2026, 3, 26)),
        (date(2026, 3, 22), None, date(2026, 3, 29)),
        (date(2026, 3, 23), None, date(2026, 3, 23)),
    ],
)
def test_the_clock_stands_still_and_chosen_days_come_in_the_week_after(
    due_on: date, since: date | None, due_then: date
) -> None:
    assert due_after(due_on, [AWAY], since) == due_then


def test_days_away_one_after_the_other_all_count() -> None:
    later = (date(2026, 3, 24), date(2026, 3, 25))
    assert due_after(date(2026, 3, 4), [later, AWAY], MARCH) == date(2026, 3, 26)
    assert due_after(date(2026, 3, 4), [later, AWAY]) == date(2026, 3, 23)
    assert due_after(date(2026, 3, 5), [later, AWAY]) == date(2026, 3, 23)
    assert due_after(date(2026, 3, 7), [later, AWAY]) == date(2026, 3, 26)


_DAYS = st.integers(0, 60).map(lambda n: MARCH + n * DAY)
_RANGES = st.lists(st.tuples(_DAYS, st.integers(0, 20)), max_size=4).map(
    lambda found: [(begins, begins + days * DAY) for begins, days in found]
)


@given(due_on=_DAYS, ranges=_RANGES, since=st.none() | _DAYS)
def test_nothing_is_due_on_a_day_away_nor_earlier_than_it_was(
    due_on: date, ranges: list[tuple[date, date]], since: date | None
) -> None:
    since = min(since, due_on) if since else None
    found = due_after(due_on, ranges, since)
    assert found >= due_on
    assert not any(begins <= found <= ends for begins, ends in ranges)
    if since is not None:
        assert found - due_on == days_away(ranges, since, found) * DAY


@given(ranges=_RANGES, days=st.lists(_DAYS, min_size=2, max_size=9, unique=True))
def test_what_was_due_earlier_is_not_due_later(
    ranges: list[tuple[date, date]], days: list[date]
) -> None:
    for since, away in ((MARCH - DAY, ranges), (None, ranges[:1])):
        within = [day for day in sorted(days) if any(b <= day <= e for b, e in away)]
        found = [due_after(day, away, since) for day in within]
        assert found == sorted(found)


def test_who_is_back_early_keeps_what_is_behind_them() -> None:
    assert without_rest(AWAY, date(2026, 3, 10)) == (date(2026, 3, 3), date(2026, 3, 9))
    assert without_rest(AWAY, date(2026, 3, 3)) is None
