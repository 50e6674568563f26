"""Who leads: points by a plain rule, shared ranks, and nobody at the bottom.

A win that several brought in is one win. Its points and its value are split among them as its
bounty is, to the last point and cent, so that the board adds up to what was won.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from domain.money import Money, split
from domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Win:
    """An approved win; `whole` or a foothold. `value_minor` is what it brought back.

    `parts`: what of its bounty went to each member, the claimant first; any figures in that ratio.
    `late`: it came back earlier and was approved only in the period.
    """

    parts: Mapping[int, int]
    value_minor: int = 0
    whole: bool = True
    late: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """A member's visits of a period, and the accounts whose why they documented."""

    visits: int = 0
    whys: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What a period saw. `names`: those whom the board may name, by member id."""

    names: Mapping[int, str]
    wins: Iterable[Win] = ()
    work: Mapping[int, Work] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """What a member did in a period; of a shared win they have their part.

    `late` wins came back earlier; a shared one is counted with the first of its members.
    """

    member_id: int
    name: str
    points: int = 0
    wins: Fraction = Fraction(0)
    footholds: Fraction = Fraction(0)
    value_minor: int = 0
    visits: int = 0
    whys: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on the board."""

    rank: int
    tally: Tally


def standings(counted: Counted, rules: Rules) -> list[Standing]:
    """Rank those who have points, most first; equal points share a rank (1, 1, 3)."""
    tallies = {member_id: Tally(member_id, name) for member_id, name in counted.names.items()}
    for win in counted.wins:
        _credit(win, tallies, rules)
    for member_id, work in counted.work.items():
        if member_id in tallies:
            tally = tallies[member_id]
            tally.visits, tally.whys = work.visits, work.whys
            tally.points += work.visits * rules.points_visit + work.whys * rules.points_why
    with_points = sorted(
        (tally for tally in tallies.values() if tally.points > 0),
        key=lambda tally: (-tally.points, tally.name.lower()),
    )
    ranks: dict[int, int] = {}
    for place, tally in enumerate(with_points, start=1):
        ranks.setdefault(tally.points, place)
    return [Standing(ranks[tally.points], tally) for tally in with_points]


def _credit(win: Win, tallies: Mapping[int, Tally], rules: Rules) -> None:
    """Give each member their part of a win; the part of who is not named is nobody else's."""
    weights = list(win.parts.values())
    worth = rules.points_win if win.whole else rules.points_foothold
    points = split(Money(worth, ""), weights)
    values = split(Money(win.value_minor, ""), weights)
    late = win.late
    for member_id, weight, point, value in zip(win.parts, weights, points, values, strict=True):
        tally = tallies.get(member_id)
        if tally is None:
            continue
        part = Fraction(weight, sum(weights))
        tally.points += point.minor
        tally.value_minor += value.minor
        tally.late += late
        late = False
        if win.whole:
            tally.wins += part
        else:
            tally.footholds += part
