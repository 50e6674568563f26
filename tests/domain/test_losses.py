"""What a loss does to an account."""

from __future__ import annotations

from datetime import date

import pytest

from domain.account_life import State
from domain.losses import KIND_LABELS, Kind, is_lost, reconnect_on, state_after_loss
from domain.rules import Rules

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("current", [State.ACTIVE, State.AT_RISK, State.WON_BACK])
def test_who_leaves_goes_into_the_drawer_and_who_ebbs_is_at_risk(current: State) -> None:
    """L5."""
    assert not is_lost(current)
    assert state_after_loss(current, Kind.CUSTOMER) is State.CODE_99
    assert state_after_loss(current, Kind.DEAL) is State.CODE_99
    assert state_after_loss(current, Kind.EBBING) is State.AT_RISK


@pytest.mark.parametrize("current", [s for s in State if is_lost(s)])
@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_lost_already_stays_where_it_is(current: State, kind: Kind) -> None:
    assert state_after_loss(current, kind) is current


def test_a_loss_has_a_day_to_come_back() -> None:
    """L11: the wake-up day they named, or the workspace's own rhythm."""
    assert reconnect_on(TODAY, date(2027, 1, 4), Rules()) == date(2027, 1, 4)
    assert reconnect_on(TODAY, None, Rules(revisit_days=10)) == date(2026, 3, 12)


def test_every_kind_has_words() -> None:
    assert set(KIND_LABELS) == set(Kind)
