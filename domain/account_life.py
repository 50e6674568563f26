"""An account's life: the states it can be in and the moves the table allows."""

from __future__ import annotations

from enum import StrEnum

from domain.errors import Refused


class State(StrEnum):
    """Where an account stands; the values are the words people read."""

    ACTIVE = "active"
    AT_RISK = "at risk"
    LOST = "lost"
    CODE_99 = "code 99"
    ASSIGNED = "assigned"
    CONTACTED = "contacted"
    MET = "met"
    UNDERSTOOD = "understood"
    FOOTHOLD = "foothold"
    WON_BACK = "won back"
    LET_GO = "let go"
    LEGAL_HOLD = "legal hold"


IN_HAND = frozenset({State.ASSIGNED, State.CONTACTED, State.MET, State.UNDERSTOOD, State.FOOTHOLD})
"""States in which a rep holds the account."""

DEALABLE = frozenset({State.LOST, State.CODE_99})
"""States from which an account is dealt."""

_ENDS = {State.LET_GO, State.LEGAL_HOLD}
_MOVES: dict[State, set[State]] = {
    State.ACTIVE: {State.AT_RISK, State.LOST, State.CODE_99} | _ENDS,
    State.AT_RISK: {State.ACTIVE, State.LOST, State.CODE_99} | _ENDS,
    State.LOST: {State.CODE_99, State.ASSIGNED, State.ACTIVE} | _ENDS,
    State.CODE_99: {State.ASSIGNED, State.ACTIVE, State.LOST} | _ENDS,
    State.ASSIGNED: {State.CONTACTED, State.MET, State.UNDERSTOOD, State.CODE_99} | _ENDS,
    State.CONTACTED: {State.MET, State.UNDERSTOOD, State.CODE_99} | _ENDS,
    State.MET: {State.UNDERSTOOD, State.CODE_99} | _ENDS,
    State.UNDERSTOOD: {State.FOOTHOLD, State.WON_BACK, State.CODE_99} | _ENDS,
    State.FOOTHOLD: {State.WON_BACK, State.CODE_99} | _ENDS,
    State.WON_BACK: {State.ACTIVE, State.AT_RISK, State.LOST, State.CODE_99} | _ENDS,
    State.LET_GO: {State.CODE_99, State.ACTIVE, State.LOST, State.LEGAL_HOLD},
    State.LEGAL_HOLD: {State.CODE_99, State.LET_GO, State.ACTIVE},
}

_NEXT_STEP: dict[State, str] = {
    State.ACTIVE: "Log the loss first: `/lost {name}, reason`.",
    State.AT_RISK: "Log the loss first: `/lost {name}, reason`.",
    State.LOST: "It waits in the drawer for the next deal.",
    State.CODE_99: "It waits in the drawer for the next deal.",
    State.ASSIGNED: "Visit first, then tell us what happened: `/lost visit {name}`.",
    State.CONTACTED: "Meet the decision maker, then: `/lost visit {name}`.",
    State.MET: "Find out why they left, then: `/lost visit {name}`.",
    State.UNDERSTOOD: "If they came back, claim it: `/found {name}`.",
    State.FOOTHOLD: "If they came back whole, claim it: `/found {name}`.",
    State.WON_BACK: "They are back. If they leave again: `/lost {name}, reason`.",
    State.LET_GO: "A manager can put it back into the drawer.",
    State.LEGAL_HOLD: "A manager has to lift the hold first.",
}


def may_move(current: State, to: State) -> bool:
    """Say whether the table allows the move; staying where one is always is."""
    return current == to or to in _MOVES[current]


def move(name: str, current: State, to: State) -> State:
    """Return `to`, or raise `Refused` with the sentence that says what to do instead."""
    if may_move(current, to):
        return to
    step = _NEXT_STEP[current].format(name=name)
    raise Refused(f"{name} is {current}, so it cannot become {to} yet. {step}")


def next_step(name: str, current: State) -> str:
    """Say in one sentence what comes next for an account in this state."""
    return _NEXT_STEP[current].format(name=name)
