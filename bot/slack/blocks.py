"""A view as Block Kit. Pure: the same view gives the same blocks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, assert_never

from slackblocks import Block, ImageBlock

from bot.slack import figures, rich_text
from bot.slack.surfaces import (
    MOST_BLOCKS,
    MOST_CHARACTERS,
    MOST_CHARTS,
    WITH_CHARTS,
    WITH_TABLES,
    Surface,
    cut,
    one_line,
)
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Chart,
    Confirm,
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

REPEATED = "#"
"""Stands between an action's id and a number where one message has the same button twice."""

_BUTTON_TEXT = 75
_BUTTON_VALUE = 2000
_BUTTONS = 25
_HEADING = 150
_NOTE = 2000
_ALT = 2000
_URL = 3000

Json = dict[str, Any]

_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def blocks_of(view: View, surface: Surface) -> list[Json]:
    """Show a view on a surface, cut kindly to what Slack takes there.

    Raises `ValueError` where a button carries more than 2,000 characters.
    """
    return blocks_from(view.elements, surface)


def blocks_from(elements: Iterable[Element], surface: Surface) -> list[Json]:
    """Show elements on a surface; see `blocks_of`."""
    return _fitted(_Renderer(surface).all(elements), surface)


class _Renderer:
    """Renders the elements of one message: it counts what a message may have only so many of."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._tables_left = 1 if surface in WITH_TABLES else 0
        self._charts_left = MOST_CHARTS if surface in WITH_CHARTS else 0
        self._actions: dict[str, int] = {}

    def all(self, elements: Iterable[Element]) -> list[Json]:
        blocks = [block for element in elements for block in self._blocks(element)]
        return [block if isinstance(block, dict) else _dict_of(block) for block in blocks]

    def _blocks(self, element: Element) -> Sequence[Block | Json]:
        match element:
            case Paragraph(text):
                return rich_text.paragraph(text)
            case Buttons(buttons, about):
                made = [self._button(button, about) for button in buttons]
                starts = range(0, len(made), _BUTTONS)
                return [{"type": "actions", "elements": made[i : i + _BUTTONS]} for i in starts]
            case Heading(text):
                title = one_line(text, _HEADING)
                return [{"type": "header", "text": _plain(title)}] if title else []
            case Note(text):
                note = cut(in_plain_words(text).strip(), _NOTE)
                return [_small(note)] if note else []
            case Facts(rows):
                return rich_text.facts(rows)
            case Bullets(items, ordered):
                return rich_text.bullets(items, ordered=ordered)
            case Table():
                self._tables_left -= 1
                return figures.table(element, native=self._tables_left >= 0)
            case Chart():
                self._charts_left -= 1
                return figures.chart(element, native=self._charts_left >= 0)
            case Image(url, alt):
                return _image(url, alt)
            case Divider():
                return [{"type": "divider"}]
            case _ as never:
                assert_never(never)

    def _button(self, button: Button, about: str) -> Json:
        value = _compact(dict(button.payload))
        if len(value) > _BUTTON_VALUE:
            raise ValueError(f"the button {button.action} carries {len(value)} characters")
        times = self._actions[button.action] = self._actions.get(button.action, 0) + 1
        shown: Json = {
            "type": "button",
            "text": _plain(one_line(button.label, _BUTTON_TEXT) or button.action),
            "action_id": button.action if times == 1 else f"{button.action}{REPEATED}{times}",
            "value": value,
        }
        if button.style:
            shown["style"] = button.style
        if button.confirm:
            shown["confirm"] = _confirm(button.confirm, button.style)
        if about:
            shown["accessibility_label"] = one_line(f"{button.label}: {about}", _BUTTON_TEXT)
        return shown


def _confirm(ask: Confirm, style: str) -> Json:
    asked: Json = {
        "title": _plain(one_line(ask.title, 100) or "Sure?"),
        "text": _plain(cut(ask.text.strip(), 300) or "Sure?"),
        "confirm": _plain(one_line(ask.yes, 30) or "Yes"),
        "deny": _plain(one_line(ask.no, 30) or "No"),
    }
    return {**asked, "style": style} if style == "danger" else asked


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def _small(text: str) -> Json:
    return {"type": "context", "elements": [_plain(text)]}


def _image(url: str, alt: str) -> Sequence[Block | Json]:
    words_for_it = one_line(alt, _ALT) or "a picture"
    if url.startswith("https://") and len(url) <= _URL:
        return [ImageBlock(url, words_for_it)]
    return [_small(words_for_it)]


def _fitted(blocks: list[Json], surface: Surface) -> list[Json]:
    """Keep as many blocks as Slack takes, and say how many are not shown."""
    characters = 0
    fitting = 0
    for block in blocks:
        characters += _text_length(block) if block["type"] != "table" else 0
        if characters > MOST_CHARACTERS[surface]:
            break
        fitting += 1
    if fitting == len(blocks) <= MOST_BLOCKS[surface]:
        return blocks
    kept = min(fitting, MOST_BLOCKS[surface] - 1)
    hidden = len(blocks) - kept
    parts = "1 more part is" if hidden == 1 else f"{hidden} more parts are"
    note = _small(f"This is too long to show in one piece: {parts} left out.")
    return [*blocks[:kept], note]


def _dict_of(block: Block) -> Json:
    """Render a block without the random id that the builder makes up; Slack gives its own."""
    made: Json = block._resolve()  # the builder has no public way to a dictionary
    made.pop("block_id", None)
    return made


def _text_length(block: Json) -> int:
    """Count the characters of all texts in a block."""
    length = 0
    for name, part in block.items():
        if isinstance(part, str):
            length += len(part) if name == "text" else 0
        elif isinstance(part, dict):
            length += _text_length(part)
        elif isinstance(part, list):
            length += sum(_text_length(one) for one in part if isinstance(one, dict))
    return length
