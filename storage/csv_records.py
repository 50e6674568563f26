"""Rows out of a text, many at a time and by the column, whatever quotes do in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO, TextIOWrapper

_BLOCK = 1 << 20  # characters read together: few calls a row, and a few megabytes at most
_LONGEST_RECORD = 500  # lines of one quoted cell, past which the quote was never meant to open
_UNCLOSED = "unexpected end"  # how the csv module says that a quote is still open
_SHOWS_NOTHING = str.maketrans("", "", "\0\ufeff")  # a byte order mark where files were joined
_GUARDED = re.compile('="(.*)"', re.DOTALL)  # what keeps a spreadsheet from reading "007" as 7
_BEGINS = "\0"  # marks the first cell of each line while a block is parted
MOST_COLUMNS = 1 << 14
"""As many as the widest spreadsheet has."""

_LONGEST_CELL = csv.field_size_limit()
_MOST_GIVEN_BACK = 32_767  # characters of a line too long, which is what a spreadsheet's cell holds
TOO_LONG = "This row is far too long for one of a table."
OPEN_QUOTE = "A quote is opened in this row and never closed."
TOO_WIDE = "This row has {cells} cells under {width} headings: a comma in a cell needs quotes."

Rows = list[list[str]]
Columns = list[list[str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are parted and quoted. `skip` lines before the first row are no data."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that reads as no row, why, and what stands there."""

    line: int
    why: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Records:
    """Rows by the column, the line that each begins on, and the lines that read as no row."""

    lines: Sequence[int]
    columns: Columns
    broken: list[Broken] = field(default_factory=list)


def split(lines: Iterable[str], dialect: Dialect) -> Rows:
    """Part lines into rows of cells; none where a quote swallows more than a cell can hold."""
    try:
        return list(_reader(lines, dialect, strict=False))
    except csv.Error:
        return []


def first_rows(text: TextIOWrapper, dialect: Dialect, most: int) -> tuple[list[int], Rows]:
    """Read the first rows, of any width, with the lines they begin on."""
    _skip(text, dialect.skip)
    more = iter(text.readline, "")
    batch = [line.translate(_SHOWS_NOTHING) for line, _ in zip(more, range(most), strict=False)]
    numbers, rows, _, _ = _one_by_one(batch, more, 1 + dialect.skip, dialect, 0)
    return numbers, [_unguarded(row) for row in rows]


def records(text: TextIOWrapper, dialect: Dialect, width: int) -> Iterator[Records]:
    """Read rows of `width` cells in batches, from the first line on.

    Short rows are filled up; what is wider is broken. A cell may run over several lines. Where a
    quote is opened and what it swallows is no row, only the line it stands on is broken; reading
    goes on behind it.
    """
    _skip(text, dialect.skip)
    first, left, size = 1 + dialect.skip, "", _BLOCK // 8  # at first few: somebody waits for a sign
    while block := left + text.read(size):
        size = _BLOCK
        if not block.endswith("\n"):
            block += text.readline()
        if "\0" in block or "\ufeff" in block:
            block = block.translate(_SHOWS_NOTHING)
        left = ""
        guarded = '="' in block
        columns = None if guarded else _part_evenly(block, dialect, width)
        if columns is not None:
            lines: Sequence[int] = range(first, first + len(columns[0]))
            first += len(columns[0])
            yield Records(lines, columns)
            continue
        broken: list[Broken] = []
        batch = list(StringIO(block, newline=""))
        rows = split(batch, dialect)
        if len(rows) == len(batch) and not _ends_open(batch[-1], dialect):
            lines, used = range(first, first + len(rows)), len(batch)
        else:
            more = iter(text.readline, "")
            lines, rows, broken, used = _one_by_one(batch, more, first, dialect, width)
            left = "".join(batch[used:])
        first += used
        rows = [_unguarded(row) for row in rows] if guarded else rows
        yield by_column(lines, rows, width, broken)


def _unguarded(row: list[str]) -> list[str]:
    return [found[1] if (found := _GUARDED.fullmatch(cell)) else cell for cell in row]


def by_column(
    lines: Sequence[int], rows: Rows, width: int, broken: Sequence[Broken] = ()
) -> Records:
    """Turn rows into columns; short rows are filled up, empty ones left out, wide ones broken."""
    given_back = list(broken)
    if any(len(row) != width for row in rows):
        kept, even = [], []
        for line, row in zip(lines, rows, strict=True):
            if any(map(str.strip, row[width:])):
                why = TOO_WIDE.format(cells=len(row), width=width)
                given_back.append(Broken(line, why, row))
            elif row:
                kept.append(line)
                even.append(row[:width] + [""] * (width - len(row)))
        lines, rows = kept, even
    columns = list(map(list, zip(*rows, strict=True))) if rows else [[] for _ in range(width)]
    return Records(lines, columns, given_back)


def _part_evenly(block: str, dialect: Dialect, width: int) -> Columns | None:
    """Part a block in which nothing is quoted and every line has `width` cells; else None.

    The whole block is parted at once, and its columns are then every `width`-th cell. That the
    lines fit is proved by a mark before each: it has to come up in the first column alone.
    """
    if dialect.quote in block or _BEGINS in block or (dialect.escape or _BEGINS) in block:
        return None
    if len(block) > _BLOCK + _LONGEST_CELL:  # for the sake of its last line
        return None
    if "\r" in block:
        block = block.replace("\r\n", "\n").replace("\r", "\n")
    if not block.endswith("\n"):
        block += "\n"
    cells = (_BEGINS + block).replace("\n", dialect.delimiter + _BEGINS).split(dialect.delimiter)
    cells.pop()  # the mark behind the last line
    first = cells[0::width]
    if len(cells) != width * len(first) or "".join(first).count(_BEGINS) != block.count("\n"):
        return None
    return [[cell[1:] for cell in first], *(cells[i::width] for i in range(1, width))]


def _one_by_one(
    batch: list[str], more: Iterator[str], first: int, dialect: Dialect, width: int
) -> tuple[list[int], Rows, list[Broken], int]:
    """Read lines of which some have cells that run over several; `batch` grows by what it needs.

    Gives the numbers of the lines that rows begin on, the rows, the broken lines, and how many
    lines were used. A row over several lines must have `width` cells (0: any number).
    """
    numbers: list[int] = []
    rows: Rows = []
    broken: list[Broken] = []
    at, planned = 0, len(batch)
    while at < planned:
        row, end = _record(batch, at, more, dialect)
        if row is not None and (end == at + 1 or width in {0, len(row)}):
            numbers.append(first + at)
            rows.append(row)
            at = end
        else:
            why = TOO_LONG if len(batch[at]) > _LONGEST_CELL else OPEN_QUOTE
            line = batch[at][:_MOST_GIVEN_BACK].rstrip("\r\n")
            broken.append(Broken(first + at, why, [line]))
            at += 1
    return numbers, rows, broken, at


def _record(
    batch: list[str], at: int, more: Iterator[str], dialect: Dialect
) -> tuple[list[str] | None, int]:
    """Read the record that begins on a line; None where a quote in it is never rightly closed."""
    end = at

    def feed() -> Iterator[str]:
        nonlocal end
        while end - at < _LONGEST_RECORD:
            if end == len(batch):
                line = next(more, None)
                if line is None:
                    return
                batch.append(line)
            end += 1
            yield batch[end - 1]

    try:
        return next(_reader(feed(), dialect, strict=True)), end
    except csv.Error as error:
        if end == at + 1 and _UNCLOSED not in str(error):  # odd, but it ends where its line does
            rows = split(batch[at:end], dialect)
            return rows[0] if rows else None, end
        return None, end


def _ends_open(line: str, dialect: Dialect) -> bool:
    """Say whether a line ends inside a quote."""
    if dialect.quote not in line:
        return False
    try:
        list(_reader([line], dialect, strict=True))
    except csv.Error as error:
        return _UNCLOSED in str(error)
    return False


def _skip(text: TextIOWrapper, lines: int) -> None:
    for _ in range(lines):
        text.readline()


def _reader(lines: Iterable[str], dialect: Dialect, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape,
        doublequote=dialect.escape is None,
        strict=strict,
    )
