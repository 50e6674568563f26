"""When two names mean the same customer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_LEGAL_FORMS = frozenset(
    {"inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd"}
    | {"limited", "plc", "gmbh", "ag", "kg", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab"}
    | {"as", "oy", "oyj", "aps", "pty", "pte", "sl", "kk"}
)
_WORD = re.compile(r"\w+", re.UNICODE)
_NO_WORD = re.compile(r"[^\w\n ][^\w\n]*", re.UNICODE)
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\w\b)")


def name_key(name: str) -> str:
    """Fold a customer's name to the key under which spellings of the same name meet.

    Case, accents, punctuation, a leading "the" and legal forms at the end ("Inc.", "GmbH") do not
    count. A name made only of such things keeps them, and one without letters or digits (an emoji)
    keeps its characters, so that the key of a name that shows something is never empty.
    """
    plain = unicodedata.normalize("NFKD", _DOTTED.sub("", name)).casefold()
    plain = plain.translate(_MARKS_TO_NONE)
    words = _WORD.findall(plain.replace("&", " and ").replace("'", "").replace("’", ""))
    if not words:
        return " ".join(name.split()).casefold()
    return _without_forms(words)


def unaccented(text: str) -> str:
    """Give a text without the marks over, under and through its letters."""
    return unicodedata.normalize("NFKD", text).translate(_MARKS_TO_NONE)


def name_keys(names: Sequence[str]) -> list[str]:
    """Give `name_key` of many names of one line each, folded together, which is far quicker."""
    plain = "\n".join(names)
    if "." in plain:
        plain = _DOTTED.sub("", plain)
    plain = unicodedata.normalize("NFKD", plain).casefold()
    if not plain.isascii():
        plain = plain.translate(_MARKS_TO_NONE)
    plain = plain.replace("&", " and ").replace("'", "").replace("’", "")
    lines = _NO_WORD.sub(" ", plain).split("\n")
    if len(lines) != len(names):
        return [name_key(name) for name in names]
    return [
        _without_forms(words) if (words := line.split()) else name_key(name)
        for line, name in zip(lines, names, strict=True)
    ]


def _without_forms(words: list[str]) -> str:
    """Join a name's words without a leading "the" and legal forms at the end."""
    if words[0] == "the" and len(words) > 1:
        words = words[1:]
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)


class _NoMarks(dict[int, int | None]):
    """For `str.translate`: takes combining marks away; each character is looked up once."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.combining(chr(code)) else code
        self[code] = kept
        return kept


_MARKS_TO_NONE = _NoMarks()


def tidy(text: str) -> str:
    """Make a text one line: white space collapsed, control characters gone.

    What then shows nothing (zero-width marks alone) is empty.
    """
    line = " ".join(clean(text).split())
    return line if any(mark.isprintable() for mark in line) else ""


def clean(text: str) -> str:
    """Take out what no database or screen can hold, and the white space around; lines stay."""
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = (_shown(mark) for mark in text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(kept).strip()


def _shown(mark: str) -> str:
    category = unicodedata.category(mark)
    if category in {"Zl", "Zp"}:
        return "\n"
    if category == "Cc" and mark != "\n":
        return " "
    return "" if category == "Cs" else mark
