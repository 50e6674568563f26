"""Whose turn it is once a deal is taken back."""

from __future__ import annotations

from domain.rotation import Turn, taken_back

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
