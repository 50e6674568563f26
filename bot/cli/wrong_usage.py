"""Words on the command line that cannot be meant."""

from __future__ import annotations

from domain.errors import LostAndFoundError


class WrongUsage(LostAndFoundError):
    """What was typed makes no sense; the message says what would."""
