"""The people of a workspace, as Slack has them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.faults import Fault
from bot.slack.directory import profile_of
from handlers.ports import Profile
from tests.bot.slack.conftest import House
from tests.people import ADA, MAX, OTTO, WORKSPACE


async def test_a_person_is_known_by_what_slack_says(house: House) -> None:
    directory = house.edge.directory
    assert await directory.profile(WORKSPACE, ADA) == Profile(
        ADA, "Ada Fox", "ada@example.com", "America/New_York"
    )
    admin = await directory.profile(WORKSPACE, MAX)
    assert admin is not None
    assert admin.admin


async def test_a_person_is_asked_about_once_a_minute(house: House) -> None:
    for _ in range(3):
        await house.edge.directory.profile(WORKSPACE, ADA)
    assert len(house.called("users.info")) == 1


async def test_nobody_and_a_silent_slack_are_both_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = house.edge.directory
    assert await directory.profile(WORKSPACE, "U0NOBODY") is None
    assert await directory.profile("T0OTHER", ADA) is None
    monkeypatch.setattr("bot.slack.directory._PATIENCE", 0.05)
    house.sandbox.parts.faults.add(Fault("users.info", "hang", seconds=0.5))
    assert await directory.profile(WORKSPACE, ADA) is None
    assert await directory.profile(WORKSPACE, ADA) is not None


async def test_everyone_is_everyone_who_works_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.directory._PAGE", 2)
    people = await house.edge.directory.everyone(WORKSPACE)
    assert {p.platform_user_id for p in people} == {ADA, MAX, OTTO}
    assert len(house.called("users.list")) > 1


async def test_everyone_is_asked_about_once_in_some_minutes(house: House) -> None:
    directory = house.edge.directory
    assert directory.remembered(WORKSPACE) is None
    people = await directory.everyone(WORKSPACE)
    assert await directory.everyone(WORKSPACE) == directory.remembered(WORKSPACE) == people
    assert directory.remembered("T0OTHER") is None
    assert len(house.called("users.list")) == 1


async def test_a_list_that_cannot_be_had_is_empty_for_a_minute(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = house.edge.directory
    house.sandbox.parts.faults.add(Fault("users.list", "fail"))
    assert await directory.everyone(WORKSPACE) == []
    assert directory.remembered(WORKSPACE) == []
    monkeypatch.setattr("bot.slack.directory._REMEMBERED", 0.0)
    house.sandbox.parts.faults.add(Fault("users.list", "fail"))
    assert await directory.everyone("T0OTHER") == []
    assert directory.remembered("T0OTHER") is None
    assert await directory.everyone(WORKSPACE) == []


@pytest.mark.parametrize(
    ("changes", "active"),
    [
        ({}, True),
        ({"team_id": "T1"}, True),
        ({"team_id": "T2"}, False),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, True),
        ({"deleted": True}, False),
    ],
)
def test_somebody_from_another_company_is_not_active_here(
    changes: dict[str, Any], active: bool
) -> None:
    profile = profile_of({"id": "U1", "name": "ann", **changes}, "T1")
    assert profile is not None
    assert (profile.name, profile.active) == ("ann", active)


def test_what_is_no_person_is_none() -> None:
    assert profile_of({}, "T1") is None
    assert profile_of({"id": 7}, "T1") is None
    bot = profile_of({"id": "USLACKBOT"}, "T1")
    assert bot is not None
    assert bot.bot


@pytest.mark.parametrize(
    ("tz", "zone"),
    [
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("Mars/Crater", None),
        ("", None),
        ("../x", None),
        (7, None),
    ],
)
def test_only_a_time_zone_that_there_is_counts(tz: object, zone: str | None) -> None:
    """N3"""
    profile = profile_of({"id": "U1", "tz": tz}, "T1")
    assert profile is not None
    assert profile.time_zone == zone
