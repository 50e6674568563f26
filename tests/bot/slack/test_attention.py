"""N3: who asks Slack not to be disturbed is left alone until they are back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from bot.sandbox.faults import Fault
from tests.bot.slack.conftest import House
from tests.people import ADA, MAX, WORKSPACE

NIGHT = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)  # 23:30 in New York; Ada is quiet from ten to eight
MORNING = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)


async def busy(house: House, person: str, now: datetime) -> datetime | None:
    house.sandbox.parts.clock.set_to(now)
    return await house.edge.attention.busy_until(WORKSPACE, person, now)


async def test_a_quiet_person_is_busy_until_their_quiet_hours_end(house: House) -> None:
    assert await busy(house, ADA, NIGHT - timedelta(hours=2)) is None
    assert await busy(house, ADA, NIGHT) == MORNING
    assert await busy(house, ADA, MORNING - timedelta(seconds=1)) == MORNING
    assert await busy(house, ADA, MORNING) is None


async def test_a_person_without_quiet_hours_never_is(house: House) -> None:
    assert await busy(house, MAX, NIGHT) is None


async def test_a_person_is_asked_about_once_in_a_while(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (ADA, MAX, ADA, MAX):
        await busy(house, person, NIGHT)
    assert len(house.called("dnd.info")) == 2
    monkeypatch.setattr("bot.slack.attention._REMEMBERED", -1.0)
    await busy(house, ADA, NIGHT)
    assert len(house.called("dnd.info")) == 3


async def test_slack_is_not_asked_more_often_than_it_allows(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.attention._REMEMBERED", -1.0)
    answers = [await busy(house, ADA, NIGHT) for _ in range(30)]
    asked = len(house.called("dnd.info"))
    assert 20 <= asked <= 22
    assert answers == [MORNING] * asked + [None] * (30 - asked)


@pytest.mark.parametrize("kind", ["fail", "rate_limit", "hang"])
async def test_a_silent_slack_holds_nothing_up_and_is_left_alone_for_a_while(
    house: House, kind: Literal["fail", "rate_limit", "hang"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.attention._PATIENCE", 0.05)
    house.sandbox.parts.faults.add(Fault("dnd.info", kind, seconds=0.5))
    assert await busy(house, ADA, NIGHT) is None
    assert await busy(house, ADA, NIGHT) is None
    assert len(house.called("dnd.info")) <= 1


async def test_what_is_remembered_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.attention._MOST_REMEMBERED", 1)
    for person in (ADA, MAX, ADA):
        await busy(house, person, NIGHT)
    assert len(house.called("dnd.info")) == 3
