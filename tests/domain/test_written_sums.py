"""D1: sums are read by one decimal mark for a whole column."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.written_sums import Mark, Sum, SumEvidence, Unit, above_zero, read_sum, unit_in


@pytest.mark.parametrize(
    ("text", "mark", "amount", "currency"),
    [
        ("1200", ".", "1200", ""),
        ("1,200.50", ".", "1200.50", ""),
        ("1.200,50", ",", "1200.50", ""),
        ("1 200,50", ",", "1200.50", ""),
        ("1'200.50", ".", "1200.50", ""),
        ("12,34,567.00", ".", "1234567.00", ""),
        ("$1,200", ".", "1200", "USD"),
        ("US$ 1,200", ".", "1200", "USD"),
        ("€1.200", ",", "1200", "EUR"),
        ("1.200,- €", ",", "1200", "EUR"),
        ("CHF 1'200.-", ".", "1200", "CHF"),
        ("1200 SEK", ".", "1200", "SEK"),
        ("EUR €5", ".", "5", "EUR"),
        ("12k", ".", "12000", ""),
        ("1.5M", ".", "1500000.0", ""),
        ("£2bn", ".", "2000000000", "GBP"),
        (" 0 ", ".", "0", ""),
        ("€ 1.2 Mio.", ".", "1200000.0", "EUR"),
        ("1.2 million", ".", "1200000.0", ""),
        ("12,5 Tsd. €", ",", "12500.0", "EUR"),
        ("$3MM", ".", "3000000", "USD"),
        ("1.2 Mrd", ".", "1200000000.0", ""),
        ("1.2E+06", ".", "1200000.0", ""),
        ("1,2e6", ",", "1200000.0", ""),
        ("~ $400", ".", "400", "USD"),
        ("ca. 1200 €", ".", "1200", "EUR"),
        ("$1,200*", ".", "1200", "USD"),
        ("1200?", ".", "1200", ""),
        ("$1,200/yr", ".", "1200", "USD"),
        ("1.200 € p.a.", ",", "1200", "EUR"),
    ],
)
def test_d1_sums_as_files_write_them(text: str, mark: str, amount: str, currency: str) -> None:
    assert read_sum(text, mark) == Sum(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "own", "currency"),
    [
        ("$5", "AUD", "AUD"), ("$5", "EUR", "USD"), ("A$5", "USD", "AUD"), ("5 kr", "SEK", "SEK"),
        ("DKK 5 kr", "USD", "DKK"), ("¥5", "CNY", "CNY"), ("¥5", "USD", "JPY"),
        ("Rs. 5", "", "INR"),
    ],
)  # fmt: skip
def test_d1_a_sign_that_several_share_is_ones_own(text: str, own: str, currency: str) -> None:
    assert read_sum(text, ".", own) == Sum(Decimal(5), currency)


def test_d1_crowns_are_somebodys() -> None:
    assert read_sum("12 000 kr", ".", "USD") is None


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Amount (EUR)", Unit("EUR")), ("ARR in $", Unit("USD")),
        ("Umsatz (T€)", Unit("EUR", 1000)),
        ("Umsatz TEUR", Unit("EUR", 1000)), ("Revenue ($k)", Unit("USD", 1000)),
        ("Umsatz in Mio. €", Unit("EUR", 1_000_000)), ("Value, in thousands", Unit("", 1000)),
        ("Revenue, USD (000s)", Unit("USD", 1000)), ("ARR", Unit()), ("Value (NET)", Unit()),
        ("CRM value", Unit()), ("MRR", Unit()), ("Amount", Unit()),
    ],
)  # fmt: skip
def test_d1_a_heading_tells_the_unit_of_its_sums(heading: str, unit: Unit) -> None:
    assert unit_in(heading) == unit


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "abc",
            "-5",
            "(5)",
            "1,2,3",
            "1.2.3",
            "12,34.5",
            "9" * 16,
            "5 apples",
            "$",
            "1.2E+99",
        ),
        *("$850/mo", ">10k", "$1,200 - $1,500", "12%", "1" * 1_000_000),
    ],
)
def test_d1_what_is_no_amount_is_none(text: str) -> None:
    assert read_sum(text, ".") is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        *(("-5", "5"), ("−5", "5"), ("(5)", "5"), ("5-", "5"), ("$-5", "$5"), ("-$5", "$5")),
        *(("($1,200.00)", "$1,200.00"), ("- 5 €", " 5 €"), ("EUR -5", "EUR 5")),
    ],
)
def test_d1_sums_below_zero_are_told(text: str, plain: str) -> None:
    assert above_zero(text) == (plain, True)


@pytest.mark.parametrize(
    "text", ["5", "1.200,-", "1200.-", "--", "(none)", "$1 - $5", "-" * 1_000_000]
)
def test_d1_a_dash_alone_is_not_below_zero(text: str) -> None:
    assert above_zero(text) == (text, False)


def test_d1_a_column_below_zero_tells_of_losses_and_a_mixed_one_does_not() -> None:
    assert decided("-5", "(7)", "0").below
    assert not decided("-5", "7").below
    assert not decided("0", "").below


def decided(*values: str) -> Mark:
    evidence = SumEvidence()
    for value in values:
        evidence.add(value)
    return evidence.decide()


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1,200.50"], "."),
        (["1.200,50"], ","),
        (["4.54", "1.234"], "."),
        (["4,5", "1,234"], ","),
        (["1.234"], ","),
        (["1,234", "500"], "."),
        (["1200", "5"], "."),
        (["1.5", "2.25", "3,75"], "."),
        ([], "."),
    ],
)
def test_d1_the_mark_is_decided_for_the_column(values: list[str], mark: str) -> None:
    assert decided(*values).mark == mark


@pytest.mark.parametrize(
    ("column", "text", "digits", "doubted"),
    [
        (["99,50"], "1,200", 2, True),
        (["99.50"], "12.345", 2, True),
        (["99.50"], "12.345", 3, False),  # dinars
        (["1234.567"], "12.345", 2, False),
        (["0.12345"], "12.345", 2, False),
        (["99,50"], "1.200", 2, False),
        (["99.50"], "1,200.125", 2, False),
    ],
)
def test_d1_three_figures_behind_the_mark_may_be_thousands(
    column: list[str], text: str, digits: int, doubted: bool
) -> None:
    mark = decided(*column, text)
    found = read_sum(text, mark.mark)
    assert found is not None
    assert mark.doubts(found, digits) is doubted


def test_d1_no_thousands_begin_with_nothing() -> None:
    assert decided("0.250").mark == "."
    assert read_sum("0.250", ",") is None


@given(
    st.lists(st.decimals(0, 10**9, places=2), min_size=1), st.sampled_from(["en", "de", "plain"])
)
def test_d1_a_column_written_in_one_way_is_read_in_it(amounts: list[Decimal], style: str) -> None:
    def written(amount: Decimal) -> str:
        if style == "plain":
            return f"{amount:.2f}"
        text = f"{amount:,.2f}"
        return text if style == "en" else text.translate(str.maketrans(",.", ".,"))

    texts = [written(amount) for amount in amounts]
    mark = decided(*texts).mark
    read = [read_sum(text, mark) for text in texts]
    assert [each and each.amount for each in read] == amounts


@given(st.text(max_size=20), st.sampled_from(".,"))
def test_d1_no_text_breaks_the_reading(text: str, mark: str) -> None:
    found = read_sum(text, mark)
    assert found is None or 0 <= found.amount < 10**15
