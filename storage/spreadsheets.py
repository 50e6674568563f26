"""Tables out of the files people have: CSV of any usual kind, Excel new and old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
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
from domain.safe_cells import as_written
from storage import csv_records, csv_text
from storage.csv_records import Records, Rows, by_column
from storage.headings import HEADER_ROWS, Score, distinct, find_header, note_on, own_columns
from storage.table_body import TableBody

MOST_BYTES = 1 << 30
_MOST_EXCEL_BYTES = 100 << 20
_MOST_UNPACKED_BYTES = 1 << 30
_TOP_LINES = 200  # lines that hold them, with cells that run over several
_SAMPLE_ROWS = 1_000  # rows from which columns are matched
_BATCH = 8_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"\x1f\x8b", "a packed file"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"[{", "JSON"),
    (b'{"', "JSON"),
)
_WEB_PAGE = (b"<html", b"<!doc", b"<?xml", b"<head", b"<meta", b"<tabl", b"<styl")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # a stream of Excel files with a password
_ZIPPED = (
    ("xl/", ""),
    ("content.xml", ""),
    ("Index/", "a Numbers document. In Numbers choose File, Export To, Excel, and send that"),
    ("Index.zip", "a Numbers document. In Numbers choose File, Export To, Excel, and send that"),
    ("word/", "a text document, not a table"),
    ("ppt/", "a presentation, not a table"),
)
_NOT_TEXT = [chr(i) for i in range(32) if chr(i) not in "\t\n\r\f"] + ["\ufffd"]
_MUCH = 20  # of such marks in the first lines
_SEND = "Send a CSV or Excel file, with a row of headings above the rows."

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its headings, the line they stand on, its first rows, and all rows in batches.

    `batches()` begins anew each time and gives the rows below the headings by the column; blank
    rows are left out. `notes` say in sentences how the file was read.
    """

    headings: list[str]
    header_line: int
    sample: Rows
    batches: Callable[[], Iterator[Records]]
    notes: list[str] = field(default_factory=list)


def opened(source: Path | bytes) -> BinaryIO:
    """Open a file, or bytes as one; to be closed by whoever asks."""
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def open_sheet(file: BinaryIO, name: str, heading_score: Score) -> Sheet:
    """Read an open file as a table, whatever its form; it has to stay open as long.

    `heading_score` counts the headings in a row. Raises `Refused` with one sentence where the file
    is no table, is empty or too big.
    """
    head = file.read(1 << 12)
    size = file.seek(0, 2)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused(f"{name} is empty. {_SEND}")
    if size > MOST_BYTES:
        raise Refused(f"{name} is larger than {MOST_BYTES >> 20} MB. Split it and send the parts.")
    for mark, what in _OTHERS:
        if head.startswith(mark):
            raise Refused(f"{name} is {what}, not a table. {_SEND}")
    if head.startswith((_ZIP, _OLE)):
        return _open_excel(file, name, size, heading_score)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower() in _WEB_PAGE:
        raise Refused(
            f"{name} is a web page under another name. Open it in a spreadsheet program and save "
            "it as .xlsx or .csv."
        )
    return _open_csv(file, name, heading_score)


def _open_csv(file: BinaryIO, name: str, heading_score: Score) -> Sheet:
    encoding = csv_text.encoding_of(file)
    text = csv_text.open_text(file, encoding)
    sample = csv_text.sample_of(text)
    text.detach()
    if sum(map("".join(sample).count, _NOT_TEXT)) > _MUCH:
        raise Refused(f"{name} is not a text I can read. {_SEND}")
    dialect = csv_text.dialect_of(sample, heading_score)

    def begin(width: int) -> Iterator[Records]:
        again = csv_text.open_text(file, encoding)
        try:
            yield from csv_records.records(again, dialect, width)
        finally:
            again.detach()

    text = csv_text.open_text(file, encoding)
    lines, rows = csv_records.first_rows(text, dialect, _TOP_LINES)
    text.detach()
    sheet = _sheet(rows, lines, begin, heading_score, name)
    if encoding not in {"utf-8", "utf-8-sig"}:
        sheet.notes.append(
            f"I read the file as {encoding.upper()} text. Do accents look wrong? Save it as UTF-8."
        )
    return sheet


def _open_excel(file: BinaryIO, name: str, size: int, heading_score: Score) -> Sheet:
    _refuse_bombs(file, name, size)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        sheets = [book.get_sheet_by_name(title) for title in book.sheet_names]
    except PasswordError:
        raise Refused(f"{name} is locked with a password. Save it without one.") from None
    except (CalamineError, OSError, ValueError):
        file.seek(0)
        if _ENCRYPTED in file.read():
            raise Refused(f"{name} is locked with a password. Save it without one.") from None
        raise Refused(f"{name} is not an Excel file I can read. {_SEND}") from None
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # of the reader itself, and no Exception
            raise
        raise Refused(f"{name} is damaged: I cannot read it. {_SEND}") from None
    filled = [sheet for sheet in sheets if sheet.height]
    shown = {each.name for each in book.sheets_metadata if each.visible is SheetVisibleEnum.Visible}
    filled = [sheet for sheet in filled if sheet.name in shown] or filled
    if not filled:
        raise Refused(f"{name} is empty. {_SEND}")
    tops = [[_cells(row) for row in sheet.to_python(nrows=HEADER_ROWS)] for sheet in filled]
    merits = [
        (max(map(heading_score, rows)), one.height) for one, rows in zip(filled, tops, strict=True)
    ]
    best = merits.index(max(merits))
    chosen = filled[best]
    lines = range(_first_line(chosen), _first_line(chosen) + len(tops[best]))
    sheet = _sheet(tops[best], lines, partial(_excel_rows, chosen), heading_score, name)
    others = ", ".join(f"“{s.name}”" for s in sheets if s.height and s is not chosen)
    if others:
        sheet.notes.append(f"I read the sheet “{chosen.name}” and left out {others}.")
    return sheet


def _refuse_bombs(file: BinaryIO, name: str, size: int) -> None:
    """Refuse an Excel file that is too large, or would be once unpacked."""
    unpacked = 0
    file.seek(0)
    if file.read(4) == _ZIP:
        try:
            parts = ZipFile(file).infolist()
            unpacked = sum(part.file_size for part in parts)
        except (BadZipFile, NotImplementedError, ValueError):
            raise Refused(f"{name} is damaged: I cannot unpack it.") from None
        what = _zipped_in([part.filename for part in parts])
        if what:
            raise Refused(f"{name} is {what}.")
    if size > _MOST_EXCEL_BYTES or unpacked > _MOST_UNPACKED_BYTES:
        raise Refused(f"{name} is too large for an Excel file. Save it as CSV and send that.")


def _zipped_in(names: Sequence[str]) -> str:
    """Say in words what a packed file is, "" for a workbook."""
    for start, what in _ZIPPED:
        if any(name.startswith(start) for name in names):
            return what
    return "a packed file. Unpack it and send the tables in it"


def _first_line(sheet: CalamineSheet) -> int:
    return 1 + (sheet.start or (0, 0))[0]


def _excel_rows(sheet: CalamineSheet, width: int) -> Iterator[Records]:
    numbered = enumerate(sheet.iter_rows(), _first_line(sheet))
    while batch := list(islice(numbered, _BATCH)):
        lines, rows = zip(*batch, strict=True)
        yield by_column(lines, [_cells(row) for row in rows], width)


def _cells(row: Sequence[Cell]) -> list[str]:
    return [_as_text(cell) for cell in row]


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


def _sheet(
    rows: Rows,
    lines: Sequence[int],
    begin: Callable[[int], Iterator[Records]],
    heading_score: Score,
    name: str,
) -> Sheet:
    """Put a table together from its first rows, their lines, and the rows of the whole file."""
    if not any(any(map(str.strip, row)) for row in rows):
        raise Refused(f"{name} is empty. {_SEND}")
    at = find_header(rows, heading_score)
    width = max(map(len, rows)) if at is None else len(rows[at])
    header = [""] * width if at is None else rows[at]
    header_line = 0 if at is None else lines[at]
    headings = distinct([as_written(heading).strip() for heading in header])

    def batches() -> Iterator[Records]:
        body = TableBody(header, header_line, own_columns(headings))
        for batch in begin(width):
            yield body.sift(batch)

    sample: Rows = []
    filled = False
    for batch in batches():
        filled = filled or bool(batch.lines or batch.broken)
        some = [column[: _SAMPLE_ROWS - len(sample)] for column in batch.columns]
        sample.extend(map(list, zip(*some, strict=True)))
        if len(sample) == _SAMPLE_ROWS:
            break
    if not filled:
        raise Refused(f"{name} has a row of headings and no rows below it.")
    return Sheet(headings, header_line, sample, batches, note_on(rows, at))
