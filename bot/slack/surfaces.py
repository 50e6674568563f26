"""Where something is shown, and how much Slack shows there."""

from __future__ import annotations

from typing import Literal

Surface = Literal["message", "ephemeral", "modal", "home"]
"""A message for all in its channel, one for a single person, a form, the App Home."""

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "ephemeral": 50, "modal": 100, "home": 100}

MOST_CHARACTERS: dict[Surface, int] = {
    "message": 11_000,
    "ephemeral": 11_000,
    "modal": 60_000,
    "home": 60_000,
}
"""Text of all blocks together. For messages Slack names no figure and refuses some from 12,000 on;
a view may have 250 kB in all."""

WITH_TABLES: frozenset[Surface] = frozenset({"message", "ephemeral"})
WITH_CHARTS: frozenset[Surface] = frozenset({"message"})
MOST_CHARTS = 2
ELLIPSIS = "…"


def cut(text: str, most: int) -> str:
    """Shorten a text to what is shown of it, with a sign that there was more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def one_line(text: str, most: int) -> str:
    """Shorten a text and put it on one line, for where Slack shows no more than that."""
    return cut(" ".join(text.split()), most)
