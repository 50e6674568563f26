"""Text tables as people have them: any usual encoding, any usual marks between the cells."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import islice
from typing import BinaryIO

from storage.csv_records import MOST_COLUMNS, Dialect, Rows, split
from storage.headings import Score
from storage.legacy_text import legacy_encoding

_BLOCK = 1 << 20  # bytes looked at together
_HEADER_LINES = 50  # where headings are looked for
_SAMPLE_LINES = 200  # enough to see how cells are parted
_DELIMITERS = (",", ";", "\t", "|")
_RARE_DELIMITERS = ("~", "^", ":")  # which values hold, too, so that headings have to tell
_TOLD_BY = 2  # headings
_MOST_LOOKED_AT = 1 << 20  # characters of a line
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = 0.1  # share of every other byte that is nothing, in text of two bytes a character
_ESCAPED_QUOTE = re.compile(r'\\"(?=[^\s,;|"])')  # a quote that neither opens nor closes a cell
_SEP_LINE = re.compile(r"sep=(.)", re.IGNORECASE)


def encoding_of(file: BinaryIO) -> str:
    """Tell a text's encoding: by its mark, by reading as UTF-8 to the end, else by its words."""
    file.seek(0)
    head = file.read(_BLOCK)
    for mark, name in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    wide = {"utf-16-be": head[0::2].count(0), "utf-16-le": head[1::2].count(0)}
    likelier = max(wide, key=wide.__getitem__)
    if wide[likelier] > _WIDE * len(head) / 2:
        return likelier
    file.seek(0)
    decode = codecs.getincrementaldecoder("utf-8")().decode
    try:
        while block := file.read(_BLOCK):
            decode(block)
        decode(b"", final=True)
    except UnicodeDecodeError as error:
        file.seek(max(0, file.tell() - _BLOCK))
        return legacy_encoding(head if error.start < len(head) else file.read(_BLOCK))
    return "utf-8"


def dialect_of(sample: Sequence[str], heading_score: Score) -> Dialect:
    """Tell from the first lines how cells are parted; `heading_score` counts known headings."""
    said = _SEP_LINE.fullmatch(sample[0].strip()) if sample else None
    if said:
        return Dialect(said[1], skip=1)
    text = "".join(sample)
    escape = "\\" if _ESCAPED_QUOTE.search(text) else None
    tried = [Dialect(delimiter, escape=escape) for delimiter in _DELIMITERS]
    tried += [Dialect(d, quote="'") for d in _DELIMITERS if f"'{d}'" in text and '"' not in text]

    def merit(dialect: Dialect) -> tuple[int, int]:
        return _merit(split(sample, dialect), heading_score)

    best = max(tried, key=merit)
    if merit(best)[0] >= _TOLD_BY:
        return best
    rare = max((Dialect(delimiter, escape=escape) for delimiter in _RARE_DELIMITERS), key=merit)
    return rare if merit(rare)[0] >= _TOLD_BY else best


def open_text(file: BinaryIO, encoding: str) -> TextIOWrapper:
    """Open bytes as text from their start, keeping line ends as they are."""
    file.seek(0)
    return TextIOWrapper(file, encoding=encoding, errors="replace", newline="")


def sample_of(text: TextIOWrapper) -> list[str]:
    """Give the first lines of a text, and of an endless one its beginning."""
    return [line[:_MOST_LOOKED_AT] for line in islice(text, _SAMPLE_LINES)]


def _merit(rows: Rows, heading_score: Score) -> tuple[int, int]:
    """Weigh a way of parting: known headings first, then how many cells stand in even rows."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = widths.most_common(1)[0] if widths else (1, 0)
    tops = (row for row in rows[:_HEADER_LINES] if len(row) <= MOST_COLUMNS)
    return max(map(heading_score, tops), default=0), count * width
