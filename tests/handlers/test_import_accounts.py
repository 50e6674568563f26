"""D1: accounts taken in, each once, whatever is sent twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from domain.account_life import State
from domain.columns import Kind
from domain.errors import Refused
from handlers.import_results import write_rejects
from storage.importing_accounts import AccountTaking
from storage.tables import Account, PendingImport
from tests.handlers.files import figures, rejects, take_in
from tests.people import WORKSPACE, Desk


async def accounts(desk: Desk, workspace: str = WORKSPACE) -> dict[str, Account]:
    async with desk.database.reading(workspace) as work:
        rows = await work.session.exec(
            select(Account).where(Account.workspace_id == workspace).order_by(col(Account.id))
        )
        return {row.name: row for row in rows}


async def test_d1_spellings_of_a_name_are_one_account(desk: Desk) -> None:
    result = await take_in(desk, "Account,Tier,Region\nAcme Corp,Gold,\nACME,,East\nAcme Inc.,,\n")
    assert (result.new, result.duplicates, result.rejected) == (1, 2, [])
    [account] = (await accounts(desk)).values()
    assert (account.name, account.tier, account.region) == ("Acme Corp", "Gold", "East")


async def test_d1_an_empty_cell_erases_nothing_and_a_new_one_is_learned(desk: Desk) -> None:
    await take_in(desk, "Account,Tier,Sector\nAcme,Gold,retail\n")
    result = await take_in(desk, "Account,Tier,Sector\nAcme,,food\n")
    assert figures(result) == (0, 1, 0, 0, 0)
    account = (await accounts(desk))["Acme"]
    assert (account.tier, account.sector) == ("Gold", "food")


@pytest.mark.parametrize("before", ["", "Apex,A-1,,,,\n"], ids=["new", "known"])
async def test_d1_many_rows_of_an_account_are_read_as_if_each_came_by_itself(
    desk: Desk, before: str
) -> None:
    headings = "Account,Account id,Tier,Value,Last day,Reason\n"
    if before:
        await take_in(desk, headings + before, kind=Kind.ACCOUNTS)
    rows = "".join(f"Apex Group,A-1,Tier {i},{i},,\n" for i in range(9, 102))
    first = "Apex,A-1,Gold,70,,\n,A-1,,,2026-01-02,price\n,A-1,,,2026-01-03,service\n"
    result = await take_in(desk, f"{headings}{first}{rows},A-1,,,,\n", kind=Kind.ACCOUNTS)
    assert (result.new + result.changed, result.duplicates, result.rejected) == (1, 96, [])
    [account] = (await accounts(desk)).values()
    assert (account.name, account.name_key, account.tier) == (
        "Apex Group",
        "apex group",
        "Tier 101",
    )
    assert (account.value_minor, account.currency) == (10_100, "USD")
    assert (account.reason, account.lost_on) == ("price", date(2026, 1, 2))


async def test_d1_an_id_knows_its_account_under_a_new_name(desk: Desk) -> None:
    await take_in(desk, "Account,Account id\nAcme,A-1\n", kind=Kind.ACCOUNTS)
    result = await take_in(desk, "Account,Account id\nApex Group,A-1\n", kind=Kind.ACCOUNTS)
    assert figures(result) == (0, 1, 0, 0, 0)
    assert list(await accounts(desk)) == ["Apex Group"]
    assert await find(desk, "apex group") == "Apex Group"


async def find(desk: Desk, name: str) -> str | None:
    async with desk.database.reading(WORKSPACE) as work:
        account = await work.accounts.named(name)
        return account.name if account else None


async def test_d1_an_id_is_learned_by_name(desk: Desk) -> None:
    await take_in(desk, "Account\nAcme\n")
    await take_in(desk, "Account,Account id\nacme inc,A-1\n", kind=Kind.ACCOUNTS)
    [account] = (await accounts(desk)).values()
    assert (account.name, account.external_id) == ("Acme", "A-1")


async def test_d1_an_account_known_by_its_id_alone_gets_its_name_later(desk: Desk) -> None:
    result = await take_in(desk, "Account,Account id\n,A-1\n,A-2\n", kind=Kind.ACCOUNTS)
    assert figures(result) == (2, 0, 0, 0, 0)
    assert list(await accounts(desk)) == ["Account A-1", "Account A-2"]
    await take_in(desk, "Account,Account id\nAcme,A-1\n,A-2\n", kind=Kind.ACCOUNTS)
    assert list(await accounts(desk)) == ["Acme", "Account A-2"]


@pytest.mark.parametrize(
    ("before", "rows", "line", "says"),
    [
        ("Acme,A-1\n", "Acme Inc,A-2\n", "2", "already called “Acme” (External id A-1)"),
        ("Acme,A-1\nBolt,A-2\n", "Bolt,A-1\n", "2", "already called “Bolt”"),
        ("", "Acme,A-1\nAcme,A-2\n", "3", "already called “Acme”"),
        ("", "Acme,A-1\nBolt,A-1\nBolt,A-2\n", "3", "already called “Bolt”"),
        ("Acme,\n", "Acme,A-1\nAcme,A-2\n", "3", "another External id"),
        ("Acme,\nBolt,\n", "Acme,A-1\nBolt,A-1\n", "3", "have this External id"),
        ("Acme,A-1\nBolt,A-2\n", "New,A-1\nNew,A-2\n", "3", "have this name"),
    ],
)
async def test_d1_rows_that_contradict_each_other_come_back(
    desk: Desk, before: str, rows: str, line: str, says: str
) -> None:
    header = "Account,Account id\n"
    if before:
        await take_in(desk, header + before, kind=Kind.ACCOUNTS)
    result = await take_in(desk, header + rows, kind=Kind.ACCOUNTS)
    [rejected] = rejects(result)
    assert rejected["Line"] == line
    assert says in rejected["Why"]
    again = await take_in(desk, header + rows, kind=Kind.ACCOUNTS)
    assert (again.new, again.changed, len(again.rejected)) == (0, 0, 1)


async def test_d1_accounts_elsewhere_in_life_stay_there(desk: Desk) -> None:
    await take_in(desk, "Account\nAcme\nBolt\n")
    async with desk.database.workspace(WORKSPACE) as work:
        for name, state in (("Acme", State.WON_BACK), ("Bolt", State.LEGAL_HOLD)):
            account = await work.accounts.named(name)
            assert account is not None
            account.state = state
        await work.commit()
    await take_in(desk, "Account,Tier\nAcme,Gold\nBolt,Gold\nCora,Gold\n")
    states = {name: account.state for name, account in (await accounts(desk)).items()}
    assert states == {"Acme": "won back", "Bolt": "legal hold", "Cora": "code 99"}


async def test_d1_nearly_the_same_names_are_listed_and_not_merged(desk: Desk) -> None:
    await take_in(desk, "Account\nGlobex Trading\nUnit 7 Ltd\n")
    desk.now = desk.now.replace(hour=17)
    result = await take_in(desk, "Account\nGlobbex Trading\nUnit 8 Ltd\nGlobex Trading Inc\nZed\n")
    assert [(p.new, p.known) for p in result.near] == [("Globbex Trading", "Globex Trading")]
    assert len(await accounts(desk)) == 5


async def test_d1_two_near_names_in_one_file_are_listed_once(desk: Desk) -> None:
    result = await take_in(desk, "Account\nVehement Capital\nVehemant Capital\n")
    assert len(result.near) == 1


async def test_d1_where_there_are_too_many_names_none_are_compared(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.near_names._MOST_ACCOUNTS", 1)
    assert (await take_in(desk, "Account\nGlobex Co\nGlobbex Co\n")).near == []


async def test_d1_a_dry_run_leaves_nothing(desk: Desk) -> None:
    result = await take_in(desk, "Account,Owner\nAcme,Zoe New\n", dry_run=True)
    assert (result.new, result.people) == (1, ["Zoe New"])
    assert await accounts(desk) == {}
    async with desk.database.reading(WORKSPACE) as work:
        assert await work.members.by_name("Zoe New") == []


async def test_d1_an_import_that_breaks_off_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise ConnectionError("the power went")

    rows = "".join(f"Customer {i},Zoe New\n" for i in range(9_000))
    with monkeypatch.context() as broken:
        broken.setattr(AccountTaking, "_resolve", breaks)
        with pytest.raises(ConnectionError):
            await take_in(desk, "Account,Owner\nCustomer 1,\n" + rows)
    assert await accounts(desk) == {}
    result = await take_in(desk, "Account,Owner\nCustomer 1,\n" + rows)
    assert (result.new, result.duplicates) == (9_000, 1)


async def test_d1_conditions_of_one_column_are_either_or_and_of_several_all(desk: Desk) -> None:
    content = "Account,Region,Tier\nA1,East,Gold\nB2,West,Gold\nC3,South,Gold\nD4,East,Tin\n"
    where = [("region", " EAST"), ("Region", "west"), ("Tier", "gold")]
    result = await take_in(desk, content, where=where)
    assert figures(result) == (2, 0, 0, 2, 0)
    with pytest.raises(Refused, match=r"no column “Size”. Its columns are: Account, Region, Tier"):
        await take_in(desk, content, where=[("Size", "1")])


async def test_d1_broken_lines_come_back_as_they_stood(desk: Desk, tmp_path: Path) -> None:
    content = 'Account,Tier\nAcme,Gold\nBolt,"open\nCora,Gold,too,many\nDune,Tin\n=Evil,+1\n ,x\n'
    result = await take_in(desk, content)
    assert figures(result) == (3, 0, 0, 0, 3)
    write_rejects(tmp_path / "rejects.csv", result)
    lines = (tmp_path / "rejects.csv").read_text().splitlines()
    assert lines[0] == "Line,Why,Account,Tier"
    assert [line.split(",")[0] for line in lines[1:]] == ["3", "4", "7"]
    assert lines[2].endswith("Cora,Gold,too,many")


async def test_d1_rejects_can_never_run_as_formulas(desk: Desk) -> None:
    result = await take_in(desk, "Account,Value,Note\nAcme,=1+1,@x\n")
    assert rejects(result)[0]["Value"] == "'=1+1"
    assert rejects(result)[0]["Note"] == "'@x"


async def test_d1_progress_is_told_in_rows(desk: Desk) -> None:
    told: list[int] = []
    rows = "".join(f"Customer {i},{'of old ' * 10}\n" for i in range(20_000))
    await take_in(desk, "Account,Note\n" + rows, progress=told.append)
    assert told == sorted(told)
    assert told[0] < 20_000 == told[-1]


async def test_d1_a_second_workspace_has_accounts_of_its_own(desk: Desk) -> None:
    from storage.installing import ensure_workspace

    async with desk.database.session() as session:
        await ensure_workspace(session, "T0OTHER", now=desk.now)
        await session.commit()
    await take_in(desk, "Account,Account id\nAcme,A-1\n", kind=Kind.ACCOUNTS)
    there = await take_in(
        desk, "Account,Account id\nAcme,A-1\n", kind=Kind.ACCOUNTS, workspace="T0OTHER"
    )
    assert there.new == 1
    assert len(await accounts(desk, "T0OTHER")) == 1


async def test_d1_columns_said_once_are_remembered_for_the_next_file(desk: Desk) -> None:
    content = "Kunde,Notiz,Stufe\nAcme,Gold,x\n"
    mapping = {"Kunde": "Account", "Notiz": "Tier", "Stufe": "-"}
    await take_in(desk, content, mapping=mapping)
    again = await take_in(desk, content.replace("Acme", "Bolt"))
    assert (again.kind, again.new) == (Kind.ACCOUNTS, 1)
    assert (await accounts(desk))["Bolt"].tier == "Gold"
    other = await take_in(desk, content, kind=Kind.MEMBERS, mapping={"Kunde": "Name"})
    assert other.kind is Kind.MEMBERS
    async with desk.database.reading(WORKSPACE) as work:
        assert list(await work.session.exec(select(PendingImport))) == []
