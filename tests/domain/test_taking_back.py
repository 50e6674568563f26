"""Whose turn it is once a deal is taken back."""

from __future__ import annotations

from domain.rotation import Turn, rewound

BEGAN = {1: Turn(3, 7), 2: Turn(4, 8)}
NOW = {1: Turn(5, 12), 2: Turn(5, 11)}


def test_the_places_are_what_they_were() -> None:
    assert rewound(NOW, BEGAN, {}) == BEGAN


def test_what_is_kept_counts() -> None:
    assert rewound(NOW, BEGAN, {2: 2}) == {1: Turn(3, 7), 2: Turn(6, 8)}


def test_who_has_left_since_stays_out() -> None:
    assert rewound({1: Turn(5, 12)}, BEGAN, {2: 1}) == {1: Turn(3, 7)}


def test_who_joined_by_it_or_since_joins_anew() -> None:
    assert rewound(NOW | {3: Turn(5, 13)}, BEGAN, {}) == BEGAN


def test_who_joined_and_keeps_something_is_level_but_for_that() -> None:
    joined = rewound(NOW | {3: Turn(5, 13), 4: Turn(2, 14, weight=50)}, BEGAN, {3: 1, 4: 1})
    assert (joined[3], joined[4]) == (Turn(4, 0), Turn(2, 0, weight=50))


def test_after_the_first_deal_of_all_everybody_begins_at_nothing() -> None:
    west = {3: Turn(5, 13, pool="west"), 4: Turn(5, 14, pool="west")}
    assert rewound(west, BEGAN, {3: 1}) == {
        3: Turn(1, 0, pool="west"),
        4: Turn(0, 0, pool="west"),
    }
