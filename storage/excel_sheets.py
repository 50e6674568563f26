"""The sheets of Excel files, new and old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
)

from domain.errors import Refused
from storage.csv_records import Records, by_column
from storage.far_cells import cells_held
from storage.headings import HEADER_ROWS
from storage.merged_cells import filled_down
from storage.old_workbooks import old_cells_held
from storage.table_parts import Part, batch_of

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_BYTES = 100 << 20
_MOST_UNPACKED_BYTES = 1 << 30
_MOST_CELLS = 1 << 25  # from the first to the last, empty ones too: the reader holds 32 bytes each
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # a stream of Excel files with a password
_ZIPPED = (
    ("xl/", ""),
    ("content.xml", ""),
    ("Index/", "a Numbers document. In Numbers choose File, Export To, Excel, and send that"),
    ("Index.zip", "a Numbers document. In Numbers choose File, Export To, Excel, and send that"),
    ("word/", "a text document, not a table"),
    ("ppt/", "a presentation, not a table"),
)

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def excel_parts(file: BinaryIO, name: str, size: int) -> tuple[list[Part], list[str]]:
    """Give the sheets that are shown and not empty, and the names of those left out.

    Where all are hidden they count as shown. Raises `Refused` with one sentence where the file is
    locked, damaged, too large, or something else under this name.
    """
    _refuse_bombs(file, name, size)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        sheets = [book.get_sheet_by_name(title) for title in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        file.seek(0)
        if isinstance(error, PasswordError) or _ENCRYPTED in file.read():
            raise Refused(f"{name} is locked with a password. Save it without one.") from None
        raise Refused(f"{name} is not an Excel file I can read. Save it as CSV.") from None
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # of the reader itself, and no Exception
            raise
        raise Refused(f"{name} is damaged: I cannot read it. Save it as CSV.") from None
    filled = [sheet for sheet in sheets if sheet.height]
    shown = {each.name for each in book.sheets_metadata if each.visible is SheetVisibleEnum.Visible}
    taken = [sheet for sheet in filled if sheet.name in shown] or filled
    return [_part(sheet) for sheet in taken], [s.name for s in filled if s not in taken]


def _part(sheet: CalamineSheet) -> Part:
    first = _first_line(sheet)
    top = list(islice(_texts(sheet), HEADER_ROWS))
    lines = range(first, first + len(top))
    return Part(sheet.name, top, lines, partial(_rows, sheet), first + sheet.height)


def _rows(sheet: CalamineSheet, width: int) -> Iterator[Records]:
    numbered = enumerate(_texts(sheet), _first_line(sheet))
    while batch := list(islice(numbered, batch_of(width))):
        lines, rows = zip(*batch, strict=True)
        yield by_column(lines, list(rows), width)


def _texts(sheet: CalamineSheet) -> Iterator[list[str]]:
    rows = ([_as_text(cell) for cell in row] for row in sheet.iter_rows())
    merged = sheet.merged_cell_ranges
    if not merged:
        return rows
    down, across = sheet.start or (0, 0)
    return filled_down(
        rows,
        [
            ((top - down, left - across), (bottom - down, right - across))
            for (top, left), (bottom, right) in merged
            if top >= down and left >= across
        ],
    )


def _first_line(sheet: CalamineSheet) -> int:
    return 1 + (sheet.start or (0, 0))[0]


def _as_text(cell: Cell) -> str:
    """Write a spreadsheet's cell as a CSV would have it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _refuse_bombs(file: BinaryIO, name: str, size: int) -> None:
    """Refuse an Excel file that is too large, or would be once unpacked."""
    too_large = Refused(f"{name} is too large for an Excel file. Save it as CSV and send that.")
    if size > _MOST_BYTES:
        raise too_large
    too_far = Refused(
        f"{name} has a cell far away from its table. Copy the table into a new file, or save it as "
        "CSV, and send that."
    )
    file.seek(0)
    if file.read(4) != ZIP:
        file.seek(0)
        if old_cells_held(file.read()) > _MOST_CELLS:
            raise too_far
        return
    try:
        folder = ZipFile(file)
        parts = folder.infolist()
        what = _zipped_in([part.filename for part in parts])
        if what:
            raise Refused(f"{name} is {what}.")
        if sum(part.file_size for part in parts) > _MOST_UNPACKED_BYTES:
            raise too_large
        far = any(cells_held(folder, part) > _MOST_CELLS for part in parts)
    except (BadZipFile, EOFError, NotImplementedError, OSError, ValueError, RuntimeError):
        raise Refused(f"{name} is damaged: I cannot unpack it.") from None
    if far:
        raise too_far


def _zipped_in(names: Sequence[str]) -> str:
    """Say in words what a packed file is, "" for a workbook."""
    for start, what in _ZIPPED:
        if any(name.startswith(start) for name in names):
            return what
    return "a packed file. Unpack it and send the tables in it"
