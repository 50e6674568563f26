"""How fast a platform may be spoken to, kept before it has to say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_FAR = timedelta(hours=1)  # nothing is promised further ahead than that


@dataclass(frozen=True, slots=True)
class Pace:
    """What a platform allows. The defaults are Slack's, with a little to spare.

    `recipient` is between two messages to the same DM or channel, `update` between two changes of
    older messages in a workspace; a workspace as a whole has a bucket of `burst` messages that
    fills by one every `workspace`. Nought is no limit.
    """

    recipient: timedelta = timedelta(seconds=1.02)
    update: timedelta = timedelta(seconds=1.2)
    workspace: timedelta = timedelta(seconds=0.2)
    burst: int = 30


UNPACED = Pace(recipient=timedelta(), update=timedelta(), workspace=timedelta())
"""No limits at all."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One road that takes a message at a time: `free_at` is when the next may go.

    Up to `slot_at` every place in the queue is promised.
    """

    free_at: datetime
    slot_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """What a message is told that asks to go: at once, or at an instant; and the lane after it."""

    goes: bool
    at: datetime
    lane: Lane


def ask(lane: Lane | None, now: datetime, every: timedelta, *, promised: bool) -> Turn:
    """Let a message go on a lane, or promise it the next place; `promised`: it had one for now.

    Whoever was promised a place and finds the lane taken for a moment longer waits that moment. Who
    goes later than their place by up to half of `every` counts as punctual: else each delay of ours
    would cost the lane a part of its pace. So any n go in no less than n - 1.5 times `every`.
    """
    free_at = _near(lane.free_at, now) if lane else now
    slot_at = _near(lane.slot_at, now) if lane else now
    queued = slot_at > now
    if free_at <= now and (promised or not queued):
        after = (free_at if promised and now - free_at <= every / 2 else now) + every
        return Turn(goes=True, at=now, lane=Lane(after, max(slot_at, after)))
    if promised and queued:
        return Turn(goes=False, at=free_at, lane=Lane(free_at, slot_at))
    place = max(free_at, slot_at)
    return Turn(goes=False, at=place, lane=Lane(free_at, place + every))


def allowance(full_at: datetime | None, now: datetime, pace: Pace, most: int) -> int:
    """Give how many messages a workspace's bucket lets go now, at most `most`.

    `full_at` is when the bucket is full again.
    """
    if not pace.workspace:
        return most
    missing = spend(full_at, now, pace, 0) - now
    return max(0, min(most, pace.burst - -(-missing // pace.workspace)))


def spend(full_at: datetime | None, now: datetime, pace: Pace, count: int) -> datetime:
    """Give when a bucket is full again after `count` messages went."""
    begun = max(_near(full_at, now, pace.burst * pace.workspace), now) if full_at else now
    return begun + count * pace.workspace


def _near(at: datetime, now: datetime, far: timedelta = _FAR) -> datetime:
    """Give an instant as it is, or now where it lies so far ahead that the clock was set back."""
    return at if at <= now + far else now
