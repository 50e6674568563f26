"""Rows in groups: an account is named in the first, and the rows below are about it, too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

from domain.sum_lines import is_amount, lines_of_sums

Columns = list[list[str]]


class GroupedRows:
    """Tells batch by batch, from the first on, which rows are about the account named above them.

    `named` are the columns that say whom a row is about. A group ends where a line is missing, be
    it empty or no row of the table, at a line of sums, and at a row of amounts alone below one with
    words beside its name: that is a total, too.
    """

    def __init__(self, named: Sequence[int]) -> None:
        self.below: frozenset[int] = frozenset()
        """The lines of the last batch that name nobody, in somebody's group."""
        self._named = named
        self._names: list[str] = []
        self._in_words = False
        self._next = range(0)
        """The lines on which the row that follows may stand."""

    def fill_down(self, lines: Sequence[int], columns: Columns) -> tuple[Sequence[int], Columns]:
        """Give rows with the names filled in; what only names the group below it is left out."""
        found, titles = self._found(lines, columns)
        self.below = frozenset(map(lines.__getitem__, found))
        if not found:
            return lines, columns
        filled = list(columns)
        for n, at in enumerate(self._named):
            filled[at] = list(columns[at])
            for i, names in found.items():
                filled[at][i] = names[n]
        keep = [i not in titles for i in range(len(lines))]
        return list(compress(lines, keep)), [list(compress(column, keep)) for column in filled]

    def _found(
        self, lines: Sequence[int], columns: Columns
    ) -> tuple[dict[int, list[str]], set[int]]:
        """Find the rows below a name, by their place, and those that hold nothing but the name."""
        blank = self._blank(columns)
        telling = sorted({*blank, *(i - 1 for i in blank if i), *range(len(lines))[-1:]})
        rows = [[column[i] for column in columns] for i in telling]
        cells = list(zip(*rows, strict=True))
        sums = {n for at in range(len(cells)) for n in lines_of_sums(cells, at)}
        found: dict[int, list[str]] = {}
        titles: set[int] = set()
        bare = None
        for n, (i, row) in enumerate(zip(telling, rows, strict=True)):
            names = [row[at] for at in self._named]
            beside = [cell for at, cell in enumerate(row) if at not in self._named and cell.strip()]
            in_words = not all(map(is_amount, beside))
            if n in sums:
                self._names = []
            elif any(map(str.strip, names)):
                self._names, self._in_words = names, in_words
                bare = None if beside else i
            elif lines[i] in self._next and self._names and (in_words or not self._in_words):
                self._in_words = in_words
                found[i] = self._names
                if bare == i - 1:
                    titles.add(bare)
            else:
                self._names = []
            self._next = range(lines[i] + 1, lines[i] + 2 + sum(cell.count("\n") for cell in row))
        return found, titles

    def _blank(self, columns: Columns) -> list[int]:
        named = [columns[at] for at in self._named]
        if any(all(map(str.strip, column)) for column in named):
            return []  # which is the usual case
        rows = zip(*named, strict=True)
        return [i for i, names in enumerate(rows) if not any(map(str.strip, names))]
