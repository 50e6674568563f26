"""Everything a report needs, joined in one statement each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Select, Table, func, select

from domain.account_life import State
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Account, AuditEntry, Claim, LedgerLine, Loss, Member

_account, _loss, _member = table_of(Account), table_of(Loss), table_of(Member)
_ledger, _audit, _claim = table_of(LedgerLine), table_of(AuditEntry), table_of(Claim)


class Exporting(Repository):
    """Queries for the reports that are given out as files."""

    async def accounts(self, states: Collection[State]) -> list[Row[Any]]:
        """Give the accounts in these states, with who lost and who holds each, by name."""
        loser, holder = _member.alias("loser"), _member.alias("holder")
        statement = (
            select(_account, *_named(loser, "lost_by"), *_named(holder, "holder"))
            .outerjoin(loser, loser.c.id == _account.c.lost_by_id)
            .outerjoin(holder, holder.c.id == _account.c.holder_id)
            .where(_account.c.state.in_(states))
            .order_by(_account.c.name_key)
        )
        return await self._all(statement, _account)

    async def losses(self) -> list[Row[Any]]:
        """Give losses with their accounts and the names of who lost them, oldest first."""
        statement = (
            select(
                _loss,
                _account.c.name.label("account"),
                _account.c.external_id.label("account_id_there"),
                *_named(_member, "lost_by"),
            )
            .join(_account, _account.c.id == _loss.c.account_id)
            .outerjoin(_member, _member.c.id == _loss.c.lost_by_id)
            .order_by(_loss.c.lost_on, _loss.c.id)
        )
        return await self._all(statement, _loss)

    async def members(self) -> list[Row[Any]]:
        """Give the active members with the names of their managers, by name."""
        manager = _member.alias("manager")
        statement = (
            select(_member, *_named(manager, "manager"))
            .outerjoin(manager, manager.c.id == _member.c.manager_id)
            .where(_member.c.active)
            .order_by(_member.c.name_key, _member.c.id)
        )
        return await self._all(statement, _member)

    async def ledger(self) -> list[Row[Any]]:
        """Give every line of the bounty ledger, in order, with whose and which account's it is."""
        by = _member.alias("by")
        statement = (
            select(
                _ledger,
                _account.c.name.label("account"),
                *_named(_member, "member"),
                *_named(by, "by"),
            )
            .join(_claim, _claim.c.id == _ledger.c.claim_id)
            .join(_account, _account.c.id == _claim.c.account_id)
            .join(_member, _member.c.id == _ledger.c.member_id)
            .outerjoin(by, by.c.id == _ledger.c.by_id)
            .order_by(_ledger.c.id)
        )
        return await self._all(statement, _ledger)

    async def audit(self) -> list[Row[Any]]:
        """Give every line of the audit log, in order, with who did it."""
        statement = (
            select(_audit, *_named(_member, "by"))
            .outerjoin(_member, _member.c.id == _audit.c.by_id)
            .order_by(_audit.c.id)
        )
        return await self._all(statement, _audit)

    async def namesakes(self) -> set[str]:
        """Give the folded names that more than one member has."""
        counted = select(_member.c.name_key).group_by(_member.c.name_key).having(func.count() > 1)
        return {row.name_key for row in await self._all(counted, _member)}

    async def _all(self, statement: Select[Any], of: Table) -> list[Row[Any]]:
        mine = statement.where(of.c.workspace_id == self.workspace_id)
        return list(await run(self.session, mine))


def _named(member: Any, prefix: str) -> list[Any]:
    """Select what a person may be called by: name, e-mail and platform id."""
    return [member.c[key].label(f"{prefix}_{key}") for key in ("name", "email", "platform_user_id")]
