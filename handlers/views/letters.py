"""What is said of messages that did not arrive."""

from __future__ import annotations

from handlers.views.elements import (
    Button,
    Buttons,
    Channel,
    Mention,
    Note,
    Paragraph,
    View,
    say,
    words,
)


def letter_lost(member: Mention | None, channel_id: str, reason: str, letter_id: int) -> View:
    """Say whom a message did not reach and why, with a button to send it again."""
    whom = member or Channel(channel_id)
    return View(
        f"A message did not reach {member.name if member else 'a channel'}",
        (
            Paragraph(words("A message did not reach ", whom, f". {reason}")),
            Buttons((Button("Send again", "letter.resend", {"letter": str(letter_id)}),)),
            Note(words("What else waits for them goes out with it.")),
        ),
    )


def letters_resent(count: int, by: str) -> View:
    """Say that what did not arrive is on its way again."""
    things = "The message is" if count == 1 else f"{count} messages are"
    return say(f"{things} on the way again, sent by {by}.")
