"""Single cells: what stands in them, or why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import cast
from zoneinfo import available_timezones

from domain import cell_words
from domain.columns import Field, Reads
from domain.losses import LONGEST_NAME, LONGEST_STORY
from domain.names import clean, tidy
from domain.safe_cells import as_written

SAYS_NOTHING = frozenset(
    form(word)
    for word in (
        *("", "-", "--", "–", "—", "n/a", "null", "nan", "(blank)", "(none)", "<null>", "\\n"),
        *("#n/a", "#ref!", "#div/0!", "#value!", "#name?", "#null!", "#num!"),
    )
    for form in (str.lower, str.upper, str.title, str.capitalize)
)
"""Cells that are as good as empty."""

_LINK = re.compile(
    r"(?P<shown>[^()]+?) \(https?://[^\s()]+\)|\[(?P<named>.+)\]\(https?://[^\s()]+\)"
)
_MARKED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});")
_SHOWN_OF = 400  # characters, white space and all, of which a sentence shows some
_FAR_TOO_LONG = 100_000  # characters of a cell that is not looked at any further
_REPEATED = 4  # times that a column's cells stand in it, where each is better read once


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that cannot be read, and why in a sentence."""

    why: str


def short(text: str) -> str:
    """Give the beginning of a cell, to show it in a sentence."""
    line = tidy(text[:_SHOWN_OF])
    return line if len(line) <= 40 else line[:39] + "…"


def read_lines(each: Field, column: Sequence[str]) -> list[object]:
    """Read a column of single lines of text; the usual case, nothing odd in any, all at once."""
    distinct = set(column)
    if len(distinct) * _REPEATED < len(column):
        read = dict(zip(distinct, read_lines(each, list(distinct)), strict=True))
        return list(map(read.__getitem__, column))
    plain = list(map(str.strip, column))
    if not _nothing_odd(plain):
        return [_line(each, text) for text in column]
    if SAYS_NOTHING.isdisjoint(plain):
        return cast(list[object], plain)
    return [None if text in SAYS_NOTHING else text for text in plain]


def _nothing_odd(column: Sequence[str]) -> bool:
    """Say whether `tidy` and `as_written` would leave every cell as it is, and all are short."""
    text = "".join(column)
    return (
        text.isprintable()
        and "  " not in text
        and "(http" not in text
        and not ("&" in text and ";" in text)
        and max(map(len, column), default=0) <= LONGEST_NAME
        and not ("'" in text and any(cell[:1] == "'" for cell in column))
    )


def _line(each: Field, text: str) -> str | Bad | None:
    plain = tidy(_without_marks(as_written(text))) if len(text) < _FAR_TOO_LONG else text
    linked = _LINK.fullmatch(plain)  # as Notion and Airtable write what stands in another table
    plain = linked["shown"] or linked["named"] if linked else plain
    if plain in SAYS_NOTHING:
        return None
    if len(plain) > LONGEST_NAME:
        return Bad(f"{each.label} is longer than {LONGEST_NAME} characters.")
    return plain


def _without_marks(text: str) -> str:
    """Read "A&amp;B", as programs of the web write it into files, for what it says."""
    if "&" not in text or ";" not in text:
        return text
    return _MARKED.sub(lambda found: unescape(found[0]), text)


def _story(each: Field, text: str) -> str | Bad | None:
    plain = clean(_without_marks(as_written(text))) if len(text) < _FAR_TOO_LONG else text
    if plain in SAYS_NOTHING:
        return None
    if len(plain) > LONGEST_STORY:
        return Bad(f"{each.label} is longer than {LONGEST_STORY} characters.")
    return plain


def _among(read: Callable[[str], object | None], wanted: str) -> Callable[[Field, str], object]:
    """Make a reader of cells that hold one of a few things; an empty one is None."""

    def read_cell(each: Field, text: str) -> object:
        plain = as_written(text).strip()
        if plain in SAYS_NOTHING:
            return None
        found = read(plain) if len(plain) <= LONGEST_NAME else None
        return Bad(f"{each.label}: “{short(text)}” is not {wanted}.") if found is None else found

    return read_cell


def _zone(text: str) -> str | None:
    return text if text in available_timezones() else None


READERS: dict[Reads, Callable[[Field, str], object]] = {
    Reads.STORY: _story,
    Reads.CURRENCY: _among(cell_words.read_currency, "a currency's ISO code such as USD"),
    Reads.KIND: _among(cell_words.read_kind, "customer, deal or ebbing"),
    Reads.ROLE: _among(cell_words.read_role, "rep, manager, executive, finance or admin"),
    Reads.EMAIL: _among(cell_words.read_email, "an e-mail address"),
    Reads.PLATFORM_ID: _among(cell_words.read_platform_id, "a Slack user id such as U012AB3CD"),
    Reads.ZONE: _among(_zone, "a time zone such as Europe/Paris"),
    Reads.WEIGHT: _among(cell_words.read_weight, "a share from 1 to 100 per cent"),
    Reads.YES_NO: _among(cell_words.read_yes_no, "yes, perhaps or no"),
}
"""How a cell is read that stands for itself; lines of text are read by the column (`read_lines`),
days, sums and reasons need to know of their whole column."""

LINES = frozenset({Reads.NAME, Reads.TEXT, Reads.ID})
"""What is read by `read_lines`."""
