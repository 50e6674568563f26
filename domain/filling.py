"""Which account falls to whose turn, and how what is stuck is freed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from domain.rotation import Place
from domain.value_balance import by_least_value, even_out_value

Shut = Sequence[frozenset[int]]
"""For each account, by its position, the places to which it is barred."""


@dataclass(slots=True)
class Filled:
    """Who holds each account, by its position: the index of a place, None where it is left.

    `passed_over` names, where it was not the next one's, whose turn it was but to whom it is
    barred. `moved` are the accounts that changed hands so that the counts come out even.
    """

    holders: list[int | None]
    passed_over: dict[int, int] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)


def fill(
    values: Sequence[int],
    barred: Shut,
    places: Sequence[Place],
    order: Sequence[int],
    *,
    by_value: bool = False,
    max_lead: int = 0,
) -> Filled:
    """Give accounts (biggest first) to the places whose turns these are.

    `barred` holds for each account the places it must not go to. Everyone gets as many as they
    have turns, by value or in turn; where that is impossible accounts change hands until it is as
    even as can be: what fits nobody's turn goes to whoever has room and would not be more than
    `max_lead` accounts ahead by it (0: any number).
    """
    filled = Filled([None] * len(values))
    if by_value:
        filled.holders = by_least_value(values, barred, places, order)
    else:
        _by_turns(barred, order, filled)
    if None in filled.holders:
        _mend(_Hands(barred, places, filled, max_lead), order)
    if by_value:
        even_out_value(values, barred, places, filled.holders)
    return filled


def _by_turns(barred: Shut, order: Sequence[int], filled: Filled) -> None:
    """Give each account to the next turn that may take it; a turn passed over waits in front."""
    coming = iter(order)
    waiting: dict[int, int] = {}
    for position, out in enumerate(barred):
        if not out and not waiting:
            filled.holders[position] = next(coming, None)
            continue
        taker = next((index for index in waiting if index not in out), None)
        if taker is None:
            for index in coming:
                if index not in out:
                    taker = index
                    break
                waiting[index] = waiting.get(index, 0) + 1
        else:
            waiting[taker] -= 1
        filled.holders[position] = taker
        first = next(iter(waiting), None)
        if taker is not None and first is not None and first != taker and first in out:
            filled.passed_over[position] = first
        if taker is not None and waiting.get(taker) == 0:
            del waiting[taker]


class _Hands:
    """What everybody holds, by what each account is barred to."""

    def __init__(
        self, barred: Shut, places: Sequence[Place], filled: Filled, max_lead: int
    ) -> None:
        self.barred, self.places, self.filled = barred, places, filled
        self._max_lead = max_lead
        self.counts = [0] * len(places)
        self.held: list[dict[frozenset[int], list[int]]] = [{} for _ in places]
        for position, holder in enumerate(filled.holders):
            if holder is not None:
                self.counts[holder] += 1
                self.held[holder].setdefault(barred[position], []).append(position)

    def level(self, index: int) -> Fraction:
        place = self.places[index]
        return place.level + Fraction(self.counts[index], place.weight)

    def has_room(self, index: int) -> bool:
        """Say whether someone may hold one more: below the cap, and not too far ahead by it."""
        place = self.places[index]
        if place.room is not None and self.counts[index] >= place.room:
            return False
        if not self._max_lead:
            return True
        lowest = min(self.level(i) for i, p in enumerate(self.places) if not p.is_full)
        ahead = self.level(index) - lowest + Fraction(1, place.weight)
        return ahead <= Fraction(self._max_lead, place.weight)

    def reach(self, starts: Iterable[int]) -> dict[int, tuple[int, frozenset[int]] | None]:
        """Find everyone to whom room can be passed on from `starts`, nearest first.

        Each comes with whom it is passed on from, and what kind of account would go that way.
        """
        found: dict[int, tuple[int, frozenset[int]] | None] = dict.fromkeys(starts)
        unseen = [index for index in range(len(self.places)) if index not in found]
        queue = list(found)
        for giver in queue:
            for kind in self.held[giver]:
                taking = [index for index in unseen if index not in kind]
                if taking:
                    found.update((index, (giver, kind)) for index in taking)
                    queue += taking
                    unseen = [index for index in unseen if index in kind]
            if not unseen:
                break
        return found

    def pass_on(self, found: dict[int, tuple[int, frozenset[int]] | None], to: int) -> int:
        """Move one account along each step of the way to `to`; give the place where it begins."""
        step = found[to]
        while step is not None:
            giver, kind = step
            position = self.held[giver][kind].pop()
            if not self.held[giver][kind]:
                del self.held[giver][kind]
            self.counts[giver] -= 1
            self.give(position, to)
            to, step = giver, found[giver]
        return to

    def give(self, position: int, to: int) -> None:
        self.held[to].setdefault(self.barred[position], []).append(position)
        self.counts[to] += 1
        self.filled.holders[position] = to
        self.filled.moved.add(position)
        self.filled.passed_over.pop(position, None)


def _mend(hands: _Hands, order: Sequence[int]) -> None:
    """Place what is left by letting accounts change hands, then even out what still differs."""
    turns = Counter(order)
    turns.subtract(dict(enumerate(hands.counts)))
    unused = turns.total()
    for position, holder in enumerate(hands.filled.holders):
        if holder is not None or not unused:
            continue
        out = hands.barred[position]
        found = hands.reach(i for i in range(len(hands.places)) if i not in out)
        to = next((index for index in found if turns[index] > 0), None)
        if to is not None:
            turns[to] -= 1
            unused -= 1
        else:
            roomy = [index for index in found if hands.has_room(index)]
            to = min(roomy, key=lambda i: (hands.level(i), i), default=None)
        if to is not None:
            hands.give(position, hands.pass_on(found, to))
    while unused and _even_out(hands):
        pass


def _even_out(hands: _Hands) -> bool:
    """Pass one account from someone to someone more than one behind; say whether there was one."""

    def half(index: int) -> Fraction:
        return Fraction(1, 2 * hands.places[index].weight)

    for giver in sorted(range(len(hands.places)), key=hands.level, reverse=True):
        found = hands.reach([giver])
        roomy = [index for index in found if index != giver and hands.has_room(index)]
        to = min(roomy, key=lambda i: (hands.level(i) + half(i), i), default=None)
        if to is not None and hands.level(giver) - half(giver) > hands.level(to) + half(to):
            hands.pass_on(found, to)
            return True
    return False
