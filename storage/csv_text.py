"""Text tables as people have them: any usual encoding, any usual marks between the cells."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain, islice
from typing import BinaryIO

from charset_normalizer import from_bytes

_BLOCK = 1 << 20  # bytes looked at together
_HEADER_LINES = 50  # where headings are looked for
_SAMPLE_LINES = 200  # enough to see how cells are parted
_BATCH = 8_000  # lines read together: few calls a row, and a few megabytes at most
_LONGEST_RECORD = 500  # lines of one quoted cell, past which the quote was never meant to open
_DELIMITERS = (",", ";", "\t", "|")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = re.compile(r"[^\W\d_a-zA-Z]")  # a letter with an accent, or of another script
_FOREIGN_PAIR = re.compile(r"(?:[^\W\d_a-zA-Z]){2,}")
_SEP_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
_UNCLOSED = "unexpected end"  # how the csv module says that a quote is still open
OPEN_QUOTE = "A quote is opened in this row and never closed."

Rows = list[list[str]]
Score = Callable[[Sequence[str]], int]


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
    """Rows with the number of the line each begins on, and the lines that read as none."""

    lines: Sequence[int]
    rows: Rows
    broken: list[Broken]


def encoding_of(file: BinaryIO) -> str:
    """Tell a text's encoding: by its mark, by reading as UTF-8 to the end, else by its letters."""
    file.seek(0)
    head = file.read(_BLOCK)
    for mark, name in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    file.seek(0)
    decode = codecs.getincrementaldecoder("utf-8")().decode
    try:
        while block := file.read(_BLOCK):
            decode(block)
        decode(b"", final=True)
    except UnicodeDecodeError as error:
        file.seek(max(0, file.tell() - _BLOCK))
        return _legacy_encoding(head if error.start < len(head) else file.read(_BLOCK))
    return "utf-8"


def dialect_of(sample: Sequence[str], heading_score: Score) -> Dialect:
    """Tell from the first lines how cells are parted; `heading_score` counts known headings."""
    said = _SEP_LINE.fullmatch(sample[0].strip()) if sample else None
    if said:
        return Dialect(said[1], skip=1)
    text = "".join(sample)
    escape = "\\" if '\\"' in text and '""' not in text else None
    tried = [Dialect(delimiter, escape=escape) for delimiter in _DELIMITERS]
    tried += [Dialect(d, quote="'") for d in _DELIMITERS if f"'{d}'" in text and '"' not in text]
    return max(tried, key=lambda dialect: _merit(_split(sample, dialect), heading_score))


def open_text(file: BinaryIO, encoding: str) -> TextIOWrapper:
    """Open bytes as text from their start, keeping line ends as they are."""
    file.seek(0)
    return TextIOWrapper(file, encoding=encoding, errors="replace", newline="")


def sample_of(text: TextIOWrapper) -> list[str]:
    """Give the first lines of a text."""
    return list(islice(text, _SAMPLE_LINES))


def records(text: TextIOWrapper, dialect: Dialect, width: int = 0) -> Iterator[Records]:
    """Read rows in batches, from the first line on, each with the line it begins on.

    A cell may run over several lines. Where a quote is opened and what it swallows is no row of
    `width` cells (0 is any number), only the line it stands on is given back as broken; reading
    goes on behind it.
    """
    first = 1 + dialect.skip
    lines: Iterator[str] = islice(text, dialect.skip, None)
    while batch := list(islice(lines, _BATCH)):
        rows = _split(batch, dialect)
        if len(rows) == len(batch) and not _ends_open(batch[-1], dialect):
            yield Records(range(first, first + len(rows)), rows, [])
            first += len(batch)
            continue
        read, used = _one_by_one(batch, lines, first, dialect, width)
        yield read
        lines = chain(batch[used:], lines)
        first += used


def _one_by_one(
    batch: list[str], more: Iterator[str], first: int, dialect: Dialect, width: int
) -> tuple[Records, int]:
    """Read a batch in which some cell runs over several lines; `batch` grows by what it needs."""
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
            broken.append(Broken(first + at, OPEN_QUOTE, [batch[at].rstrip("\r\n")]))
            at += 1
    return Records(numbers, rows, broken), at


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
            return _split(batch[at:end], dialect)[0], end
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


def _split(lines: Sequence[str], dialect: Dialect) -> Rows:
    """Part lines into rows of cells; none where a quote swallows more than a cell can hold."""
    try:
        return list(_reader(lines, dialect, strict=False))
    except csv.Error:
        return []


def _reader(lines: Iterable[str], dialect: Dialect, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape,
        doublequote=dialect.escape is None,
        strict=strict,
    )


def _merit(rows: Rows, heading_score: Score) -> tuple[int, int]:
    """Weigh a way of parting: known headings first, then how many cells stand in even rows."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = widths.most_common(1)[0] if widths else (1, 0)
    return max(map(heading_score, rows[:_HEADER_LINES]), default=0), count * width


def _legacy_encoding(sample: bytes) -> str:
    """Tell an encoding that is not UTF-8: Western unless its accents stand in whole words.

    Western words have an accent here and there; Cyrillic or Japanese read as Western are nothing
    but accents, and then their letters' frequencies decide.
    """
    western = sample.decode("cp1252", errors="replace")
    paired = sum(map(len, _FOREIGN_PAIR.findall(western)))
    if paired * 2 <= len(_FOREIGN.findall(western)):
        return "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"
