"""Whose turn it is: places in the rotation, and the order in which turns fall to them."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm


@dataclass(frozen=True, slots=True)
class Turn:
    """A member's place in the rotation; rows keep it, so it outlives every restart.

    `taken` is what equals are never more than one apart in: the accounts that came to them in
    turn, dealt or handed over, and that no undo took back. Turns that they missed before they
    joined, while they were away or full, and by passing accounts on count as taken too: nobody is
    owed those. So only differences mean anything. `last_seq` is the number of their
    latest turn among everyone's: of two who are level, the one whose turn was longer ago is next.
    `pool` and `weight` are those it was counted in; who changes either joins anew.
    """

    taken: int
    last_seq: int = 0
    pool: str = ""
    weight: int = 100


@dataclass(slots=True)
class Place:
    """Someone who takes turns, while turns are being given.

    `weight` is their share in per cent. `base` is the level that counts as even for them, where
    pools meet. `room` is how many more they can hold, None without a cap. `may_take` is how many
    of the accounts at hand are not barred to them.
    """

    weight: int
    taken: int
    last_seq: int = 0
    base: Fraction = field(default_factory=Fraction)
    room: int | None = None
    may_take: int = 0

    @property
    def level(self) -> Fraction:
        """How much they have taken for each per cent of weight, above what is even."""
        return Fraction(self.taken, self.weight) - self.base

    @property
    def limit(self) -> int:
        """How many of the accounts at hand they can take at most."""
        return self.may_take if self.room is None else min(self.may_take, self.room)

    @property
    def is_full(self) -> bool:
        """Whether they hold as many accounts as they may."""
        return self.room is not None and self.room <= 0


def turns(places: Sequence[Place], count: int, max_lead: int = 0) -> list[int]:
    """Give up to `count` turns: the index of the place that each falls to, in order.

    Everybody stays within one account of the share that their weight gives them, after every
    single turn: a turn goes, among those who are not ahead of their share, to the one whose next
    account is due first (earliest eligible virtual deadline first; Stoica and Abdel-Wahab, 1995).
    With equal weights that is plain turns. A place that reaches its limit takes no more; one that
    is held up because the rest is barred to it lets the others run ahead of it by `max_lead`
    accounts at most (0: as far as it takes). The places themselves are not changed.
    """
    scale = lcm(*(place.weight for place in places), *(p.base.denominator for p in places))
    step = [scale // place.weight for place in places]
    level = [int(place.level * scale) for place in places]
    left = [place.limit for place in places]
    ceiling = _ceiling(places, scale, max_lead)
    order = [(place.last_seq, index) for index, place in enumerate(places)]
    begins = max((place.last_seq for place in places), default=0) + 1
    weight = share = 0  # of those who still take turns: their weights, and weights times levels
    waiting: list[tuple[int, int]] = []
    for index, place in enumerate(places):
        if left[index] > 0:
            weight += place.weight
            share += place.weight * level[index]
            waiting.append((level[index], index))
    heapq.heapify(waiting)
    ready: list[tuple[int, tuple[int, int]]] = []
    given: list[int] = []
    while len(given) < count and (waiting or ready):
        while waiting and (waiting[0][0] * weight <= share or not ready):
            index = heapq.heappop(waiting)[1]
            heapq.heappush(ready, (level[index] + step[index], order[index]))
        index = heapq.heappop(ready)[1][1]
        place = places[index]
        if ceiling is not None and level[index] + step[index] > ceiling + max_lead * step[index]:
            weight, share = weight - place.weight, share - place.weight * level[index]
            continue
        order[index] = (begins + len(given), index)
        given.append(index)
        level[index] += step[index]
        share += scale
        left[index] -= 1
        if left[index]:
            heapq.heappush(waiting, (level[index], index))
            continue
        weight, share = weight - place.weight, share - place.weight * level[index]
        if max_lead and not _fills_up(place):
            ceiling = level[index] if ceiling is None else min(ceiling, level[index])
    return given


def _ceiling(places: Sequence[Place], scale: int, max_lead: int) -> int | None:
    """Give the lowest level of those to whom everything at hand is barred, if there is a limit."""
    held_up = [place.level for place in places if not place.may_take and not place.is_full]
    return int(min(held_up) * scale) if max_lead and held_up else None


def _fills_up(place: Place) -> bool:
    return place.room is not None and place.room <= place.may_take


def level_with(peers: Collection[Place], weight: int) -> int | None:
    """Give the `taken` at which someone of this weight is level with these peers.

    Among those of the same weight it is the middle one's (so that one who is far behind or ahead
    does not count); without such it is what the weight's share would be, rounded down. None
    without peers.
    """
    same = sorted(place.taken for place in peers if place.weight == weight)
    if same:
        return same[(len(same) - 1) // 2]
    if not peers:
        return None
    return weight * sum(place.taken for place in peers) // sum(place.weight for place in peers)


def rewound(
    now: Mapping[int, Turn], began: Mapping[int, Turn], kept: Mapping[int, int]
) -> dict[int, Turn]:
    """Give the rotation, by member, as a deal found it; what somebody keeps since then counts.

    `began` are the places before the deal, `kept` is how many accounts that came to each since
    are worked on already. Who has left meanwhile stays out. Who joined by that deal or since joins
    anew with their next turn; who keeps something, or has no peers to join, is level but for that.
    """
    places = {member: began[member] for member in now if member in began}
    for member in now.keys() - began.keys():
        own = now[member]
        peers = [
            Place(began[peer].weight, began[peer].taken)
            for peer in now.keys() & began.keys()
            if began[peer].pool == own.pool
        ]
        if member in kept or not peers:
            level = level_with(peers, own.weight) or 0
            places[member] = replace(own, taken=level, last_seq=0)
    return {m: replace(turn, taken=turn.taken + kept.get(m, 0)) for m, turn in places.items()}
