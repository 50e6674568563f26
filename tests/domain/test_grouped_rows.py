"""D1: which rows are about the account that is named above them."""

from __future__ import annotations

import pytest

from domain.grouped_rows import GroupedRows


def names(*rows: str, lines: list[int] | None = None) -> list[str]:
    columns = [list(column) for column in zip(*(row.split("|") for row in rows), strict=True)]
    return GroupedRows([0]).fill_down(lines or range(2, 2 + len(rows)), columns)[1][0]


def test_d1_each_row_is_about_the_account_above_it() -> None:
    rows = ("|x|5", "Acme|price|5", "|service|5", " |x|", "Bolt|price|5", "|x|2")
    assert names(*rows) == ["", "Acme", "Acme", "Acme", "Bolt", "Bolt"]


@pytest.mark.parametrize(
    "row",
    ["Total||9", "Acme total||9", "|Subtotal|9", "||9", "||1,200.00"],
)
def test_d1_a_group_ends_at_a_total(row: str) -> None:
    given = ("Acme|price|5", "|service|4", row, "|price|1")
    assert names(*given) == ["Acme", "Acme", row.partition("|")[0], ""]


def test_d1_where_nothing_but_amounts_stands_they_are_rows() -> None:
    assert names("Acme|5", "|4", "Bolt|1", "|2025-03-04") == ["Acme", "Acme", "Bolt", "Bolt"]
    assert names("Acme||5", "|x|4", "||9") == ["Acme", "Acme", ""]


def test_d1_a_group_ends_where_a_line_is_missing_but_not_within_a_cell() -> None:
    rows = ("Acme|one\ntwo\nthree|5", "|x|5", "|x|5")
    assert names(*rows, lines=[2, 5, 6]) == ["Acme"] * 3
    assert names(*rows, lines=[2, 3, 4]) == ["Acme"] * 3  # as spreadsheets count
    assert names(*rows, lines=[2, 6, 7]) == ["Acme", "", ""]


def test_d1_a_name_alone_above_its_group_is_no_row() -> None:
    rows = ("Acme||", "|price|5", "|x|5", "Bolt||", "Cora||", "|x|")
    assert names(*rows) == ["Acme", "Acme", "Bolt", "Cora"]


def test_d1_groups_go_on_from_batch_to_batch() -> None:
    grouped = GroupedRows([1, 0])
    assert grouped.fill_down([], [[], [], []]) == ([], [[], [], []])
    usual = [["1", "2"], ["Acme", ""], ["price", "price"]]
    assert grouped.fill_down(range(2, 4), usual) == (range(2, 4), usual)
    _, columns = grouped.fill_down(range(4, 6), [["", "3"], ["", "Bolt"], ["price", "x"]])
    assert (columns, grouped.below) == ([["2", "3"], ["", "Bolt"], ["price", "x"]], frozenset({4}))
    _, columns = grouped.fill_down([9], [[""], [""], ["price"]])
    assert columns == [[""], [""], ["price"]]
    assert grouped.below == frozenset()
