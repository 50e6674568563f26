"""The drawer is leafed through without losing the place (D2)."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

import storage.accounts
import storage.drawer
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


@pytest.mark.parametrize("sought", [Sought(), Sought(name="shop")], ids=["all", "few"])
@pytest.mark.parametrize("sort", list(Sort))
async def test_leafing_on_and_back_shows_each_account_once(
    database: Database, full: list[Account], sort: Sort, sought: Sought
) -> None:
    """D2: forwards to the end, and backwards to the beginning."""
    wanted = in_order(full, sort)
    async with database.reading(WORKSPACE) as work:
        everything = await work.drawer.find(sought, sort)
        leaf = await work.drawer.leaf(everything, 7)
        seen = [leaf]
        assert not leaf.earlier
        while leaf.later:
            leaf = await work.drawer.leaf(everything, 7, beside=leaf.accounts[-1].id)
            assert leaf.earlier
            seen.append(leaf)
        assert [a.name for leaf in seen for a in leaf.accounts] == wanted
        back = []
        while leaf.earlier:
            leaf = await work.drawer.leaf(everything, 7, beside=leaf.accounts[0].id, back=True)
            assert leaf.later
            back.append(leaf)
        assert [a.name for leaf in reversed(back) for a in leaf.accounts] == wanted[: 7 * len(back)]


async def test_the_place_is_kept_while_accounts_are_dealt(
    database: Database, full: list[Account]
) -> None:
    wanted = in_order(full, Sort.VALUE)
    async with database.workspace(WORKSPACE) as work:
        everything = await work.drawer.find(Sought(), Sort.VALUE)
        first = await work.drawer.leaf(everything, 10)
        for account in first.accounts:
            account.state = State.ASSIGNED
        await work.session.flush()
        everything = await work.drawer.find(Sought(), Sort.VALUE)
        second = await work.drawer.leaf(everything, 10, beside=first.accounts[-1].id)
        assert [a.name for a in second.accounts] == wanted[10:20]
        gone = await work.drawer.leaf(everything, 10, beside=999_999)
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
        found = await work.drawer.find(sought, Sort.NAME)
        assert found.count == len(fits)
        leaf = await work.drawer.leaf(found, 50)
        assert [a.name for a in leaf.accounts] == in_order(fits, Sort.NAME)
        for name in ("100%", "shop_1", "/", "%"):  # a name is no pattern
            assert (await work.drawer.find(Sought(name=name), Sort.VALUE)).count == 0
        assert (await work.drawer.find(Sought(lost_by=frozenset()), Sort.VALUE)).count == 0
        assert await work.drawer.regions() == ["East", "West"]


@pytest.mark.parametrize("counted", [0, 5, 1_000])
@pytest.mark.parametrize("sort", list(Sort))
async def test_what_fits_comes_in_order_whether_few_or_many_do(
    database: Database,
    full: list[Account],
    sort: Sort,
    counted: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """D2: few are sorted, of many an order is walked."""
    monkeypatch.setattr(storage.drawer, "COUNTED", counted)
    east = [a for a in full if a.region == "East" and a.reason == "price"]
    flagged = [a for a in full if a.tier and a.lost_on and a.lost_on < date(2026, 2, 1)]
    for sought, fits in (
        (Sought(region="EAST", reasons=("price",)), east),
        (Sought(tier="biggest", lost_before=date(2026, 2, 1)), flagged),
    ):
        async with database.reading(WORKSPACE) as work:
            found = await work.drawer.find(sought, sort)
            assert (found.count, found.more) == (min(len(fits), counted), len(fits) > counted)
            leaf = await work.drawer.leaf(found, 50)
            assert [a.name for a in leaf.accounts] == in_order(fits, sort)


@pytest.mark.parametrize("counted", [0, 1_000])
async def test_among_very_many_a_name_is_found_by_its_beginning(
    database: Database, full: list[Account], counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.drawer, "COUNTED", counted)
    ones = [a for a in full if a.name.startswith("Shop 1")]
    async with database.reading(WORKSPACE) as work:
        inside = await work.drawer.find(Sought(name="hop 1"), Sort.VALUE)
        assert (inside.count > 0 or inside.more, inside.by_beginning) == (True, False)
        monkeypatch.setattr(storage.accounts, "MANY", 3)
        assert (await work.drawer.find(Sought(name="hop 1"), Sort.VALUE)).count == 0
        for sought in (Sought(name="Shop 1"), Sought(name="shop 1", reasons=("price", "billing"))):
            found = await work.drawer.find(sought, Sort.NAME)
            assert found.by_beginning
            leaf = await work.drawer.leaf(found, 50)
            assert [a.name for a in leaf.accounts] == in_order(ones, Sort.NAME)


async def test_regions_are_told_apart_despite_case_and_accents(
    database: Database, full: list[Account]
) -> None:
    async with database.workspace(WORKSPACE) as work:
        account = await work.accounts.named("Shop 1")
        assert account is not None
        account.region = "Île-de-France"
        account.state = State.LOST
        await work.session.flush()
        for region, count in (("île-de-france", 1), ("ÎLE-DE-FRANCE", 1), ("France", 0)):
            assert (await work.drawer.find(Sought(region=region), Sort.VALUE)).count == count


async def test_another_workspace_sees_nothing(database: Database, full: list[Account]) -> None:
    async with database.reading("T0OTHER") as work:
        everything = await work.drawer.find(Sought(), Sort.VALUE)
        assert everything.count == 0
        assert (await work.drawer.leaf(everything, 5)).accounts == []
        assert await work.drawer.regions() == []
        assert await work.drawer.people_called("ada") == []
        leaf = await work.drawer.leaf(everything, 5, beside=full[0].id)
        assert leaf.accounts == []


async def test_days_count_from_the_loss(database: Database, full: list[Account]) -> None:
    early = Sought(lost_before=date(2026, 1, 1) + timedelta(days=1))
    async with database.reading(WORKSPACE) as work:
        assert (await work.drawer.find(early, Sort.VALUE)).count == sum(
            a.lost_on == date(2026, 1, 1) for a in full
        )
