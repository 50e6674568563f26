"""What goes to the bot and what comes back, whichever way it travels."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.sandbox.records import Json

VERIFICATION_TOKEN = "sandbox-verification"

Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One payload for the bot; `wants_answer` says whether what it acks with will be read."""

    kind: Kind
    payload: Json
    wants_answer: bool = False
    retry_num: int = 0
    retry_reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a letter.

    `body` is what was acked with: an object, a text, or None. `error` is what Slack shows people,
    `reason` why an event will be sent again, `no_retry` that the bot asked not to.
    """

    ok: bool
    body: Any = None
    error: str = ""
    reason: str = ""
    no_retry: bool = False


NOBODY_THERE = Answer(ok=False, error="dispatch_failed", reason="connection_failed")
TOO_LATE = Answer(ok=False, error="operation_timeout", reason="http_timeout")


class Carrier(Protocol):
    """A way to the bot: Socket Mode or signed HTTP."""

    @property
    def connected(self) -> bool:
        """Whether the bot can be reached, as far as is known."""

    async def start(self) -> None:
        """Begin to look for the bot."""

    async def stop(self) -> None:
        """Let go of every connection."""

    async def deliver(self, letter: Letter) -> Answer:
        """Hand one letter over and wait for its ack, no longer than Slack does."""

    async def until_connected(self) -> None:
        """Return once the bot can be reached."""
