"""Who sits at the table when the drawer is dealt out, and where that leaves their turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from domain.names import name_key
from domain.rotation import Place, Turn, level_with
from domain.rules import Rules

PASSED_ON = "passed it on"
"""Why an account is barred to who handed it over, in words that follow their name."""
_NAMED = 3  # people named in a sentence before the rest are counted


@dataclass(frozen=True, slots=True)
class Lot:
    """An account to be dealt. `key` is its folded name, `value` in minor units of `currency`.

    `barred` are the members it must not go to, each with why in words that follow a name ("lost
    it"): nobody gets back what they lost, passed on or let lie. `stays` says why it is not dealt
    at all for now; empty where it is.
    """

    account_id: int
    key: str
    value: int = 0
    currency: str = ""
    region: str = ""
    barred: tuple[tuple[int, str], ...] = ()
    stays: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A rep in the rotation. `weight` in per cent, `holds` the accounts they have in hand.

    `turn` is None until their first deal. `out` says why they take none now, in words that follow
    their name ("is away until Thu 12 Mar"); empty where they take part.
    """

    member_id: int
    name: str
    weight: int = 100
    region: str = ""
    holds: int = 0
    turn: Turn | None = None
    out: str = ""


@dataclass(slots=True)
class Chair:
    """A seat while the deal goes on."""

    seat: Seat
    pool: str
    place: Place
    is_new: bool
    was_full: bool = False
    before: list[Seat] = field(default_factory=list)  # who sits out just before their first turn

    @property
    def takes_part(self) -> bool:
        return not self.seat.out and not self.was_full

    @property
    def turn(self) -> Turn:
        return Turn(self.place.taken, self.place.last_seq, self.pool, self.place.weight)


class Table:
    """Everybody in the rotation, in an order that depends on nothing but who they are."""

    def __init__(self, seats: Iterable[Seat], rules: Rules) -> None:
        self.rules = rules
        ordered = sorted(seats, key=lambda seat: (name_key(seat.name), seat.member_id))
        if len({seat.member_id for seat in ordered}) != len(ordered):
            raise ValueError("a member has one seat")
        self.chairs = [_sit_down(seat, rules) for seat in ordered]
        self._sequence = max((chair.place.last_seq for chair in self.chairs), default=0)
        self._level_newcomers()
        self._base()
        self._note_absences()

    def in_pool(self, pool: str) -> list[Chair]:
        """Give those who take from a pool; what belongs to no region is open to all."""
        return [
            chair for chair in self.chairs if chair.takes_part and (not pool or chair.pool == pool)
        ]

    def take(
        self, chairs: Sequence[Chair], order: Sequence[int], holders: Sequence[int | None]
    ) -> None:
        """Note who took how many, and when their latest turn was."""
        counts = Counter(index for index in holders if index is not None)
        for index, count in counts.items():
            place = chairs[index].place
            place.taken += count
            if place.room is not None:
                place.room -= count
        for index in [*order, *counts]:
            if counts[index] > 0:
                self._sequence += 1
                counts[index] -= 1
                chairs[index].place.last_seq = self._sequence

    def owe_nothing(self, passers: Collection[int], taker_id: int) -> None:
        """Count a turn for who passed on what this one took, if it would have been theirs.

        That is where they would still not be ahead of the taker as they were before.
        """
        [taker] = [chair.place for chair in self.chairs if chair.seat.member_id == taker_id]
        reached = taker.level - Fraction(1, taker.weight)
        for chair in self.chairs:
            if chair.takes_part and chair.seat.member_id in passers:
                place = chair.place
                if place.level + Fraction(1, place.weight) <= reached:
                    place.taken += 1

    def turns_after(self) -> dict[int, Turn]:
        """Give the places that changed. Who sat out or is full now is levelled with the others."""
        for chair in self.chairs:
            away = bool(chair.seat.out) and not self.rules.catch_up
            if away or chair.was_full or chair.place.is_full:
                self._lift(chair, self._taking_part(chair.pool))
        after = {}
        for chair in self.chairs:
            joined_to_sit_out = chair.is_new and not chair.takes_part
            if chair.turn != chair.seat.turn and not joined_to_sit_out:
                after[chair.seat.member_id] = chair.turn
        return after

    def sitting_out(self) -> tuple[tuple[int, str], ...]:
        """Give (member, why) of who takes no part."""
        return tuple(
            (chair.seat.member_id, self._absence(chair))
            for chair in self.chairs
            if not chair.takes_part
        )

    def nobody(self, lot: Lot) -> str:
        """Say why there is nobody to whom an account may go."""
        barred = dict(lot.barred)
        pool = pool_of(lot.region, self.rules)
        chairs = [chair for chair in self.chairs if not pool or chair.pool == pool]
        if not chairs:
            return f"no rep covers {lot.region}" if pool else "there is no rep yet"
        if not any(chair.takes_part for chair in chairs):
            barred = {}  # who lost it matters only where somebody is there to take it
        whys = [
            f"{chair.seat.name} {barred.get(chair.seat.member_id) or self._absence(chair)}"
            for chair in chairs
        ]
        named = "; ".join(whys[:_NAMED])
        return named if len(whys) <= _NAMED else f"{named}; and {len(whys) - _NAMED} more"

    def _absence(self, chair: Chair) -> str:
        return chair.seat.out or f"holds {in_accounts(chair.seat.holds)}, the most you allow"

    def _taking_part(self, pool: str) -> list[Chair]:
        """Give those of a pool who can go on; where all are full, the one who came furthest."""
        chairs = [chair for chair in self.chairs if chair.takes_part and chair.pool == pool]
        roomy = [chair for chair in chairs if not chair.place.is_full]
        return roomy or sorted(chairs, key=lambda chair: chair.place.level)[-1:]

    def _lift(self, chair: Chair, peers: Sequence[Chair]) -> None:
        level = level_with([peer.place for peer in peers], chair.place.weight)
        if level is not None:
            chair.place.taken = max(chair.place.taken, level)

    def _level_newcomers(self) -> None:
        known = [chair for chair in self.chairs if not chair.is_new]
        for chair in self.chairs:
            if not chair.is_new:
                continue
            pool = [peer for peer in known if peer.pool == chair.pool]
            present = [peer for peer in pool if peer.takes_part]
            level = level_with([peer.place for peer in present or pool], chair.place.weight)
            chair.place.taken = level or 0
            if self.rules.catch_up:
                chair.place.taken -= _behind(chair.seat, [peer.seat for peer in present])

    def _base(self) -> None:
        """Let levels count from what is even in each region, so that regions can share turns."""
        if not self.rules.deal_by_region:
            return
        for pool in {chair.pool for chair in self.chairs}:
            places = [chair.place for chair in self._taking_part(pool)]
            if not places:
                continue
            even = Fraction(sum(p.taken for p in places), sum(p.weight for p in places))
            for place in places:
                place.base = even

    def _note_absences(self) -> None:
        """Let who sits out be named once, by the one who is next after them."""
        order = sorted(
            self.chairs, key=lambda c: (c.pool, c.place.level, c.place.last_seq, c.seat.name)
        )
        missed: list[Chair] = []
        for chair in order:
            if not chair.takes_part:
                missed.append(chair)
                continue
            chair.before = [
                replace(m.seat, out=self._absence(m)) for m in missed if m.pool == chair.pool
            ]
            missed = []


def _sit_down(seat: Seat, rules: Rules) -> Chair:
    pool = pool_of(seat.region, rules)
    weight = max(seat.weight, 1)
    known = seat.turn is not None and (seat.turn.pool, seat.turn.weight) == (pool, weight)
    room = rules.open_accounts_cap - seat.holds if rules.open_accounts_cap else None
    taken = seat.turn.taken if seat.turn is not None else 0
    last_seq = seat.turn.last_seq if seat.turn is not None else 0
    place = Place(weight, taken, last_seq, room=room)
    if not seat.weight and not seat.out:
        seat = replace(seat, out="takes no accounts for now")
    return Chair(seat, pool, place, not known, was_full=place.is_full)


def _behind(seat: Seat, peers: Sequence[Seat]) -> int:
    """Say how many accounts fewer someone holds than the share of their weight among peers."""
    if not peers:
        return 0
    even = seat.weight * sum(p.holds for p in peers) // sum(max(p.weight, 1) for p in peers)
    return max(0, even - seat.holds)


def pool_of(region: str, rules: Rules) -> str:
    """Give the pool a region stands for: its folded name where regions count, else the one pool."""
    return name_key(region) if rules.deal_by_region and region else ""


def in_accounts(number: int) -> str:
    """Say a number of accounts in words."""
    return f"{number} account" if number == 1 else f"{number} accounts"
