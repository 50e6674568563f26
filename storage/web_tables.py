"""The tables of web pages and of Excel's XML, as many programs write them under the name .xls."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import BinaryIO

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
        found = _found(marked_rows(text))
    finally:
        text.detach()
    if not any(cell for table in found.values() for row in table.top for cell in row):
        raise Refused(
            f"{name} is a web page without a table, such as one that asks to sign in. "
            "Export it once more, as .xlsx or .csv."
        )
    parts = [
        Part(each.title, each.top, each.lines, partial(_rows, file, encoding, number), each.height)
        for number, each in found.items()
    ]
    return parts, encoding if guessed else ""


@dataclass(slots=True)
class _Table:
    """What a first reading finds of a table: its first rows and their lines, and its last line."""

    title: str
    top: Rows = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    height: int = 0


def _found(rows: Iterable[MarkedRow]) -> dict[int, _Table]:
    """Give the tables by their number."""
    found: dict[int, _Table] = {}
    for row in rows:
        if row.table > _MOST_TABLES:
            break
        table = found.setdefault(row.table, _Table(row.title))
        if len(table.top) < HEADER_ROWS:
            table.top.append(row.cells)
            table.lines.append(row.line)
        table.height = row.line
    return found


def _rows(file: BinaryIO, encoding: str, table: int, width: int) -> Iterator[Records]:
    text = csv_text.open_text(file, encoding)
    try:
        ours = (row for row in marked_rows(text) if row.table == table)
        while batch := list(islice(ours, batch_of(width))):
            yield by_column([row.line for row in batch], [row.cells for row in batch], width)
    finally:
        text.detach()


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
