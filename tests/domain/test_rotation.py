"""Turns: who is next, and how even it stays."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from domain.rotation import Place, level_with, turns

_WEIGHTS = st.lists(st.sampled_from([100, 100, 80, 50, 33, 20, 10]), min_size=1, max_size=8)


def test_turns_go_round_in_order() -> None:
    assert turns([Place(100, 0, may_take=9) for _ in range(3)], 7) == [0, 1, 2, 0, 1, 2, 0]


def test_the_lowest_goes_first_then_who_waited_longest() -> None:
    places = [
        Place(100, 5, 9, may_take=9),
        Place(100, 4, 8, may_take=9),
        Place(100, 5, 7, may_take=9),
    ]
    assert turns(places, 4) == [1, 2, 0, 1]


@given(_WEIGHTS, st.integers(0, 400))
def test_everyone_is_within_one_of_their_share_after_every_turn(
    weights: list[int], count: int
) -> None:
    """A2: weights are respected within one."""
    order = turns([Place(weight, 0, may_take=count) for weight in weights], count)
    assert len(order) == count
    taken: Counter[int] = Counter()
    for so_far, index in enumerate(order, start=1):
        taken[index] += 1
        for i, weight in enumerate(weights):
            share = so_far * weight / sum(weights)
            assert abs(taken[i] - share) < 1


@given(_WEIGHTS, st.lists(st.integers(0, 30), max_size=12))
def test_the_turn_goes_on_where_it_stopped(weights: list[int], batches: list[int]) -> None:
    """The turn never restarts: many small deals are one long one."""
    places = [Place(weight, 0) for weight in weights]
    dealt: list[int] = []
    for batch in batches:
        for place in places:
            place.may_take = batch
        order = turns(places, batch)
        for position, index in enumerate(order, start=1):
            places[index].taken += 1
            places[index].last_seq = len(dealt) + position
        dealt += order
    whole = turns([Place(weight, 0, may_take=sum(batches)) for weight in weights], sum(batches))
    assert dealt == whole


def test_a_place_takes_no_more_than_its_room_and_what_is_not_barred() -> None:
    places = [
        Place(100, 0, room=1, may_take=9),
        Place(100, 0, may_take=2),
        Place(100, 0, may_take=9),
    ]
    assert Counter(turns(places, 9)) == {0: 1, 1: 2, 2: 6}


def test_nobody_runs_ahead_of_one_who_is_held_up_by_more_than_the_lead() -> None:
    places = [Place(100, 0, may_take=1), Place(100, 0, may_take=9), Place(100, 0, may_take=9)]
    assert Counter(turns(places, 9, max_lead=2)) == {0: 1, 1: 3, 2: 3}


def test_nobody_runs_ahead_of_one_to_whom_everything_is_barred() -> None:
    places = [Place(100, 0), Place(100, 0, may_take=9)]
    assert turns(places, 9, max_lead=4) == [1, 1, 1, 1]


def test_who_is_full_holds_nobody_back() -> None:
    places = [Place(100, 0, room=0, may_take=9), Place(100, 0, room=1, may_take=9)]
    assert turns([*places, Place(100, 0, may_take=9)], 9, max_lead=1) == [1, *[2] * 8]


def test_level_is_the_middle_one_of_the_same_weight() -> None:
    peers = [Place(100, 9), Place(100, 2), Place(100, 8), Place(50, 1)]
    assert level_with(peers, 100) == 8
    assert level_with(peers, 50) == 1


def test_level_without_the_same_weight_is_the_share_rounded_down() -> None:
    assert level_with([Place(100, 7), Place(100, 8)], 50) == 3


def test_there_is_no_level_without_peers() -> None:
    assert level_with([], 100) is None
