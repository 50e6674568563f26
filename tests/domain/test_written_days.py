"""D1: days are read by one order for a whole column, never row by row."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.written_days import DayEvidence, Order, lacking, read_day, read_period

DAY, MONTH = Order.DAY_FIRST, Order.MONTH_FIRST
MARCH_4 = date(2017, 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        *("2017-03-04", "2017/3/4", "2017.03.04", "20170304", "2017-03-04T00:00:00Z"),
        *("2017-03-04 23:59:59.123 +02:00", "2017-03-04 11:30 PM", "42798", "42798.75"),
        *("4 Mar 2017", "04-Mar-17", "4. March 2017", "Mar 4, 2017", "March 4th, 2017"),
        *("Sat, 4 Mar 2017", "saturday 4 march 2017", "4 MAR 2017 08:00"),
        *("2017-03-04 23:30 EST", "Sat, 4 Mar 2017 10:00:00 GMT", "March 4, 2017 at 3:04 PM"),
        *("04/Mar/2017:10:15:32 +0000", "Sat Mar 4 10:15:32 2017", "Sat Mar 4 10:15:32 UTC 2017"),
        *("Sat Mar 04 2017 10:15:32 GMT+0100 (Central European Standard Time)", "2017-03-04 10.15"),
        *("04-MAR-17 10.15.32.000000 AM", "2017-03-04 10:15:32 +0100 CET", "Sa., 4. März 2017"),
        *("2017-03-04 00:00:00 America/New_York", "samedi 4 mars 2017", "Sa, 2017-03-04 10h15"),
    ],
)
def test_d1_forms_that_mean_one_day_mean_it_in_either_order(text: str) -> None:
    assert read_day(text, DAY) == read_day(text, MONTH) == MARCH_4


@pytest.mark.parametrize("text", ["04/03/2017", "4.3.17", "4-3-2017", "04 / 03 / 2017", "4 3 2017"])
def test_d1_figures_mean_what_the_column_says(text: str) -> None:
    assert (read_day(text, DAY), read_day(text, MONTH)) == (MARCH_4, date(2017, 4, 3))


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "31/02/2017", "2017-13-01", "99999999", "1/2", "Mar 2017", "4 Mxx 2017"),
        *("0001-01-01", "2101-01-01", "1899-12-31", "12:30", "4 Mar 17 maybe", "10000", "۳/۴/۲۰۱"),
    ],
)
def test_d1_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text, DAY) is None
    assert read_day(text, MONTH) is None


@pytest.mark.parametrize("text", ["4.3.2017, 10:15 Uhr", "4/3/2017 10:15:32 AM (UTC)", "04. 03.17"])
def test_d1_a_time_behind_figures_says_nothing_of_their_order(text: str) -> None:
    assert (read_day(text, DAY), read_day(text, MONTH)) == (MARCH_4, date(2017, 4, 3))


@pytest.mark.parametrize(
    "text",
    [
        *("03/2017", "3.2017", "2017-03", "201703", "March 2017", "mars 2017", "Mar-17", "Mar '17"),
        *("marzo de 2017", "2017 Mar", "end of March 2017", "Ende März 2017", "MARCH, 2017"),
        *("Q1 2017", "2017-Q1", "Q1'17", "1Q17", "T1 2017", "1. Quartal 2017", "2017Q1"),
        *("1er trimestre 2017", "1st quarter of 2017", "Q1/2017"),
    ],
)
def test_d1_a_month_or_a_quarter_is_its_last_day(text: str) -> None:
    assert read_period(text) == date(2017, 3, 31)
    assert read_day(text, DAY) is None


def test_d1_the_last_day_of_a_year_and_of_february_is_right() -> None:
    assert read_period("Q4 2016") == read_period("12/2016") == date(2016, 12, 31)
    assert read_period("Feb 2016") == date(2016, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        *("FY17 Q1", "Q5 2017", "13/2017", "00/2017", "Mar 17", "17 Mar", "2017", "Abc 2017"),
        *("March", "early March 2017", "H1 2017", "", "03/17", "12/2150", "x" * 1_000_000),
    ],
)
def test_d1_what_names_no_one_month_or_quarter_is_none(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        *(("3/14", "year"), ("14.3.", "year"), ("March 14th", "year"), ("14 Mar", "year")),
        *(("2017", "month"), ("FY17 Q1", "month"), ("H1 2017", "month"), ("W12 2017", "month")),
        *(("soon", ""), ("area 51", ""), ("", ""), ("17 apples", ""), ("x" * 1_000_000, "")),
    ],
)
def test_d1_what_a_day_lacks_is_said(text: str, lacks: str) -> None:
    assert lacking(text) == lacks


def test_d1_two_figure_years_turn_at_seventy() -> None:
    assert read_day("1/2/69", MONTH) == date(2069, 1, 2)
    assert read_day("1/2/70", MONTH) == date(1970, 1, 2)


def test_d1_september_has_a_second_short_form() -> None:
    assert read_day("4 Sept 2017", DAY) == date(2017, 9, 4)


def decided(*values: str, preferred: Order = MONTH) -> tuple[Order, bool, str]:
    evidence = DayEvidence()
    for value in values:
        evidence.add(value)
    decision = evidence.decide(preferred)
    return decision.order, decision.certain, decision.example


def test_d1_one_value_that_fits_one_order_alone_decides_the_column() -> None:
    assert decided("01/02/2017", "03/13/2017") == (MONTH, True, "")
    assert decided("01/02/2017", "13/03/2017") == (DAY, True, "")


def test_d1_a_column_that_fits_both_is_not_certain_and_shows_a_value() -> None:
    assert decided("03/03/2017", "01/02/2017", "05/06/2017") == (MONTH, False, "01/02/2017")
    assert decided("01/02/2017", preferred=DAY) == (DAY, False, "01/02/2017")


def test_d1_a_column_that_leaves_no_choice_is_certain() -> None:
    assert decided("2017-01-02", "03/03/2017", "rubbish", "") == (MONTH, True, "")


def test_d1_the_order_that_more_values_fit_wins_over_a_slip() -> None:
    assert decided("13/01/2017", "14/01/2017", "01/15/2017")[:2] == (DAY, True)


@given(st.lists(st.dates(date(1970, 1, 1), date(2069, 12, 31)), min_size=1), st.sampled_from(Order))
def test_d1_a_column_written_in_one_order_is_read_in_it_or_asked_about(
    days: list[date], order: Order
) -> None:
    form = "%d.%m.%Y" if order is DAY else "%m.%d.%Y"
    written = [day.strftime(form) for day in days]
    evidence = DayEvidence()
    for text in written:
        evidence.add(text)
    decision = evidence.decide(DAY if order is MONTH else MONTH)
    if decision.certain:
        assert [read_day(text, decision.order) for text in written] == days
    assert [read_day(text, order) for text in written] == days


@given(st.text(max_size=30), st.sampled_from(Order))
def test_d1_no_text_breaks_the_reading(text: str, order: Order) -> None:
    found = read_day(text, order)
    assert found is None or 1900 <= found.year <= 2100


@pytest.mark.parametrize(
    "text",
    [
        *("4. März 2025", "4 mars 2025", "4 de marzo de 2025", "4 mrt 2025", "4 marzo 2025"),
        *("1er mars 2025", "4 de março de 2025", "2025-03-04 10:15:00.123456+00"),
        *("1741083300", "1741083300000", "1741083300.0"),
    ],
)
def test_d1_months_in_words_of_seven_languages_and_seconds(text: str) -> None:
    day = 1 if text.startswith("1er") else 4
    assert read_day(text, Order.MONTH_FIRST) == date(2025, 3, day)


def test_d1_a_short_month_that_may_be_two_is_none() -> None:
    assert read_day("4 jui 2025", Order.DAY_FIRST) is None
    assert read_day("4 juin 2025", Order.DAY_FIRST) == date(2025, 6, 4)
