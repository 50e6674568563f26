"""Slack's payloads as our events."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.forms import Memory
from bot.slack.payloads import (
    action_from,
    command_from,
    files_from,
    form_from,
    home_from,
    options_from,
)
from handlers.events import Origin, Place
from tests.bot.slack.test_envelopes import COMMAND, PRESS


def test_a_command_is_known_by_its_trigger_and_answered_by_its_url() -> None:
    event, way = command_from({**COMMAND, "channel_id": "C1", "response_url": "https://r"}, "T1")
    assert event.origin == Origin("T1", "U1", "1.2.3", Place("C1", "https://r"))
    assert (event.text, event.name) == ("payload Inc, price", "")
    assert way.surface == "ephemeral"


def test_found_is_a_command_of_its_own() -> None:
    event, _ = command_from({**COMMAND, "command": "/Found", "text": " Acme "}, "T1")
    assert (event.text, event.name) == ("Acme", "found")


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("Smith &amp; Co, price", "Smith & Co, price"),
        ("Acme, &lt;3 of &gt;4", "Acme, <3 of >4"),
        ("R&amp;amp;D &amp;lt;", "R&amp;D &lt;"),
        ("team add <@U0ADA|ada>", "team add <@U0ADA|ada>"),
    ],
)
def test_what_slack_escapes_in_a_command_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    event, _ = command_from({**COMMAND, "text": sent}, "T1")
    assert event.text == typed


def test_a_text_that_no_database_takes_is_mended() -> None:
    event, _ = command_from({**COMMAND, "text": "Ac\x00me \ud83d"}, "T1")
    assert event.text == "Acme ?"


def test_a_button_brings_its_payload_and_the_fields_around_it() -> None:
    action = {"type": "button", "action_id": "claim.approve#2", "value": '{"claim":"7"}'}
    state = {"values": {"note~1": {"typed": {"value": "well done"}}}}
    event, _ = action_from({**PRESS, "actions": [action], "state": state}, "T1")
    assert event is not None
    assert (event.id, event.payload, event.inputs) == (
        "claim.approve",
        {"claim": "7"},
        {"note": "well done"},
    )


@pytest.mark.parametrize("value", [None, "", "nonsense", "[1]", "7"])
def test_a_button_that_is_not_ours_carries_nothing(value: Any) -> None:
    action = {"type": "button", "action_id": "a.b", "value": value}
    event, _ = action_from({**PRESS, "actions": [action]}, "T1")
    assert event is not None
    assert event.payload == {}


def test_what_is_no_button_is_passed_over() -> None:
    action = {"type": "static_select", "action_id": "a.b"}
    assert action_from({**PRESS, "actions": [action]}, "T1")[0] is None


def test_a_message_for_one_cannot_be_changed_by_its_ts() -> None:
    where: dict[str, Any] = {"message_ts": "1.5", "channel_id": "C1", "is_ephemeral": False}
    body = {**PRESS, "channel": {"id": "C1"}, "container": where}
    assert action_from(body, "T1")[1].message_ref == "C1:1.5"
    where["is_ephemeral"] = True
    assert action_from(body, "T1")[1].message_ref == ""


def test_a_form_brings_its_values_context_and_way_back() -> None:
    memory = Memory({"claim": "7"}, "https://r", "D1:1.5")
    view = {
        "type": "modal",
        "callback_id": "claim.decline",
        "private_metadata": memory.to_metadata(),
        "state": {"values": {"why~1": {"typed": {"value": "too early"}}}},
    }
    body = {**PRESS, "type": "view_submission", "view": view}
    event, way = form_from(body, "T1")
    assert (event.id, event.values, event.context) == (
        "claim.decline",
        {"why": "too early"},
        {"claim": "7"},
    )
    assert way.response_url == "https://r"
    assert way.surface == "modal"


def test_a_look_up_names_its_source() -> None:
    event = options_from({**PRESS, "action_id": "lookup.accounts", "value": "acm"}, "T1")
    assert (event.source, event.typed) == ("accounts", "acm")


def test_only_the_home_tab_is_home() -> None:
    def opened(tab: str) -> Any:
        return home_from({"event_id": "Ev1", "event": {"user": "U1", "tab": tab}}, "T1")[0]

    assert opened("home").origin.envelope_id == "Ev1"
    assert opened("messages") is None


def shared(**event: Any) -> list[str]:
    base = {"type": "file_shared", "channel_id": "D1", "user_id": "U1", "file_id": "F1"}
    found = files_from({"event": {**base, **event}}, "T1", "U0BOT")
    return [f.origin.envelope_id for f in found]


def test_a_file_told_twice_is_one_act() -> None:
    """D1"""
    message = {"type": "message", "subtype": "file_share", "channel": "D1", "user": "U1"}
    told = {**message, "files": [{"id": "F1"}, {"id": "F2"}]}
    found = files_from({"event": told}, "T1", "U0BOT")
    assert [f.origin.envelope_id for f in found] == ["file:F1", "file:F2"]
    assert shared() == ["file:F1"]


def test_files_in_channels_and_of_bots_are_not_for_us() -> None:
    assert shared(channel_id="C1") == []
    assert shared(user_id="U0BOT") == []
    assert shared(bot_id="B1") == []
    assert shared(file_id=None) == []
    assert files_from({"event": {"type": "message", "channel": "D1", "user": "U1"}}, "T1", "") == []
