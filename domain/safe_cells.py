"""Text in spreadsheets: written so that it can never run as a formula, and read back as it was."""

from __future__ import annotations

import re

_RUNS = "=+\\-@\t\r\n＝＋－＠"  # what makes a spreadsheet take a cell for a formula
_DANGEROUS = re.compile(rf"'*[{_RUNS}]")
_GUARDED = re.compile(rf"'+[{_RUNS}]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")


def as_safe(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run; plain numbers stay numbers."""
    if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def as_written(text: str) -> str:
    """Take the apostrophe of `as_safe` away again."""
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text
