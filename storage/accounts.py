"""Customers, their losses and the visits to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from rapidfuzz import fuzz, process
from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    and_,
    bindparam,
    not_,
    or_,
    union_all,
    update,
)
from sqlalchemy import select as columns
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.account_life import IN_HAND
from domain.names import name_key
from storage.likeness import most_alike
from storage.repository import Repository
from storage.sql import insert_for_id, run, table_of
from storage.tables import Account, Loss, Visit

_NEAR = 80  # of 100, rapidfuzz WRatio: "globx" is 91 of "globex", "apex" 60 of "acme"
_SHOWN = 100  # Slack shows at most this many options
_MEANT, _ALIKE = 2_000, 500  # names on either side that are compared: see `_neighbours`
MANY = 50_000
"""Accounts past which a name is looked for by its beginning alone, and counting stops."""
_BETWEEN = "\n"  # no folded name holds it
LAST = "\U0010ffff"
"""Sorts behind every other character."""
_FOUND_MANY = "workspaces_of_many_accounts"
_BY_ID = select(Account).where(
    Account.workspace_id == bindparam("workspace"), Account.id == bindparam("id")
)
_BY_IDS = select(Account).where(
    Account.workspace_id == bindparam("workspace"),
    col(Account.id).in_(bindparam("ids", expanding=True)),
)
_NAMED = select(Account).where(
    Account.workspace_id == bindparam("workspace"), Account.name_key == bindparam("key")
)


class Accounts(Repository):
    """Queries over accounts, losses and visits."""

    async def by_id(self, account_id: int) -> Account | None:
        """Give an account by id."""
        rows = await self.session.exec(
            _BY_ID, params={"workspace": self.workspace_id, "id": account_id}
        )
        return rows.one_or_none()

    async def by_ids(self, ids: Sequence[int]) -> dict[int, Account]:
        """Give several accounts at once, by id."""
        rows = await self.session.exec(_BY_IDS, params={"workspace": self.workspace_id, "ids": ids})
        return {row.id: row for row in rows if row.id is not None}

    async def named(self, name: str) -> Account | None:
        """Give the account of this name, despite case, punctuation and legal form."""
        rows = await self.session.exec(
            _NAMED, params={"workspace": self.workspace_id, "key": name_key(name)}
        )
        return rows.one_or_none()

    async def known_as(self, names: Sequence[str]) -> dict[str, Account]:
        """Give the accounts of these names, or that another system knows by these ids.

        By the words given, in their order, those that are known. A name goes before an id.
        """
        keys = {name: name_key(name) for name in names}
        ids = columns(col(Account.id)).where(col(Account.workspace_id) == self.workspace_id)
        # With one `or`, or the workspace named again outside, SQLite would read all of it.
        either = union_all(
            ids.where(col(Account.name_key).in_(keys.values())),
            ids.where(col(Account.external_id).in_(names)),
        )
        found = list(await self.session.exec(select(Account).where(col(Account.id).in_(either))))
        by_key = {account.name_key: account for account in found}
        by_id = {account.external_id: account for account in found}
        known = {name: by_key.get(key) or by_id.get(name) for name, key in keys.items()}
        return {name: account for name, account in known.items() if account}

    async def near(self, name: str, limit: int = 3) -> list[Account]:
        """Give what somebody may mean who typed a name that is not known, nearest first."""
        wanted = name_key(name)
        keys = await self._neighbours(wanted, _MEANT)
        found = process.extract(wanted, keys, scorer=fuzz.WRatio, score_cutoff=_NEAR, limit=limit)
        return await self._in_order([key for key, _, _ in found])

    async def alike(self, name: str, limit: int = 3) -> list[Account]:
        """Give accounts that may be the same customer as a new name, the most alike first.

        Another name of the same account is never among them: that one is `named`.
        """
        wanted = name_key(name)
        return await self._in_order(
            most_alike(wanted, await self._neighbours(wanted, _ALIKE), limit)
        )

    async def starting(self, typed: str, limit: int = _SHOWN) -> list[Account]:
        """Give accounts for a type-ahead: those that begin with the words typed, then others."""
        key = name_key(typed)
        begin = begins(key)
        rows = await self.session.exec(
            self._all().where(begin).order_by(col(Account.name_key)).limit(limit)
        )
        found = list(rows)
        if len(found) == limit or not key or await self.are_many():
            return found
        holds = or_(
            col(Account.name_key).contains(key, autoescape=True),
            func.lower(Account.name).contains(typed.lower(), autoescape=True),
        )
        others = await self.session.exec(
            self._all()
            .where(holds, not_(begin))
            .order_by(col(Account.name_key))
            .limit(limit - len(found))
        )
        return [*found, *others]

    async def held_by(self, member_id: int) -> list[Account]:
        """Give the accounts a member has in hand, by name."""
        rows = await self.session.exec(
            self._all()
            .where(Account.holder_id == member_id, col(Account.state).in_(IN_HAND))
            .order_by(Account.name_key)
        )
        return list(rows)

    async def count_in(self, *states: str) -> int:
        """Count the accounts in any of these states, up to one more than `MANY`."""
        some = (
            select(Account.id)
            .where(Account.workspace_id == self.workspace_id, col(Account.state).in_(states))
            .limit(MANY + 1)
            .subquery()
        )
        return (await self.session.exec(select(func.count()).select_from(some))).one()

    async def add(self, **values: Any) -> Account:
        """Write a new account; `name_key` is made from its name, which must not be known."""
        account = Account(
            workspace_id=self.workspace_id, name_key=name_key(values["name"]), **values
        )
        self.session.add(account)
        await self.session.flush()
        return account

    async def enter(self, account: Account) -> bool:
        """Write a new account whole and set its id; False where its name was taken meanwhile."""
        values = account.model_dump(exclude={"id"})
        account.id = await insert_for_id(self.session, Account, values)
        return account.id is not None

    async def lock(self, account_id: int) -> None:
        """Let nobody else act on an account until this unit of work is over.

        What was read of it before has to be read again.
        """
        account = table_of(Account)
        await run(
            self.session,
            columns(account.c.id)
            .where(account.c.workspace_id == self.workspace_id, account.c.id == account_id)
            .with_for_update(),
        )

    async def touch(self, account_ids: Collection[int], now: datetime) -> None:
        """Note that somebody did something about these accounts."""
        account = table_of(Account)
        await run(
            self.session,
            update(account)
            .where(account.c.workspace_id == self.workspace_id, account.c.id.in_(account_ids))
            .values(touched_at=now),
        )

    async def has_history(self, account_id: int) -> bool:
        """Say whether anything beside its losses hangs on an account."""
        for column in pointing_at_accounts():
            if column.table.name == Loss.__tablename__:
                continue
            found = await run(self.session, select(column).where(column == account_id).limit(1))
            if found.first() is not None:
                return True
        return False

    async def add_loss(self, loss: Loss) -> None:
        """Write one loss: sets its id, and a fingerprint by which an export knows it again."""
        loss.fingerprint = loss.fingerprint or f"own-{uuid4().hex}"
        loss.id = await insert_for_id(self.session, Loss, loss.model_dump(exclude={"id"}))

    async def loss(self, loss_id: int) -> Loss | None:
        """Give one loss."""
        rows = await self.session.exec(
            select(Loss).where(Loss.workspace_id == self.workspace_id, Loss.id == loss_id)
        )
        return rows.one_or_none()

    async def losses_of(self, account_id: int, limit: int = 50) -> list[Loss]:
        """Give an account's losses, latest first."""
        rows = await self.session.exec(
            select(Loss)
            .where(Loss.workspace_id == self.workspace_id, Loss.account_id == account_id)
            .order_by(col(Loss.lost_on).desc(), col(Loss.id).desc())
            .limit(limit)
        )
        return list(rows)

    async def visits_to(self, account_id: int) -> list[Visit]:
        """Give the visits to an account, latest first."""
        rows = await self.session.exec(
            select(Visit)
            .where(Visit.workspace_id == self.workspace_id, Visit.account_id == account_id)
            .order_by(col(Visit.visited_on).desc(), col(Visit.id).desc())
        )
        return list(rows)

    async def are_many(self) -> bool:
        """Say whether there are more than `MANY` accounts.

        To count so far may take longer than the search that asks, so a connection that found it
        so remembers it as long as it is open.
        """
        known: set[str] = (await self.session.connection()).info.setdefault(_FOUND_MANY, set())
        if self.workspace_id not in known:
            rows = await self.session.exec(
                select(Account.id)
                .where(Account.workspace_id == self.workspace_id)
                .offset(MANY)
                .limit(1)
            )
            if rows.first() is not None:
                known.add(self.workspace_id)
        return self.workspace_id in known

    async def _neighbours(self, wanted: str, most: int) -> list[str]:
        """Give the folded names that stand next to `wanted` in the order of names.

        At most `most` on either side, so that logging a loss costs the same however many accounts
        there are; a slip of the pen in the first letters is found only among fewer than that.
        """
        place = {"workspace": self.workspace_id, "wanted": wanted, "most": most}
        found: str | None = (await run(self.session, _BESIDE, [place])).scalar_one()
        return found.split(_BETWEEN) if found else []

    async def _in_order(self, keys: Sequence[str]) -> list[Account]:
        """Give the accounts of these folded names, in this order."""
        if not keys:
            return []
        rows = await self.session.exec(self._all().where(col(Account.name_key).in_(keys)))
        return sorted(rows, key=lambda account: keys.index(account.name_key))

    def _all(self) -> SelectOfScalar[Account]:
        return select(Account).where(Account.workspace_id == self.workspace_id)


def _beside() -> Select[tuple[str | None]]:
    """Join the names into one text: a row for each would take longer than finding them does."""
    account = table_of(Account).c
    sides = [
        select(account.name_key)
        .where(account.workspace_id == bindparam("workspace"), side)
        .order_by(order)
        .limit(bindparam("most"))
        .subquery()
        for side, order in (
            (account.name_key >= bindparam("wanted"), account.name_key.asc()),
            (account.name_key < bindparam("wanted"), account.name_key.desc()),
        )
    ]
    beside = union_all(*(select(side.c.name_key) for side in sides)).subquery()
    return columns(func.aggregate_strings(beside.c.name_key, _BETWEEN))


_BESIDE = _beside()


def begins(key: str) -> ColumnElement[bool]:
    """Give the condition that a folded name begins so, as a range that its index can serve."""
    return and_(col(Account.name_key) >= key, col(Account.name_key) <= key + LAST)


def pointing_at_accounts() -> list[Column[Any]]:
    """Give every column that refers to an account, but for rows that would go with it."""
    account = table_of(Account)
    return [
        column
        for table in account.metadata.sorted_tables
        for column in table.columns
        if any(key.column is account.c.id and not key.ondelete for key in column.foreign_keys)
    ]
