"""The Code 99 drawer: found, put in order and leafed through, however full it is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.sql.expression import SelectOfScalar

from domain.drawer_filter import Sort
from domain.names import name_key
from storage.accounts import LAST, MANY, Accounts
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Account, Member
from storage.tables.accounts import COMPARTMENT, IN_DRAWER

COUNTED = 1_000
"""What fits a filter is counted and sorted up to here; where more does, an order is walked until a
page of it is found. All that waits is counted up to `MANY`, by an index."""

_EVERYTHING = 0
_Place = tuple[Any, ...]
_Statement = TypeVar("_Statement", bound=Select[Any])


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


class Compartment(NamedTuple):
    """Where accounts lie that agree in these three; empty is not known."""

    reason: str
    tier: str
    region: str


@dataclass(frozen=True, slots=True)
class Found:
    """What fits: how many, or with `more` above how many, and how to get at it.

    `few` are the ids of all in order, each with its place, None where they are too many to sort.
    `fits` are the values of what was asked, by what `_ASKED` calls them. `compartments` are those
    in which it lies, None where it may lie in any.
    """

    sort: Sort
    count: int
    more: bool
    few: Sequence[tuple[_Place, int]] | None
    fits: Mapping[str, Any]
    compartments: Collection[Compartment] | None

    @property
    def by_beginning(self) -> bool:
        """Whether only names that begin with the words were looked for."""
        return _BEGINS in self.fits


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page, and whether there are others on either side of it."""

    accounts: list[Account]
    earlier: bool
    later: bool


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of an order in which one indexed column leads; ids break ties.

    `flagged`: whether its accounts have a tier, None where some do.
    """

    fits: ColumnElement[bool] | None
    key: Column[Any] | None
    down: bool = False
    flagged: bool | None = None


_ACCOUNT = table_of(Account).c
_TIER, _VALUE, _LOST_ON = _ACCOUNT.tier, _ACCOUNT.value_minor, _ACCOUNT.lost_on
_ORDERS: dict[Sort, tuple[_Stretch, ...]] = {
    Sort.VALUE: (
        _Stretch(_TIER.is_not(None) & _VALUE.is_not(None), _VALUE, down=True, flagged=True),
        _Stretch(_TIER.is_not(None) & _VALUE.is_(None), None, flagged=True),
        _Stretch(_TIER.is_(None) & _VALUE.is_not(None), _VALUE, down=True, flagged=False),
        _Stretch(_TIER.is_(None) & _VALUE.is_(None), None, flagged=False),
    ),
    Sort.AGE: (_Stretch(_LOST_ON.is_not(None), _LOST_ON), _Stretch(_LOST_ON.is_(None), None)),
    Sort.NAME: (_Stretch(None, _ACCOUNT.name_key),),
}

_BETWEEN = "\x1f"
_COMPARTMENT: ColumnElement[str] = literal_column(COMPARTMENT, String)
_WAITS: tuple[ColumnElement[bool], ...] = (
    _ACCOUNT.workspace_id == bindparam("workspace"),
    literal_column(IN_DRAWER),
)
_LIES, _LOST_BY, _BEFORE, _HOLDS = "lies", "lost_by", "before", "holds"
_BEGINS, _ENDS = "begins", "ends"
_ASKED: dict[str, ColumnElement[bool]] = {
    _LIES: _COMPARTMENT.in_(bindparam(_LIES, type_=String, expanding=True)),
    _LOST_BY: _ACCOUNT.lost_by_id.in_(bindparam(_LOST_BY, expanding=True)),
    _BEFORE: bindparam(_BEFORE, type_=_LOST_ON.type) > _LOST_ON,
    _BEGINS: and_(
        *(_ACCOUNT.name_key >= bindparam(_BEGINS), _ACCOUNT.name_key <= bindparam(_ENDS))
    ),
    _HOLDS: _ACCOUNT.name_key.like(bindparam(_HOLDS), escape="/"),
}
_NARROW = (_BEFORE, _BEGINS)  # of these few or very many may fit, and an index serves each
_NO_PATTERN = re.compile("[/%_]")


def _compartments() -> Select[tuple[str]]:
    """Go from each compartment straight to the next, so that it costs what there are of them."""
    first = select(_COMPARTMENT).where(*_WAITS).order_by(_COMPARTMENT).limit(1)
    found = select(first.scalar_subquery().label("parts")).cte("found", recursive=True)
    following = first.where(found.c.parts < _COMPARTMENT).scalar_subquery()
    found = found.union_all(select(following).where(found.c.parts.is_not(None)))
    return select(found.c.parts).where(found.c.parts.is_not(None))


_COMPARTMENTS = _compartments()


class Drawer(Repository):
    """Queries over the accounts that wait for a deal."""

    async def find(self, sought: Sought, sort: Sort) -> Found:
        """Find what fits, to be leafed through in an order.

        Of days and of beginnings of names there may be few or very many; so these are counted
        first, each alone: one that leaves few leads to what fits the rest, too.
        """
        fits = await self._days_and_name(sought)
        nothing = Found(sort, 0, False, [], fits, None)
        narrow = [name for name in _NARROW if name in fits]
        counts: dict[tuple[str, ...], int] = {
            (name,): await self._count((name,), fits, COUNTED) for name in narrow
        }
        if 0 in counts.values():
            return nothing
        lying = None
        if sought.reasons or sought.tier or sought.region or sought.lost_by is not None:
            lying = [one for one in await self._compartments() if _fits(one, sought)]
            fits[_LIES] = [_BETWEEN.join(one) for one in lying]
            if not lying:
                return nothing
        if sought.lost_by is not None:
            fits[_LOST_BY] = list(sought.lost_by)
        if not fits:
            waiting = await self._count((), fits, MANY)
            return Found(sort, min(waiting, MANY), waiting > MANY, None, fits, None)
        asked = tuple(name for name in _ASKED if name in fits)
        lead = next((first for first, count in counts.items() if count <= COUNTED), ())
        count = counts.get(asked) or await self._count(asked, fits, COUNTED, lead)
        more = count > COUNTED
        few = None if more else await self._sorted(asked, fits, sort, lead)
        return Found(sort, min(count, COUNTED), more, few, fits, lying)

    async def leaf(
        self, found: Found, size: int, *, beside: int | None = None, back: bool = False
    ) -> Leaf:
        """Give a page: the first, or the one after (`back`: before) the account `beside`.

        The place is kept by that account, not by a number, so that a drawer from which accounts are
        dealt meanwhile shows none twice and leaves none out.
        """
        accounts = Accounts(self.session, self.workspace_id)
        place = await accounts.by_id(beside) if beside is not None else None
        if found.few is None:
            taken = await self._walk(found, size + 1, place, back=back)
        else:
            taken = await self._pick(found.few, found.sort, size + 1, place, back=back)
        more = len(taken) > size
        shown = taken[:size]
        if back:
            return Leaf(shown[::-1], earlier=more, later=place is not None)
        return Leaf(shown, earlier=place is not None, later=more)

    async def is_empty(self) -> bool:
        """Say whether nothing waits."""
        return not await self._count((), {}, 0)

    async def people_called(self, words: str) -> list[Member]:
        """Give the members, also those who left, in whose name the words stand."""
        rows = await self.session.exec(
            select_rows(Member)
            .where(
                Member.workspace_id == self.workspace_id,
                col(Member.name_key).contains(name_key(words), autoescape=True),
            )
            .order_by(Member.name_key)
        )
        return list(rows)

    async def regions(self) -> list[str]:
        """Give the regions that accounts in the drawer have, in order."""
        return sorted({lying.region for lying in await self._compartments()} - {""})

    async def _compartments(self) -> list[Compartment]:
        rows = await run(self.session, _COMPARTMENTS, [{"workspace": self.workspace_id}])
        return [Compartment(*parts.split(_BETWEEN, 2)) for parts in rows.scalars()]

    async def _days_and_name(self, sought: Sought) -> dict[str, Any]:
        fits: dict[str, Any] = {}
        if sought.lost_before:
            fits[_BEFORE] = sought.lost_before
        if sought.name:
            key = name_key(sought.name)
            if await Accounts(self.session, self.workspace_id).are_many():
                fits |= {_BEGINS: key, _ENDS: key + LAST}
            else:
                fits[_HOLDS] = "%" + _NO_PATTERN.sub(r"/\g<0>", key) + "%"
        return fits

    async def _count(
        self,
        asked: tuple[str, ...],
        fits: Mapping[str, Any],
        most: int,
        lead: tuple[str, ...] = (),
    ) -> int:
        """Count what fits, up to one more than `most`."""
        values = {**fits, "workspace": self.workspace_id, "most": most + 1}
        rows = await run(self.session, _counting(asked, lead), [values])
        return int(rows.scalar_one())

    async def _sorted(
        self, asked: tuple[str, ...], fits: Mapping[str, Any], sort: Sort, lead: tuple[str, ...]
    ) -> list[tuple[_Place, int]]:
        """Give the ids of all that fits with their places, in order."""
        values = {**fits, "workspace": self.workspace_id}
        rows = await run(self.session, _placing(asked, lead), [values])
        return sorted((_place(row, sort), row.id) for row in rows)

    async def _pick(
        self,
        few: Sequence[tuple[_Place, int]],
        sort: Sort,
        most: int,
        start: Account | None,
        *,
        back: bool,
    ) -> list[Account]:
        """Give accounts out of few, in order, from a place on."""
        at = (_place(start, sort), start.id or 0) if start is not None else None
        if back:
            chosen = few[: bisect_left(few, at) if at else len(few)][::-1]
        else:
            chosen = few[bisect_right(few, at) if at else 0 :]
        ids = [identity for _, identity in chosen[:most]]
        accounts = await Accounts(self.session, self.workspace_id).by_ids(ids)
        return [accounts[identity] for identity in ids]

    async def _walk(
        self, found: Found, most: int, start: Account | None, *, back: bool
    ) -> list[Account]:
        """Give accounts out of many: walk their order from a place on until there are enough."""
        last = len(_ORDERS[found.sort])
        at = _stretch_of(start, found.sort) if start else _EVERYTHING
        taken: list[Account] = []
        for index in range(at, -1, -1) if back else range(at, last):
            if len(taken) == most:
                break
            here = start if index == at else None
            taken += await self._take(found, index, here, most - len(taken), back=back)
        return taken

    async def _take(
        self, found: Found, number: int, start: Account | None, most: int, *, back: bool
    ) -> list[Account]:
        """Walk one stretch of an order."""
        stretch = _ORDERS[found.sort][number]
        if _is_barren(stretch, found.compartments):
            return []
        asked = tuple(name for name in _ASKED if name in found.fits)
        statement = _walking(found.sort, number, asked, begun=start is not None, back=back)
        values = {**found.fits, "workspace": self.workspace_id, "most": most}
        if start is not None:
            values |= {f"at_{key.name}": getattr(start, key.name) for key in _keys(stretch)}
        return list(await self.session.exec(statement, params=values))


@cache
def _counting(asked: tuple[str, ...], lead: tuple[str, ...]) -> Select[Any]:
    """Make a statement once for each way to ask: that takes longer than carrying it out."""
    found = _fitting(select(_ACCOUNT.id), asked, lead or asked).limit(bindparam("most"))
    return select(func.count()).select_from(found.subquery())


@cache
def _placing(asked: tuple[str, ...], lead: tuple[str, ...]) -> Select[Any]:
    columns = (_ACCOUNT.id, _TIER, _VALUE, _LOST_ON, _ACCOUNT.name_key)
    return _fitting(select(*columns), asked, lead or asked)


@cache
def _walking(
    sort: Sort, number: int, asked: tuple[str, ...], *, begun: bool, back: bool
) -> SelectOfScalar[Account]:
    """Make the statement by which a stretch is walked, where `begun` from a place on."""
    stretch = _ORDERS[sort][number]
    statement = _fitting(select_rows(Account), asked, ())
    if stretch.fits is not None:
        statement = statement.where(stretch.fits)
    keys = _keys(stretch)
    down = stretch.down != back
    if begun:
        here = (bindparam(f"at_{key.name}", type_=key.type) for key in keys)
        place = tuple_(*here, types=[key.type for key in keys])
        statement = statement.where(tuple_(*keys) < place if down else tuple_(*keys) > place)
    order = [key.desc() if down else key.asc() for key in keys]
    return statement.order_by(*order).limit(bindparam("most"))


def _fitting(statement: _Statement, asked: tuple[str, ...], lead: tuple[str, ...]) -> _Statement:
    """Narrow a statement to what is in the drawer and fits.

    What does not lead stands in a CASE, which no index serves: so the planner walks the index of
    what leads, or else that of the order.
    """
    rest = [_ASKED[name] for name in asked if name not in lead]
    statement = statement.where(*_WAITS, *(_ASKED[name] for name in lead))
    return statement.where(case((and_(*rest), 1), else_=0) == 1) if rest else statement


def _keys(stretch: _Stretch) -> list[Column[Any]]:
    return [_ACCOUNT.id] if stretch.key is None else [stretch.key, _ACCOUNT.id]


def _fits(lying: Compartment, sought: Sought) -> bool:
    """Say whether what lies here fits in all that it has in common."""
    return (
        (not sought.reasons or lying.reason in sought.reasons)
        and (not sought.tier or lying.tier.casefold() == sought.tier.casefold())
        and (not sought.region or lying.region.casefold() == sought.region.casefold())
    )


def _is_barren(stretch: _Stretch, lying: Collection[Compartment] | None) -> bool:
    """Say whether nothing in a stretch can fit."""
    if lying is None or stretch.flagged is None:
        return False
    return not any(bool(one.tier) == stretch.flagged for one in lying)


def _place(account: Any, sort: Sort) -> _Place:
    """Give where an account lies in an order; ids break ties, as they do in the indexes."""
    if sort is Sort.VALUE:
        unflagged, value = account.tier is None, account.value_minor
        if value is None:
            return unflagged, True, account.id
        return unflagged, False, -value, -account.id
    if sort is Sort.AGE:
        return account.lost_on is None, account.lost_on or date.min, account.id
    return account.name_key, account.id


def _stretch_of(place: Account, sort: Sort) -> int:
    """Give the number of the stretch in which an account lies."""
    if sort is Sort.VALUE:
        return (0 if place.tier is not None else 2) + (0 if place.value_minor is not None else 1)
    if sort is Sort.AGE:
        return 0 if place.lost_on is not None else 1
    return 0
