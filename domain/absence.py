"""Days away: ranges that meet become one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

Range = tuple[date, date]
"""The first and the last day away."""

_DAY = timedelta(days=1)
_SPREAD = 7  # days after days away over which comes what fell into them


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Join ranges that overlap or follow each other without a day between, in order."""
    found: list[Range] = []
    for begins, ends in sorted(ranges):
        if found and begins <= found[-1][1] + _DAY:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def without_rest(away: Range, today: date) -> Range | None:
    """Give what is left of a range for somebody who is back today; None where nothing is."""
    begins, ends = away
    return None if begins >= today else (begins, min(ends, today - _DAY))


def days_away(ranges: Iterable[Range], first: date, last: date) -> int:
    """Count the days from a first to a last one, both included, that lie in these ranges."""
    return sum(
        max(0, (min(ends, last) - max(begins, first)).days + 1) for begins, ends in joined(ranges)
    )


def due_after(due_on: date, ranges: Iterable[Range], since: date | None = None) -> date:
    """Give the day on which a step is due for somebody with these days away.

    What counts from a day on (`since`) stands still while they are away. Where the day itself was
    chosen and they are away on it, it comes in the week after, in the order of the days.
    """
    for begins, ends in joined(ranges):
        days = (ends - begins).days + 1
        if since is not None and begins <= due_on and since <= ends:
            due_on += (ends - max(begins, since)) + _DAY
        elif since is None and begins <= due_on <= ends:
            into_it = (due_on - begins).days
            due_on = ends + _DAY + timedelta(days=into_it * min(days, _SPREAD) // days)
    return due_on
