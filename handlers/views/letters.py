"""What is said of messages that did not arrive."""

from __future__ import annotations

from handlers.views.elements import Button, Buttons, Mention, Note, Paragraph, View, say, words

_REASONS = {
    "channel_not_found": "the channel is not there, or I am not in it",
    "not_in_channel": "I am not in that channel; invite me with /invite",
    "is_archived": "the channel is archived",
    "user_disabled": "their account is switched off",
    "user_not_found": "nobody is known by that id",
    "cannot_dm_bot": "that is another bot",
    "messages_tab_disabled": "messages to me are switched off",
}


def letter_lost(member: Mention | None, channel_id: str, reason: str, letter_id: int) -> View:
    """Say whom a message did not reach and why, with a button to send it again."""
    why = _REASONS.get(reason, reason)
    whom = member.name if member else f"the channel {channel_id}"
    return View(
        f"A message did not reach {whom}",
        (
            Paragraph(
                words(
                    "A message did not reach ",
                    member or f"the channel {channel_id}",
                    f": {why}.",
                )
            ),
            Buttons((Button("Send it again", "letter.resend", {"letter": str(letter_id)}),)),
            Note(words("What else waits for them goes out with it.")),
        ),
    )


def letters_resent(count: int, by: str) -> View:
    """Say that what did not arrive is on its way again."""
    things = "The message is" if count == 1 else f"{count} messages are"
    return say(f"{things} on the way again, sent by {by}.")
