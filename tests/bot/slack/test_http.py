"""Signed requests → the real app under Starlette → a workspace that is strict as Slack is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from slack_sdk.signature import Clock

from bot.sandbox.faults import Fault
from handlers.effects import (
    Reply,
)
from handlers.events import Command
from handlers.views.elements import say
from tests.bot.slack.acts import COMMAND, JSON
from tests.bot.slack.conftest import House, signature, signed_headers
from tests.people import ADA, CHANNEL, WORKSPACE

# Who is let in


@pytest.mark.parametrize("age", [301, -301, 100_000])
async def test_a_request_from_another_time_is_refused(house: House, age: int) -> None:
    assert (await house.post(b"{}", signed_headers(b"{}", JSON, age=age)))[0] == 401


async def test_a_request_that_slack_did_not_sign_is_refused(house: House) -> None:
    now = str(int(Clock().now()))
    for timestamp, given in (
        ("abc", signature("abc", b"{}")),
        ("", signature("", b"{}")),
        (now, signature(now, b"{}", "another secret")),
        (now, ""),
        (now, "v0=" + "\xe9" * 64),
        (now, signature(now, b"{} ")),
    ):
        headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": given}
        assert (await house.post(b"{}", headers))[0] == 401
    assert (await house.post(b"{}", {}))[0] == 401
    assert house.scripted.heard == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", JSON),
        (b"nonsense", JSON),
        (b"{}", JSON),
        (b"[]", JSON),
        (b'{"type": "event_callback"}', JSON),
        (b'{"type": "event_callback", "event": {"type": "odd"}}', JSON),
        (b'{"type": "block_actions", "actions": []}', JSON),
        (b'{"type": "no such thing"}', JSON),
        (b"payload=nonsense", "application/x-www-form-urlencoded"),
        (b"payload=%5B%5D", "application/x-www-form-urlencoded"),
        (b"command=%2Flost", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "text/plain"),
        (b"x" * 2_100_000, "text/plain"),
    ],
)
async def test_a_signed_but_malformed_payload_breaks_nothing(
    house: House, body: bytes, content_type: str
) -> None:
    status, _ = await house.signed(body, content_type)
    assert status in {200, 400, 404}
    assert house.scripted.heard == []


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_home_opened"},
        {"type": "app_home_opened", "user": ["U1"], "tab": 7},
        {"type": "file_shared"},
        {"type": "file_shared", "channel_id": "D1", "user_id": {"id": "U1"}, "file_id": []},
        {"type": "message", "channel": {"id": 7}, "files": {}, "subtype": "file_share"},
        {"type": "message", "channel": "D1", "user": "U1", "files": [7], "subtype": "file_share"},
        {"type": "user_change"},
        {"type": "user_change", "user": "U1"},
        {"type": "user_change", "user": {"id": 7}},
        {"type": "user_change", "user": {"id": ADA, "profile": [], "tz": 7, "enterprise_user": 7}},
        {"type": "tokens_revoked", "tokens": []},
        {"type": "tokens_revoked"},
        {"type": "no_such_event"},
    ],
)
async def test_an_odd_event_breaks_nothing(real: House, event: dict[str, Any]) -> None:
    whole = {"type": "event_callback", "team_id": WORKSPACE, "event_id": "Ev1", "event": event}
    assert (await real.event(whole))[0] == 200


async def test_an_event_that_we_could_not_take_in_is_told_again(house: House) -> None:
    house.scripted.fault = ValueError("the database is away")
    opened = {"type": "app_home_opened", "user": ADA, "tab": "home"}
    told = {"type": "event_callback", "team_id": WORKSPACE, "event_id": "Ev1", "event": opened}
    assert (await house.event(told))[0] == 500
    house.scripted.fault = None
    assert (await house.event(told))[0] == 200


async def test_slack_can_verify_the_address_and_its_certificate(house: House) -> None:
    challenge = {"type": "url_verification", "challenge": "abc", "token": "x"}
    assert await house.event(challenge) == (200, '{"challenge": "abc"}')
    assert (await house.form({"ssl_check": "1", "token": "x"}))[0] == 200


async def test_a_workspace_that_is_not_ours_is_told_so(house: House) -> None:
    status, body = await house.form({**COMMAND, "team_id": "T0OTHER"})
    assert status == 200
    assert "I do not know this workspace" in body
    assert house.scripted.heard == []


# Commands


async def test_the_answer_to_a_command_travels_in_its_response(house: House) -> None:
    """L1"""
    house.scripted.answer = [Reply(say("Written down."))]
    status, body = await house.form(COMMAND)
    answer = json.loads(body)
    assert status == 200
    assert (answer["response_type"], answer["text"]) == ("ephemeral", "Written down.")
    [event] = house.scripted.heard
    assert isinstance(event, Command)
    assert event.text == "Acme, price"


async def test_a_public_answer_is_for_the_channel(house: House) -> None:
    house.scripted.answer = [Reply(say("Ada leads."), public=True)]
    assert (await house.page("command", channel=CHANNEL, command="/lost", text="board"))["ok"]
    shown = house.messages(CHANNEL)
    assert [(m.text, m.only_for) for m in shown if m.bot] == [("Ada leads.", None)]


async def test_a_second_answer_follows_by_the_response_url(house: House) -> None:
    house.scripted.answer = [Reply(say("First.")), Reply(say("Second."))]
    await house.page("command", channel=CHANNEL, command="/lost", text="x")
    await house.until(lambda: house.messages(CHANNEL)[1:])
    shown = {(m.text, m.only_for) for m in house.messages(CHANNEL)}
    assert shown == {("First.", ADA), ("Second.", ADA)}


async def test_a_command_is_answered_while_the_web_api_is_down(house: House) -> None:
    house.sandbox.parts.faults.add(Fault("*", "fail", times=100))
    house.scripted.answer = [Reply(say("Written down."))]
    assert "Written down." in (await house.form(COMMAND))[1]


# The real handlers


async def test_help_lists_what_the_asker_may_use(real: House) -> None:
    _, body = await real.form({**COMMAND, "text": "help"})
    assert "what I can do for you" in json.loads(body)["text"]


async def test_the_same_envelope_has_one_effect_even_at_once(real: House) -> None:
    told = {**COMMAND, "text": "help"}
    answers = await asyncio.gather(*(real.form(told) for _ in range(3)))
    again = await real.form(told)
    assert {status for status, _ in [*answers, again]} == {200}
    assert sum("what I can do" in body for _, body in answers) == 1
    assert again[1] == ""


async def test_a_first_time_caller_becomes_a_colleague_by_what_slack_says(real: House) -> None:
    await real.form({**COMMAND, "text": "help"})
    async with real.database.reading(WORKSPACE) as work:
        member = await work.members.by_platform_id(ADA)
    assert member is not None
    assert (member.name, member.role, member.time_zone) == (
        "Ada Fox",
        "colleague",
        "America/New_York",
    )
