"""Two accounts that turn out to be the same customer become one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import literal
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from storage.accounts import pointing_at_accounts
from storage.importing_losses import LossTaking
from storage.repository import Repository
from storage.sql import insert_ignoring, run, table_of
from storage.tables import Account, Loss, RememberedName, ToldApart

_GOES_ALONG = frozenset({"loss", "remembered_name"})  # tables whose rows change over
_FILLS = (
    *("external_id", "tier", "region", "sector", "product", "decision_maker"),
    *("lost_by_id", "lost_on", "reason", "why_verified", "competitor"),
)
_FIGURES = ("value_minor", "currency")


class Merging(Repository):
    """Statements over two accounts that are called alike: one stays, or both do."""

    async def both(self, kept_id: int, gone_id: int) -> tuple[Account | None, Account | None]:
        """Give both accounts, each if it is still there; nobody else changes them meanwhile."""
        rows = await self.session.exec(
            select(Account)
            .where(Account.workspace_id == self.workspace_id)
            .where(col(Account.id).in_((kept_id, gone_id)))
            .order_by(col(Account.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        found = {account.id: account for account in rows}
        return found.get(kept_id), found.get(gone_id)

    async def was_worked_on(self, account: Account) -> bool:
        """Say whether more is known of an account than how it was lost."""
        for column in pointing_at_accounts():
            if column.table.name not in _GOES_ALONG:
                found = select_columns(column).where(column == account.id).limit(1)
                if (await run(self.session, found)).first() is not None:
                    return True
        return False

    async def tell_apart(self, one: Account, other: Account) -> None:
        """Keep for good that two accounts are not the same."""
        one_id, other_id = sorted((one.id or 0, other.id or 0))
        pair = {"workspace_id": self.workspace_id, "one_id": one_id, "other_id": other_id}
        await insert_ignoring(self.session, ToldApart, pair)

    async def told_apart(self) -> set[tuple[int, int]]:
        """Give the ids of all pairs that were told apart, the smaller one first."""
        pairs = table_of(ToldApart).c
        rows = await run(
            self.session,
            select_columns(pairs.one_id, pairs.other_id).where(
                pairs.workspace_id == self.workspace_id
            ),
        )
        return {(row.one_id, row.other_id) for row in rows}

    async def merge(
        self, kept: Account, gone: Account, now: datetime, revisit_days: int
    ) -> tuple[list[Loss], dict[str, object]]:
        """Give `kept` all that `gone` has, and take `gone` away; files find it by either name.

        What `kept` says of itself stays; what it does not say is filled in. Gives the losses that
        came over, and what `gone` said otherwise.
        """
        was = gone.model_dump()
        rows = await self.session.exec(select(Loss).where(Loss.account_id == gone.id))
        losses = list(rows)
        for table in (table_of(Loss), table_of(RememberedName)):
            moved = table.update().where(table.c.account_id == gone.id)
            await run(self.session, moved.values(account_id=kept.id))
        await self.session.delete(gone)
        await self.session.merge(
            RememberedName(
                workspace_id=self.workspace_id,
                name_key=was["name_key"],
                external_id=was["external_id"],
                account_id=kept.id or 0,
            )
        )
        await self.session.flush()
        for key in _FILLS:
            if getattr(kept, key) is None:
                setattr(kept, key, was[key])
        if kept.value_minor is None:
            kept.value_minor, kept.currency = was["value_minor"], was["currency"]
        await self.session.flush()
        otherwise = {
            key: was[key]
            for key in (*_FILLS, *_FIGURES)
            if was[key] not in {None, getattr(kept, key)}
        }
        if losses:
            found = select_columns(literal(kept.id).label("account_id")).subquery("found")
            taking = LossTaking(self.session, self.workspace_id)
            await taking.bring_up_to_date(found, now, revisit_days)
            await self.session.refresh(kept)
        for loss in losses:
            await self.session.refresh(loss)
        return losses, otherwise
