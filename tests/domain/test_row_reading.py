"""D1: a file's cells turned into values; what cannot be read says why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.columns import Kind
from domain.row_reading import OTHER, BadRow, Habits, RowReader, Values
from domain.written_days import Order


def digits(currency: str) -> int:
    return {"JPY": 0, "KWD": 3}.get(currency, 2)


HABITS = Habits(currency="USD", digits=digits)


def reader(kind: Kind, fields: str, *rows: str, habits: Habits = HABITS) -> RowReader:
    positions = {field: i for i, field in enumerate(fields.split(","))}
    return RowReader(kind, positions, habits, cells(*rows))


def cells(*rows: str) -> list[list[str]]:
    return [row.split("|") for row in rows]


def columns(*rows: str) -> list[list[str]]:
    return list(map(list, zip(*cells(*rows), strict=True)))


def read(
    kind: Kind, fields: str, *rows: str, habits: Habits = HABITS
) -> tuple[Values, Mapping[int, str]]:
    """The values taken, and why by line for the rest; the first row is line 2."""
    lines = range(2, 2 + len(rows))
    made = reader(kind, fields, *rows, habits=habits)
    _, values, bad = made.read(lines, columns(*rows))
    return values, {each.line: each.why for each in bad}


def test_d1_good_rows_stay_and_bad_ones_say_every_mistake() -> None:
    values, bad = read(
        Kind.LOSSES,
        "account,last_day,value,kind",
        "Acme|2025-01-31|$1,200|deal",
        "Bolt|2025-02-31|x|party",
        " - |2025-03-01||",
        "Cora|n/a|n/a|",
    )
    assert values == {
        "account": ["Acme", "Cora"],
        "last_day": [date(2025, 1, 31), None],
        "value_minor": [120000, None],
        "currency": ["USD", None],
        "kind": ["deal", None],
    }
    assert bad == {
        3: "Value: “x” is not an amount I can read. "
        "Last day: “2025-02-31” is not a date I can read. "
        "Kind: “party” is not customer, deal or ebbing.",
        4: "No account is named.",
    }


def test_d1_lines_follow_the_rows_taken() -> None:
    table = columns("Acme", "", "Bolt")
    lines, values, bad = reader(Kind.ACCOUNTS, "account").read([5, 9, 12], table)
    assert (list(lines), values["account"]) == ([5, 12], ["Acme", "Bolt"])
    assert bad == [BadRow(9, "No account is named.", [""])]


def test_d1_an_account_may_be_named_by_its_id_alone() -> None:
    values, bad = read(Kind.ACCOUNTS, "account,account_id", "|A-1", "Acme|", "|")
    assert (values["account"], values["account_id"]) == ([None, "Acme"], ["A-1", None])
    assert bad == {4: "No account is named."}


def test_d1_nobody_is_a_member_without_a_name() -> None:
    assert read(Kind.MEMBERS, "name,email", "|", "|a@b.co")[1] == {2: "Nobody is named."}


def test_d1_text_keeps_what_people_see_and_loses_what_nobody_can() -> None:
    values, bad = read(
        Kind.LOSSES,
        "account,what_happened,competitor",
        "'=SUM(A1)|'+ one\ntwo|  Globex\x00  Ltd ",
        "Ünï😀 <!channel>|  |null",
        f"{'x' * 201}|{'y' * 3001}|{'z' * 201}",
    )
    assert values["account"] == ["=SUM(A1)", "Ünï😀 <!channel>"]
    assert values["what_happened"] == ["+ one\ntwo", None]
    assert values["competitor"] == ["Globex Ltd", None]
    assert bad[4].count("is longer than") == 3
    assert read(Kind.LOSSES, "account,reason", f"Acme|{'y' * 3001}")[1] == {
        2: "Reason is longer than 3000 characters."
    }


def test_d1_one_column_of_days_tells_the_order_of_the_others() -> None:
    made = reader(Kind.LOSSES, "account,last_day,wake_on", "A|13/02/2025|01/02/2026")
    assert {key: d.order for key, d in made.decisions().items()} == {
        "last_day": Order.DAY_FIRST,
        "wake_on": Order.DAY_FIRST,
    }
    assert all(decision.certain for decision in made.decisions().values())


def test_d1_what_a_person_said_of_the_order_counts() -> None:
    habits = Habits("USD", digits, orders={"last_day": Order.DAY_FIRST})
    values, bad = read(
        Kind.LOSSES, "account,last_day", "A|01/02/2025", "B|02/13/2025", habits=habits
    )
    assert values["last_day"] == [date(2025, 2, 1)]
    assert bad == {3: "Last day: “02/13/2025” is not day first, as the others are."}


def test_d1_the_end_of_a_column_may_decide_it_otherwise() -> None:
    made = reader(Kind.LOSSES, "account,last_day,value", "A|01/02/2025|1.234")
    first = columns("A|01/02/2025|1.234")
    values = made.read([2], first)[1]
    assert (values["last_day"], values["value_minor"]) == ([date(2025, 1, 2)], [123400])
    made.read([3], columns("B|14/02/2025|1234.567"))
    assert not made.settled
    values = made.read([2], first)[1]
    assert (values["last_day"], values["value_minor"]) == ([date(2025, 2, 1)], [123])
    assert made.settled


def test_d1_a_row_has_the_currency_beside_its_sum_or_its_own() -> None:
    values, _ = read(
        Kind.ACCOUNTS, "account,value,currency", "A|€5|", "B|5|JPY", "C|5|", "D||eur", "E|$5|GBP"
    )
    assert values["value_minor"] == [500, 5, 500, None, 500]
    assert values["currency"] == ["EUR", "JPY", "USD", None, "USD"]
    assert read(Kind.ACCOUNTS, "account,currency", "A|dollars")[1] == {
        2: "Currency: “dollars” is not a currency's ISO code such as USD."
    }


def test_d1_a_sum_that_may_be_a_thousand_times_larger_is_asked_about() -> None:
    why = (
        "Value: “1,200” may be thousands or a fraction, as the others are written: "
        "write it without a mark for thousands."
    )
    values, bad = read(Kind.ACCOUNTS, "account,value", "A|€1.234,50", "B|1,200", "C|1,200 KWD")
    assert values["value_minor"] == [123450, 1200]
    assert bad == {3: why}
    beside = ("A|1.234,50|EUR", "B|1,200|", "C|1,200|KWD", "D||")
    values, bad = read(Kind.ACCOUNTS, "account,value,currency", *beside)
    assert values["value_minor"] == [123450, 1200, None]
    assert bad == {3: why}


def test_d1_reasons_in_other_words_keep_them_as_what_happened() -> None:
    habits = Habits("USD", digits, meanings={"too pricey": "price"})
    made = reader(Kind.LOSSES, "account,reason,what_happened", habits=habits)
    table = columns("A|Too Pricey|", "B|cats|long story", "C|cats|", "D|Price|x", "E||y")
    _, values, _ = made.read(range(2, 7), table)
    assert values["reason"] == ["price", OTHER, OTHER, "price", None]
    assert values["what_happened"] == [None, "cats\nlong story", "cats", "x", "y"]
    assert made.unsure == {"cats": 2}
    alone, _ = read(Kind.LOSSES, "account,reason", "A|cats")
    assert alone["what_happened"] == ["cats"]


def test_d1_a_line_of_sums_is_no_account() -> None:
    rows = ("Acme|price|5", "Total||1,234", "TOTAL:||", "Total|price|5")
    values, bad = read(Kind.LOSSES, "account,reason,value", *rows)
    assert values["account"] == ["Acme", "Total"]
    assert set(bad) == {3, 4}


@pytest.mark.parametrize(
    ("fields", "cell", "value"),
    [
        ("role", "Account Executive", "rep"),
        ("role", "VP", "executive"),
        ("email", "Ada <ADA@Example.com>", "ada@example.com"),
        ("platform_id", "<@U012ABC|ada>", "U012ABC"),
        ("time_zone", "Europe/Paris", "Europe/Paris"),
        ("weight", "80%", 80),
        ("weight", "0,5", 50),
        ("weight", "1", 100),
        ("weight", "1%", 1),
        ("role", "n/a", None),
    ],
)
def test_d1_cells_about_members(fields: str, cell: str, value: object) -> None:
    values, bad = read(Kind.MEMBERS, f"name,{fields}", f"Ada|{cell}")
    assert (values[fields], bad) == ([value], {})


@pytest.mark.parametrize(
    ("field", "cell", "says"),
    [
        ("role", "wizard", "rep, manager, executive, finance or admin"),
        ("email", "ada at example", "an e-mail address"),
        ("platform_id", "ada", "a Slack user id"),
        ("time_zone", "Paris", "a time zone such as"),
        ("weight", "150", "a share from 1 to 100"),
        ("weight", "half", "a share from 1 to 100"),
    ],
)
def test_d1_cells_about_members_that_cannot_be(field: str, cell: str, says: str) -> None:
    assert says in read(Kind.MEMBERS, f"name,{field}", f"Ada|{cell}")[1][2]


@pytest.mark.parametrize(("cell", "value"), [("Yes", "yes"), ("0", "no"), ("maybe", "perhaps")])
def test_d1_yes_and_no_in_words(cell: str, value: str) -> None:
    assert read(Kind.LOSSES, "account,preventable", f"A|{cell}")[0]["preventable"] == [value]


def test_d1_yes_or_no_that_is_neither_is_bad() -> None:
    assert "yes, perhaps or no" in read(Kind.LOSSES, "account,preventable", "A|tea")[1][2]


def test_d1_more_distinct_cells_than_are_remembered_are_read_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("domain.row_reading._REMEMBERED", 2)
    values, _ = read(Kind.ACCOUNTS, "account", *(f"A{i % 5}" for i in range(20)))
    assert values["account"] == [f"A{i % 5}" for i in range(20)]


ROW = st.lists(st.text(max_size=12), min_size=8, max_size=8)
FIELDS = "account,reason,last_day,value,kind,preventable,what_happened,external_id"


@given(st.lists(ROW, min_size=1, max_size=6))
def test_d1_every_row_is_taken_or_given_back_with_a_reason(rows: list[list[str]]) -> None:
    positions = {field: i for i, field in enumerate(FIELDS.split(","))}
    made = RowReader(Kind.LOSSES, positions, HABITS, rows)
    lines, values, bad = made.read(range(len(rows)), list(zip(*rows, strict=True)))
    assert sorted([*lines, *(each.line for each in bad)]) == list(range(len(rows)))
    assert {len(column) for column in values.values()} == {len(lines)}
    assert all(each.why and each.cells == rows[each.line] for each in bad)


def test_d1_months_and_quarters_are_their_last_day_and_that_is_said() -> None:
    rows = ("Acme|Q1 2025", "Bolt|2025-03-04", "Cora|Mar-25", "Dune|3/14", "Ello|FY25 Q1")
    found = reader(Kind.LOSSES, "account,lost_on", *rows)
    _, values, bad = found.read(range(2, 7), columns(*rows))
    assert values["lost_on"] == [date(2025, 3, 31), date(2025, 3, 4), date(2025, 3, 31)]
    assert [each.why for each in bad] == [
        "Lost on: “3/14” says no year.",
        "Lost on: “FY25 Q1” says no month.",
    ]
    assert found.remarks() == [
        "Lost on: a month or quarter means its last day, “Q1 2025” is 2025-03-31."
    ]


def test_d1_sums_that_are_all_below_zero_are_what_was_lost() -> None:
    rows = ("Acme|-1200", "Bolt|(850)", "Cora|0", "Dune|free")
    found = reader(Kind.LOSSES, "account,value", *rows)
    _, values, bad = found.read(range(2, 6), columns(*rows))
    assert (values["value_minor"], bad) == ([120_000, 85_000, 0, None], [])
    assert found.remarks() == ["Value: all sums are below zero. I take them as what was lost."]


@pytest.mark.parametrize("later", [("Cora|7", "Dune|8"), ("Cora|7", "Dune|-8")])
def test_d1_a_sum_above_zero_makes_those_below_come_back(later: tuple[str, ...]) -> None:
    rows = ("Acme|-1200", "Bolt|5")
    found = reader(Kind.LOSSES, "account,value", rows[0])
    found.read(range(2, 3), columns(rows[0]))
    found.read(range(3, 5), columns(*later))
    assert not found.settled
    _, values, bad = found.read(range(2, 4), columns(*rows))
    assert (values["value_minor"], [each.line for each in bad]) == ([500], [2])
    assert bad[0].why == "Value: “-1200” is below zero."
    assert found.remarks() == []
