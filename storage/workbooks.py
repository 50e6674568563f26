"""Tables into Excel workbooks that are safe to open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from storage.spreadsheet_files import Rows, Value

_MOST_IN_CELL = 32_767  # characters that Excel keeps
_WIDEST = 50


def as_xlsx(title: str, headings: Sequence[str], rows: Rows) -> bytes:
    """Write a table as an Excel workbook: numbers are numbers, days are days, text is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(headings):
        letter = chr(ord("A") + number % 26)
        if number < 26:
            sheet.column_dimensions[letter].width = min(max(len(heading) + 4, 14), _WIDEST)
    bold = [WriteOnlyCell(sheet, heading) for heading in headings]
    for cell in bold:
        cell.font = Font(bold=True)
    sheet.append(bold)
    for row in rows:
        sheet.append([_as_cell(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _as_cell(sheet: WriteOnlyWorksheet, value: Value) -> object:
    """Give a cell; text that Excel would take for a formula or an error is marked as text."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:_MOST_IN_CELL]
    if text[:1] != "=" and text not in ERROR_CODES:
        return text
    cell = WriteOnlyCell(sheet, "")
    cell.value, cell.data_type = text, "s"
    return cell
