"""What a loss is: its kinds, what is asked about it, and what it does to an account."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from domain.account_life import State
from domain.rules import Rules

LONGEST_NAME = 200
"""Characters of an account's, competitor's or person's name."""

LONGEST_STORY = 3000
"""Characters of what happened."""


class Kind(StrEnum):
    """What was lost; the values are stored."""

    CUSTOMER = "customer"
    DEAL = "deal"
    EBBING = "ebbing"


KIND_LABELS = {
    Kind.CUSTOMER: "The customer left",
    Kind.DEAL: "A deal was lost",
    Kind.EBBING: "Ebbing: buys less, or has stopped buying",
}

WON_BY_LABELS = {
    "price": "Price",
    "seller": "A better seller",
    "feature": "A feature",
    "other": "Something else",
}
"""How a competitor won, by what is stored."""

PREVENTABLE_LABELS = {"yes": "Yes", "perhaps": "Perhaps", "no": "No"}
"""Could we have prevented it, by what is stored."""


_HERE = frozenset({State.ACTIVE, State.AT_RISK, State.WON_BACK})


def is_lost(current: State) -> bool:
    """Say whether a loss of this account is known already."""
    return current not in _HERE


def state_after_loss(current: State, kind: Kind) -> State:
    """Give where an account stands once a loss is written down.

    A customer who left goes into the drawer, one who ebbs is at risk; an account that is already
    in the drawer, in somebody's hands, let go or on hold stays where it is.
    """
    if is_lost(current):
        return current
    return State.AT_RISK if kind is Kind.EBBING else State.CODE_99


def reconnect_on(today: date, wake_on: date | None, rules: Rules) -> date:
    """Give the day to come back to them: the one they named, or when a revisit is due anyway."""
    return wake_on or today + timedelta(days=rules.revisit_days)
