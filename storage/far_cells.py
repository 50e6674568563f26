"""How much a workbook's reader would hold: a cell far away brings all empty ones before it."""

from __future__ import annotations

import re
from struct import Struct
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

_SHEET = re.compile(r"xl/worksheets/(?!_rels/).+")
_PLACE = re.compile(rb' r="([A-Z]{0,3})(\d{1,7})"')  # of a cell, or of a row
_BLOCK = 1 << 20
_ROW, _FILLED = 0, frozenset(range(2, 12))  # records of .xlsb; 1 is an empty cell
_SHORT = Struct("<BBI")  # a record as most are: kind, length, and what it says first
_SHORT_HEAD, _LONGEST_HEAD = 2, 10  # bytes before what it says, and up to behind it
_LAST = 0x7F  # highest byte that ends a figure
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_HOLDS = frozenset(
    {"office:value-type", "office:value", "office:string-value", "office:date-value"}
    | {"office:time-value", "office:boolean-value", "table:formula"}
)
"""What a cell of .ods says that is not empty."""
_OPEN_DOCUMENT_HOLDS = 4  # times as much of each cell as other readers


def cells_held(folder: ZipFile, part: ZipInfo) -> int:
    """Count the cells from the first to the last of a sheet, 0 of a part that is none.

    Raises `ValueError` where it is damaged, and what `zipfile` raises. It is read piece by piece.
    """
    name = part.filename.lower()
    if name != "content.xml" and not _SHEET.fullmatch(name):
        return 0
    with folder.open(part) as sheet:
        if name == "content.xml":
            return _of_open_document(sheet)
        return _of_records(sheet) if name.endswith(".bin") else _of_marks(sheet)


def _of_marks(sheet: IO[bytes]) -> int:
    """Count by the marks of .xlsx, where cells and rows say their places or follow each other."""
    said, following = _Said(), _Following()
    while block := sheet.read(_BLOCK):
        said.take(block)
        following.take(block)
    return max(said.last, following.rows) * max(said.widest, following.widest)


class _Said:
    """The places that cells and rows say."""

    def __init__(self) -> None:
        self.last = 0
        self._columns: set[bytes] = set()
        self._left = b""

    def take(self, block: bytes) -> None:
        found = _PLACE.findall(self._left + block)
        self._left = block[-16:]
        if found:
            self._columns.update(column for column, _ in found)
            self.last = max(self.last, int(found[0][1]), int(found[-1][1]))

    @property
    def widest(self) -> int:
        return max(map(_number, self._columns), default=0)


class _Following:
    """The rows, and the cells in one, each behind the last."""

    def __init__(self) -> None:
        self.rows = self.widest = self._in_row = 0

    def take(self, block: bytes) -> None:
        rest, *begun = block.split(b"<row")
        counts = [self._in_row + _begun_in(rest), *map(_begun_in, begun)]
        self.rows += len(begun)
        self.widest = max(self.widest, *counts)
        self._in_row = counts[-1]


def _begun_in(marks: bytes) -> int:
    return marks.count(b"<c ") + marks.count(b"<c>")


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = 26 * number + letter - ord("A") + 1
    return number


def _of_records(sheet: IO[bytes]) -> int:
    """Count by the records of .xlsb: a row says its number, and then each cell its column's."""
    row = last = widest = at = 0
    block = b""
    while more := sheet.read(_BLOCK):
        block, at = block[at:] + more, max(0, at - len(block))
        while at < len(block) - _LONGEST_HEAD:
            kind, length, number = _SHORT.unpack_from(block, at)
            at += _SHORT_HEAD
            if kind > _LAST or length > _LAST:
                kind, length, number, at = _long(block, at - _SHORT_HEAD)
            at += length
            if kind == _ROW:
                row = 1 + number
            elif kind in _FILLED:
                last = row
                if number >= widest:
                    widest = 1 + number
    return last * widest


def _long(block: bytes, at: int) -> tuple[int, int, int, int]:
    """Give a record's kind, its length, what it says first, and where that begins."""
    kind, at = _figure(block, at, 2)
    length, at = _figure(block, at, 4)
    return kind, length, int.from_bytes(block[at : at + 4], "little"), at


def _figure(block: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a figure of seven bits a byte, the lowest first, and say where it ends."""
    figure = block[at] & _LAST
    for shift in range(7, 7 * most, 7):
        if block[at] <= _LAST:
            break
        at += 1
        figure |= (block[at] & _LAST) << shift
    return figure, at + 1


def _of_open_document(content: IO[bytes]) -> int:
    """Count by the marks of .ods, where cells and rows say how often they are repeated."""
    spread = _Spread()
    parser = expat.ParserCreate()
    parser.StartElementHandler = spread.begin
    try:
        while block := content.read(_BLOCK):
            parser.Parse(block)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    spread.end_row()
    return _OPEN_DOCUMENT_HOLDS * spread.most


class _Spread:
    """What repeated cells and rows come to; empty ones count only where filled ones follow."""

    def __init__(self) -> None:
        self.most = 0
        self._rows = self._height = self._width = self._laid = 0
        self._cells = self._filled = self._last = 0

    def begin(self, mark: str, says: dict[str, str]) -> None:
        if mark in _CELLS:
            self._cells += self._last
            self._last = int(says.get("table:number-columns-repeated", 1))
            if not _HOLDS.isdisjoint(says):
                self._cells += self._last
                self._last, self._filled = 0, self._cells
        elif mark == "table:table-row":
            self.end_row()
            self._rows += int(says.get("table:number-rows-repeated", 1))
        elif mark == "table:table":
            self.end_row()
            self._rows = self._height = self._width = self._laid = 0

    def end_row(self) -> None:
        """Count a row in: its last cell, where that is empty, is not laid out."""
        self._laid += self._cells
        if self._filled:
            self._height, self._width = self._rows, max(self._width, self._filled)
        self._cells = self._filled = self._last = 0
        self.most = max(self.most, self._laid, self._height * self._width)
