"""Lines of sums among a table's rows: totals and subtotals, which are nobody's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.columns import folded

_AVERAGES = frozenset(
    {"average", "avg", "mean", "median", "count", "durchschnitt", "mittelwert", "moyenne"}
    | {"promedio", "gemiddelde", "ø"}
)
_SUMS = _AVERAGES | (
    {"total", "totals", "grand total", "grand totals", "sum", "summe", "gesamt", "gesamtsumme"}
    | {"total general", "total geral", "totaal", "eindtotaal", "totale", "suma", "soma"}
)
_PART_SUMS = frozenset({"subtotal", "subtotals", "sub", "grand", "zwischensumme", "subtotaal"})
_EITHER_END = frozenset({"total", "totals", "totaal", "totale", "summe", "gesamt"})
_STEMS = ("tota", "sum", "gesamt", "soma")
_LINES = tuple("\n" + word for word in _AVERAGES)
_FIGURES = re.compile(r"[^\W\d_]{0,3}[\W\d]*\d[\W\d]*[^\W\d_]{0,3}|[\W]*")
_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
_WORDS = frozenset({"sum", "count", "avg", "average", "total"})
_WIDE = 3  # columns, in which a customer would have more to them than figures


def lines_of_sums(columns: Sequence[Sequence[str]], at: int) -> list[int]:
    """Give the places of the rows that column `at` calls a sum, with nothing but figures beside.

    "Total" alone is one. "Total North", "North total" and "Subtotal North" are where the table is
    wide and figures stand beside them; a customer such as Total Wine has a date or a word, too.
    """
    labels = columns[at]
    beside = [column for i, column in enumerate(columns) if i != at]
    if len(columns) >= _WIDE and not any("" in column for column in beside):
        return []
    text = "\n" + "\n".join(labels).lower()
    if not any(words in text for words in (*_STEMS, *_LINES)):
        return []
    return [
        i
        for i, label in enumerate(labels)
        if (label.strip().lower() in _AVERAGES or any(stem in label.lower() for stem in _STEMS))
        and _calls_a_sum(label, [column[i] for column in beside], len(columns))
    ]


def _calls_a_sum(label: str, beside: Sequence[str], width: int) -> bool:
    cells = [cell for cell in beside if cell.strip()]
    if not all(map(is_amount, cells)):
        return False
    called = folded(label.lower())
    first, *more = called.split() or [""]
    if called in _SUMS:
        return True
    ends = {first, *more[-1:]}
    return bool(cells) and width >= _WIDE and (first in _PART_SUMS or bool(ends & _EITHER_END))


def is_amount(cell: str) -> bool:
    """Say whether a cell may stand in a line of sums: a figure, no date, or the sign of nothing."""
    cell = cell.strip()
    figure = _FIGURES.fullmatch(cell) and not _DATE.search(cell)
    return bool(figure) or cell.lower() in _WORDS
