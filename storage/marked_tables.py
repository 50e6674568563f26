"""Tables out of web pages, and out of the XML that Excel wrote in 2003; both are named .xls."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import TextIO

from domain.errors import Refused
from storage.csv_records import MOST_COLUMNS
from storage.merged_cells import held_below

_MOST_ROWS = 1 << 20
_MOST_ACROSS = 1_000
_MOST_IN_CELL = 1 << 17  # characters: more than any field takes, so that the row comes back
_MOST_NESTED = 100
_BLOCK = 1 << 18
_MOST_OPEN = 1 << 24  # characters between a mark and its end
_DAMAGED = "This web page is damaged: a mark in it has no end. Save it as .xlsx or .csv."
_SAYS = r"[^<>\"']*(?:(?:\"[^\"<>]*\"|'[^'<>]*')[^<>\"']*)*"  # what a mark says of itself
_A_MARK = (
    r"(?P<closed><(?:script|style)\b[^<>]*(?<!/)>|<!--|<!\[CDATA\[)"
    r"|<(?P<end>/?)(?:ss:)?(?P<name>[a-z][a-z0-9:]*)"
    r"(?P<more>[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*(?=>)|[^<>]*)>"
    r"|<[!?][^<>]*>"
)
_MARK = re.compile(_A_MARK, re.IGNORECASE)
_ROW_OR_MARK = re.compile(
    rf"(?P<row><tr(?![a-z]){_SAYS}>(?:\s*<t[dh](?![a-z]){_SAYS}>[^<]*</t[dh]>)+\s*</tr>)|{_A_MARK}",
    re.IGNORECASE,
)
_ENDS = {
    "<!-": re.compile("-->"),
    "<![": re.compile(r"\]\]>"),
    "<sc": re.compile(r"</script\s*>", re.IGNORECASE),
    "<st": re.compile(r"</style\s*>", re.IGNORECASE),
}
"""What ends that in which no marks are, by how it begins."""

_CELL = re.compile(rf"<t[dh](?![a-z]){_SAYS}>([^<]*)<", re.IGNORECASE)
_NAMED = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'/>]+))")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?$")


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row: which table of the file it stands in (from 1) and what that is called, where, what."""

    table: int
    title: str
    line: int
    cells: list[str]


def marked_rows(text: TextIO) -> Iterator[MarkedRow]:
    """Give the rows of all tables, as they end; what is merged downwards is held by each row.

    Text within nested marks is a cell's; that of a table within a cell is of both. Nothing is
    expanded but the characters that HTML itself names. Raises `Refused` where a mark never ends.
    """
    page = _Page()
    left = ""
    while block := text.read(_BLOCK):
        left = yield from page.take(left + block)
        if len(left) > _MOST_OPEN:
            raise Refused(_DAMAGED)
    yield from page.end()


@dataclass(slots=True)
class _Table:
    """A table that is being read; `down` has by the column how long what is held below."""

    number: int
    title: str
    line: int = 0
    row: list[str] | None = None
    cell: list[str] | None = None
    length: int = 0
    across: int = 1
    deep: int = 1
    kind: str = ""
    down: dict[int, tuple[int, str]] = field(default_factory=dict)

    def begin_row(self, says: dict[str, str]) -> list[str]:
        self.line = min(_figure(says, "index", self.line + 1), _MOST_ROWS)
        self.row = []
        return self.row

    def begin_cell(self, says: dict[str, str]) -> None:
        row = self.begin_row({}) if self.row is None else self.row
        before = min(_figure(says, "index", 0), MOST_COLUMNS) - 1
        while len(row) < before or len(row) in self.down:
            row.append(self.down.get(len(row), (0, ""))[1])
        across = _figure(says, "colspan", 1 + _figure(says, "mergeacross", 0))
        self.across = min(across, _MOST_ACROSS)
        self.deep = _figure(says, "rowspan", 1 + _figure(says, "mergedown", 0))
        self.cell, self.length, self.kind = [], 0, ""

    def add(self, text: str) -> None:
        if self.cell is not None and self.length < _MOST_IN_CELL:
            self.cell.append(text[:_MOST_IN_CELL])
            self.length += len(text)

    def end_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        lines = (" ".join(line.split()) for line in "".join(self.cell).split("\n"))
        text = _as_text("\n".join(lines).strip(), self.kind)
        at = len(self.row)
        across = min(self.across, MOST_COLUMNS - at)
        if across > 0:
            self.row += [text, *[""] * (across - 1)]
        if self.deep > 1:
            held = held_below(text)
            self.down |= {at + i: (self.deep, "" if i else held) for i in range(across)}
        self.cell = None

    def end_row(self) -> Iterator[MarkedRow]:
        self.end_cell()
        row, self.row = self.row, None
        if not row:
            return
        while len(row) in self.down:
            row.append(self.down[len(row)][1])
        self.down = {at: (n - 1, text) for at, (n, text) in self.down.items() if n > 1}
        yield MarkedRow(self.number, self.title, self.line, row)


class _Page:
    """Reads a page piece by piece: `take` gives the rows that end in it, and what is left over."""

    def __init__(self) -> None:
        self._tables: list[_Table] = []
        self._count = 0
        self._title = ""
        self._remark = False

    def take(self, piece: str) -> Generator[MarkedRow, None, str]:
        at = 0
        while mark := _ROW_OR_MARK.search(piece, at):
            self._say(piece[at : mark.start()])
            at = mark.end()
            if mark["closed"]:
                kind = mark["closed"][:3].lower()
                ends = _ENDS[kind].search(piece, at)
                if ends is None:
                    return piece[mark.start() :]
                if kind == "<![":
                    self._say(piece[at : ends.start()], as_it_is=True)
                at = ends.end()
            elif mark["row"]:
                yield from self._row(mark["row"])
            else:
                yield from self._mark(mark)
        begun = piece.find("<", at)
        kept = len(piece) if begun < 0 else begun
        ampersand = piece.rfind("&", max(at, kept - 40), kept)  # may name a character
        kept = ampersand if ampersand >= 0 and ";" not in piece[ampersand:kept] else kept
        self._say(piece[at:kept])
        return piece[kept:]

    def end(self) -> Iterator[MarkedRow]:
        while self._tables:
            yield from self._tables.pop().end_row()

    def _row(self, row: str) -> Iterator[MarkedRow]:
        """Read a row with nothing within its cells, which is the usual case, all at once."""
        table = self._tables[0] if len(self._tables) == 1 else None
        if table is None or table.down or "span" in row.lower():
            at = 0
            for mark in _MARK.finditer(row):
                self._say(row[at : mark.start()])
                at = mark.end()
                yield from self._mark(mark)
            return
        yield from table.end_row()
        table.begin_row({})
        texts = _CELL.findall(row)
        if "&" in row:
            texts = [unescape(text) if "&" in text else text for text in texts]
        cells = [" ".join(text.split()) for text in texts[:MOST_COLUMNS]]
        table.row = None
        yield MarkedRow(table.number, table.title, table.line, cells)

    def _mark(self, mark: re.Match[str]) -> Iterator[MarkedRow]:
        name, end = (mark["name"] or "").lower(), bool(mark["end"])
        if name == "worksheet":
            self._title = _said(mark["more"]).get("name", "")
        elif name == "comment":
            self._remark = not end
        elif name == "table" and not end:
            self._count += 1
            if len(self._tables) == _MOST_NESTED:
                raise Refused(_DAMAGED)
            self._tables.append(_Table(self._count, self._title))
        elif name == "table" and self._tables:
            yield from self._tables.pop().end_row()
        elif self._tables:
            yield from self._within(self._tables[-1], name, end, mark)

    def _within(
        self, table: _Table, name: str, end: bool, mark: re.Match[str]
    ) -> Iterator[MarkedRow]:
        if name in {"td", "th", "cell"}:
            table.end_cell()
            if not end:
                table.begin_cell(_said(mark["more"]))
        elif name in {"tr", "row"}:
            yield from table.end_row()
            if not end:
                table.begin_row(_said(mark["more"]))
        elif name == "data" and not end:
            table.kind = _said(mark["more"]).get("type", "")
        elif name in {"br", "p", "div", "li"}:
            table.add("\n")

    def _say(self, text: str, *, as_it_is: bool = False) -> None:
        if not text or self._remark or not self._tables:
            return
        if not as_it_is:
            text = _SPACE.sub(" ", text)
            text = unescape(text) if "&" in text else text
        for table in self._tables:
            table.add(text)


def _said(more: str) -> dict[str, str]:
    """Read what a mark says of itself, by names without their prefix."""
    if not more or more.isspace():
        return {}
    found = ((m[1], m[2] or m[3] or m[4] or "") for m in _NAMED.finditer(more))
    return {name.lower().rpartition(":")[2]: unescape(value) for name, value in found}


def _figure(says: dict[str, str], name: str, usual: int) -> int:
    text = says.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else usual


def _as_text(text: str, kind: str) -> str:
    """Write a cell of Excel's XML as a CSV would have it."""
    if kind == "Boolean":
        return "yes" if text == "1" else "no"
    return _MIDNIGHT.sub("", text) if kind == "DateTime" else text
