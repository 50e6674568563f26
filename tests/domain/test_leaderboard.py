"""Ranks and points (P1, P4)."""

from __future__ import annotations

from domain.leaderboard import Tally, standings
from domain.rules import Rules


def test_equal_points_share_a_rank_and_the_next_is_skipped() -> None:
    board = standings(
        [
            Tally(1, "Cid", visits=5),
            Tally(2, "ben", wins=1),
            Tally(3, "Ada", wins=1),
            Tally(4, "Dot", whys=1, visits=2),
        ],
        Rules(),
    )
    assert [(s.rank, s.tally.name, s.points) for s in board] == [
        (1, "Ada", 10),
        (1, "ben", 10),
        (3, "Cid", 5),
        (3, "Dot", 5),
    ]


def test_only_those_with_points_are_on_the_board() -> None:
    assert standings([Tally(1, "Ada")], Rules()) == []
    assert standings([Tally(1, "Ada", visits=3)], Rules(points_visit=0)) == []
