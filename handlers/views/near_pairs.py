"""Two names that are nearly the same, and the question whether they are one customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.views.elements import (
    Button,
    Buttons,
    Confirm,
    Element,
    Heading,
    Note,
    Paragraph,
    Strong,
    View,
    say,
    words,
)
from storage.near_names import Near

_SHOWN = 5  # pairs asked about at a time
_CARRIED = 50  # pairs that a button knows of


def near_question(pairs: Sequence[Near], done: str = "") -> View:
    """Ask of each new account whether it is the customer that it is nearly called like.

    `done` says what became of the last pair. The buttons know of all pairs, so that the next ones
    come up as the first are answered.
    """
    if not pairs:
        return say(f"{done} That was all.")
    elements: list[Element] = [Heading("The same customer twice?")]
    if done:
        elements.append(Paragraph(words(done)))
    left = " ".join(f"{pair.new_id}-{pair.known_id}" for pair in pairs[:_CARRIED])
    for pair in pairs[:_SHOWN]:
        elements += [
            Paragraph(
                words(Strong(pair.new), " is new, and nearly called like ", Strong(pair.known), ".")
            ),
            Buttons(_answers(pair, left), f"{pair.new} and {pair.known}"),
        ]
    if len(pairs) > _SHOWN:
        elements.append(Note(words(f"{len(pairs) - _SHOWN} more come after these.")))
    return View(f"{pairs[0].new} or {pairs[0].known}: the same customer?", tuple(elements))


def pairs_left(payload: Mapping[str, str]) -> list[tuple[int, int]]:
    """Give the ids, new and known, of the pairs that a button knows of besides its own."""
    own = f"{payload['new']}-{payload['known']}"
    pairs = (pair.split("-") for pair in payload["left"].split() if pair != own)
    return [(int(new), int(known)) for new, known in pairs]


def _answers(pair: Near, left: str) -> tuple[Button, ...]:
    payload = {"new": str(pair.new_id), "known": str(pair.known_id), "left": left}
    sure = Confirm(
        "The same customer?",
        f"{pair.new} becomes part of {pair.known}, with its losses. They cannot be parted again.",
        "Yes, the same",
    )
    return (
        Button("Same customer", "near.same", payload, confirm=sure),
        Button("Different", "near.different", payload),
    )
