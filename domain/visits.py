"""What a visit does: how far it moves an account, and which deadlines it meets."""

from __future__ import annotations

from domain.account_life import State
from domain.deadlines import Step

_WAY = (State.ASSIGNED, State.CONTACTED, State.MET, State.UNDERSTOOD, State.FOOTHOLD)


def state_after_visit(current: State, *, met_decision_maker: bool, why_known: bool) -> State:
    """Give how far an account in hand has come; a visit never moves it back.

    `met_decision_maker` and `why_known` count what earlier visits brought too. Only both together
    open the gate to selling again.
    """
    if met_decision_maker and why_known:
        reached = State.UNDERSTOOD
    elif met_decision_maker:
        reached = State.MET
    else:
        reached = State.CONTACTED
    return max(current, reached, key=_WAY.index)


def steps_met(state: State) -> frozenset[Step]:
    """Name the deadlines that an account in this state has met; a visit meets the next step set."""
    met = {Step.CONTACT, Step.NEXT_STEP, Step.REVISIT}
    if _WAY.index(state) >= _WAY.index(State.MET):
        met.add(Step.MEETING)
    if _WAY.index(state) >= _WAY.index(State.UNDERSTOOD):
        met.add(Step.OVERDUE)
    return frozenset(met)
