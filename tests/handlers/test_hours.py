"""N3: each by their own zone and the holidays of their own country."""

from __future__ import annotations

from datetime import date

import pytest

from domain.rules import Rules
from handlers.hours import hours_of
from storage.tables import Member
from tests.people import NOW, WORKSPACE

FOURTH_OF_JULY, UNITY_DAY = date(2025, 7, 4), date(2025, 10, 3)  # both Fridays


@pytest.mark.parametrize(
    ("own", "worked"), [("US", [False, True]), ("DE", [True, False]), (None, [False, True])]
)
def test_the_holidays_are_those_of_the_members_country(own: str | None, worked: list[bool]) -> None:
    member = Member(workspace_id=WORKSPACE, name="Ada", name_key="ada", joined_at=NOW, country=own)
    rules = Rules(country="US", public_holidays=True)
    hours = hours_of(member, rules)
    assert [hours.works_on(day) for day in (FOURTH_OF_JULY, UNITY_DAY)] == worked
    none = hours_of(member, Rules(country="US", public_holidays=False))
    assert none.works_on(FOURTH_OF_JULY)
    assert none.works_on(UNITY_DAY)
