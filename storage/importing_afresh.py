"""The short way in: rows of which nothing is known yet, written as they are read."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import func, literal_column, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.account_life import State
from domain.losses import Kind
from storage.bulk import KEY_IS_TAKEN, write_columns
from storage.much_at_once import Room
from storage.repository import Repository
from storage.sql import is_embedded, run, table_of
from storage.staging import Staging
from storage.staging_tables import ABOUT_ACCOUNT, ABOUT_LOSS
from storage.tables import Account, Loss, RememberedName

OF_ACCOUNT = ("tier", "region", "sector")
"""What a file of losses may say of the accounts themselves."""

OF_LOSS = (
    *(key for key, _ in ABOUT_LOSS if key != "fingerprint"),
    *("reason", "competitor", "product", "value_minor", "currency", "lost_on"),
    *("decision_maker", "lost_by_id"),
)
"""What a row says of a loss, but for what it is known by."""

BY_DEFAULT: dict[str, str] = {"kind": Kind.CUSTOMER.value, "reason": "unknown"}

Columns = Mapping[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class LossTerms:
    """What losses are taken in by: `described` are those of `OF_ACCOUNT` that the file has.

    A loss without a day is `today`'s; `by` is the member who sends the file.
    """

    now: datetime
    today: date
    by: int | None
    revisit_days: int
    described: Collection[str] = OF_ACCOUNT


class Intake(Repository, ABC):
    """Takes a file's rows batch by batch: those that are all new straight into the tables.

    From the first batch on that knows something already, rows go into `staging`, to be compared.
    All that was written is above them in the file, and so what is staged is as a second file.
    """

    def __init__(
        self, session: AsyncSession, workspace_id: str, staging: Staging, room: Room
    ) -> None:
        super().__init__(session, workspace_id)
        self.staging = staging
        self.room = room
        self.written = 0
        """Rows that went straight into the tables."""
        self._straight = True
        self._writing: asyncio.Future[None] | None = None

    async def begin(self) -> None:
        """Look whether accounts have other names, too, which only the comparison knows."""
        former = table_of(RememberedName)
        own = former.c.workspace_id == self.workspace_id
        found = await run(self.session, select(former.c.account_id).where(own).limit(1))
        self._straight = found.first() is None

    async def add(self, columns: Columns) -> None:
        """Take rows in, given by the staged column; a column that is not given stays empty.

        A server writes them while the caller reads the next ones; until `settle`, the session must
        not be used. SQLite shares our processor: with it, reading meanwhile only gets in its way.
        """
        await self.settle()
        self._writing = asyncio.ensure_future(self._add(columns))
        if is_embedded(self.session):
            await self.settle()

    async def settle(self) -> None:
        """Wait until all that was added is written."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    async def _add(self, columns: Columns) -> None:
        if self._straight:
            self._straight = await self._all_are_new(columns)
            if not self._straight:
                await self.room.keep_keys()
        if not self._straight:
            await self.staging.add(columns)

    async def _all_are_new(self, columns: Columns) -> bool:
        """Write rows, unless one of them is known already: then none is written."""
        count = len(columns["line"])
        if len(set(columns["name_key"])) < count:
            return False
        await self.room.make(self.written + count, all_new=True)
        try:
            async with self.session.begin_nested():
                await self._write(columns, count)
        except KEY_IS_TAKEN:
            return False
        self.written += count
        return True

    @abstractmethod
    async def _write(self, columns: Columns, count: int) -> None:
        """Write rows of which nothing is known."""


class AccountIntake(Intake):
    """Takes a file's accounts; new ones go into the drawer."""

    def __init__(
        self, session: AsyncSession, workspace_id: str, staging: Staging, room: Room, now: datetime
    ) -> None:
        super().__init__(session, workspace_id, staging, room)
        self.now = now

    async def _write(self, columns: Columns, count: int) -> None:
        await write_columns(
            self.session,
            table_of(Account),
            {
                **_told(columns, [key for key, _ in ABOUT_ACCOUNT]),
                "name": _names(columns),
                "workspace_id": [self.workspace_id] * count,
                "state": [State.CODE_99.value] * count,
                "created_at": [self.now] * count,
                "touched_at": [self.now] * count,
            },
        )


class LossIntake(Intake):
    """Takes a file's losses, each with its account as the loss leaves it."""

    def __init__(
        self,
        session: AsyncSession,
        workspace_id: str,
        staging: Staging,
        room: Room,
        terms: LossTerms,
    ) -> None:
        super().__init__(session, workspace_id, staging, room)
        self.terms = terms

    async def _write(self, columns: Columns, count: int) -> None:
        terms, nothing = self.terms, [None] * count
        reasons = columns.get("reason", nothing)
        lost_on = [cast(date, day or terms.today) for day in columns.get("lost_on", nothing)]
        ids = await self._account_ids(count)
        shared: Columns = {
            **_told(columns, ("lost_by_id", "competitor", "product", "decision_maker")),
            "workspace_id": [self.workspace_id] * count,
            "reason": [reason or BY_DEFAULT["reason"] for reason in reasons],
            "lost_on": lost_on,
        }
        values = columns.get("value_minor", nothing)
        worth = [cast(int, value or 0) > 0 for value in values]
        account: Columns = {
            **shared,
            **_told(columns, ("name_key", "external_id", *OF_ACCOUNT)),
            "id": ids,
            "name": _names(columns),
            "state": [_AT_RISK if kind == _EBBING else _IN_DRAWER for kind in columns["kind"]],
            "value_minor": _where(worth, values),
            "currency": _where(worth, columns.get("currency", nothing)),
            "why_verified": columns.get("verified_reason", nothing),
            "reconnect_on": self._reconnect_on(columns.get("wake_on", nothing), lost_on),
            "created_at": [terms.now] * count,
            "touched_at": [terms.now] * count,
        }
        loss: Columns = {
            **_told(columns, (*OF_LOSS, "fingerprint")),
            **shared,
            "account_id": ids,
            "logged_at": [terms.now] * count,
            "logged_by_id": [terms.by] * count,
        }
        await write_columns(self.session, table_of(Account), account)
        await write_columns(self.session, table_of(Loss), loss)

    def _reconnect_on(self, wake_on: Sequence[object], lost_on: Sequence[date]) -> list[object]:
        later = {day: day + timedelta(days=self.terms.revisit_days) for day in set(lost_on)}
        return [wake or later[lost] for wake, lost in zip(wake_on, lost_on, strict=True)]

    async def _account_ids(self, count: int) -> Sequence[int]:
        """Give ids for accounts that are written next."""
        if is_embedded(self.session):  # nobody else writes meanwhile
            first = self.room.highest(Account) + self.written + 1
            return range(first, first + count)
        number = func.nextval(literal_column("'account_id_seq'::regclass"))
        numbers = select(func.array_agg(number)).select_from(func.generate_series(1, count))
        return cast(list[int], (await run(self.session, numbers)).scalar_one())


_EBBING, _AT_RISK, _IN_DRAWER = Kind.EBBING.value, State.AT_RISK.value, State.CODE_99.value


def _told(columns: Columns, keys: Iterable[str]) -> Columns:
    return {key: columns[key] for key in keys if key in columns}


def _names(columns: Columns) -> Sequence[object]:
    """Give each account's name; one known by its id alone is called by it."""
    nothing = [None] * len(columns["line"])
    names = columns.get("name", nothing)
    if None not in names:
        return names
    ids = columns.get("external_id", nothing)
    return [name or f"Account {its_id}" for name, its_id in zip(names, ids, strict=True)]


def _where(meant: Sequence[bool], cells: Sequence[object]) -> list[object]:
    return [cell if is_meant else None for is_meant, cell in zip(meant, cells, strict=True)]
