"""Whether a request really comes from Slack."""

from __future__ import annotations

import hashlib
import hmac
import re

_WINDOW = 5 * 60  # seconds, either way
_SECONDS = re.compile(r"[0-9]{1,12}")


def is_genuine(secret: str, body: bytes, timestamp: str, signature: str, now: float) -> bool:
    """Say whether `signature` is Slack's for this body and time, and the time is about `now`.

    `now` in seconds since 1970. Whatever is not just right is not genuine: no secret, a time that
    is no number, too old or ahead, letters outside ASCII.
    """
    if not secret or not _SECONDS.fullmatch(timestamp) or abs(now - int(timestamp)) > _WINDOW:
        return False
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
