"""Writes the smallest .xlsb and .ods that are some."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from zipfile import ZIP_DEFLATED, ZipFile

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def binary_excel(cells: Iterable[tuple[int, int, str | float | None]]) -> bytes:
    """Give a workbook of one sheet with these cells: row, column, both from 0, and what it says."""
    sheet = bytearray(_record(0x81) + _record(0x94, bytes(16)) + _record(0x91))
    before = -1
    for row, column, value in cells:
        if row != before:
            sheet += _record(0, struct.pack("<I13x", row))
            before = row
        place = struct.pack("<II", column, 0)
        if value is None:
            sheet += _record(1, place)
        elif isinstance(value, str):
            sheet += _record(6, place + _wide(value))
        else:
            sheet += _record(5, place + struct.pack("<d", value))
    sheet += _record(0x92) + _record(0x82)
    named = _record(0x9C, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Sheet1"))
    book = _record(0x83) + _record(0x8F) + named + _record(0x90) + _record(0x84)
    relation = '<Relationship Id="rId1" Target="worksheets/sheet1.bin"/>'
    return _packed(
        {
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f"<Relationships>{relation}</Relationships>",
            "xl/worksheets/sheet1.bin": bytes(sheet),
        }
    )


def open_document(*rows: str) -> bytes:
    """Give a workbook of one sheet with these rows, each as `row` writes it."""
    spaces = " ".join(
        f'xmlns:{each}="{_OFFICE}:{each}:1.0"' for each in ("office", "table", "text")
    )
    table = f'<table:table table:name="Sheet1">{"".join(rows)}</table:table>'
    return _packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {spaces}>{table}</office:document-content>",
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def row(*cells: str, times: int = 1) -> str:
    """Write a row of cells, each as `cell` writes it."""
    return (
        f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'
    )


def cell(text: str = "", times: int = 1) -> str:
    """Write a cell, or an empty one."""
    says = f'table:number-columns-repeated="{times}"'
    if not text:
        return f"<table:table-cell {says}/>"
    text = f"<text:p>{text}</text:p>"
    return f'<table:table-cell {says} office:value-type="string">{text}</table:table-cell>'


def _packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as folder:
        for name, content in parts.items():
            folder.writestr(name, content)
    return out.getvalue()


def _record(kind: int, content: bytes = b"") -> bytes:
    return _figure(kind) + _figure(len(content)) + content


def _figure(figure: int) -> bytes:
    low, more = figure & 0x7F, figure >> 7
    return bytes([low | 0x80]) + _figure(more) if more else bytes([low])


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
