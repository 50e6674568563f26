"""How the finer points of a bounty plan are written: rates by tier, and steps for a quick win."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from domain.errors import Refused

_PART = re.compile(r"[,;\n]")
_TIER = re.compile(r"(?P<tier>\D*?\S)\s*[:=×x*]?\s+[x×*]?(?P<times>\d+(?:\.\d+)?)")
_STEP = re.compile(r"(?P<days>\d{1,4})\s*(?:days?|d)?\s*[:=]?\s+[x×*]?(?P<times>\d+(?:\.\d+)?)")
_MOST = Decimal(10)
_PARTS = 10

K = TypeVar("K")


def read_tiers(key: str, text: str) -> dict[str, Decimal]:
    """Read "biggest 1.5, longest held 1.2" as times by tier, in the order written."""
    tiers: dict[str, Decimal] = {}
    for part in _parts(text):
        match = _TIER.fullmatch(part)
        if match is None:
            raise Refused(f"{key} is written like: biggest 1.5, longest held 1.2.")
        tiers[" ".join(match["tier"].lower().split())] = _times(key, match["times"])
    return _some(key, tiers)


def read_steps(key: str, text: str) -> dict[int, Decimal]:
    """Read "14 days 1.5, 30 days 1.2" as times by the last day they hold, earliest first."""
    steps: dict[int, Decimal] = {}
    for part in _parts(text):
        match = _STEP.fullmatch(part)
        if match is None:
            raise Refused(f"{key} is written like: 14 days 1.5, 30 days 1.2.")
        steps[int(match["days"])] = _times(key, match["times"])
    return dict(sorted(_some(key, steps).items()))


def tiers_text(tiers: Mapping[str, Decimal]) -> str:
    """Write tiers as they are stored and shown."""
    return ", ".join(f"{tier} {times.normalize():f}" for tier, times in tiers.items())


def steps_text(steps: Mapping[int, Decimal]) -> str:
    """Write steps as they are stored and shown."""
    return ", ".join(f"{days} days {times.normalize():f}" for days, times in steps.items())


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _PART.split(text) if part.strip()]


def _times(key: str, text: str) -> Decimal:
    times = Decimal(text)
    if times > _MOST:
        raise Refused(f"{key}: at most {_MOST} times the bounty.")
    return times


def _some(key: str, read: dict[K, Decimal]) -> dict[K, Decimal]:
    if not read or len(read) > _PARTS:
        raise Refused(f"{key} takes one to {_PARTS} entries, or none.")
    return read
