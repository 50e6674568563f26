"""What is typed, what is set, and what is said where either cannot be meant."""

from __future__ import annotations

import argparse
import asyncio
import inspect
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from bot.cli.arguments import REPORTS, ROLES, parser
from domain.roles import Role
from handlers import exporting
from storage.database import Database
from storage.installing import ensure_workspace
from storage.migrating import revisions, upgrade
from tests.bot.cli.conftest import ADA, TEAM, Terminal

ROOT = Path(__file__).parents[3]
CONTRACT = (
    "web",
    "worker",
    "sandbox --port 0",
    "migrate",
    "import x.csv --as accounts --map a=b --map c=d --where e=f --dry-run --json --workspace T1",
    "import x.csv --as losses",
    "import x.csv --as members",
    "team list --json --out x --workspace T1",
    "team add U1 U2 --role manager --json",
    "team remove U1 U2",
    "settings",
    "settings a=b c=d --json --out x",
    "deal --preview --json",
    "deal",
    "export drawer --format xlsx --out x",
    "export losses --json",
    "jobs list --json",
    "jobs run digest --at 2026-03-02T09:00Z --json",
    "deliver --until-empty --json",
    "doctor --json",
    "manifest",
    "manifest slack",
)


def _leaves(made: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    inner = [a for a in made._actions if isinstance(a, argparse._SubParsersAction)]
    if not inner:
        yield made
    for action in inner:
        for child in action.choices.values():
            yield from _leaves(child)


@pytest.mark.parametrize("words", CONTRACT)
def test_every_command_of_the_contract_is_understood(words: str) -> None:
    assert parser().parse_args(words.split()).run


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_every_command_that_the_docs_show_is_understood(page: Path) -> None:
    shown = re.findall(r"^ +\$ python -m bot (.+)$", page.read_text(), re.MULTILINE)
    for words in shown:
        assert parser().parse_args(shlex.split(words)).run


def test_every_command_names_a_function_that_there_is() -> None:
    named = {made.get_default("run") for made in _leaves(parser())} | {parser().get_default("run")}
    for name in named:
        module, _, function = name.partition(".")
        assert inspect.iscoroutinefunction(getattr(import_module(f"bot.cli.{module}"), function))


def test_roles_and_reports_on_the_command_line_are_those_of_the_house() -> None:
    assert set(ROLES) == set(Role) - {Role.COLLEAGUE}
    assert tuple(exporting.REPORTS) == REPORTS


@pytest.mark.parametrize(
    "words",
    ["teach", "import", "team", "team add", "team add U1 --role king", "export tea", "jobs run"],
)
def test_what_is_no_command_ends_with_2_and_says_how_it_is_used(bare: Terminal, words: str) -> None:
    ran = bare(*words.split())
    assert ran.code == 2
    assert "usage: python -m bot" in ran.err
    assert ran.out == b""


@pytest.mark.parametrize("words", ["--help", "import --help", "jobs run --help"])
def test_help_is_no_failure(bare: Terminal, words: str) -> None:
    ran = bare(*words.split())
    assert (ran.code, ran.err) == (0, "")
    assert "usage: python -m bot" in ran.text


def test_all_wrong_settings_are_said_at_once(bare: Terminal) -> None:
    ran = bare(
        "team", "list", DATABASE_URL="mysql://x", PORT="x", SLACK_API_URL="http://x", LOG_LEVEL="?"
    )
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 4
    for name in ("DATABASE_URL", "PORT", "SLACK_API_URL", "LOG_LEVEL"):
        assert name in ran.err


@pytest.mark.parametrize("command", ["", "web", "worker"])
def test_a_process_without_tokens_says_which_it_needs(bare: Terminal, command: str) -> None:
    ran = bare(*command.split())
    assert ran.code == 2
    assert "SLACK_BOT_TOKEN" in ran.err
    assert ("SLACK_APP_TOKEN" in ran.err) == (command != "worker")


@pytest.mark.parametrize(
    "words",
    ["team list", "settings", "deal --preview", "export drawer", "deliver", "jobs run digest"],
)
def test_without_a_workspace_a_command_says_how_to_get_one(bare: Terminal, words: str) -> None:
    bare(*words.split()).says(2, "No workspace yet", "SLACK_BOT_TOKEN")


def test_a_workspace_that_is_not_here_is_said_with_those_that_are(bot: Terminal) -> None:
    assert bot("team", "list").code == 0
    bot("team", "list", "--workspace", "T0NOWHERE").says(2, "T0NOWHERE", TEAM)
    assert bot("team", "list", "--workspace", TEAM).code == 0


def test_of_several_workspaces_one_has_to_be_named(bare: Terminal) -> None:
    async def install() -> None:
        database = Database("sqlite:///lost-and-found.db")
        await upgrade(database)
        async with database.session() as session:
            for team in ("T1", "T2"):
                await ensure_workspace(session, team, now=datetime.now(UTC))
            await session.commit()
        await database.close()

    asyncio.run(install())
    bare("settings").says(2, "--workspace", "T1, T2")
    assert bare("settings", "currency=EUR", "--workspace", "T1").code == 0
    assert bare("settings", "--json", "--workspace", "T1").data()["currency"] == "EUR"
    assert bare("settings", "--json", "--workspace", "T2").data()["currency"] == "USD"


def test_a_file_named_env_is_read_and_the_environment_wins(bot: Terminal) -> None:
    lines = "".join(f'{key}="{value}"\n' for key, value in bot.environ.items())
    bot.file(".env", f"# ours\nexport LOG_LEVEL=error\n{lines}")
    bot.environ = {}
    assert bot("team", "add", ADA).code == 0
    assert (bot.folder / "desk.db").exists()
    assert bot("team", "list", "--json").data()[0]["slack_id"] == ADA
    bot("team", "list", PORT="none").says(2, "PORT")
    assert bot("team", "list", "--json", DATABASE_URL="sqlite:///other.db").data() == []


def test_plain_addresses_of_databases_are_taken(bot: Terminal) -> None:
    for url in ("sqlite:///a.db", f"sqlite:///{bot.folder}/b.db"):
        assert bot("migrate", DATABASE_URL=url).text == f"The database is at {revisions()[-1]}.\n"
    assert sorted(path.name for path in bot.folder.glob("?.db")) == ["a.db", "b.db"]


@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/at/all.db", "postgresql://nobody:wrong@127.0.0.1:1/none"],
)
def test_a_database_that_does_not_open_is_one_line(bot: Terminal, url: str) -> None:
    for words in (("team", "list"), ("migrate",)):
        ran = bot(*words, DATABASE_URL=url)
        ran.says(1)
        assert "wrong@" not in ran.err


def test_a_file_that_is_no_database_is_one_line(bot: Terminal) -> None:
    bot.file("desk.db", "this is a diary, not a database" * 100)
    bot("team", "list").says(1, "database")


def test_a_token_that_slack_refuses_is_one_line_without_the_token(bot: Terminal) -> None:
    ran = bot("team", "list", SLACK_BOT_TOKEN="xoxb-not-ours")
    ran.says(1, "SLACK_BOT_TOKEN")
    assert "xoxb-not-ours" not in ran.err


def test_without_slack_a_command_works_on_the_workspace_of_the_last_time(bot: Terminal) -> None:
    away = {"SLACK_API_URL": "http://127.0.0.1:9/api/"}
    bot("settings", **away).says(2, "No workspace yet")
    assert bot("settings", "currency=EUR").code == 0
    ran = bot("settings", "--json", **away)
    assert ran.data()["currency"] == "EUR"
