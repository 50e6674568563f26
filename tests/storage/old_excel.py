"""Writes the smallest .xls that is one: a BIFF8 workbook in an OLE file."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SECTOR = 512
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def old_excel(rows: Sequence[Sequence[str | float]], *, small: bool = False) -> bytes:
    """Give a workbook of one sheet with these cells; `small` keeps it in small sectors."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                label = struct.pack("<HHHHB", i, j, 0, len(value), 1) + text
                sheet += _record(0x0204, label)
            else:
                sheet += _record(0x0203, struct.pack("<HHHd", i, j, 0, value))
    sheet += _record(0x000A, b"")
    top = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    name = b"Sheet1"
    size = len(_record(0x0085, struct.pack("<IHBB", 0, 0, len(name), 0) + name))
    offset = len(top) + size + len(_record(0x000A, b""))
    bound = _record(0x0085, struct.pack("<IHBB", offset, 0, len(name), 0) + name)
    book = top + bound + _record(0x000A, b"") + sheet
    return _small_ole(book) if small else _ole(book)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _ole(stream: bytes) -> bytes:
    """Wrap a stream called Workbook, padded past the size of those kept in small sectors."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % _SECTOR)
    sectors = len(stream) // _SECTOR
    fat = [_FAT, _END, *range(3, sectors + 2), _END]
    fat += [_FREE] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    folder = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    folder += _entry("", 0, _FREE, 0, 0) * 2
    return header + struct.pack("<128I", *fat) + folder + stream


def _small_ole(stream: bytes) -> bytes:
    """Wrap a stream called Workbook that is kept in small sectors, of 64 bytes each."""
    held = stream.ljust(-(-len(stream) // _SECTOR) * _SECTOR, b"\0")
    fat = [_FAT, _END, _END, *range(4, 3 + len(held) // _SECTOR), _END]
    fat += [_FREE] * (128 - len(fat))
    count = -(-len(stream) // 64)
    small = [*range(1, count), _END, *[_FREE] * (128 - count)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    folder = _entry("Root Entry", 5, 1, 3, len(held)) + _entry("Workbook", 2, _FREE, 0, len(stream))
    folder += _entry("", 0, _FREE, 0, 0) * 2
    return header + struct.pack("<128I", *fat) + folder + struct.pack("<128I", *small) + held


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    wide = name.encode("utf-16-le")
    named = wide.ljust(64, b"\0") + struct.pack("<H", len(wide) + 2 if name else 0)
    tree = struct.pack("<BBIII", kind, 1, _FREE, _FREE, child)
    return named + tree + b"\0" * 36 + struct.pack("<IQ", start, size)
