"""Dealing the drawer out: who gets which account, why, and whose turn it is afterwards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.filling import fill
from domain.rotation import Turn, turns
from domain.rules import Rules
from domain.seating import PASSED_ON, Chair, Lot, Seat, Table, in_accounts, pool_of

_FULL_TIME = 100


@dataclass(frozen=True, slots=True)
class Pick:
    """An account, who gets it, and why in one plain phrase."""

    account_id: int
    member_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Left:
    """An account that stays in the drawer, and why in one plain sentence."""

    account_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a deal comes to: every account is either picked or left, none is both.

    `picks` and `left` are in the order of dealing, biggest value first. `turns` are the places in
    the rotation that change, by member. `sitting_out` is (member, why) of who takes no part.
    """

    picks: tuple[Pick, ...]
    left: tuple[Left, ...]
    turns: Mapping[int, Turn]
    sitting_out: tuple[tuple[int, str], ...]


def deal(
    lots: Iterable[Lot], seats: Iterable[Seat], rules: Rules, *, insist: bool = False
) -> Outcome:
    """Deal accounts out in fair turns; the order in which lots and seats come in does not matter.

    Counts among equals end at most one apart unless what is barred makes that impossible; then
    they end as close as it allows. With `insist` an account that is barred to everybody goes to
    one of them nonetheless.

    1. Newcomers are levelled with their peers.
    2. Region by region, then what belongs to none: turns first, then who takes which account.
    3. Who was away or full is levelled, so that nobody is owed what they missed.
    """
    table = Table(seats, rules)
    picks: list[Pick] = []
    left: list[Left] = []
    for pool, dealt in _by_pool(lots, rules):
        _deal_pool(table, pool, dealt, picks, left, insist=insist)
    return Outcome(tuple(picks), tuple(left), table.turns_after(), table.sitting_out())


def hand_over(lot: Lot, seats: Iterable[Seat], rules: Rules, passer_id: int) -> Outcome:
    """Find who takes over an account that its rep passes on: the next in turn but them.

    It counts as the taker's turn. Who passed it on, now or before, keeps their place, and is owed
    nothing for it.
    """
    barred = dict(lot.barred) | {passer_id: PASSED_ON}
    table = Table(seats, rules)
    picks: list[Pick] = []
    left: list[Left] = []
    passed = replace(lot, barred=tuple(barred.items()))
    pool = pool_of(lot.region, rules)
    _deal_pool(table, pool, [passed], picks, left, insist=False)
    passers = {member for member, why in barred.items() if why == PASSED_ON}
    for pick in picks:
        table.owe_nothing(passers, pick.member_id)
    return Outcome(tuple(picks), tuple(left), table.turns_after(), table.sitting_out())


def _deal_pool(
    table: Table,
    pool: str,
    lots: Sequence[Lot],
    picks: list[Pick],
    left: list[Left],
    *,
    insist: bool,
) -> None:
    chairs = table.in_pool(pool)
    seated = {chair.seat.member_id: index for index, chair in enumerate(chairs)}
    dealt: list[Lot] = []
    barred: list[frozenset[int]] = []
    shut_out: dict[tuple[tuple[int, str], ...], frozenset[int]] = {}  # one for all alike
    for lot in lots:
        if lot.stays:
            left.append(Left(lot.account_id, lot.stays))
            continue
        out = shut_out.get(lot.barred)
        if out is None:
            out = frozenset(seated[member] for member, _ in lot.barred if member in seated)
            shut_out[lot.barred] = out
        if len(out) < len(chairs) or (insist and chairs):
            dealt.append(lot)
            barred.append(out if len(out) < len(chairs) else frozenset())
        else:
            left.append(Left(lot.account_id, table.nobody(lot)))
    places = [chair.place for chair in chairs]
    shut = Counter(index for out in barred for index in out)
    for index, place in enumerate(places):
        place.may_take = len(dealt) - shut[index]
    rules = table.rules
    order = turns(places, len(dealt), rules.max_lead)
    filled = fill(
        [lot.value for lot in dealt],
        barred,
        places,
        order,
        by_value=rules.deal_by_value,
        max_lead=rules.max_lead,
    )
    counts = Counter(filled.holders)
    turns_of = Counter(order)
    stuck = {index for index, place in enumerate(places) if turns_of[index] == place.may_take}
    given: Counter[int] = Counter()
    for position, lot in enumerate(dealt):
        holder = filled.holders[position]
        if holder is None:
            left.append(Left(lot.account_id, _no_turn(chairs, barred[position], counts, rules)))
        else:
            passed_over = filled.passed_over.get(position)
            if passed_over is None and not stuck.isdisjoint(barred[position]):
                passed_over = _before(chairs, stuck & barred[position], holder, given)
            given[holder] += 1
            why = _why(
                lot,
                chairs[holder],
                passed_over=None if passed_over is None else chairs[passed_over].seat,
                moved=position in filled.moved,
                by_value=rules.deal_by_value,
            )
            picks.append(Pick(lot.account_id, chairs[holder].seat.member_id, why))
    table.take(chairs, order, filled.holders)


def _before(
    chairs: Sequence[Chair], barred: Collection[int], holder: int, given: Mapping[int, int]
) -> int | None:
    """Find one to whom an account is barred and who would have been next before its holder.

    That is one for whom everything else is barred too, so that no turn of theirs was passed over.
    """

    def due(index: int) -> tuple[Fraction, bool, int, int]:
        place = chairs[index].place
        level = place.level + Fraction(given[index] + 1, place.weight)
        return level, given[index] > 0, place.last_seq, index

    first = min(barred, key=due)
    return first if due(first) < due(holder) else None


def _why(lot: Lot, chair: Chair, *, passed_over: Seat | None, moved: bool, by_value: bool) -> str:
    """Say in one plain phrase why this one gets it; who sits out is named once only."""
    missed, chair.before = chair.before, []
    barred = dict(lot.barred)
    if chair.seat.member_id in barred:
        return f"nobody else could take it, though {chair.seat.name} {barred[chair.seat.member_id]}"
    if by_value:
        return "keeps the value even"
    if moved:
        return "keeps the counts even"
    if passed_over is not None:
        return f"next after {passed_over.name}, who {barred[passed_over.member_id]}"
    if missed:
        others = f" (and {len(missed) - 1} more)" if len(missed) > 1 else ""
        return f"next after {missed[0].name}, who {missed[0].out}{others}"
    if chair.seat.weight != _FULL_TIME:
        return f"next in turn at {chair.seat.weight} %"
    return "next in turn"


def _no_turn(
    chairs: Sequence[Chair],
    barred: frozenset[int],
    counts: Mapping[int | None, int],
    rules: Rules,
) -> str:
    """Say why an account is left that some of those at the table may take."""
    takers = [(chair.place.room, counts[i]) for i, chair in enumerate(chairs) if i not in barred]
    if all(room is not None and count >= room for room, count in takers):
        cap = in_accounts(rules.open_accounts_cap)
        return f"everyone who could take it holds {cap}, the most you allow"
    lead = in_accounts(rules.max_lead)
    return f"whoever could take it is {lead} ahead already, the most you allow"


def _by_pool(lots: Iterable[Lot], rules: Rules) -> list[tuple[str, list[Lot]]]:
    """Sort accounts by pool, each biggest first; what belongs to no region comes last."""
    ordered = sorted(lots, key=lambda lot: (-lot.value, lot.key, lot.account_id))
    if len({lot.account_id for lot in ordered}) != len(ordered):
        raise ValueError("an account is dealt once")
    pools: dict[str, list[Lot]] = defaultdict(list)
    for lot in ordered:
        pools[pool_of(lot.region, rules)].append(lot)
    return sorted(pools.items(), key=lambda pair: (not pair[0], pair[0]))
