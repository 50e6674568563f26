"""Running text as rich text: every letter literal, only mentions and weight are marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, assert_never

from slackblocks import (
    RichText,
    RichTextBlock,
    RichTextChannel,
    RichTextCodeBlock,
    RichTextElement,
    RichTextList,
    RichTextSection,
    RichTextUser,
)

from bot.slack.surfaces import cut
from handlers.views.elements import Channel, Code, Mention, Plain, Strong, Text, in_plain_words

MOST_TEXT = 3000
"""Characters of one paragraph that are shown; Slack's own limit for a section of text."""

_CHUNK = 2500
NOTHING = "–"
"""What stands where a value is empty: Slack refuses empty text."""

T = TypeVar("T")


def spans_of(text: Text, most: int = MOST_TEXT) -> list[RichTextElement]:
    """Give the elements of a text; no empty ones, and no more than `most` characters in all."""
    elements: list[RichTextElement] = []
    left = most
    for span in text:
        match span:
            case Plain(words) | Strong(words) | Code(words):
                shown = cut(words, left) if left > 0 else ""
                if shown:
                    bold = True if isinstance(span, Strong) else None
                    code = True if isinstance(span, Code) else None
                    elements.append(RichText(shown, bold=bold, code=code))
                left -= len(words)
            case Mention(name, user_id):
                elements.append(RichTextUser(user_id) if user_id else RichText(f"@{name}"))
                left -= len(name)
            case Channel(channel_id):
                elements.append(RichTextChannel(channel_id))
                left -= len(channel_id)
            case _ as never:
                assert_never(never)
    return elements


def is_blank(text: Text) -> bool:
    """Whether there is nothing to see in a text."""
    return not in_plain_words(text).strip()


def paragraph(text: Text) -> list[RichTextBlock]:
    """Show running text; line breaks are kept."""
    return [] if is_blank(text) else [RichTextBlock([RichTextSection(spans_of(text))])]


def facts(rows: Iterable[tuple[str, Text]]) -> list[RichTextBlock]:
    """Show labels in bold, each with its value behind it, one a line."""
    blocks = []
    for chunk in _chunks(rows, lambda row: len(row[0]) + len(in_plain_words(row[1]))):
        elements: list[RichTextElement] = []
        for number, (label, value) in enumerate(chunk):
            before = "\n" if number else ""
            elements.append(RichText(f"{before}{cut(label, MOST_TEXT)}: ", bold=True))
            elements += [RichText(NOTHING)] if is_blank(value) else spans_of(value)
        blocks.append(RichTextBlock([RichTextSection(elements)]))
    return blocks


def bullets(items: Iterable[Text], *, ordered: bool = False) -> list[RichTextBlock]:
    """Show a list; a long one in several blocks, so that it can be cut between them."""
    blocks = []
    shown = 0
    seen = [item for item in items if not is_blank(item)]
    for chunk in _chunks(seen, lambda item: len(in_plain_words(item))):
        sections = [RichTextSection(spans_of(item)) for item in chunk]
        style = "ordered" if ordered else "bullet"
        offset = shown if ordered and shown else None
        blocks.append(RichTextBlock([RichTextList(style, sections, offset=offset, border=None)]))
        shown += len(chunk)
    return blocks


def preformatted(lines: Iterable[str]) -> list[RichTextBlock]:
    """Show lines in a typewriter's letters, so that columns stand under one another."""
    return [
        RichTextBlock([RichTextCodeBlock([RichText(cut("\n".join(chunk), MOST_TEXT))])])
        for chunk in _chunks(lines, len)
    ]


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
