"""Running text as rich text: every letter literal, only mentions and weight are marked.

It is most of what is ever sent, and five plain shapes: they are written as they are, which takes a
tenth of what a builder of blocks does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar, assert_never

from bot.slack.surfaces import cut
from handlers.views.elements import Channel, Code, Mention, Plain, Strong, Text, in_plain_words

MOST_TEXT = 3000
"""Characters of one paragraph that are shown; Slack's own limit for a section of text."""

_CHUNK = 2500
NOTHING = "–"
"""What stands where a value is empty: Slack refuses empty text."""

Json = dict[str, Any]
T = TypeVar("T")

_BOLD = {"bold": True}
_STYLES: dict[type, dict[str, bool]] = {Strong: _BOLD, Code: {"code": True}}


def spans_of(text: Text, most: int = MOST_TEXT) -> list[Json]:
    """Give the elements of a text; no empty ones, and no more than `most` characters in all."""
    elements: list[Json] = []
    left = most
    for span in text:
        match span:
            case Plain(words) | Strong(words) | Code(words):
                shown = cut(words, left) if left > 0 else ""
                if shown:
                    elements.append(_words(shown, _STYLES.get(type(span))))
                left -= len(words)
            case Mention(name, user_id):
                known = {"type": "user", "user_id": user_id}
                elements.append(known if user_id else _words(f"@{name}"))
                left -= len(name)
            case Channel(channel_id):
                elements.append({"type": "channel", "channel_id": channel_id})
                left -= len(channel_id)
            case _ as never:
                assert_never(never)
    return elements


def is_blank(text: Text) -> bool:
    """Whether there is nothing to see in a text."""
    return not in_plain_words(text).strip()


def paragraph(text: Text) -> list[Json]:
    """Show running text; line breaks are kept."""
    return [] if is_blank(text) else [_block(_section(spans_of(text)))]


def facts(rows: Iterable[tuple[str, Text]]) -> list[Json]:
    """Show labels in bold, each with its value behind it, one a line."""
    blocks = []
    for chunk in _chunks(rows, lambda row: len(row[0]) + len(in_plain_words(row[1]))):
        elements: list[Json] = []
        for number, (label, value) in enumerate(chunk):
            before = "\n" if number else ""
            elements.append(_words(f"{before}{cut(label, MOST_TEXT)}: ", _BOLD))
            elements += [_words(NOTHING)] if is_blank(value) else spans_of(value)
        blocks.append(_block(_section(elements)))
    return blocks


def bullets(items: Iterable[Text], *, ordered: bool = False) -> list[Json]:
    """Show a list; a long one in several blocks, so that it can be cut between them."""
    blocks = []
    shown = 0
    seen = [item for item in items if not is_blank(item)]
    for chunk in _chunks(seen, lambda item: len(in_plain_words(item))):
        listed: Json = {
            "type": "rich_text_list",
            "style": "ordered" if ordered else "bullet",
            "elements": [_section(spans_of(item)) for item in chunk],
        }
        if ordered and shown:
            listed["offset"] = shown
        blocks.append(_block(listed))
        shown += len(chunk)
    return blocks


def preformatted(lines: Iterable[str]) -> list[Json]:
    """Show lines in a typewriter's letters, so that columns stand under one another."""
    return [
        _block({"type": "rich_text_preformatted", "elements": [_words(cut(text, MOST_TEXT))]})
        for text in map("\n".join, _chunks(lines, len))
    ]


def _words(text: str, style: dict[str, bool] | None = None) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _section(elements: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": elements}


def _block(element: Json) -> Json:
    return {"type": "rich_text", "elements": [element]}


def _chunks(things: Iterable[T], length: Callable[[T], int]) -> Iterator[list[T]]:
    """Part things so that each part has about as much text as one block should hold."""
    part: list[T] = []
    size = 0
    for thing in things:
        if part and size + length(thing) > _CHUNK:
            yield part
            part, size = [], 0
        part.append(thing)
        size += min(length(thing), MOST_TEXT) + 1
    if part:
        yield part
