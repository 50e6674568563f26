"""Trigger ids: three seconds to open a form with, and once."""

import secrets
import time
from dataclasses import dataclass

from bot.sandbox.errors import SlackError


@dataclass(slots=True)
class Trigger:
    """Where a trigger came from: whose it is, and the channel or view it was born in."""

    person: str
    channel: str | None
    view: str | None
    expires: float
    used: bool = False


class Triggers:
    """Gives out trigger ids and takes each back once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: dict[str, Trigger] = {}

    def give(self, person: str, *, channel: str | None = None, view: str | None = None) -> str:
        """A new trigger id of that person's."""
        now = time.monotonic()
        self._known = {k: t for k, t in self._known.items() if t.expires + 600 > now}
        id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._known[id] = Trigger(person, channel, view, now + self._seconds)
        return id

    def take(self, id: str) -> Trigger:
        """Use a trigger up.

        Raises SlackError: invalid_trigger_id, exchanged_trigger_id or expired_trigger_id.
        """
        trigger = self._known.get(id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
