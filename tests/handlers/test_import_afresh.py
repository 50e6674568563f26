"""D1: what is written as it is read is what a comparison of the whole file would have written."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from sqlmodel import select

from domain.columns import Kind
from storage.importing_afresh import Intake
from storage.installing import ensure_workspace
from storage.much_at_once import Room, TwoAreTheSame
from storage.sql import run, table_of
from storage.tables import Account, Loss, Member
from tests.handlers.files import figures, rejects, take_in
from tests.people import WORKSPACE, Desk

_FEW = 400  # characters that are read together: some ten rows


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # no secret


def _accounts(chance: random.Random, rows: int, names: int) -> str:
    lines = ["Account,Account id,Tier,Value,Lost on,Reason,Owner"]
    for i in range(rows):
        number = chance.choice([i, i, i, chance.randrange(names)])
        its_id = chance.choice(["", f"A-{number}", f"A-{chance.randrange(rows)}"])
        name = chance.choice([f"Customer {number}", f"customer {number} Inc", f"Former {number}"])
        rest = f"{chance.choice(['', 'Gold', 'Tin'])},{chance.choice(['', 9])},2026-01-0{i % 9 + 1}"
        lines.append(f"{name if its_id == '' or i % 5 else ''},{its_id},{rest},price,Zoe {i % 3}")
    return "\n".join(lines) + "\n"


def _losses(chance: random.Random, rows: int, names: int) -> str:
    lines = ["Opportunity id,Account,Tier,Close date,Value,Reason,Kind,Sales agent,Lost to"]
    for i in range(rows):
        number = chance.choice([i, i, i, chance.randrange(names)])
        loss = chance.choice([f"D{i}", f"D{i}", f"D{i}", "", f"of {number}"])
        day = chance.choice(["", f"2026-01-{i % 28 + 1:02d}", "2025-11-30"])
        said = f"{chance.choice(['', 'Gold'])},{day},{chance.choice(['', 0, 70])}"
        kind = chance.choice(["customer", "ebbing", "deal"])
        lines.append(f"{loss},Customer {number},{said},price,{kind},Zoe {i % 3},Globex")
    return "\n".join(lines) + "\n"


async def _rows(desk: Desk) -> list[Any]:
    """Give all that was written, accounts called by their names in place of their numbers."""
    found: list[Any] = []
    async with desk.database.reading(WORKSPACE) as work:
        names = {a.id: a.name for a in await work.session.exec(select(Account))}
        people = {m.id: m.name for m in await work.session.exec(select(Member))}
        for model in (Account, Loss):
            for row in await work.session.exec(select(model)):
                told = row.model_dump(exclude={"id", "account_id", "lost_by_id"})
                whose = names.get(getattr(row, "account_id", None))
                found.append(
                    (
                        whose,
                        people.get(getattr(row, "lost_by_id", None)),
                        sorted(told.items(), key=str),
                    )
                )
    return sorted(found, key=str)


async def _take(desk: Desk, content: str, kind: Kind) -> tuple[Any, ...]:
    result = await take_in(desk, content, kind=kind)
    refused = [(row["Line"], row["Account"]) for row in rejects(result)]
    return figures(result), result.duplicates, refused, result.people


async def _wipe(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        for model in (Loss, Account):
            for row in await work.session.exec(select(model)):
                await work.session.delete(row)
            await work.session.flush()
        for member in await work.session.exec(select(Member).where(Member.name.startswith("Zoe"))):
            await work.session.delete(member)
        await work.commit()


@pytest.mark.parametrize("repeated", [3, 40, 2_000])
@pytest.mark.parametrize("kind", [Kind.ACCOUNTS, Kind.LOSSES])
async def test_d1_both_ways_in_write_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: Kind, repeated: int
) -> None:
    make = _accounts if kind is Kind.ACCOUNTS else _losses
    monkeypatch.setattr("storage.csv_records._BLOCK", _FEW)
    monkeypatch.setattr("storage.much_at_once._WORTH_IT", 30)
    for seed in range(2):
        first, second = (make(_chance(seed + i), 60 + i, repeated) for i in range(2))
        straight = [await _take(desk, content, kind) for content in (first, second)]
        written = await _rows(desk)
        await _wipe(desk)
        with monkeypatch.context() as compared:
            compared.setattr(Intake, "_all_are_new", _nothing_is_new)
            assert [await _take(desk, content, kind) for content in (first, second)] == straight
        assert await _rows(desk) == written
        await _wipe(desk)


async def _nothing_is_new(*_: object) -> bool:
    return False


@pytest.mark.parametrize("kind", [Kind.ACCOUNTS, Kind.LOSSES])
async def test_d1_either_way_in_writes_into_its_own_workspace_alone(desk: Desk, kind: Kind) -> None:
    make = _accounts if kind is Kind.ACCOUNTS else _losses
    async with desk.database.session() as session:
        await ensure_workspace(session, "T0OTHER", now=desk.now)
        await session.commit()
    for workspace in (WORKSPACE, "T0OTHER"):
        for seed in range(2):  # the second knows much of the first, and so is staged
            content = make(_chance(seed), 60, 40)
            before = await _counted(desk)
            await take_in(desk, content, kind=kind, workspace=workspace)
            changed = await _counted(desk) - before
            assert {of for _, of in changed} == {workspace}


async def _counted(desk: Desk) -> Counter[tuple[str, str]]:
    """Count the accounts and losses that say they are of a workspace."""
    counted = Counter[tuple[str, str]]()
    async with desk.database.looking() as session:
        for table in (table_of(Account), table_of(Loss)):
            for of in (await run(session, select(table.c.workspace_id))).scalars():
                counted[(table.name, of)] += 1
    return counted


async def test_d1_a_file_that_is_read_again_leaves_nothing_of_the_first_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_keys, tried = Room.keep_keys, []

    async def fails_once(room: Room) -> None:
        tried.append(room)
        if len(tried) == 1:
            raise TwoAreTheSame
        await keep_keys(room)

    monkeypatch.setattr(Room, "keep_keys", fails_once)
    result = await take_in(desk, "Account,Owner\nAcme,Zoe New\nBolt,Zoe New\n")
    assert (result.new, result.duplicates, result.people) == (2, 0, ["Zoe New"])
    assert len(tried) > 1
    async with desk.database.reading(WORKSPACE) as work:
        assert len(await work.members.by_name("Zoe New")) == 1
