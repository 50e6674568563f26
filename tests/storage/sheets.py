"""Files read as tables, and what came of them."""

from __future__ import annotations

import io
from itertools import chain

from openpyxl import Workbook

from domain.matching import heading_score
from storage.csv_records import Broken
from storage.spreadsheets import Sheet, open_sheet


def opened(content: bytes | str, name: str = "file.csv") -> Sheet:
    data = content.encode() if isinstance(content, str) else content
    return open_sheet(io.BytesIO(data), name, heading_score)


def rows_of(sheet: Sheet) -> list[list[str]]:
    batches = (zip(*batch.columns, strict=True) for batch in sheet.batches())
    return list(map(list, chain.from_iterable(batches)))


def lines_of(sheet: Sheet) -> list[int]:
    return list(chain.from_iterable(batch.lines for batch in sheet.batches()))


def broken_of(sheet: Sheet) -> list[Broken]:
    return list(chain.from_iterable(batch.broken for batch in sheet.batches()))


def excel(*sheets: list[list[object]]) -> bytes:
    book = Workbook()
    for i, rows in enumerate(sheets):
        sheet = book.active if i == 0 else book.create_sheet(f"Sheet{i}")
        assert sheet is not None
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
