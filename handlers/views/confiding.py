"""What is said in confidence, and to the one who told it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date

from domain.rules import Rules
from handlers.days import show_day
from handlers.reasons import label_of
from handlers.views.elements import Bullets, Element, Note, Paragraph, Strong, View, words
from storage.tables import Account, Complaint, Member

_ALONE = "Only you see this: not the one it is about, no channel, no list and no file."


def told_in_confidence(
    account: Account, about: Member, teller: Member, complaint: Complaint, rules: Rules
) -> View:
    """Tell a manager what a customer said of somebody; a phone's notification names nobody."""
    return View(
        "Something in confidence, for you alone",
        (
            Paragraph(
                words(
                    Strong(account.name),
                    " left, and what they said is about how ",
                    Strong(about.name),
                    f" behaved. {teller.name} wrote it down:",
                )
            ),
            Paragraph(words(f"“{complaint.words}”")),
            Note(words(f"Reason stated: {label_of(complaint.reason, rules)}. {_ALONE}")),
        ),
    )


def with_confidences(
    card: View,
    complaints: Sequence[Complaint],
    people: Mapping[int, Member],
    rules: Rules,
    today: date,
) -> View:
    """Put what the reader was told in confidence below the card of an account."""
    if not complaints:
        return card
    said = tuple(
        words(
            f"{show_day(one.at.astimezone(UTC).date(), today)} · about {people[one.about_id].name} "
            f"· {label_of(one.reason, rules)}\n“{one.words}”"
        )
        for one in complaints
    )
    below: tuple[Element, ...] = (
        Paragraph(words(Strong("In confidence"))),
        Bullets(said),
        Note(words(_ALONE)),
    )
    return View(card.summary, (*card.elements, *below))


def with_confidant(card: View, about: Member, told: Member) -> View:
    """Say under the card of a loss where the words went."""
    said = f"What you wrote about {about.name} went to {told.name} alone. It stands nowhere else."
    return View(card.summary, (*card.elements, Note(words(said))))
