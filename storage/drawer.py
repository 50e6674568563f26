"""The Code 99 drawer: found, put in order and leafed through, however full it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, literal_column, tuple_
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.drawer_filter import Sort
from domain.names import name_key
from storage.repository import Repository
from storage.sql import table_of
from storage.tables import Account, Member
from storage.tables.accounts import IN_DRAWER

COUNTED = 10_000
"""Counting stops here: more is "more than"."""

_EVERYTHING = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """What an account in the drawer has to fit; a part that is empty fits all.

    `lost_by`: member ids. `name`: words that its folded name holds.
    """

    reasons: Collection[str] = ()
    tier: str = ""
    lost_before: date | None = None
    lost_by: Collection[int] | None = None
    region: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page, and whether there are others on either side of it."""

    accounts: list[Account]
    earlier: bool
    later: bool


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of an order in which one indexed column leads; ids break ties."""

    fits: ColumnElement[bool] | None
    key: Column[Any] | None
    down: bool = False


_ACCOUNT = table_of(Account).c
_TIER, _VALUE, _LOST_ON = _ACCOUNT.tier, _ACCOUNT.value_minor, _ACCOUNT.lost_on
_ORDERS: dict[Sort, tuple[_Stretch, ...]] = {
    Sort.VALUE: (
        _Stretch(_TIER.is_not(None) & _VALUE.is_not(None), _VALUE, down=True),
        _Stretch(_TIER.is_not(None) & _VALUE.is_(None), None),
        _Stretch(_TIER.is_(None) & _VALUE.is_not(None), _VALUE, down=True),
        _Stretch(_TIER.is_(None) & _VALUE.is_(None), None),
    ),
    Sort.AGE: (_Stretch(_LOST_ON.is_not(None), _LOST_ON), _Stretch(_LOST_ON.is_(None), None)),
    Sort.NAME: (_Stretch(None, _ACCOUNT.name_key),),
}


class Drawer(Repository):
    """Queries over the accounts that wait for a deal."""

    async def leaf(
        self,
        sought: Sought,
        sort: Sort,
        size: int,
        *,
        beside: int | None = None,
        back: bool = False,
    ) -> Leaf:
        """Give a page: the first, or the one after (`back`: before) the account `beside`.

        The place is kept by that account, not by a number, so that a drawer from which accounts are
        dealt meanwhile shows none twice and leaves none out.
        """
        place = await self._row(beside) if beside is not None else None
        stretches = _ORDERS[sort]
        at = _stretch_of(place, sort) if place else _EVERYTHING
        ahead = range(at, -1, -1) if back else range(at, len(stretches))
        found: list[Account] = []
        for index in ahead:
            start = place if index == at else None
            wanted = size + 1 - len(found)
            found += await self._take(sought, stretches[index], start, wanted, back=back)
            if len(found) > size:
                break
        more = len(found) > size
        shown = found[:size]
        if back:
            return Leaf(shown[::-1], earlier=more, later=place is not None)
        return Leaf(shown, earlier=place is not None, later=more)

    async def count(self, sought: Sought) -> int:
        """Count what fits, up to one more than `COUNTED`."""
        some = self._fitting(sought, select(Account.id)).limit(COUNTED + 1).subquery()
        return (await self.session.exec(select(func.count()).select_from(some))).one()

    async def people_called(self, words: str) -> list[Member]:
        """Give the members, also those who left, in whose name the words stand."""
        rows = await self.session.exec(
            select(Member)
            .where(
                Member.workspace_id == self.workspace_id,
                col(Member.name_key).contains(name_key(words), autoescape=True),
            )
            .order_by(Member.name_key)
        )
        return list(rows)

    async def regions(self) -> list[str]:
        """Give the regions that accounts in the drawer have, in order."""
        rows = await self.session.exec(
            self._fitting(Sought(), select(Account.region))
            .where(col(Account.region).is_not(None))
            .distinct()
            .order_by(col(Account.region))
        )
        return [region for region in rows if region]

    async def _row(self, account_id: int) -> Account | None:
        rows = await self.session.exec(
            select(Account).where(
                Account.workspace_id == self.workspace_id, Account.id == account_id
            )
        )
        return rows.one_or_none()

    async def _take(
        self, sought: Sought, stretch: _Stretch, start: Account | None, most: int, *, back: bool
    ) -> list[Account]:
        statement = self._fitting(sought, select(Account))
        if stretch.fits is not None:
            statement = statement.where(stretch.fits)
        keys = [_ACCOUNT.id] if stretch.key is None else [stretch.key, _ACCOUNT.id]
        down = stretch.down != back
        if start is not None:
            here = [getattr(start, key.name) for key in keys]
            place = tuple_(*here, types=[key.type for key in keys])
            statement = statement.where(tuple_(*keys) < place if down else tuple_(*keys) > place)
        order = [key.desc() if down else key.asc() for key in keys]
        return list(await self.session.exec(statement.order_by(*order).limit(most)))

    def _fitting(self, sought: Sought, statement: SelectOfScalar[Any]) -> SelectOfScalar[Any]:
        """Narrow a statement to what is in the drawer and fits."""
        statement = statement.where(
            Account.workspace_id == self.workspace_id, literal_column(IN_DRAWER)
        )
        if sought.reasons:
            statement = statement.where(col(Account.reason).in_(sought.reasons))
        if sought.tier:
            statement = statement.where(func.lower(Account.tier) == sought.tier.lower())
        if sought.lost_before:
            statement = statement.where(col(Account.lost_on) < sought.lost_before)
        if sought.lost_by is not None:
            statement = statement.where(col(Account.lost_by_id).in_(sought.lost_by))
        if sought.region:
            statement = statement.where(func.lower(Account.region) == sought.region.lower())
        if sought.name:
            words = name_key(sought.name)
            statement = statement.where(col(Account.name_key).contains(words, autoescape=True))
        return statement


def _stretch_of(place: Account, sort: Sort) -> int:
    """Give the number of the stretch in which an account lies."""
    if sort is Sort.VALUE:
        return (0 if place.tier is not None else 2) + (0 if place.value_minor is not None else 1)
    if sort is Sort.AGE:
        return 0 if place.lost_on is not None else 1
    return 0
