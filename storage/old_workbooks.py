"""How far the cells of an old Excel file (.xls) reach, told before its reader lays them out."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence

_NO_SECTOR = 0xFFFFFFFA  # from here on a number means something else
_SMALL = 4_096  # bytes, below which a stream is kept in the small sectors
_ENTRY = 128  # bytes of a stream's entry in the folder
_LOCKED, _SHEET, _END = 0x2F, 0x85, 0x0A  # kinds of records
_ONE_CELL = frozenset({0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E})
_CELLS_IN_A_ROW = 0x00BD
_OF_EACH = 6  # bytes, and as many around them


def old_cells_held(content: bytes) -> int:
    """Count the cells from the first row and column to the last of the largest sheet.

    Of what is damaged or locked it is 0, and its reader says so.
    """
    try:
        book = _workbook_in(content)
        records = list(_records(book, 0))
        if any(kind == _LOCKED for kind, _ in records):
            return 0
        starts = [struct.unpack_from("<I", told)[0] for kind, told in records if kind == _SHEET]
        return max((_cells_held(book, start) for start in starts), default=0)
    except (struct.error, IndexError, KeyError):
        return 0


def _cells_held(book: bytes, start: int) -> int:
    rows = columns = 0
    for kind, told in _records(book, start):
        if kind in _ONE_CELL or kind == _CELLS_IN_A_ROW:
            row, column = struct.unpack_from("<HH", told)
            more = len(told) // _OF_EACH - 1 if kind == _CELLS_IN_A_ROW else 1
            rows, columns = max(rows, row + 1), max(columns, column + more)
    return rows * columns


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Give the records from a place on to the end of what begins there: kind and content."""
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == _END:
            return
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook_in(content: bytes) -> bytes:
    """Put the workbook together out of the sectors of the file that holds it."""
    size, small_size = (1 << shift for shift in struct.unpack_from("<HH", content, 30))

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    listed = _numbers(content[76:512])
    (further,) = struct.unpack_from("<I", content, 68)
    while further < _NO_SECTOR and len(listed) * size < len(content):
        *more, further = _numbers(sector(further))
        listed += more
    following = [n for at in listed if at < _NO_SECTOR for n in _numbers(sector(at))]
    folder = _joined(struct.unpack_from("<I", content, 48)[0], following, sector)
    entries = [folder[at : at + _ENTRY] for at in range(0, len(folder), _ENTRY)]
    named = {entry[:64].decode("utf-16-le", "replace").rstrip("\0"): entry for entry in entries}
    start, length = struct.unpack_from("<II", named.get("Workbook") or named["Book"], 116)
    if length >= _SMALL:
        return _joined(start, following, sector)
    small = _joined(struct.unpack_from("<I", entries[0], 116)[0], following, sector)
    (first,) = struct.unpack_from("<I", content, 60)
    small_following = _numbers(_joined(first, following, sector))
    return _joined(start, small_following, lambda n: small[n * small_size : (n + 1) * small_size])


def _joined(start: int, following: Sequence[int], sector: Callable[[int], bytes]) -> bytes:
    """Put sectors together, each of which has a following one; going in circles comes to an end."""
    parts: list[bytes] = []
    while start < _NO_SECTOR and len(parts) <= len(following):
        parts.append(sector(start))
        start = following[start]
    return b"".join(parts)


def _numbers(part: bytes) -> list[int]:
    return [number for (number,) in struct.iter_unpack("<I", part)]
