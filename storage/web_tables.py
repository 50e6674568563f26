"""The tables of web pages and of Excel's XML, as many programs write them under the name .xls."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import TextIOWrapper
from itertools import groupby, islice
from operator import attrgetter
from typing import BinaryIO, TextIO

from domain.errors import Refused
from storage import csv_text
from storage.csv_records import Records, Rows, by_column
from storage.headings import HEADER_ROWS
from storage.marked_tables import MarkedRow, marked_rows
from storage.table_parts import Part, batch_of

_MOST_BYTES = 100 << 20
_MOST_TABLES = 1_000
_HEAD = 1 << 12
_BEGINS = (b"<html", b"<!doc", b"<?xml", b"<head", b"<meta", b"<tabl", b"<styl", b"<body", b"<div")
_COMMENT = re.compile(rb"\A(?:\xef\xbb\xbf|\s|<!--.*?-->)*", re.DOTALL)
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_AS_BROWSERS = {  # which read what is said as the wider one that is mostly meant
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii"), "cp1252"),
    **{"iso-8859-9": "cp1254", "gb2312": "gb18030", "shift_jis": "cp932"},
}


def is_marked(head: bytes) -> bool:
    """Tell a web page or XML by how it begins."""
    plain = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return _COMMENT.sub(b"", plain, count=1)[:5].lower() in _BEGINS


def web_parts(file: BinaryIO, name: str, size: int) -> tuple[list[Part], str]:
    """Give the tables of a page, and its encoding if we had to guess it, else "".

    Raises `Refused` with one sentence where it has none, or is too large.
    """
    if size > _MOST_BYTES:
        raise Refused(f"{name} is too large for a web page. Save it as .xlsx or .csv.")
    encoding, guessed = _encoding_of(file)
    text = csv_text.open_text(file, encoding)
    try:
        found = _found(text)
    finally:
        text.detach()
    if not any(cell for table in found.values() for row in table.top for cell in row):
        raise Refused(
            f"{name} is a web page without a table, such as one that asks to sign in. "
            "Export it once more, as .xlsx or .csv."
        )
    reading = _Reading(file, encoding)
    parts = []
    for number, each in found.items():
        if not each.longer:
            rows = each.rows
        elif each.parted:
            rows = partial(reading.parted, number)
        else:
            rows = partial(reading.whole, each.run)
        parts.append(Part(each.title, each.top, each.lines, rows, each.height))
    return parts, encoding if guessed else ""


@dataclass(slots=True)
class _Table:
    """What a first reading finds of a table: its first rows and their lines, and its last line.

    `run` counts the runs of rows of one table from which its first one is; a table around others is
    `parted` into several. Where it is no `longer`, its first rows are all it has.
    """

    title: str
    run: int
    top: Rows = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    height: int = 0
    parted: bool = False
    longer: bool = False

    def rows(self, width: int) -> Iterator[Records]:
        yield by_column(self.lines, self.top, width)


def _found(text: TextIO) -> dict[int, _Table]:
    """Give the tables by their number."""
    found: dict[int, _Table] = {}
    for run, number, rows in _runs(text):
        if number > _MOST_TABLES:
            break
        for row in rows:
            table = found.setdefault(number, _Table(row.title, run))
            table.parted = table.run != run
            if len(table.top) < HEADER_ROWS:
                table.top.append(row.cells)
                table.lines.append(row.line)
            else:
                table.longer = True
            table.height = row.line
    return found


def _runs(text: TextIO) -> Iterator[tuple[int, int, Iterator[MarkedRow]]]:
    """Give the rows by runs of one table each: the run, the table's number, and the rows."""
    by_table = groupby(marked_rows(text), key=attrgetter("table"))
    return ((run, number, rows) for run, (number, rows) in enumerate(by_table))


class _Reading:
    """Reads a page once for all its tables, as long as they are asked for in their order.

    For each by itself, a report with a table on every page would take the longer the more it has.
    """

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self._text: TextIOWrapper | None = None
        self._left: Iterator[tuple[int, int, Iterator[MarkedRow]]] = iter(())
        self._run = sys.maxsize
        """Which run was read last; after a table in parts, all of them."""

    def whole(self, run: int, width: int) -> Iterator[Records]:
        """Give a table whose rows are one run."""
        if run <= self._run:
            self._begin()
        for at, _, rows in self._left:
            self._run = at
            if at == run:
                yield from _in_batches(rows, width)
                return

    def parted(self, number: int, width: int) -> Iterator[Records]:
        """Give a table with others between its rows."""
        self._begin()
        yield from _in_batches(
            (row for _, of, rows in self._left for row in rows if of == number), width
        )

    def _begin(self) -> None:
        if self._text is not None:
            self._text.detach()
        self._text = csv_text.open_text(self._file, self._encoding)
        self._left = _runs(self._text)
        self._run = sys.maxsize


def _in_batches(rows: Iterator[MarkedRow], width: int) -> Iterator[Records]:
    while batch := list(islice(rows, batch_of(width))):
        yield by_column([row.line for row in batch], [row.cells for row in batch], width)


def _encoding_of(file: BinaryIO) -> tuple[str, bool]:
    """Tell a page's encoding, and whether it had to be guessed: what is UTF-8 says so itself."""
    likely = csv_text.encoding_of(file)
    if likely.startswith("utf"):
        return likely, False
    file.seek(0)
    for said in _CHARSET.findall(file.read(_HEAD)):
        named = said.decode().lower()
        if _may_be_meant(named):
            return _AS_BROWSERS.get(named, named), False
    return likely, True


def _may_be_meant(encoding: str) -> bool:
    """Say whether there is such an encoding, of pages whose bytes are not UTF-8."""
    try:
        return codecs.lookup(encoding).name != "utf-8"
    except LookupError:
        return False
