"""D1 on real input: a CRM's own export, as it is."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlmodel import select

from domain.account_life import State
from domain.columns import Kind
from domain.roles import Role
from domain.written_days import Order
from storage.tables import Account, Loss, Member
from tests.handlers.files import CRM, figures, needs_crm, rejects, take_in
from tests.people import WORKSPACE, Desk

pytestmark = needs_crm
TEAMS, ACCOUNTS, PIPELINE, OTHER_DATES = (
    CRM / name
    for name in (
        "sales_teams.csv",
        "accounts.csv",
        "sales_pipeline.csv",
        "sales_pipeline_other_dates.csv",
    )
)


async def everything(desk: Desk) -> tuple[list[Account], list[Loss], list[Member]]:
    async with desk.database.reading(WORKSPACE) as work:
        accounts = list(await work.session.exec(select(Account).order_by(Account.name_key)))
        losses = list(await work.session.exec(select(Loss).order_by(Loss.fingerprint)))
        members = list(await work.session.exec(select(Member).order_by(Member.name_key)))
    return accounts, losses, members


async def test_d1_sales_team_becomes_reps_with_their_managers_and_regions(desk: Desk) -> None:
    result = await take_in(desk, TEAMS)
    assert result.kind is Kind.MEMBERS
    assert figures(result) == (35, 0, 0, 0, 0)
    assert len(result.people) == 6
    _, _, members = await everything(desk)
    imported = [m for m in members if m.platform_user_id is None]
    assert Counter(m.role for m in imported) == {Role.REP: 35, Role.MANAGER: 6}
    by_name = {m.name: m for m in imported}
    anna, boss = by_name["Anna Snelling"], by_name["Dustin Brinkmann"]
    assert (anna.manager_id, anna.region) == (boss.id, "Central")


async def test_d1_accounts_lie_in_the_drawer(desk: Desk) -> None:
    assert figures(await take_in(desk, ACCOUNTS)) == (85, 0, 0, 0, 0)
    accounts, _, _ = await everything(desk)
    assert {a.state for a in accounts} == {State.CODE_99}
    acme = next(a for a in accounts if a.name == "Acme Corporation")
    assert (acme.sector, acme.value_minor, acme.currency) == ("technolgy", 110004, "USD")


async def test_d1_lost_rows_become_losses_by_their_agents(desk: Desk) -> None:
    for source in (TEAMS, ACCOUNTS):
        await take_in(desk, source)
    result = await take_in(desk, PIPELINE, where=[("deal_stage", "Lost")])
    assert figures(result) == (2473, 0, 0, 6327, 0)
    assert result.people == []
    accounts, losses, _ = await everything(desk)
    assert len(accounts) == 85
    first = next(x for x in losses if x.fingerprint == "KWVA7VR1")
    assert (first.lost_on, first.product, first.kind) == (date(2017, 3, 18), "GTXPro", "deal")
    for account in accounts:
        own = [x for x in losses if x.account_id == account.id]
        latest = max(own, key=lambda x: (x.lost_on, x.id or 0))
        assert (account.lost_on, account.lost_by_id) == (latest.lost_on, latest.lost_by_id)
        assert account.value_minor, "a lost deal of no value leaves the account's own"


async def test_d1_without_a_condition_only_lost_rows_are_taken(desk: Desk) -> None:
    result = await take_in(desk, PIPELINE)
    assert figures(result) == (2473, 0, 0, 6327, 0)
    assert "Won 4238" in " ".join(result.notes)
    assert len(result.people) == 30


async def test_d1_both_date_forms_mean_the_same_days(desk: Desk) -> None:
    await take_in(desk, PIPELINE)
    assert figures(await take_in(desk, OTHER_DATES)) == (0, 0, 61, 339, 0)


async def test_d1_day_first_file_alone_reads_its_days(desk: Desk) -> None:
    result = await take_in(desk, OTHER_DATES)
    assert figures(result) == (61, 0, 0, 339, 0)
    assert not result.questions
    _, losses, _ = await everything(desk)
    assert next(x for x in losses if x.fingerprint == "KWVA7VR1").lost_on == date(2017, 3, 18)


@pytest.mark.parametrize("source", [TEAMS, ACCOUNTS, PIPELINE], ids=lambda path: path.stem)
async def test_d1_second_run_adds_nothing(desk: Desk, source: object) -> None:
    first = await take_in(desk, source)  # type: ignore[arg-type]
    before = await everything(desk)
    again = await take_in(desk, source)  # type: ignore[arg-type]
    assert (again.new, again.changed, again.unchanged) == (0, 0, first.taken)
    assert await everything(desk) == before


async def test_d1_rows_without_an_account_come_back_with_line_and_reason(desk: Desk) -> None:
    lines = PIPELINE.read_text().splitlines()
    lost = [i for i, line in enumerate(lines) if ",Lost," in line][:3]
    for i in lost:
        cells = lines[i].split(",")
        cells[3] = ""
        lines[i] = ",".join(cells)
    result = await take_in(desk, "\n".join(lines), where=[("deal_stage", "lost")])
    assert figures(result) == (2470, 0, 0, 6327, 3)
    given_back = rejects(result)
    assert [row["Line"] for row in given_back] == [str(i + 1) for i in lost]
    assert {row["Why"] for row in given_back} == {"No account is named."}
    assert given_back[0]["opportunity_id"] == lines[lost[0]].split(",")[0]


async def test_d1_order_said_wrongly_rejects_what_does_not_fit(desk: Desk) -> None:
    result = await take_in(desk, OTHER_DATES, order=Order.MONTH_FIRST)
    assert 0 < result.taken < 61
    assert all("not month first" in row["Why"] for row in rejects(result))
