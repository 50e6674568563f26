"""A whole message as text: what a phone's notification and a screen reader are given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bot.slack.figures import figure
from bot.slack.surfaces import cut
from handlers.views.elements import (
    Bullets,
    Buttons,
    Chart,
    Divider,
    Element,
    Facts,
    Heading,
    Image,
    Note,
    Paragraph,
    Table,
    View,
    in_plain_words,
)

_MOST = 3_900  # characters; a message is cut, or its change refused, from 4,000 on
_SUMMARY = 300


def text_of(view: View) -> str:
    """Write a view as text, its summary first; what Slack reads as markup is escaped."""
    summary = " ".join(view.summary.split())
    lines = [line for element in view.elements for line in _lines(element) if line.strip()]
    if summary and summary != " ".join("".join(lines[:1]).split()):
        lines.insert(0, cut(summary, _SUMMARY))
    escaped = escape("\n".join(lines) or "Lost & Found")
    return escaped if len(escaped) <= _MOST else escape(_cut_escaped("\n".join(lines)))


def escape(text: str) -> str:
    """Escape the three characters that can begin a mention, a link or an entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut_escaped(text: str) -> str:
    """Shorten a text so that it is short enough once it is escaped, and no entity is torn."""
    room = _MOST - 1
    for index, letter in enumerate(text):
        room -= len(escape(letter))
        if room < 0:
            return text[:index].rstrip() + "…"
    return text


def _lines(element: Element) -> Iterator[str]:
    match element:
        case Heading(text):
            yield text
        case Paragraph(text) | Note(text):
            yield in_plain_words(text)
        case Facts(rows):
            yield from (f"{label}: {in_plain_words(value)}" for label, value in rows)
        case Bullets(items, ordered):
            for number, item in enumerate(items, start=1):
                yield f"{f'{number}.' if ordered else '•'} {in_plain_words(item)}"
        case Table(columns, rows):
            yield from (" · ".join(row) for row in (columns, *rows))
        case Chart(title, _, bars):
            yield title
            yield from (f"{label}: {figure(value)}" for label, value in bars)
        case Image(_, alt):
            yield alt
        case Buttons(buttons):
            yield " ".join(f"[{button.label}]" for button in buttons)
        case Divider():
            pass
        case _ as never:
            assert_never(never)
