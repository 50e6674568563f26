"""A workspace with the people of a real CRM export, and what its files say, read on their own."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.sandbox.story import Person, SeedChannel, Story

CRM = Path(__file__).resolve().parents[3] / "shared" / "data" / "crm"
needs_crm = pytest.mark.skipif(not CRM.is_dir(), reason="the CRM sample is not beside the project")

SALES, WIN_BACKS = "C0SALES", "C0WINBACKS"
OUTSIDER = "U0OUTSIDER"
_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Asia/Kolkata",
)


@dataclass(frozen=True)
class Crm:
    """The export in a folder of its own. `agents` and `managers` are Slack ids by name."""

    folder: Path
    agents: dict[str, str]
    managers: dict[str, str]
    story: Story

    @property
    def accounts(self) -> set[str]:
        """The names in accounts.csv."""
        return {row["account"] for row in rows_of(self.folder / "accounts.csv")}

    def lost(self) -> list[dict[str, str]]:
        """The rows of the pipeline that were lost, in the file's order."""
        rows = rows_of(self.folder / "sales_pipeline.csv")
        return [row for row in rows if row["deal_stage"] == "Lost"]

    def last_lost_by(self) -> dict[str, str]:
        """Who lost each account last, by the file alone; of one day the later row counts."""
        latest: dict[str, tuple[date, str]] = {}
        for row in self.lost():
            day = datetime.strptime(row["close_date"], "%m/%d/%Y").date()  # noqa: DTZ007  # a day
            if row["account"] not in latest or latest[row["account"]][0] <= day:
                latest[row["account"]] = (day, row["sales_agent"])
        return {account: agent for account, (_, agent) in latest.items()}


def rows_of(file: Path) -> list[dict[str, str]]:
    """Read a CSV file as a script would."""
    with file.open(newline="", encoding="utf-8-sig") as opened:
        return list(csv.DictReader(opened))


def crm_in(folder: Path) -> Crm:
    """Copy the export into a folder and make up a workspace of its people."""
    for name in ("sales_teams", "accounts", "sales_pipeline"):
        (folder / f"{name}.csv").write_bytes((CRM / f"{name}.csv").read_bytes())
    rows = rows_of(folder / "sales_teams.csv")
    agents = {row["sales_agent"]: f"U0REP{i:02}" for i, row in enumerate(rows)}
    names = dict.fromkeys(row["manager"] for row in rows)
    managers = {name: f"U0BOSS{i}" for i, name in enumerate(names)}
    people = [
        Person(id_, id_.lower(), name, tz=_ZONES[i % len(_ZONES)])
        for i, (name, id_) in enumerate({**agents, **managers}.items())
    ]
    people.append(Person(OUTSIDER, "outsider", "Otto Outside", tz="Europe/London"))
    everyone = tuple(person.id for person in people)
    channels = (
        SeedChannel(SALES, "sales", members=everyone),
        SeedChannel(WIN_BACKS, "win-backs", members=everyone, app_member=True),
    )
    return Crm(folder, agents, managers, Story(tuple(people), channels, team_id="T0CRM"))
