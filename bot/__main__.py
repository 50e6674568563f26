"""`python -m bot …`."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

_STAYS = frozenset({"web", "worker", "sandbox"})
"""Commands that run until they are told to stop, as does none at all."""


def main() -> int:
    """Carry out a command; one that stays has nothing in hand while it loads, and may be told so.

    Once it serves, it hears for itself that it is to stop, and finishes first what it has begun.
    """
    words = sys.argv[1:]
    if not words or words[0] in _STAYS:
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, _end_well)
    from bot.cli import main as cli  # noqa: PLC0415  # takes long to load

    return cli.main(words, os.environ)


def _end_well(sign: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
