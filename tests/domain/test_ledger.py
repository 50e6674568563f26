"""Sums move, and none is made or lost (B4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.ledger import Entry, Line, Pot, claimed, clawed_back, moved, standing
from domain.money import Money

USD = "USD"


def _in(lines: list[Line], pot: Pot) -> dict[int, int]:
    return {m: money.minor for (m, p), money in standing(lines).items() if p is pot and money.minor}


def test_a_claim_is_shared_to_the_last_cent() -> None:
    lines = claimed(Money(100, USD), {1: 1, 2: 1, 3: 1})
    assert _in(lines, Pot.CLAIMED) == {1: 34, 2: 33, 3: 33}


def test_a_move_takes_all_that_stands_there_and_no_more() -> None:
    lines = claimed(Money(100, USD), {1: 60, 2: 40})
    lines += moved(lines, Entry.APPROVED, Pot.CLAIMED, Pot.HELD)
    assert moved(lines, Entry.APPROVED, Pot.CLAIMED, Pot.HELD) == []
    assert _in(lines, Pot.HELD) == {1: 60, 2: 40}


def test_what_is_held_is_clawed_back_pro_rata() -> None:
    lines = claimed(Money(9_000, USD), {1: 2, 2: 1})
    lines += moved(lines, Entry.APPROVED, Pot.CLAIMED, Pot.HELD)
    lines += clawed_back(lines, days_kept=30, window=90)
    assert _in(lines, Pot.HELD) == {1: 2_000, 2: 1_000}


def test_what_was_paid_is_owed_by_the_next_payment() -> None:
    lines = claimed(Money(9_000, USD), {1: 1})
    for source, target in ((Pot.CLAIMED, Pot.HELD), (Pot.HELD, Pot.PAYABLE)):
        lines += moved(lines, Entry.APPROVED, source, target)
    lines += moved(lines, Entry.PAID, Pot.PAYABLE, Pot.PAID)
    lines += clawed_back(lines, days_kept=0, window=90)
    assert _in(lines, Pot.PAYABLE) == {1: -9_000}
    assert _in(lines, Pot.PAID) == {1: 9_000}


def test_nothing_is_clawed_back_after_the_window_or_of_nothing() -> None:
    lines = claimed(Money(9_000, USD), {1: 1})
    assert clawed_back(lines, days_kept=1, window=90) == []
    lines += moved(lines, Entry.APPROVED, Pot.CLAIMED, Pot.HELD)
    assert clawed_back(lines, days_kept=90, window=90) == []
    assert clawed_back([], days_kept=0, window=90) == []


@given(
    bounty=st.integers(0, 10**14),
    shares=st.lists(st.integers(1, 10_000), min_size=1, max_size=6),
    acts=st.lists(
        st.one_of(
            st.tuples(st.sampled_from(list(Pot)), st.sampled_from(list(Pot))),
            st.tuples(st.integers(-5, 400), st.integers(1, 365)),
        ),
        max_size=12,
    ),
)
def test_no_sequence_of_moves_makes_or_loses_a_cent(
    bounty: int, shares: list[int], acts: list[tuple[Pot, Pot] | tuple[int, int]]
) -> None:
    lines = claimed(Money(bounty, USD), dict(enumerate(shares)))
    assert sum(line.amount.minor for line in lines) == bounty
    for first, second in acts:
        if isinstance(first, Pot) and isinstance(second, Pot):
            lines += moved(lines, Entry.CORRECTED, first, second)
        elif isinstance(second, int) and isinstance(first, int):
            before = standing(lines)
            lines += clawed_back(lines, first, second)
            for key, money in standing(lines).items():
                if key[1] in {Pot.CLAIMED, Pot.SENT, Pot.PAID}:
                    assert money == before[key]
        sums = standing(lines)
        assert sum(money.minor for money in sums.values()) == 0
        for member in range(len(shares)):
            assert sum(money.minor for (m, _), money in sums.items() if m == member) == 0
