"""How a line after `/lost` is read."""

from __future__ import annotations

from collections.abc import Container

KEPT_NAMES = frozenset({"why", "fix", "campaign", "heard", "litmus", "plan"})
"""Words that are kept for commands to come, so that no customer is logged under one by mistake."""


def first_word(text: str, names: Container[str]) -> tuple[str, str]:
    """Split a line into a command's name and the rest; ("", line) where it begins with no name.

    A quoted first word is never a command: quotes are how an account of that name is meant.
    """
    head, _, rest = text.strip().partition(" ")
    name = head.lower()
    if name in names:
        return name, rest.strip()
    return "", text.strip()
