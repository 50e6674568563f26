"""What Slack is told of the app."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from bot.slack.manifest import manifest
from handlers.registry import COMMANDS

SCHEMA = Path(__file__).parents[4] / "shared" / "slack-manifest.schema.json"


@pytest.mark.parametrize("url", ["", "https://bot.example.com", "https://bot.example.com/"])
@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's schema is not beside the project")
def test_the_manifest_keeps_to_slacks_schema(url: str) -> None:
    jsonschema.validate(manifest(url), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_name_and_description_are_as_short_as_slack_wants() -> None:
    about = manifest()["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert len(about["long_description"]) >= 175


def test_the_bot_never_asks_to_read_messages() -> None:
    told = manifest()
    assert not [s for s in told["oauth_config"]["scopes"]["bot"] if s.endswith(":history")]
    events = told["settings"]["event_subscriptions"]["bot_events"]
    assert not [e for e in events if e.startswith("message")]


def test_the_hint_names_every_command() -> None:
    hint = manifest()["features"]["slash_commands"][0]["usage_hint"]
    assert [name for name in COMMANDS if name not in hint] == []


def test_with_an_address_slack_calls_it_and_without_there_is_a_socket() -> None:
    by_http, by_socket = manifest("https://bot.example.com/"), manifest()
    assert by_http["settings"]["socket_mode_enabled"] is False
    assert by_socket["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps(by_socket)
    for command in by_http["features"]["slash_commands"]:
        assert command["url"] == "https://bot.example.com/slack/events"
    where = by_http["settings"]["interactivity"]
    assert where["message_menu_options_url"] == where["request_url"]
