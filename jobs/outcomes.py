"""What became of the tries to send, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import SendFailed
from handlers.letters import report_dead_letter
from storage import letters
from storage.letters import Letter
from storage.outbox import FOLDED
from storage.unit_of_work import UnitOfWork

_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)
_MOST_ATTEMPTS = 80  # with the waits above about three days


class Fate(StrEnum):
    """How a try ended; a meter counts by these words."""

    SENT = "sent"
    BUSY = "busy"
    THROTTLED = "throttled"
    PASSING = "passing"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try: a reference where it went out, else why not.

    `busy_until`: its reader wants to be left alone until then.
    """

    letter: Letter
    reference: str = ""
    failure: SendFailed | None = None
    busy_until: datetime | None = None

    @property
    def fate(self) -> Fate:
        """How it ended; who fails too often fails for good."""
        if self.failure is None:
            return Fate.SENT if self.busy_until is None else Fate.BUSY
        if self.failure.permanent or self.letter.attempts >= _MOST_ATTEMPTS:
            return Fate.PERMANENT
        return Fate.PASSING if self.failure.retry_after is None else Fate.THROTTLED


async def record(session: AsyncSession, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Write down what became of tries, and tell the managers of what will never arrive.

    All of it in the caller's transaction, so that it happens whole.
    """
    outcomes = list(outcomes)
    sent = [(one.letter, one.reference) for one in outcomes if one.fate is Fate.SENT]
    await letters.record_sent(session, sent, now)
    for one in outcomes:
        letter, reason = one.letter, one.failure.reason if one.failure else None
        match one.fate:
            case Fate.SENT:
                pass
            case Fate.BUSY:
                await letters.put_off(session, letter, one.busy_until or now, counts=False)
            case Fate.THROTTLED:
                await letters.hold_lane(session, letter, _asked_for(one, now))
                await letters.put_off(session, letter, _asked_for(one, now), reason, counts=False)
            case Fate.PASSING:
                to = now + wait_before_next(letter)
                await letters.put_off(session, letter, to, reason, counts=True)
            case Fate.PERMANENT if letter.update_of:  # what it was to replace did arrive
                await letters.give_up(session, letter, now, FOLDED)
            case Fate.PERMANENT:
                await letters.give_up(session, letter, now, reason or "")
                work = UnitOfWork(session, letter.workspace_id)
                await report_dead_letter(work, letter, reason or "", now)


def _asked_for(one: Outcome, now: datetime) -> datetime:
    seconds = one.failure.retry_after if one.failure else None
    return now + timedelta(seconds=seconds or 0)


def wait_before_next(letter: Letter) -> timedelta:
    """Give how long to wait after a passing failure: doubled each time, up to an hour.

    Up to half of it is taken off by the message's own number, so that those that failed together
    do not come back together.
    """
    doublings = min(max(letter.attempts - 1, 0), 12)
    whole = min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
    spread = (letter.id * 2654435761 + letter.attempts * 40503) % 1000 / 1000
    return whole * (1 - spread / 2)
