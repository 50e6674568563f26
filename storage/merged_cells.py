"""Cells that are merged downwards: what stands in the first holds for the rows below, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.cell_words import is_figure
from domain.written_days import Order, read_day

Range = tuple[tuple[int, int], tuple[int, int]]
"""Its first and its last row and column, counted from 0."""


def held_below(text: str) -> str:
    """Give what the rows below hold of a cell: a name or a day, but no sum, or it would add up."""
    is_day = not text.isdigit() and any(read_day(text, order) for order in Order)
    return text if is_day or not is_figure(text) else ""


def filled_down(rows: Iterable[list[str]], merged: Iterable[Range]) -> Iterator[list[str]]:
    """Fill the empty cells of rows that are merged with one above them."""
    waiting = sorted(each for each in merged if each[1][0] > each[0][0])
    waiting.reverse()
    held: dict[int, tuple[int, str]] = {}
    for at, row in enumerate(rows):
        for column, (last, text) in list(held.items()):
            if at > last:
                del held[column]
            elif not row[column]:
                row[column] = text
        while waiting and waiting[-1][0][0] <= at:
            (first, column), (last, _) = waiting.pop()
            if first == at and column < len(row):
                held[column] = (last, held_below(row[column].strip()))
        yield row
