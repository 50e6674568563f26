"""Ports for processes that have to be told theirs before they begin."""

from __future__ import annotations

import random
import socket

_BELOW_THE_SYSTEMS_OWN = (20_000, 32_000)
"""Linux gives connections that go out a port from 32,768 on; there one would be taken meanwhile."""

_dice = random.SystemRandom()  # whoever seeds the other would give every process the same


def free_port() -> int:
    """Give a port that nobody listens on now."""
    while True:
        port = _dice.randint(*_BELOW_THE_SYSTEMS_OWN)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
