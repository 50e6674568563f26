"""One message as Slack takes it: blocks for the screen, text for phones and screen readers."""

from __future__ import annotations

from typing import Any

from bot.slack.blocks import blocks_of
from bot.slack.fallback import text_of
from bot.slack.surfaces import Surface
from handlers.views.elements import View


def message_of(view: View, surface: Surface) -> dict[str, Any]:
    """Make the arguments of `chat.postMessage`, or of an answer, that show a view.

    Nothing in the text is read as markup, no link is unfolded, no name becomes a mention. Raises
    `ValueError` where a button carries more than Slack takes.
    """
    return {
        "text": text_of(view),
        "blocks": blocks_of(view, surface),
        "mrkdwn": False,
        "link_names": False,
        "parse": "none",
        "unfurl_links": False,
        "unfurl_media": False,
    }
