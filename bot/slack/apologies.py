"""What a person is told when something broke: a reference, and no internals."""

from __future__ import annotations

import logging
import secrets

from handlers.views.elements import View, say

_log = logging.getLogger(__name__)


def apology(error: Exception, what: str, workspace_id: str) -> View:
    """Write a fault down under a reference, and say by which one to ask about it."""
    reference = secrets.token_hex(4)
    _log.error("reference %s: %s in %s failed", reference, what, workspace_id, exc_info=error)
    return say(
        "Something went wrong on my side. Please try again; if it stays, ask whoever runs me and "
        f"name the reference {reference}."
    )
