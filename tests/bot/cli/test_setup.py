"""Doctor, manifest and migrate: getting it to run."""

from __future__ import annotations

import json

import pytest

from storage.migrating import revisions
from tests.bot.cli.conftest import ELSEWHERE, OFFICE, Terminal


def test_the_manifest_is_printed_to_be_pasted(bare: Terminal) -> None:
    made = bare("manifest").data()
    assert made["settings"]["socket_mode_enabled"] is True
    assert [c["command"] for c in made["features"]["slash_commands"]] == ["/lost", "/found"]
    assert bare("manifest", "slack").data() == made


def test_the_manifest_for_http_names_our_address(bare: Terminal) -> None:
    text = bare("manifest", "--url", "https://bot.example").text
    assert json.loads(text)["settings"]["socket_mode_enabled"] is False
    assert "https://bot.example/slack/events" in text


def test_migrating_twice_changes_nothing(bare: Terminal) -> None:
    first, again = bare("migrate"), bare("migrate")
    assert (
        (first.code, first.text)
        == (again.code, again.text)
        == (0, f"The database is at {revisions()[-1]}.\n")
    )
    assert (bare.folder / "lost-and-found.db").exists()


def test_the_doctor_finds_a_whole_installation_well(bot: Terminal) -> None:
    bot("settings", f"team_channel={OFFICE}")
    ran = bot("doctor")
    assert (ran.code, ran.err) == (0, ""), ran.text
    assert all(line.startswith("ok") for line in ran.text.splitlines())
    told = bot("doctor", "--json").data()
    assert {"database", "listening", "token", "scopes", "clock", "team_channel"} <= {
        finding["what"] for finding in told
    }


@pytest.mark.parametrize(
    ("change", "what", "mend"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "token", "OAuth"),
        ({"SLACK_BOT_TOKEN": ""}, "token", "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": ""}, "listening", "Socket Mode"),
        ({"DATABASE_URL": "sqlite:///new.db"}, "database", "python -m bot migrate"),
        ({"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, "database", "DATABASE_URL"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "token", ""),
    ],
)
def test_the_doctor_says_what_is_amiss_and_how_to_mend_it(
    bot: Terminal, change: dict[str, str], what: str, mend: str
) -> None:
    assert bot("migrate").code == 0
    ran = bot("doctor", "--json", **change)
    assert (ran.code, ran.err) == (1, "")
    amiss = {f["what"]: f["mend"] for f in json.loads(ran.out) if not f["well"]}
    assert what in amiss
    assert mend in amiss[what]
    assert "MEND" in bot("doctor", **change).text


def test_the_doctor_asks_to_be_invited(bot: Terminal) -> None:
    bot("settings", f"leaderboard_channel={ELSEWHERE}")
    ran = bot("doctor")
    assert ran.code == 1
    assert "/invite" in ran.text
