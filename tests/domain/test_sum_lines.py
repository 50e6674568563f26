"""D1: totals and subtotals are told from customers."""

from __future__ import annotations

import pytest

from domain.sum_lines import lines_of_sums


def sums(*rows: str) -> list[int]:
    return lines_of_sums(list(zip(*(row.split("|") for row in rows), strict=True)), 0)


@pytest.mark.parametrize(
    "row",
    [
        *("Total||1,234|", "TOTAL:|||", "Grand Totals (12 records)||$20,500.50|"),
        *("Subtotal North||USD 5|2", "North Total||5|", "Zwischensumme Süd||1.234,56 €|"),
        *("Total Acme||(1,200.00)|-", "Totale||5|", "Gesamt|Sum|20500|"),
        *("avg||816|", "Ø||816|", "Count|12||", "Durchschnitt||5,5|"),
    ],
)
def test_d1_sums_of_any_kind_are_known(row: str) -> None:
    assert sums("Acme|price|5|2025-03-04", row) == [1]


@pytest.mark.parametrize(
    "row",
    [
        *("Total Wine & More|price|5|", "Total Wine & More||5|2025-03-04", "Total Wine|||"),
        *("Summit Group||5|", "Acme||5|", "Sum Up GmbH|price||", "TotalEnergies||5|", "|||5"),
        *("Avis||5|", "Media Group||5|", "Count Basie|price|5|"),
    ],
)
def test_d1_customers_that_sound_like_sums_stay(row: str) -> None:
    assert sums("Acme||5|2025-03-04", row) == []


def test_d1_in_a_narrow_table_only_plain_totals_are_sums() -> None:
    assert sums("Acme|5", "Total Wine|7", "Total|12") == [2]


def test_d1_where_every_cell_is_filled_nothing_is_a_sum() -> None:
    assert sums("Acme|5|7", "Total|5|7") == []
