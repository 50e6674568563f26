"""The ten or so things a message can be made of, on any platform.

Plain text in them is *text*: a renderer shows it letter by letter and never lets it become markup,
a mention or a link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Discriminator, TypeAdapter


@dataclass(frozen=True, slots=True)
class Plain:
    """Text as it is."""

    text: str
    kind: Literal["plain"] = "plain"


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that carries weight."""

    text: str
    kind: Literal["strong"] = "strong"


@dataclass(frozen=True, slots=True)
class Mention:
    """A member, called by name. Without a platform id only the name is shown."""

    name: str
    platform_user_id: str | None
    kind: Literal["mention"] = "mention"


@dataclass(frozen=True, slots=True)
class Code:
    """Something to type, such as a command."""

    text: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the platform, which knows its name; as bare text it is its id."""

    channel_id: str
    kind: Literal["channel"] = "channel"


Span = Annotated[Plain | Strong | Mention | Code | Channel, Discriminator("kind")]
Text = tuple[Span, ...]


def words(*parts: str | Span) -> Text:
    """Put strings and spans together to a text; bare strings are plain."""
    return tuple(Plain(part) if isinstance(part, str) else part for part in parts)


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a message or section. At most 150 characters are shown."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; line breaks are kept."""

    text: Text
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: why, when, what happens next."""

    text: Text
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, in order."""

    rows: tuple[tuple[str, Text], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `ordered` numbers it."""

    items: tuple[Text, ...]
    ordered: bool = False
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. `numeric` names the columns (from 0) that hold figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart of one series; its figures are always said as text beside it."""

    title: str
    label: str
    bars: tuple[tuple[str, float], ...]
    kind: Literal["chart"] = "chart"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture with the words that stand for it."""

    url: str
    alt: str
    kind: Literal["image"] = "image"


@dataclass(frozen=True, slots=True)
class Confirm:
    """A question asked before a button acts."""

    title: str
    text: str
    yes: str
    no: str = "Cancel"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. `action` is a row of the registry, `payload` what it needs to know."""

    label: str
    action: str
    payload: Mapping[str, str] = field(default_factory=dict)
    style: Literal["", "primary", "danger"] = ""
    confirm: Confirm | None = None


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons in a row; `about`: on what they act, for who hears one of many alike."""

    buttons: tuple[Button, ...]
    about: str = ""
    kind: Literal["buttons"] = "buttons"


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two things."""

    kind: Literal["divider"] = "divider"


Element = Annotated[
    Heading | Paragraph | Note | Facts | Bullets | Table | Chart | Image | Buttons | Divider,
    Discriminator("kind"),
]


@dataclass(frozen=True, slots=True)
class View:
    """One message. `summary` is what a phone's notification shows: the account and next step."""

    summary: str
    elements: tuple[Element, ...]

    def to_json(self) -> str:
        """Write it down for the outbox."""
        return _VIEW.dump_json(self).decode()

    @staticmethod
    def from_json(stored: str) -> View:
        """Read what `to_json` wrote."""
        return _VIEW.validate_json(stored)


_VIEW = TypeAdapter(View)


def named_in(view: View, what: str) -> set[int]:
    """Give the ids that the buttons of a message carry under a name, such as "account"."""
    return {
        int(button.payload[what])
        for element in view.elements
        if isinstance(element, Buttons)
        for button in element.buttons
        if what in button.payload
    }


def say(*parts: str | Span) -> View:
    """Make a message of one paragraph."""
    text = words(*parts)
    return View(in_plain_words(text), (Paragraph(text),))


_TO_TYPE = re.compile(r"`(/[^`\n]+)`")


def spoken(sentence: str) -> Text:
    """Read a sentence in which `/lost …`, between such marks, is something to type."""
    parts = _TO_TYPE.split(sentence)
    return tuple(Code(part) if i % 2 else Plain(part) for i, part in enumerate(parts) if part)


def in_plain_words(text: Text) -> str:
    """Give a text without any weight, mention or code, as it reads aloud."""
    return "".join(map(_in_plain_words, text))


def _in_plain_words(span: Span) -> str:
    match span:
        case Mention(name):
            return f"@{name}"
        case Channel(channel_id):
            return f"#{channel_id}"
        case _:
            return span.text
