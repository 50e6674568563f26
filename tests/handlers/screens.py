"""What a person sees of an answer, and how they press on it."""

from __future__ import annotations

from handlers.effects import Effect, ReplaceSource, Reply
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Facts,
    Heading,
    Note,
    Paragraph,
    View,
    in_plain_words,
)
from tests.people import Desk


def seen(effects: list[Effect]) -> View:
    """The view of the one message among the effects."""
    [message] = [e for e in effects if isinstance(e, Reply | ReplaceSource)]
    return message.view


def buttons(view: View) -> list[Button]:
    return [b for e in view.elements if isinstance(e, Buttons) for b in e.buttons]


def labels(view: View) -> list[str]:
    return [b.label for b in buttons(view)]


async def press(desk: Desk, user: str, view: View, label: str) -> list[Effect]:
    """Press the one button whose label begins so."""
    [button] = [b for b in buttons(view) if b.label.startswith(label)]
    return await desk.presses(user, button.action, **button.payload)


def read(view: View) -> str:
    """The words of a message, a line each."""
    lines: list[str] = []
    for element in view.elements:
        match element:
            case Heading():
                lines.append(element.text)
            case Paragraph() | Note():
                lines.append(in_plain_words(element.text))
            case Bullets():
                lines += [in_plain_words(item) for item in element.items]
            case Facts():
                lines += [f"{label}: {in_plain_words(text)}" for label, text in element.rows]
            case _:
                pass
    return "\n".join(lines)
