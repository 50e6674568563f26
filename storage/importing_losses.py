"""Taking a file's losses over: each once, whatever is sent twice, and what they say of accounts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Subquery,
    Table,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.types import Date

from domain.account_life import State
from domain.losses import Kind
from storage.importing_accounts import AccountTaking, Taken
from storage.importing_afresh import BY_DEFAULT, OF_LOSS, LossIntake, LossTerms
from storage.repository import Repository
from storage.sql import insert_into, is_embedded, run, table_of
from storage.staging import Staging
from storage.staging_tables import STAGED_NAME
from storage.tables import Account, Claim, Loss

_MAY_STAY = ("value_minor", "currency", "decision_maker", "product", "why_verified")
"""What an account keeps where its latest loss does not say it."""


class LossTaking(Repository):
    """Writes staged losses into the workspace; what is not committed is as if never sent."""

    async def take(self, intake: LossIntake) -> Taken:
        """Write staged losses, and bring their accounts up to the latest loss of each.

        A loss is known by its fingerprint; one that is known already only learns what it did not
        know.
        """
        staged, terms, room = intake.staging.table, intake.terms, intake.room
        total = await intake.staging.count()
        if not total:
            return Taken(intake.written, 0, 0, [])
        await room.make(intake.written + total)
        names = Staging(self.session, STAGED_NAME)
        await names.open()
        accounts = AccountTaking(self.session, self.workspace_id)
        refused = await accounts.find_for_losses(staged, names, room, terms.now)
        new = await self._insert(staged, terms)
        await room.close(Loss)
        await room.look_again(Loss)
        kept, changed, duplicates = total - len(refused), 0, 0
        if new < kept:
            known = table_of(Loss).c.id <= room.highest(Loss)
            duplicates = kept - new - await self._count_met(staged, known)
            changed = await self._update(staged, known)
            if duplicates:
                await self._update(staged, ~known)
        await self._describe_accounts(staged, terms.described)
        if intake.written:
            await self._begin_again(names.table, room.highest(Account), terms.now)
        await self.bring_up_to_date(names.table, terms.now, terms.revisit_days)
        await names.close()
        return Taken(intake.written + new, changed, duplicates, refused)

    async def _count_met(self, staged: Table, among: ColumnElement[bool]) -> int:
        loss = table_of(Loss)
        met = await run(
            self.session,
            select(func.count(func.distinct(loss.c.id)))
            .join_from(staged, loss, loss.c.fingerprint == staged.c.fingerprint)
            .where(loss.c.workspace_id == self.workspace_id, among),
        )
        return int(met.scalar_one())

    async def _insert(self, staged: Table, terms: LossTerms) -> int:
        loss = table_of(Loss)
        values: dict[str, ColumnElement[Any]] = {
            "workspace_id": literal(self.workspace_id),
            "account_id": staged.c.account_id,
            "fingerprint": staged.c.fingerprint,
            "logged_at": literal(terms.now, loss.c.logged_at.type),
            "logged_by_id": null() if terms.by is None else literal(terms.by),
            **{key: staged.c[key] for key in OF_LOSS},
        }
        for key, usual in BY_DEFAULT.items():
            values[key] = func.coalesce(staged.c[key], literal(usual))
        values["lost_on"] = func.coalesce(staged.c.lost_on, literal(terms.today, Date))
        rows = select(*values.values()).where(staged.c.line > 0).order_by(staged.c.line)
        insert = insert_into(self.session, Loss).from_select(list(values), rows)
        return (await run(self.session, insert.on_conflict_do_nothing())).rowcount

    async def _update(self, staged: Table, among: ColumnElement[bool]) -> int:
        """Write what the last row of each known loss says that was not known.

        A reason that a visit verified stays.
        """
        loss = table_of(Loss)
        last = select(func.max(staged.c.line)).group_by(staged.c.fingerprint)
        values = {key: func.coalesce(staged.c[key], loss.c[key]) for key in OF_LOSS}
        values["verified_reason"] = func.coalesce(loss.c.verified_reason, staged.c.verified_reason)
        differs = or_(*(loss.c[key].is_distinct_from(value) for key, value in values.items()))
        statement = (
            update(loss)
            .values(values)
            .where(
                loss.c.workspace_id == self.workspace_id,
                loss.c.fingerprint == staged.c.fingerprint,
                staged.c.line.in_(last),
                among,
                differs,
            )
        )
        return (await run(self.session, statement)).rowcount

    async def _describe_accounts(self, staged: Table, described: Collection[str]) -> None:
        """Write tier, region and sector, each as the last row of an account says it."""
        account = table_of(Account)
        for key in described:
            says = staged.c[key]
            last = (
                select(func.max(staged.c.line))
                .where(says.is_not(None))
                .group_by(staged.c.account_id)
            )
            await run(
                self.session,
                update(account)
                .values({key: says})
                .where(
                    account.c.id == staged.c.account_id,
                    staged.c.line.in_(last),
                    account.c[key].is_distinct_from(says),
                ),
            )

    async def _begin_again(self, found: FromClause, known: int, now: datetime) -> None:
        """Take from accounts of this very file what their first loss said: another may be later."""
        account = table_of(Account)
        own = and_(account.c.id > known, account.c.created_at == now)
        await run(
            self.session,
            update(account)
            .values(state=State.ACTIVE, **dict.fromkeys(_MAY_STAY))
            .where(own, account.c.id.in_(select(found.c.account_id))),
        )

    async def bring_up_to_date(self, found: FromClause, now: datetime, revisit_days: int) -> None:
        """Repeat on each account what its latest loss says, and put it into the drawer.

        `found` names the accounts in a column `account_id`. An account stays where it is in hand,
        let go, on hold, or won back after that loss.
        """
        account = table_of(Account)
        latest = self._latest(found)
        worth = case((latest.c.value_minor > 0, latest.c.value_minor))
        values: dict[str, Any] = {
            **{key: latest.c[key] for key in ("lost_by_id", "lost_on", "reason", "competitor")},
            "reconnect_on": func.coalesce(
                latest.c.wake_on, self._days_later(latest.c.lost_on, revisit_days)
            ),
            "value_minor": func.coalesce(worth, account.c.value_minor),
            "currency": case(
                (latest.c.value_minor > 0, latest.c.currency), else_=account.c.currency
            ),
            **{
                key: func.coalesce(latest.c[key], account.c[key])
                for key in ("decision_maker", "product")
            },
            "why_verified": func.coalesce(account.c.why_verified, latest.c.verified_reason),
            "state": self._state_after(account, latest),
        }
        differs = or_(*(account.c[key].is_distinct_from(value) for key, value in values.items()))
        newer = or_(account.c.lost_on.is_(None), account.c.lost_on < latest.c.lost_on)
        values["touched_at"] = case(
            (newer, literal(now, account.c.touched_at.type)), else_=account.c.touched_at
        )
        await run(
            self.session,
            update(account).values(values).where(account.c.id == latest.c.account_id, differs),
        )

    def _latest(self, found: FromClause) -> Subquery:
        """Select the latest loss of each account that was found."""
        loss, other = table_of(Loss), table_of(Loss).alias("other")
        latest = (
            select(other.c.id)
            .where(
                other.c.workspace_id == self.workspace_id,
                other.c.account_id == found.c.account_id,
            )
            .order_by(other.c.lost_on.desc(), other.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        ids = select(latest.label("id")).select_from(found).distinct().subquery()
        return select(loss).join(ids, ids.c.id == loss.c.id).subquery("latest")

    def _state_after(self, account: Table, latest: Subquery) -> ColumnElement[str]:
        claim = table_of(Claim)
        back_since = exists().where(
            claim.c.workspace_id == self.workspace_id,
            claim.c.account_id == account.c.id,
            claim.c.state == "approved",
            claim.c.won_on >= latest.c.lost_on,
        )
        here = account.c.state.in_([State.ACTIVE, State.AT_RISK, State.LOST])
        gone_again = and_(account.c.state == State.WON_BACK, ~back_since)
        after = case((latest.c.kind == Kind.EBBING, State.AT_RISK.value), else_=State.CODE_99.value)
        return case((or_(here, gone_again), after), else_=account.c.state)

    def _days_later(self, day: ColumnElement[Any], days: int) -> ColumnElement[Any]:
        if is_embedded(self.session):
            return func.date(day, f"+{days} days", type_=Date)
        return day + days
