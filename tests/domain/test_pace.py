"""Pace: a place in the queue for each, a bucket for all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.pace import UNPACED, Lane, Pace, allowance, ask, spend

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PACE = Pace(workspace=SECOND, burst=3)


def test_a_free_lane_lets_go_and_is_taken_for_a_while() -> None:
    turn = ask(None, NOW, SECOND, promised=False)
    assert (turn.goes, turn.at, turn.lane) == (True, NOW, Lane(NOW + SECOND, NOW + SECOND))


def test_who_comes_next_is_promised_a_place_and_the_one_after_the_next_place() -> None:
    lane = ask(None, NOW, SECOND, promised=False).lane
    first = ask(lane, NOW, SECOND, promised=False)
    second = ask(first.lane, NOW, SECOND, promised=False)
    assert [(turn.goes, turn.at) for turn in (first, second)] == [
        (False, NOW + SECOND),
        (False, NOW + 2 * SECOND),
    ]


def test_who_comes_late_does_not_pass_those_with_a_place() -> None:
    lane = Lane(NOW - SECOND, NOW + 5 * SECOND)
    assert ask(lane, NOW, SECOND, promised=False).at == NOW + 5 * SECOND
    assert ask(lane, NOW, SECOND, promised=True).goes


def test_a_place_that_comes_while_the_lane_is_taken_waits_that_moment() -> None:
    half = NOW + SECOND / 2
    lane = Lane(half, NOW + 5 * SECOND)
    assert ask(lane, NOW, SECOND, promised=True).at == half
    after_all_places = Lane(half, NOW - SECOND)
    assert ask(after_all_places, NOW, SECOND, promised=True).at == half


def test_a_moment_late_for_a_place_costs_no_time_and_later_than_that_does() -> None:
    lane = Lane(NOW, NOW + 5 * SECOND)
    moment = NOW + SECOND / 2
    assert ask(lane, moment, SECOND, promised=True).lane.free_at == NOW + SECOND
    late = NOW + SECOND * 0.6
    assert ask(lane, late, SECOND, promised=True).lane.free_at == late + SECOND
    assert ask(Lane(NOW, NOW), moment, SECOND, promised=False).lane.free_at == moment + SECOND


def test_promises_from_before_the_clock_was_set_back_do_not_count() -> None:
    lane = Lane(NOW + timedelta(days=7), NOW + timedelta(days=7))
    assert ask(lane, NOW, SECOND, promised=False).goes
    assert allowance(NOW + timedelta(days=7), NOW, PACE, 10) == 3


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.booleans()), max_size=60))
def test_no_more_go_than_the_pace_allows_but_for_half_a_turn(asks: list[tuple[int, bool]]) -> None:
    lane, now, went = None, NOW, []
    for milliseconds, promised in asks:
        now += timedelta(milliseconds=milliseconds)
        turn = ask(lane, now, SECOND, promised=promised)
        lane = turn.lane
        assert turn.goes or turn.at > now
        if turn.goes:
            went.append(now)
    for (i, first), (j, last) in combinations(enumerate(went), 2):
        assert last - first >= (j - i - 0.5) * SECOND


def test_a_bucket_empties_and_fills() -> None:
    assert allowance(None, NOW, PACE, 10) == 3
    full_at = spend(None, NOW, PACE, 2)
    assert full_at == NOW + 2 * SECOND
    assert allowance(full_at, NOW, PACE, 10) == 1
    assert allowance(full_at, NOW, PACE, 0) == 0
    assert allowance(full_at, NOW + SECOND / 2, PACE, 10) == 1
    assert allowance(full_at, NOW + SECOND, PACE, 10) == 2
    assert allowance(NOW - SECOND, NOW, PACE, 10) == 3


def test_without_limits_all_may_go() -> None:
    assert allowance(NOW + SECOND, NOW, UNPACED, 10) == 10
    assert spend(None, NOW, UNPACED, 5) == NOW
