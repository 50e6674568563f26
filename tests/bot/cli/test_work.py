"""Jobs and delivery, from a script (N1, N5)."""

from __future__ import annotations

import pytest

from jobs.table import JOBS
from tests.bot.cli.conftest import ADA, BEN, OFFICE, Terminal, Workspace

NAMES = [job.name for job in JOBS]


def test_jobs_are_listed_one_a_line_with_the_name_first(bot: Terminal) -> None:
    assert {"digest", "deadlines", "leaderboard"} <= set(NAMES)
    assert [line.split()[0] for line in bot("jobs", "list").text.splitlines()] == NAMES
    assert [job["name"] for job in bot("jobs", "list", "--json").data()] == NAMES


def test_jobs_are_listed_before_anything_is_installed(bare: Terminal) -> None:
    assert bare("jobs", "list").code == 0
    assert not list(bare.folder.iterdir())


@pytest.mark.parametrize("job", NAMES)
def test_every_job_runs_on_an_empty_desk(bot: Terminal, job: str) -> None:
    for at in ((), ("--at", "2030-01-07T09:00:00+01:00"), ("--at", "2020-01-07T09:00Z")):
        assert bot("jobs", "run", job, *at, "--json").data()["job"] == job


@pytest.mark.parametrize("at", ["soon", "2026-13-01T09:00Z", "2026-03-02", "2026-03-02T09:00"])
def test_an_instant_has_to_be_one_with_its_zone(bot: Terminal, at: str) -> None:
    bot("jobs", "run", "digest", "--at", at).says(2, "--at", at)


def test_a_job_that_there_is_not_ends_with_2_and_the_names(bot: Terminal) -> None:
    bot("jobs", "run", "coffee").says(2, "coffee", *NAMES)


def test_n1_what_a_job_writes_for_another_day_goes_out_at_once_and_once(
    bot: Terminal, workspace: Workspace
) -> None:
    bot("settings", "public_holidays=false", "quiet_from=00:00", "quiet_to=00:00")
    bot("team", "add", ADA, BEN)
    bot("import", bot.file("a.csv", "Account\nAcme\nBorealis\n"), "--as", "accounts")
    bot("deal")
    bot("deliver", "--until-empty")
    before = {who: len(workspace.texts(who)) for who in (ADA, BEN)}
    wednesday = ("--at", "2031-01-08T18:00Z")
    assert bot("jobs", "run", "digest", *wednesday, "--json").data()["done"] == 2
    assert bot("jobs", "run", "digest", *wednesday).text == "nothing was due\n"
    assert bot("deliver", "--until-empty", "--json").data() == {"sent": 2}
    assert bot("deliver", "--until-empty").text == "0 sent\n"
    assert {who: len(workspace.texts(who)) - n for who, n in before.items()} == {ADA: 1, BEN: 1}


def test_p1_a_board_for_a_monday_long_gone_is_deliverable_at_once(bot: Terminal) -> None:
    bot("settings", f"leaderboard_channel={OFFICE}")
    assert bot("jobs", "run", "leaderboard", "--at", "2020-01-06T10:00Z").code == 0
    assert bot("deliver", "--until-empty", "--json").data() == {"sent": 0}


def test_deliver_outlives_a_message_that_slack_refuses(bot: Terminal, workspace: Workspace) -> None:
    bot("team", "add", ADA, BEN)
    bot("import", bot.file("a.csv", "Account\nAcme\nBorealis\n"), "--as", "accounts")
    bot("deal")
    workspace.run(arm(workspace, "chat.postMessage"))
    first = bot("deliver", "--json").data()["sent"]
    workspace.sandbox.parts.faults.clear()
    assert first == 1


async def arm(workspace: Workspace, method: str) -> None:
    from bot.sandbox.faults import Fault

    workspace.sandbox.parts.faults.add(Fault(method, "fail", 0.1, 1, ""))
