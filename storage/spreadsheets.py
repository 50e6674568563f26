"""Tables out of the files people have: CSV of any usual kind, Excel new and old."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import compress, islice
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from domain.errors import Refused
from domain.safe_cells import as_written
from storage import csv_records, csv_text
from storage.csv_records import Records, Rows, by_column

MOST_BYTES = 1 << 30
_MOST_EXCEL_BYTES = 100 << 20
_MOST_UNPACKED_BYTES = 1 << 30
_HEADER_ROWS = 50  # where the row of headings is looked for
_TOP_LINES = 200  # lines that hold them, with cells that run over several
_SAMPLE_ROWS = 1_000  # rows from which columns are matched
_BATCH = 8_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a packed file"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_NOT_TEXT = [chr(i) for i in range(32) if chr(i) not in "\t\n\r\f"] + ["\ufffd"]
_MUCH = 20  # of such marks in the first lines
_SEND = "Send a CSV or Excel file, with a row of headings above the rows."

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
Score = Callable[[Sequence[str]], int]


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
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower() in {b"<html", b"<!doc", b"<?xml"}:
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
    header = _find_header(rows, heading_score, name)
    sheet = _sheet(rows[header], lines[header], begin, name)
    if encoding not in {"utf-8", "utf-8-sig"}:
        sheet.notes.append(f"I read the file as {encoding.upper()} text.")
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
        raise Refused(f"{name} is not an Excel file I can read. {_SEND}") from None
    filled = [sheet for sheet in sheets if sheet.height]
    if not filled:
        raise Refused(f"{name} is empty. {_SEND}")
    tops = [[_cells(row) for row in sheet.to_python(nrows=_HEADER_ROWS)] for sheet in filled]
    scores = [max(map(heading_score, rows), default=0) for rows in tops]
    best = scores.index(max(scores))
    header = _find_header(tops[best], heading_score, name)
    line = _first_line(filled[best]) + header
    sheet = _sheet(tops[best][header], line, partial(_excel_rows, filled[best]), name)
    if len(filled) > 1:
        others = ", ".join(f"“{s.name}”" for s in filled if s is not filled[best])
        sheet.notes.append(f"I read the sheet “{filled[best].name}” and left out {others}.")
    return sheet


def _refuse_bombs(file: BinaryIO, name: str, size: int) -> None:
    """Refuse an Excel file that is too large, or would be once unpacked."""
    unpacked = 0
    file.seek(0)
    if file.read(4) == _ZIP:
        try:
            unpacked = sum(part.file_size for part in ZipFile(file).infolist())
        except BadZipFile:
            raise Refused(f"{name} is damaged: I cannot unpack it.") from None
    if size > _MOST_EXCEL_BYTES or unpacked > _MOST_UNPACKED_BYTES:
        raise Refused(f"{name} is too large for an Excel file. Save it as CSV and send that.")


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


def _find_header(rows: Rows, heading_score: Score, name: str) -> int:
    """Give the index of the row of headings: most known ones, else the first full row."""
    top = [(i, row) for i, row in enumerate(rows[:_HEADER_ROWS]) if any(map(str.strip, row))]
    if not top:
        raise Refused(f"{name} is empty. {_SEND}")
    best, row = max(top, key=lambda each: (heading_score(each[1]), -each[0]))
    if heading_score(row):
        return best
    widest = max(sum(bool(cell.strip()) for cell in row) for _, row in top)
    return next(i for i, row in top if sum(bool(cell.strip()) for cell in row) == widest)


def _sheet(
    header: list[str], header_line: int, begin: Callable[[int], Iterator[Records]], name: str
) -> Sheet:
    """Put a table together from its header row and the rows of the whole file."""

    def batches() -> Iterator[Records]:
        for batch in begin(len(header)):
            yield _below(batch, header_line, header)

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
    headings = _distinct([as_written(heading).strip() for heading in header])
    return Sheet(headings, header_line, sample, batches)


def _distinct(headings: list[str]) -> list[str]:
    """Give every column a heading of its own, so that each can be spoken of."""
    known: set[str] = set()
    for number, heading in enumerate(headings, 1):
        named = heading or f"Column {number}"
        while named in known:
            named = f"{heading or 'Column'} ({number})"
        known.add(named)
        headings[number - 1] = named
    return headings


def _below(batch: Records, header_line: int, header: list[str]) -> Records:
    """Keep the filled rows below the headings; headings repeated in the middle are none."""
    start = bisect_right(batch.lines, header_line)
    lines, columns, broken = batch.lines, batch.columns, batch.broken
    if start:
        lines, columns = lines[start:], [column[start:] for column in columns]
        broken = [each for each in broken if each.line > header_line]
    first = columns[0]
    doubtful = [
        i for i, cell in enumerate(first) if not cell or cell.isspace() or cell == header[0]
    ]
    empty = {
        i
        for i in doubtful
        if (row := [column[i] for column in columns]) == header or not any(map(str.strip, row))
    }
    if empty:
        keep = [i not in empty for i in range(len(lines))]
        lines = list(compress(lines, keep))
        columns = [list(compress(column, keep)) for column in columns]
    return Records(lines, columns, broken)
