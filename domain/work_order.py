"""In what order a rep works: what is late first, then what is worth most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Work:
    """One account in hand: when its next deadline falls due, and what it is worth.

    `flagged`: among the biggest, most profitable or longest held. `value_minor`: 0 where unknown.
    """

    due_on: date | None
    flagged: bool
    value_minor: int
    name_key: str


def work_order(work: Work, today: date) -> tuple[bool, bool, int, date, str]:
    """Give the key that sorts accounts: due today first, then flagged, dearest, soonest."""
    due_on = work.due_on or date.max
    return due_on > today, not work.flagged, -work.value_minor, due_on, work.name_key
