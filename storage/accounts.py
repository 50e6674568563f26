"""Customers, their losses and the visits to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import update
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.account_life import IN_HAND, State
from domain.names import name_key
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Account, Assignment, Claim, Loss, Visit

_NEAR = 86  # of 100, rapidfuzz WRatio: "Acme Corp" ~ "Acmme" asks; "Acme" ~ "Apex" does not
_SHOWN = 100  # Slack shows at most this many options


class Accounts(Repository):
    """Queries over accounts, losses and visits."""

    async def by_id(self, account_id: int) -> Account | None:
        """Give an account by id."""
        rows = await self.session.exec(self._all().where(Account.id == account_id))
        return rows.one_or_none()

    async def by_ids(self, ids: Sequence[int]) -> dict[int, Account]:
        """Give several accounts at once, by id."""
        rows = await self.session.exec(self._all().where(col(Account.id).in_(ids)))
        return {row.id: row for row in rows if row.id is not None}

    async def named(self, name: str) -> Account | None:
        """Give the account of this name, despite case, punctuation and legal form."""
        rows = await self.session.exec(self._all().where(Account.name_key == name_key(name)))
        return rows.one_or_none()

    async def by_external_id(self, external_id: str) -> Account | None:
        """Give the account that another system knows by this id; None where two are."""
        rows = await self.session.exec(
            self._all().where(Account.external_id == external_id).limit(2)
        )
        found = list(rows)
        return found[0] if len(found) == 1 else None

    async def near(self, name: str, limit: int = 3) -> list[Account]:
        """Give accounts whose names are nearly this one, nearest first; none that is certain."""
        rows = await self.session.exec(
            select(Account.id, Account.name_key).where(Account.workspace_id == self.workspace_id)
        )
        keys = {identity: key for identity, key in rows if identity is not None}
        found = process.extract(
            name_key(name), keys, scorer=fuzz.WRatio, score_cutoff=_NEAR, limit=limit
        )
        accounts = await self.by_ids([identity for _, _, identity in found])
        return [accounts[identity] for _, _, identity in found]

    async def starting(self, typed: str, limit: int = _SHOWN) -> list[Account]:
        """Give accounts for a type-ahead: those that begin with the words typed, then others."""
        key = name_key(typed)
        begins = col(Account.name_key).startswith(key, autoescape=True)
        holds = col(Account.name_key).contains(key, autoescape=True)
        rows = await self.session.exec(
            self._all().where(holds).order_by(begins.desc(), col(Account.name_key)).limit(limit)
        )
        return list(rows)

    async def held_by(self, member_id: int) -> list[Account]:
        """Give the accounts a member has in hand, by name."""
        rows = await self.session.exec(
            self._all()
            .where(Account.holder_id == member_id, col(Account.state).in_(IN_HAND))
            .order_by(Account.name_key)
        )
        return list(rows)

    async def count_in(self, *states: str) -> int:
        """Count the accounts in any of these states."""
        rows = await self.session.exec(
            select(func.count())
            .select_from(Account)
            .where(Account.workspace_id == self.workspace_id, col(Account.state).in_(states))
        )
        return rows.one()

    async def add(self, **values: Any) -> Account:
        """Write a new account; `name_key` is made from its name."""
        account = Account(
            workspace_id=self.workspace_id, name_key=name_key(values["name"]), **values
        )
        self.session.add(account)
        await self.session.flush()
        return account

    async def put_in_drawer(self, account_ids: Collection[int], now: datetime) -> None:
        """Put accounts into the drawer, out of anybody's hands."""
        account = table_of(Account)
        await run(
            self.session,
            update(account)
            .where(account.c.workspace_id == self.workspace_id, account.c.id.in_(account_ids))
            .values(state=State.CODE_99, holder_id=None, touched_at=now),
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
        for row in (Assignment, Visit, Claim):
            found = await self.session.exec(
                select(row.id).where(
                    row.workspace_id == self.workspace_id, row.account_id == account_id
                )
            )
            if found.first() is not None:
                return True
        return False

    async def add_loss(self, **values: Any) -> Loss:
        """Write one loss."""
        loss = Loss(workspace_id=self.workspace_id, **values)
        self.session.add(loss)
        await self.session.flush()
        return loss

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

    def _all(self) -> SelectOfScalar[Account]:
        return select(Account).where(Account.workspace_id == self.workspace_id)
