"""The environment, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import SLACK_API, VARIABLES, Settings, SettingsError

ROOT = Path(__file__).parents[2]


def test_nothing_set_is_a_laptop_with_sqlite() -> None:
    settings = Settings.from_env({})
    assert (settings.database_url, settings.slack_api_url) == (
        "sqlite:///lost-and-found.db",
        SLACK_API,
    )


def test_a_worker_answers_machines_only_where_it_is_given_a_port() -> None:
    assert Settings.from_env({}).worker_port is None
    assert Settings.from_env({"WORKER_PORT": "9100"}).worker_port == 9100


def test_every_mistake_is_reported_at_once_and_by_name() -> None:
    wrong = {
        "DATABASE_URL": "mysql://x",
        "PORT": "many",
        "WORKER_PORT": "70000",
        "SLACK_API_URL": "http://127.0.0.1:9",
        "LOG_LEVEL": "loud",
        "LOG_FORMAT": "xml",
        "TOKEN_ENCRYPTION_KEY": "short",
        "SLACK_CLIENT_ID": "1.2",
    }
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(wrong)
    for name in [*wrong, "SLACK_CLIENT_SECRET"]:
        if name != "SLACK_CLIENT_ID":
            assert any(name in mistake for mistake in caught.value.mistakes), name


def test_installing_into_many_workspaces_needs_a_key_for_their_tokens() -> None:
    many = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}
    with pytest.raises(SettingsError, match="TOKEN_ENCRYPTION_KEY"):
        Settings.from_env(many)
    settings = Settings.from_env(many | {"TOKEN_ENCRYPTION_KEY": Fernet.generate_key().decode()})
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET"):
        settings.require_slack()


def test_one_workspace_needs_a_token_and_a_way_to_listen() -> None:
    with pytest.raises(SettingsError, match=r"SLACK_BOT_TOKEN.*SLACK_SIGNING_SECRET"):
        Settings.from_env({}).require_slack()
    Settings.from_env({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}).require_slack()


def test_the_example_lists_every_variable_with_its_line() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    for name, says in VARIABLES.items():
        at = next(i for i, line in enumerate(lines) if line.startswith(f"{name}="))
        assert lines[at - 1] == f"# {says}"
    assert {line.split("=")[0] for line in lines if line and line[0] != "#"} == set(VARIABLES)
    Settings.from_env(dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#"))
