"""When two names mean the same customer."""

from __future__ import annotations

import re
import unicodedata

_LEGAL_FORMS = frozenset(
    {"inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd"}
    | {"limited", "plc", "gmbh", "ag", "kg", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab"}
    | {"as", "oy", "oyj", "aps", "pty", "pte", "sl", "kk"}
)
_WORD = re.compile(r"\w+", re.UNICODE)
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\w\b)")


def name_key(name: str) -> str:
    """Fold a customer's name to the key under which spellings of the same name meet.

    Case, accents, punctuation, a leading "the" and legal forms at the end ("Inc.", "GmbH") do not
    count. A name made only of such things keeps them, and one without letters or digits (an emoji)
    keeps its characters, so that the key of a name that shows something is never empty.
    """
    plain = unicodedata.normalize("NFKD", _DOTTED.sub("", name)).casefold()
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    words = _WORD.findall(plain.replace("&", " and ").replace("'", "").replace("’", ""))
    if not words:
        return " ".join(name.split()).casefold()
    kept = words[1:] if words[0] == "the" and len(words) > 1 else list(words)
    while len(kept) > 1 and kept[-1] in _LEGAL_FORMS:
        kept.pop()
    return " ".join(kept)


def tidy(text: str) -> str:
    """Make a text one line: white space collapsed, control characters gone.

    What then shows nothing (zero-width marks alone) is empty.
    """
    line = " ".join(clean(text).split())
    return line if any(mark.isprintable() for mark in line) else ""


def clean(text: str) -> str:
    """Take out what no database or screen can hold, and the white space around; lines stay."""
    kept = (_shown(mark) for mark in text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(kept).strip()


def _shown(mark: str) -> str:
    category = unicodedata.category(mark)
    if category in {"Zl", "Zp"}:
        return "\n"
    if category == "Cc" and mark != "\n":
        return " "
    return "" if category == "Cs" else mark
