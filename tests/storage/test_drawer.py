"""The drawer is leafed through without losing the place (D2)."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from domain.account_life import State
from domain.drawer_filter import Sort
from domain.names import name_key
from storage.database import Database
from storage.drawer import Sought
from storage.tables import Account
from tests.people import NOW, WORKSPACE

COUNT = 60


@pytest.fixture
async def full(database: Database) -> list[Account]:
    """A drawer with values and days that repeat or are not known, and accounts outside of it."""
    dice = random.Random(99)  # noqa: S311  # the same drawer every time
    accounts = [
        Account(
            workspace_id=WORKSPACE,
            name=f"Shop {number}",
            name_key=name_key(f"Shop {number}"),
            state=dice.choice([State.CODE_99, State.CODE_99, State.LOST]),
            tier=dice.choice([None, None, None, "biggest"]),
            region=dice.choice(["East", "West"]),
            value_minor=dice.choice([None, 100, 200, 5_000_000_000]),
            lost_on=dice.choice([None, date(2026, 1, 1), date(2026, 2, 1)]),
            reason=dice.choice(["price", "billing"]),
            created_at=NOW,
            touched_at=NOW,
        )
        for number in range(COUNT)
    ]
    others = [
        Account(
            workspace_id=WORKSPACE,
            name=f"Other {state}",
            name_key=name_key(f"Other {state}"),
            state=state,
            created_at=NOW,
            touched_at=NOW,
        )
        for state in State
        if state not in {State.CODE_99, State.LOST}
    ]
    async with database.workspace(WORKSPACE) as work:
        work.session.add_all([*accounts, *others])
        await work.commit()
    return accounts


def in_order(accounts: list[Account], sort: Sort) -> list[str]:
    """The names in the order in which the drawer has to show them."""

    def key(account: Account) -> tuple[object, ...]:
        identity = account.id or 0
        if sort is Sort.VALUE:
            value = account.value_minor
            unknown = value is None
            return (
                account.tier is None,
                unknown,
                -(value or 0),
                identity if unknown else -identity,
            )
        if sort is Sort.AGE:
            return account.lost_on is None, account.lost_on or date.max, identity
        return (account.name_key,)

    return [account.name for account in sorted(accounts, key=key)]


@pytest.mark.parametrize("sort", list(Sort))
async def test_leafing_on_and_back_shows_each_account_once(
    database: Database, full: list[Account], sort: Sort
) -> None:
    """D2: forwards to the end, and backwards to the beginning."""
    wanted = in_order(full, sort)
    async with database.reading(WORKSPACE) as work:
        leaf = await work.drawer.leaf(Sought(), sort, 7)
        seen = [leaf]
        assert not leaf.earlier
        while leaf.later:
            leaf = await work.drawer.leaf(Sought(), sort, 7, beside=leaf.accounts[-1].id)
            assert leaf.earlier
            seen.append(leaf)
        assert [a.name for leaf in seen for a in leaf.accounts] == wanted
        back = []
        while leaf.earlier:
            leaf = await work.drawer.leaf(Sought(), sort, 7, beside=leaf.accounts[0].id, back=True)
            assert leaf.later
            back.append(leaf)
        assert [a.name for leaf in reversed(back) for a in leaf.accounts] == wanted[: 7 * len(back)]


async def test_the_place_is_kept_while_accounts_are_dealt(
    database: Database, full: list[Account]
) -> None:
    wanted = in_order(full, Sort.VALUE)
    async with database.workspace(WORKSPACE) as work:
        first = await work.drawer.leaf(Sought(), Sort.VALUE, 10)
        for account in first.accounts:
            account.state = State.ASSIGNED
        await work.session.flush()
        second = await work.drawer.leaf(Sought(), Sort.VALUE, 10, beside=first.accounts[-1].id)
        assert [a.name for a in second.accounts] == wanted[10:20]
        gone = await work.drawer.leaf(Sought(), Sort.VALUE, 10, beside=999_999)
        assert [a.name for a in gone.accounts] == wanted[10:20]


async def test_what_is_sought_has_to_fit_in_every_part(
    database: Database, full: list[Account]
) -> None:
    sought = Sought(
        reasons=("price",),
        tier="Biggest",
        region="east",
        lost_before=date(2026, 1, 15),
        name="shop",
    )
    fits = [
        a
        for a in full
        if (a.reason, a.tier, a.region, a.lost_on) == ("price", "biggest", "East", date(2026, 1, 1))
    ]
    async with database.reading(WORKSPACE) as work:
        assert fits
        assert await work.drawer.count(sought) == len(fits)
        leaf = await work.drawer.leaf(sought, Sort.NAME, 50)
        assert [a.name for a in leaf.accounts] == in_order(fits, Sort.NAME)
        assert await work.drawer.count(Sought(name="100%")) == 0
        assert await work.drawer.count(Sought(lost_by=frozenset())) == 0
        assert await work.drawer.regions() == ["East", "West"]


async def test_another_workspace_sees_nothing(database: Database, full: list[Account]) -> None:
    async with database.reading("T0OTHER") as work:
        assert await work.drawer.count(Sought()) == 0
        assert (await work.drawer.leaf(Sought(), Sort.VALUE, 5)).accounts == []
        assert await work.drawer.regions() == []
        assert await work.drawer.people_called("ada") == []
        leaf = await work.drawer.leaf(Sought(), Sort.VALUE, 5, beside=full[0].id)
        assert leaf.accounts == []


async def test_days_count_from_the_loss(database: Database, full: list[Account]) -> None:
    early = Sought(lost_before=date(2026, 1, 1) + timedelta(days=1))
    async with database.reading(WORKSPACE) as work:
        assert await work.drawer.count(early) == sum(a.lost_on == date(2026, 1, 1) for a in full)
