"""The tables that a file holds, each by itself: the sheets of a workbook, the tables of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from storage.csv_records import Records, Rows

_BATCH = 8_000  # rows taken together
_BATCH_CELLS = 400_000  # of which wide tables have fewer


@dataclass(frozen=True, slots=True)
class Part:
    """One table: its first rows and their lines, how to read all of it, and how long it is.

    `title` is the name of its sheet, "" for none. `rows(width)` begins anew each time and gives
    rows of that many cells; `height` is at least the last line, and more the longer it is.
    """

    title: str
    top: Rows
    lines: Sequence[int]
    rows: Callable[[int], Iterator[Records]]
    height: int = 0


def batch_of(width: int) -> int:
    """Tell how many rows of a width are taken together."""
    return max(1, min(_BATCH, _BATCH_CELLS // max(1, width)))
