"""How far a visit brings an account."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.account_life import IN_HAND, State, may_move
from domain.deadlines import Step
from domain.visits import state_after_visit, steps_met

HELD = st.sampled_from(sorted(IN_HAND))


@given(HELD, st.booleans(), st.booleans())
def test_a_visit_moves_an_account_only_as_its_life_allows(
    current: State, met: bool, why: bool
) -> None:
    reached = state_after_visit(current, met_decision_maker=met, why_known=why)
    assert may_move(current, reached)


@given(HELD, st.booleans(), st.booleans())
def test_only_the_decision_maker_and_the_why_together_open_the_gate(
    current: State, met: bool, why: bool
) -> None:
    """W2."""
    selling = {State.UNDERSTOOD, State.FOOTHOLD}
    reached = state_after_visit(current, met_decision_maker=met, why_known=why)
    assert (reached in selling) == (current in selling or (met and why))


@given(HELD, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_a_second_visit_takes_nothing_back(
    current: State, met: bool, why: bool, again: bool, why_again: bool
) -> None:
    first = state_after_visit(current, met_decision_maker=met, why_known=why)
    second = state_after_visit(first, met_decision_maker=again, why_known=why_again)
    assert steps_met(second) >= steps_met(first)


def test_what_each_state_has_met() -> None:
    visited = {Step.CONTACT, Step.NEXT_STEP, Step.REVISIT}
    assert steps_met(State.CONTACTED) == visited
    assert steps_met(State.MET) == visited | {Step.MEETING}
    assert steps_met(State.UNDERSTOOD) == set(Step)
