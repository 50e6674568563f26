"""Tables out of the files people have: CSV of any usual kind, Excel new and old, web pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from domain.errors import Refused
from domain.safe_cells import as_written
from storage import csv_records, csv_text
from storage.csv_records import MOST_COLUMNS, Broken, Records, Rows
from storage.excel_sheets import OLE, ZIP, excel_parts
from storage.headings import (
    Score,
    distinct,
    find_header,
    note_on,
    own_columns,
    same_headings,
    stands_on_its_side,
)
from storage.table_body import TableBody
from storage.table_parts import Part
from storage.web_tables import is_marked, web_parts

SHEET = "Sheet"
"""Heads the column that says of each row which of several sheets it comes from."""

_MOST_BYTES = 1 << 30
_TOP_LINES = 200  # lines that hold them, with cells that run over several
_SAMPLE_ROWS = 1_000  # rows from which columns are matched
_SHEETS = 12  # named in a sentence
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
    (b"MIME-Version:", "a mail or a web archive"),
)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*[\[{\"]|\{\s*[\"'}])")
_NOT_TEXT = [chr(i) for i in range(32) if chr(i) not in "\t\n\r\f"] + ["\ufffd"]
_MUCH = 20  # of such marks in the first lines
_SEND = "Send a CSV or Excel file, with a row of headings above the rows."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its headings, the line they stand on, its first rows, and all rows in batches.

    `batches()` begins anew each time and gives the rows below the headings by the column; blank
    rows are left out. `notes` say in sentences how the file was read. Of several sheets read as one
    the lines are counted on from each to the next.
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
    if size > _MOST_BYTES:
        raise Refused(f"{name} is larger than {_MOST_BYTES >> 20} MB. Split it and send the parts.")
    for mark, what in _OTHERS:
        if head.startswith(mark):
            raise Refused(f"{name} is {what}, not a table. {_SEND}")
    if _JSON.match(head):
        raise Refused(f"{name} is JSON, not a table. {_SEND}")
    if head.startswith((ZIP, OLE)):
        parts, left_out = excel_parts(file, name, size)
        return _of_parts(parts, left_out, heading_score, name)
    if is_marked(head):
        parts, encoding = web_parts(file, name, size)
        sheet = _of_parts(parts, [], heading_score, name)
        return _with_note_on(sheet, encoding)
    return _open_csv(file, name, heading_score)


def _open_csv(file: BinaryIO, name: str, heading_score: Score) -> Sheet:
    encoding = csv_text.encoding_of(file)
    text = csv_text.open_text(file, encoding)
    sample = csv_text.sample_of(text)
    text.detach()
    if sum(map("".join(sample).count, _NOT_TEXT)) > _MUCH:
        raise Refused(f"{name} is not a text I can read. {_SEND}")
    dialect = csv_text.dialect_of(sample, heading_score)
    if any(len(row) > MOST_COLUMNS for row in csv_records.split(sample, dialect)):
        raise Refused(f"{name} has more than {MOST_COLUMNS:,} columns. Send those that matter.")

    def begin(width: int) -> Iterator[Records]:
        again = csv_text.open_text(file, encoding)
        try:
            yield from csv_records.records(again, dialect, width)
        finally:
            again.detach()

    text = csv_text.open_text(file, encoding)
    lines, rows = csv_records.first_rows(text, dialect, _TOP_LINES)
    text.detach()
    sheet = _of_parts([Part("", rows, lines, begin)], [], heading_score, name)
    return _with_note_on(sheet, "" if encoding in {"utf-8", "utf-8-sig"} else encoding)


def _with_note_on(sheet: Sheet, encoding: str) -> Sheet:
    if encoding:
        sheet.notes.append(
            f"I read the file as {encoding.upper()} text. Do accents look wrong? Save it as UTF-8."
        )
    return sheet


@dataclass(frozen=True, slots=True)
class _Headed:
    """A part of a file, and at which of its first rows the headings stand (None: nowhere)."""

    part: Part
    at: int | None

    @property
    def header(self) -> list[str]:
        if self.at is None:
            return [""] * max(map(len, self.part.top))
        return self.part.top[self.at]

    @property
    def line(self) -> int:
        return 0 if self.at is None else self.part.lines[self.at]

    def heads(self, other: _Headed) -> bool:
        """Say whether another part has the same headings, in the same order."""
        both_headed = self.at is not None and other.at is not None
        return both_headed and same_headings(self.header, other.header)


def _of_parts(parts: list[Part], left_out: list[str], heading_score: Score, name: str) -> Sheet:
    """Put a table together: of the part with the most headings, and those with the same ones."""
    filled = [part for part in parts if any(any(map(str.strip, row)) for row in part.top)]
    if not filled:
        raise Refused(f"{name} is empty. {_SEND}")
    best = max(filled, key=lambda part: (max(map(heading_score, part.top)), part.height))
    if stands_on_its_side(best.top, heading_score):
        raise Refused(
            f"{name} has its headings in the first column, and a customer in each of the others. "
            "Turn it round (copy it, then Paste special, Transpose) and send that."
        )
    chosen = _Headed(best, find_header(best.top, heading_score))
    others = [_Headed(p, find_header(p.top, heading_score)) for p in filled if p is not best]
    alike = [chosen, *(each for each in others if chosen.heads(each))]
    alike.sort(key=lambda each: filled.index(each.part))
    left_out = [p.title for p in filled if all(each.part is not p for each in alike)] + left_out
    sheet = _sheet(alike, heading_score, name)
    sheet.notes.extend(note_on(best.top, chosen.at) + _note_on_parts(alike, left_out))
    return sheet


def _note_on_parts(read: list[_Headed], left_out: list[str]) -> list[str]:
    """Say which of several tables were read, and as what."""
    titles = _named([each.part.title for each in read])
    without = f" and left out {_named(left_out)}" if left_out else ""
    if not read[0].part.title:
        alike = f"the {len(read)} tables" if len(read) > 1 else "the largest table"
        some = f" and left out {len(left_out)} more" if left_out else ""
        return [f"I read {alike} with these headings as one{some}."] if some or read[1:] else []
    if len(read) > 1:
        return [f"I read the sheets {titles} as one table, each below the last{without}."]
    return [f"I read the sheet {titles}{without}."] if without else []


def _named(titles: list[str]) -> str:
    listed = ", ".join(f"“{title}”" for title in titles[:_SHEETS])
    return listed + (f" and {len(titles) - _SHEETS} more" if len(titles) > _SHEETS else "")


def _sheet(together: list[_Headed], heading_score: Score, name: str) -> Sheet:
    """Give parts with the same headings as one table, and of several what each is called."""
    header = together[0].header
    titled = len(together) > 1 and bool(together[0].part.title)
    named = [as_written(heading).strip() for heading in header]
    headings = distinct([*named, SHEET] if titled else named)

    def batches() -> Iterator[Records]:
        before = 0
        for each in together:
            body = TableBody(each.header, each.line, own_columns(headings), heading_score)
            title = [each.part.title] if titled else []
            for batch in each.part.rows(len(header)):
                sifted = body.sift(batch)
                yield _below(sifted, before, title) if before or title else sifted
            before += each.part.height

    filled, sample = _sample(batches())
    if not filled:
        raise Refused(f"{name} has a row of headings and no rows below it.")
    return Sheet(headings, together[0].line, sample, batches)


def _sample(batches: Iterator[Records]) -> tuple[bool, Rows]:
    """Say whether there is any row, be it one given back, and give the first ones taken."""
    filled = False
    sample: Rows = []
    for batch in batches:
        filled = filled or bool(batch.lines or batch.broken)
        some = [column[: _SAMPLE_ROWS - len(sample)] for column in batch.columns]
        sample.extend(map(list, zip(*some, strict=True)))
        if len(sample) == _SAMPLE_ROWS:
            break
    return filled, sample


def _below(batch: Records, lines: int, title: list[str]) -> Records:
    """Move rows below so many lines, and write the name of their sheet behind each."""
    behind = [title * len(batch.lines)] if title else []
    broken = [Broken(each.line + lines, each.why, [*each.cells, *title]) for each in batch.broken]
    return Records([line + lines for line in batch.lines], [*batch.columns, *behind], broken)
