"""Ranks and points (P1, P4)."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.leaderboard import Counted, Win, Work, standings
from domain.rules import Rules

NAMES = {1: "Cid", 2: "ben", 3: "Ada", 4: "Dot"}


def test_equal_points_share_a_rank_and_the_next_is_skipped() -> None:
    work = {1: Work(visits=5), 4: Work(visits=2, whys=1)}
    board = standings(Counted(NAMES, [Win({2: 1}), Win({3: 1})], work), Rules())
    assert [(s.rank, s.tally.name, s.tally.points) for s in board] == [
        (1, "Ada", 10),
        (1, "ben", 10),
        (3, "Cid", 5),
        (3, "Dot", 5),
    ]


def test_only_those_with_points_are_on_the_board() -> None:
    assert standings(Counted(NAMES), Rules()) == []
    worked = Counted(NAMES, work={1: Work(visits=3)})
    assert standings(worked, Rules(points_visit=0)) == []


def test_who_is_not_to_be_named_is_not_on_it() -> None:
    counted = Counted({2: "ben"}, [Win({9: 1, 2: 1}, late=True)], {9: Work(visits=5)})
    [standing] = standings(counted, Rules())
    assert (standing.tally.name, standing.tally.points, standing.tally.late) == ("ben", 5, 1)


def test_a_shared_win_is_shared_as_its_bounty_is() -> None:
    """P1, B4: one win, one set of points, one value."""
    wins = [
        Win({3: 6000, 2: 4000}, value_minor=1001, late=True),
        Win({3: 1, 2: 1}, whole=False),
    ]
    board = {s.tally.name: s.tally for s in standings(Counted(NAMES, wins), Rules())}
    ada, ben = board["Ada"], board["ben"]
    assert (ada.points, ben.points) == (6 + 3, 4 + 2)
    assert (ada.value_minor, ben.value_minor) == (601, 400)
    assert (ada.wins, ben.wins) == (Fraction(3, 5), Fraction(2, 5))
    assert (ada.footholds, ben.footholds) == (Fraction(1, 2), Fraction(1, 2))
    assert (ada.late, ben.late) == (1, 0)


_PARTS = st.dictionaries(st.sampled_from(list(NAMES)), st.integers(1, 10**9), min_size=1)
_WINS = st.lists(st.builds(Win, _PARTS, st.integers(0, 10**12), st.booleans(), st.booleans()))


@given(_WINS)
def test_the_board_adds_up_to_what_was_won(wins: list[Win]) -> None:
    tallies = [s.tally for s in standings(Counted(NAMES, wins), Rules(points_visit=0))]
    rules = Rules()
    worth = sum(rules.points_win if win.whole else rules.points_foothold for win in wins)
    assert sum(tally.points for tally in tallies) == worth
    shown = [tally.member_id for tally in tallies]
    if all(set(win.parts) <= set(shown) for win in wins):
        assert sum(tally.value_minor for tally in tallies) == sum(win.value_minor for win in wins)
        assert sum(tally.wins for tally in tallies) == sum(win.whole for win in wins)
        assert sum(tally.late for tally in tallies) == sum(win.late for win in wins)
