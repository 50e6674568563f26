"""Weeks, months and quarters."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.errors import Refused
from domain.periods import Period, before, campaign_period, period_with, read_period, words_for

DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "start", "end", "said"),
    [
        ("", date(2026, 3, 2), date(2026, 3, 9), "2–8 March 2026"),
        ("Month", date(2026, 3, 1), date(2026, 4, 1), "March 2026"),
        ("this quarter", date(2026, 1, 1), date(2026, 4, 1), "Q1 2026"),
        ("last week", date(2026, 2, 23), date(2026, 3, 2), "23 February – 1 March 2026"),
        ("last months", date(2026, 2, 1), date(2026, 3, 1), "February 2026"),
        ("last quarter", date(2025, 10, 1), date(2026, 1, 1), "Q4 2025"),
    ],
)
def test_periods_are_read_and_named(text: str, start: date, end: date, said: str) -> None:
    period = read_period(text, DAY)
    assert (period.start, period.end) == (start, end)
    assert words_for(period) == said


def test_a_campaign_is_meant_by_its_name_or_as_the_campaign() -> None:
    """P1"""
    spring = campaign_period("Spring week", date(2026, 3, 2), date(2026, 3, 2))
    assert read_period("campaign", DAY, campaign=spring) == spring
    assert read_period("SPRING  week", DAY, campaign=spring) == spring
    assert read_period("week", DAY, campaign=spring).title == ""
    assert words_for(spring) == "Spring week: 2 March 2026"
    over_a_year = campaign_period("X", date(2026, 3, 1), date(2027, 3, 31))
    assert words_for(over_a_year) == "X: 1 March 2026 – 31 March 2027"
    with pytest.raises(Refused, match="No campaign is set yet"):
        read_period("campaign", DAY)


@pytest.mark.parametrize("text", ["yesterday", "next week", "last", "last last week"])
def test_other_words_are_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(Refused, match="last week"):
        read_period(text, DAY)


def test_every_day_is_in_one_period_and_periods_touch() -> None:
    for name in ("week", "month", "quarter"):
        for month in range(1, 13):
            period = period_with(name, date(2026, month, 28))
            assert period.start <= date(2026, month, 28) < period.end
            assert before(period).end == period.start


def test_a_week_over_new_year_names_both_years() -> None:
    assert words_for(period_with("week", date(2026, 1, 1))) == "29 December 2025 – 4 January 2026"


def test_a_period_begins_at_midnight_of_its_zone() -> None:
    period = Period("week", date(2026, 3, 2), date(2026, 3, 9))
    assert period.instants(ZoneInfo("America/New_York")) == (
        datetime(2026, 3, 2, 5, tzinfo=UTC),
        datetime(2026, 3, 9, 4, tzinfo=UTC),
    )
