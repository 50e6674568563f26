"""Customers are found, offered and moved, in one workspace alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

import storage.accounts
from domain.account_life import State
from domain.names import name_key
from storage.database import Database
from storage.tables import Account, Loss
from storage.unit_of_work import UnitOfWork
from tests.people import NOW, WORKSPACE, Desk


async def given(work: UnitOfWork, *names: str, state: State = State.ACTIVE) -> list[Account]:
    return [
        await work.accounts.add(name=name, state=state, created_at=NOW, touched_at=NOW)
        for name in names
    ]


def names(accounts: list[Account]) -> list[str]:
    return [account.name for account in accounts]


async def test_a_type_ahead_offers_beginnings_first(database: Database) -> None:
    async with database.workspace(WORKSPACE) as work:
        await given(work, "Zorro Acme", "Acme Corporation", "acme north", "Globex", "The Acme Club")
        offered = await work.accounts.starting("acme")
        assert names(offered) == ["Acme Corporation", "The Acme Club", "acme north", "Zorro Acme"]
        assert names(await work.accounts.starting("Acme Corpora")) == ["Acme Corporation"]
        assert names(await work.accounts.starting("acme", limit=2)) == names(offered[:2])
        assert len(await work.accounts.starting("")) == 5
        assert await work.accounts.starting("%") == []


async def test_what_may_be_meant_is_nearest_first(database: Database) -> None:
    async with database.workspace(WORKSPACE) as work:
        await given(work, "Acme Corporation", "Globex", "Shop 1", "Shop 2")
        assert names(await work.accounts.near("globx")) == ["Globex"]
        assert set(names(await work.accounts.near("shop"))) == {"Shop 1", "Shop 2"}
        assert await work.accounts.near("zzz") == []


async def test_what_may_be_the_same_customer_is_never_the_name_itself(database: Database) -> None:
    async with database.workspace(WORKSPACE) as work:
        await given(work, "Acme Corporation", "Acme North", "Acmee", "Shop 1")
        assert names(await work.accounts.alike("ACME Inc.")) == ["Acme North", "Acmee"]
        assert await work.accounts.alike("Shop 2") == []


async def test_among_very_many_only_neighbours_are_compared(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.accounts, "_ALIKE", 1)
    monkeypatch.setattr(storage.accounts, "MANY", 3)
    async with database.workspace(WORKSPACE) as work:
        await given(work, "Acme", "Bcme", "Cyan", "Dune", "Acmo Holding")
        assert names(await work.accounts.alike("Acmee")) == ["Acme"]
        assert await work.accounts.alike("Xcme") == []
        assert names(await work.accounts.starting("ac")) == ["Acme", "Acmo Holding"]


async def test_a_name_is_entered_once(database: Database) -> None:
    def acme(name: str) -> Account:
        return Account(
            workspace_id=WORKSPACE,
            name=name,
            name_key=name_key(name),
            state=State.CODE_99,
            created_at=NOW,
            touched_at=NOW,
        )

    async with database.workspace(WORKSPACE) as work:
        first = acme("Acme Corp")
        assert await work.accounts.enter(first)
        assert not await work.accounts.enter(acme("ACME, Inc."))
        stored = await work.accounts.named("acme")
        assert stored is not None
        assert (stored.id, stored.name) == (first.id, "Acme Corp")


async def test_an_id_of_another_system_finds_its_account(database: Database) -> None:
    async with database.workspace(WORKSPACE) as work:
        [account] = await given(work, "Acme")
        assert await work.accounts.known_as(["17"]) == {}
        account.external_id = "17"
        await work.session.flush()
        assert await work.accounts.known_as(["12", "17"]) == {"17": account}


async def test_only_what_was_done_about_is_touched(desk: Desk) -> None:
    later = NOW + timedelta(days=1)
    async with desk.database.workspace(WORKSPACE) as work:
        one, _ = await given(work, "Acme", "Globex")
        await work.accounts.touch([one.id or 0], later)
        await work.commit()
    async with desk.database.reading(WORKSPACE) as work:
        found = await work.accounts.by_ids([1, 2])
        assert [found[number].touched_at for number in (1, 2)] == [later, NOW]


async def test_another_workspace_sees_and_changes_nothing(database: Database) -> None:
    async with database.workspace(WORKSPACE) as work:
        [account] = await given(work, "Acme")
        account.external_id = "17"
        identity = account.id or 0
        loss = Loss(workspace_id=WORKSPACE, account_id=identity, lost_on=NOW.date(), logged_at=NOW)
        await work.accounts.add_loss(loss)
        await work.commit()
    async with database.workspace("T0OTHER") as work:
        other = work.accounts
        assert await other.by_id(identity) is None
        assert await other.by_ids([identity]) == {}
        assert await other.named("Acme") is None
        assert await other.known_as(["17", "Acme"]) == {}
        assert await other.near("Acmee") == []
        assert await other.alike("Acmee") == []
        assert await other.starting("Ac") == []
        assert await other.count_in(*State) == 0
        assert await other.loss(loss.id or 0) is None
        assert await other.losses_of(identity) == []
        assert await other.visits_to(identity) == []
        await other.touch([identity], NOW + timedelta(days=1))
        await work.commit()
    async with database.reading(WORKSPACE) as work:
        kept = await work.accounts.by_id(identity)
        assert kept is not None
        assert kept.touched_at == NOW
