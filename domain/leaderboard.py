"""Who leads: points by a plain rule, shared ranks, and nobody at the bottom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Tally:
    """What a member did in a period. `value_minor` is what their wins brought back.

    `late` of the wins came back earlier and were approved only in this period.
    """

    member_id: int
    name: str
    wins: int = 0
    value_minor: int = 0
    visits: int = 0
    whys: int = 0
    late: int = 0
    footholds: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on the board."""

    rank: int
    points: int
    tally: Tally


def standings(tallies: Iterable[Tally], rules: Rules) -> list[Standing]:
    """Rank those who have points, most first; equal points share a rank (1, 1, 3)."""
    scored = [
        (
            tally.wins * rules.points_win
            + tally.footholds * rules.points_foothold
            + tally.visits * rules.points_visit
            + tally.whys * rules.points_why,
            tally,
        )
        for tally in tallies
    ]
    with_points = sorted(
        (pair for pair in scored if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].name.lower())
    )
    ranks: dict[int, int] = {}
    for place, (points, _) in enumerate(with_points, start=1):
        ranks.setdefault(points, place)
    return [Standing(ranks[points], points, tally) for points, tally in with_points]
