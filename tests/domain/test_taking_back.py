"""Whose turn it is once a deal is taken back."""

from __future__ import annotations

from domain.rotation import Turn, all_taken_back, taken_back

BEFORE, AFTER = Turn(3, 7), Turn(5, 12)


def test_the_place_is_what_it_was() -> None:
    assert taken_back(AFTER, BEFORE, AFTER, 2, 0) == BEFORE


def test_who_joined_with_the_deal_is_where_they_joined() -> None:
    assert taken_back(AFTER, None, AFTER, 2, 0) == Turn(3, 0)


def test_what_is_kept_stays_counted() -> None:
    assert taken_back(AFTER, BEFORE, AFTER, 2, 1) == Turn(4, 7)


def test_what_came_since_stays_counted() -> None:
    assert taken_back(Turn(6, 13), BEFORE, AFTER, 2, 0) == Turn(4, 13)


def test_a_lift_while_away_is_taken_back_too() -> None:
    assert taken_back(Turn(5, 7), Turn(3, 7), Turn(5, 7), 0, 0) == Turn(3, 7)


def test_who_joined_since_falls_back_with_the_others() -> None:
    """A6, A9: else they would wait for as many turns as the deal that is no more had given."""
    now = {1: Turn(9, 12), 2: Turn(8, 11), 3: Turn(9, 13), 4: Turn(4, 0, weight=50)}
    changes = {1: (Turn(2, 4), Turn(8, 12)), 2: (Turn(2, 5), Turn(8, 11))}
    assert all_taken_back(now, changes, (), {1: 6, 2: 6}, {}) == {
        1: Turn(3, 4),
        2: Turn(2, 5),
        3: Turn(3, 13),
        4: Turn(1, 0, weight=50),
    }


def test_who_joined_anew_since_is_no_longer_where_the_deal_left_them() -> None:
    now = {1: Turn(4, 8, weight=50), 2: Turn(8, 11)}
    changes = {1: (Turn(2, 4), Turn(8, 8)), 2: (Turn(2, 5), Turn(8, 11))}
    assert all_taken_back(now, changes, (), {1: 6, 2: 6}, {})[1] == Turn(1, 8, weight=50)


def test_whom_the_deal_left_alone_stays_and_who_has_left_is_forgotten() -> None:
    now = {1: Turn(1, 9), 2: Turn(0, 3)}
    changes = {1: (Turn(0, 4), Turn(1, 9)), 3: (Turn(0, 2), Turn(1, 8))}
    assert all_taken_back(now, changes, {2, 5}, {1: 1, 3: 1}, {}) == {1: Turn(0, 4), 2: Turn(0, 3)}


def test_where_all_of_a_region_joined_since_they_stay() -> None:
    now = {1: Turn(1, 9, pool="east"), 2: Turn(7, 3, pool="west")}
    changes = {1: (Turn(0, 4, pool="east"), Turn(1, 9, pool="east"))}
    assert all_taken_back(now, changes, (), {1: 1}, {})[2] == now[2]
