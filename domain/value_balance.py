"""Dealing so that everybody's accounts are worth the same for their weight."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from domain.rotation import Place

_TRIES = 8  # neighbours looked at on either side of the best exchange, for one that is not barred
_CLOSE_ENOUGH = 200  # a spread of value below 1/200 of the mean is not worth another exchange
_ROUNDS = 8  # exchanges for each person, before it is good enough

_Account = tuple[int, int]  # its value and its position


def by_least_value(
    values: Sequence[int],
    barred: Sequence[frozenset[int]],
    places: Sequence[Place],
    order: Sequence[int],
) -> list[int | None]:
    """Give each account, biggest first, to whoever has least value for their weight so far.

    Everyone gets as many as they have turns in `order`; None is an account that fits nobody.
    """
    scale = lcm(*(place.weight for place in places))
    turns_left = Counter(order)
    heap = [(0, rank, index) for rank, index in enumerate(turns_left)]
    holders: list[int | None] = [None] * len(values)
    for position, out in enumerate(barred):
        aside = []
        while heap and heap[0][2] in out:
            aside.append(heapq.heappop(heap))
        if heap:
            value, rank, index = heapq.heappop(heap)
            holders[position] = index
            turns_left[index] -= 1
            if turns_left[index]:
                value += values[position] * (scale // places[index].weight)
                heapq.heappush(heap, (value, rank + len(places), index))
        for entry in aside:
            heapq.heappush(heap, entry)
    return holders


def even_out_value(
    values: Sequence[int],
    barred: Sequence[frozenset[int]],
    places: Sequence[Place],
    holders: list[int | None],
) -> None:
    """Exchange accounts between the richest hands and the poorest while that brings them closer.

    An exchange is one account for another, or for nothing where the richer hand is one account
    ahead of an equal: so the counts stay as even as they are. `holders` is changed in place.
    """
    hands = _Hands(values, barred, places, holders)
    for _ in range(_ROUNDS * len(hands.playing)):
        if not hands.exchange_once():
            return


class _Hands:
    """What everybody holds, sorted by value, and what it adds up to."""

    def __init__(
        self,
        values: Sequence[int],
        barred: Sequence[frozenset[int]],
        places: Sequence[Place],
        holders: list[int | None],
    ) -> None:
        self._barred, self._places, self._holders = barred, places, holders
        self._held: list[list[_Account]] = [[] for _ in places]
        for position, holder in enumerate(holders):
            if holder is not None:
                self._held[holder].append((values[position], position))
        self._sums = [sum(value for value, _ in held) for held in self._held]
        for held in self._held:
            held.sort()
        self.playing = [index for index, held in enumerate(self._held) if held]

    def exchange_once(self) -> bool:
        """Bring two hands closer together; False where they are close or cannot come closer."""
        self.playing.sort(key=lambda i: (self._worth(i), i))
        low, high = self.playing[0], self.playing[-1]
        mean = Fraction(sum(self._sums), sum(self._places[i].weight for i in self.playing))
        if (self._worth(high) - self._worth(low)) * _CLOSE_ENOUGH <= mean:
            return False
        pairs = [(high, i) for i in self.playing[:-1]]
        pairs += [(i, low) for i in reversed(self.playing[1:-1])]
        for rich, poor in pairs:
            found = self._best_exchange(rich, poor)
            if found is not None:
                given, back = found
                self._move(given, rich, poor)
                if back is not None:
                    self._move(back, poor, rich)
                return True
        return False

    def _worth(self, index: int) -> Fraction:
        return Fraction(self._sums[index], self._places[index].weight)

    def _best_exchange(self, rich: int, poor: int) -> tuple[_Account, _Account | None] | None:
        """Find what to exchange so that two hands come closest to the same value for weight."""
        weights = self._places[rich].weight, self._places[poor].weight
        ideal = (self._sums[rich] * weights[1] - self._sums[poor] * weights[0]) // sum(weights)
        best: tuple[_Account, _Account | None] | None = None
        best_miss = max(ideal, 0)
        for given in self._held[rich]:
            if poor in self._barred[given[1]]:
                continue
            offers: list[_Account | None] = [*self._near(poor, given[0] - ideal)]
            if self._may_give_one(rich, poor):
                offers.append(None)
            for back in offers:
                miss = abs(given[0] - (back[0] if back else 0) - ideal)
                if miss < best_miss and not (back and rich in self._barred[back[1]]):
                    best, best_miss = (given, back), miss
        return best

    def _near(self, index: int, value: int) -> list[_Account]:
        """Give the few accounts of a hand whose value is closest to this one."""
        held = self._held[index]
        at = bisect_left(held, (value, -1))
        return held[max(at - _TRIES, 0) : at + _TRIES]

    def _may_give_one(self, rich: int, poor: int) -> bool:
        """Say whether the richer hand is one account ahead of an equal that has room."""
        giver, taker = self._places[rich], self._places[poor]
        counts = len(self._held[rich]), len(self._held[poor])
        return (
            giver.weight == taker.weight
            and giver.taken + counts[0] == taker.taken + counts[1] + 1
            and (taker.room is None or counts[1] < taker.room)
        )

    def _move(self, account: _Account, giver: int, taker: int) -> None:
        value, position = account
        self._held[giver].remove(account)
        insort(self._held[taker], account)
        self._sums[giver] -= value
        self._sums[taker] += value
        self._holders[position] = taker
