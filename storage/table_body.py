"""The rows below the headings: without empty ones, titles and notes in between."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import compress, pairwise

from storage.csv_records import Broken, Columns, Records
from storage.headings import Score, heads_a_table, same_headings

NOTE = "Only this stands in the row, as in a title or a note. Is it an account? Then fill in more."
OF_ANOTHER = (
    "A second table, with other headings, begins in this row or above it: "
    "send that on a sheet or in a file of its own."
)
_RULES, _RULED = "-:=+", " \t\n-:=+|"  # what a line under headings is drawn of
_NARROW = 2  # columns in which a cell that stands alone says nothing
_TITLES = 2  # lines that a title above headings has
_JUDGED_BY = 200  # rows that tell how full a table's rows are
_NOTE_WORDS = (
    *("copyright", "©", "confidential", "generated", "exported", "printed", "page "),
    *("as of ", "filtered by", "end of ", "*", "note", "source", " record", " row"),
    *("# ", "//"),
)
_NOTE = re.compile(
    r"copyright\b|© ?\w|confidential\b|.{0,40}\b(?:generated|exported|printed) (?:by|on|at|from)\b"
    r"|page \d+ ?(?:of|/)|as of \D{0,12}\d|filtered by\b|end of (?:report|file|list)\b"
    r"|\(?\d+ (?:records?|rows?)\b|\*+ ?\w|(?:note|notes|source): |#+ |// ?\w",
    re.IGNORECASE,
)


class TableBody:
    """Sifts the batches of one reading of a table, from its first on.

    A cell that stands alone in its row, below an empty line, is given back as a title or a note
    (a report's last lines, the name of a section), and so are those that follow it alone; but not
    where rows are like that as a rule. From other headings on, below an empty line, all rows are
    given back. `own` columns at the front are ours, in rows given back before.
    """

    def __init__(
        self, header: Sequence[str], header_line: int, own: int, heading_score: Score
    ) -> None:
        self._header = list(header)
        self._header_line = header_line
        self._own = own
        self._score = heading_score
        self._last_line = header_line
        self._end = sys.maxsize
        """The line from which on another table stands."""

    def sift(self, batch: Records) -> Records:
        """Keep the filled rows below the headings; headings repeated in the middle are none."""
        kept = self._before_another(self._below(batch))
        alone = self._notes(kept.lines, kept.columns) if kept.lines else []
        self._last_line = batch.lines[-1] if batch.lines else self._last_line
        return _given_back(kept, alone, NOTE)

    def _below(self, batch: Records) -> Records:
        lines, columns, broken = batch.lines, batch.columns, batch.broken
        if start := bisect_right(lines, self._header_line):
            lines, columns = lines[start:], [column[start:] for column in columns]
            broken = [each for each in broken if each.line > self._header_line]
        first = columns[0]
        doubtful = [
            i
            for i, cell in enumerate(first)
            if not cell or cell.isspace() or cell[0] in _RULES or cell == self._header[0]
        ]
        empty = {
            i
            for i in doubtful
            if (row := [column[i] for column in columns]) == self._header
            or not any(cell.strip(_RULED) for cell in row)
        }
        return _without(empty, Records(lines, columns, broken))

    def _before_another(self, rows: Records) -> Records:
        """Give back what another table holds; with the same headings again this one goes on."""
        if self._own:
            whys = enumerate(rows.columns[1])
            return _given_back(rows, [i for i, why in whys if why == OF_ANOTHER], OF_ANOTHER)
        again = set()
        for begins, i in self._below_gaps(rows):
            row = [column[i] for column in rows.columns]
            if same_headings(row, self._header):
                again.add(i)
            elif heads_a_table(row, self._score):
                self._end = min(self._end, rows.lines[begins])
        wider = (each.line for each in rows.broken if heads_a_table(each.cells, self._score))
        self._end = min([self._end, *wider])
        rows = _without(again, rows)
        broken = [
            Broken(each.line, OF_ANOTHER, each.cells) if each.line >= self._end else each
            for each in rows.broken
        ]
        theirs = range(bisect_left(rows.lines, self._end), len(rows.lines))
        return _given_back(Records(rows.lines, rows.columns, broken), theirs, OF_ANOTHER)

    def _below_gaps(self, rows: Records) -> Iterator[tuple[int, int]]:
        """Give the rows below empty lines, each by its place and that of the title above it."""
        gaps = self._after_gaps(rows.lines, rows.columns) if rows.lines else []
        for begins, end in pairwise([*gaps, len(rows.lines)]):
            for i in range(begins, min(end, begins + _TITLES + 1)):
                if sum(bool(column[i].strip()) for column in rows.columns) > 1:
                    yield begins, i
                    break

    def _notes(self, lines: Sequence[int], columns: Columns) -> list[int]:
        """Find the rows, by their place, that are titles or notes."""
        named, beside = columns[self._own], columns[self._own + 1 :]
        if not beside or any("" not in column for column in beside):
            return []  # so nothing stands alone, which is the usual case

        def alone(i: int) -> bool:
            return bool(named[i].strip()) and not any(column[i].strip() for column in beside)

        if self._own:
            return [i for i, why in enumerate(columns[1]) if why == NOTE and alone(i)]
        found = {i for i in _like_notes(named) if alone(i)}
        if len(beside) >= _NARROW and self._mostly_full(len(lines), alone):
            sections = [i for i in self._after_gaps(lines, columns) if alone(i)]
            if sections and lines[0] == self._header_line + 1 and sections[0] != 0:
                sections = [0, *sections]  # the first section may follow the headings at once
            for start in sections:
                for i in range(start, len(lines)):
                    if not alone(i):
                        break
                    found.add(i)
        return sorted(found)

    def _mostly_full(self, count: int, alone: Callable[[int], bool]) -> bool:
        judged = min(count, _JUDGED_BY)
        return 2 * sum(map(alone, range(judged))) < judged

    def _after_gaps(self, lines: Sequence[int], columns: Columns) -> list[int]:
        """Find the rows above which an empty line stands; a cell of several lines leaves none."""
        if lines[0] == self._last_line + 1 and lines[-1] - lines[0] + 1 == len(lines):
            return []
        gaps = [i for i, (one, other) in enumerate(pairwise(lines), 1) if other - one > 1]
        if self._last_line > self._header_line and lines[0] - self._last_line > 1:
            gaps = [0, *gaps]
        return [
            i
            for i in gaps
            if i == 0
            or lines[i] - lines[i - 1] - 1 > sum(column[i - 1].count("\n") for column in columns)
        ]


def _like_notes(cells: Sequence[str]) -> list[int]:
    """Find the cells that read as what programs write under a report."""
    text = "\n".join(cells).lower()
    if not any(words in text for words in _NOTE_WORDS):
        return []
    return [i for i, cell in enumerate(cells) if _NOTE.match(cell.strip())]


def _given_back(rows: Records, refused: Collection[int], why: str) -> Records:
    """Take rows out, by their place, and say why."""
    lines, columns = rows.lines, rows.columns
    broken = [Broken(lines[i], why, [column[i] for column in columns]) for i in refused]
    return _without(refused, Records(lines, columns, [*rows.broken, *broken]))


def _without(left_out: Collection[int], rows: Records) -> Records:
    if not left_out:
        return rows
    keep = [True] * len(rows.lines)
    for i in left_out:
        keep[i] = False
    columns = [list(compress(column, keep)) for column in rows.columns]
    return Records(list(compress(rows.lines, keep)), columns, rows.broken)
