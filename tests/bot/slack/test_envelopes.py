"""Bodies of requests: read, or turned away before anything trips over them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncBoltRequest

from bot.slack.envelopes import read_body
from bot.slack.payloads import action_from, files_from, form_from, home_from, options_from

FORM = "application/x-www-form-urlencoded"
COMMAND = {
    "command": "/lost",
    "text": "payload Inc, price",
    "team_id": "T1",
    "user_id": "U1",
    "trigger_id": "1.2.3",
}
PRESS: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "team": {"id": "T1"},
    "trigger_id": "1.2.3",
    "actions": [{"type": "button", "action_id": "a.b", "value": "{}"}],
}

_KEYS = """type command team_id user_id trigger_id actions event state container channel message
    authorizations enterprise value action_id event_id is_ext_shared_channel bot_id function_data
    response_urls thread_ts item team user view"""
keys = st.sampled_from(_KEYS.split())
leaves = st.sampled_from([None, True, 7, "", "T1", "message", "D1"])
branches = st.dictionaries(keys, leaves, max_size=3) | st.lists(leaves, max_size=2)
trees = leaves | branches | st.dictionaries(keys, branches, max_size=3) | st.lists(branches)
kinds = st.sampled_from(
    ["event_callback", "block_actions", "view_submission", "block_suggestion", "other"]
)
likely = {"user": {"id": "U1"}, "team": {"id": "T1"}, "team_id": "T1", "event_id": "E1"}
payloads = st.builds(
    lambda kind, rest: {**likely, **rest, "type": kind},
    kinds,
    st.dictionaries(keys, trees, max_size=5),
)


def test_a_command_is_read_whatever_words_it_contains() -> None:
    assert read_body(urlencode(COMMAND).encode(), FORM) == COMMAND


def test_an_interaction_is_unpacked() -> None:
    body = urlencode({"payload": json.dumps(PRESS)}).encode()
    assert read_body(body, FORM) == PRESS


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"\xff\xfe", FORM),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json; charset=utf-8"),
        (b"[" * 100_000, "application/json"),
        (b"payload=%7B", FORM),
        (b"payload=7", FORM),
        (b"command=%2Flost", FORM),
        (b'{"type": "event_callback", "team_id": "T1", "event_id": "E1"}', "application/json"),
        (b'{"type": "block_actions", "actions": [7]}', "application/json"),
        (b'{"type": ["block_actions"]}', "application/json"),
        (b'{"team": 7}', "application/json"),
    ],
)
def test_what_slack_would_not_send_is_turned_away(raw: bytes, content_type: str) -> None:
    assert read_body(raw, content_type) is None


@example(payload={**likely, "type": "other", "response_urls": [{}, {}]})
@example(payload={**likely, "type": "other", "response_urls": None})
@given(payload=payloads)
def test_what_is_let_in_trips_nobody_behind(payload: dict[str, Any]) -> None:
    body = read_body(json.dumps(payload).encode(), "application/json")
    if body is None:
        return
    AsyncBoltRequest(body=body, mode="socket_mode")
    for read in (action_from, form_from, options_from, home_from):
        read(body, "T1")
    files_from(body, "T1", "U0BOT")
