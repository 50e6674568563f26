"""Deals, assignments and turns, as they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import col, func
from sqlmodel import select as select_rows

from domain.account_life import DEALABLE, IN_HAND
from domain.rotation import Turn as Place
from domain.seating import PASSED_ON, Lot
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Account, Assignment, Claim, Deal, Loss, Member, Turn, Workspace


class Ended(StrEnum):
    """How an assignment ended; the values are stored."""

    WON_BACK = "won back"
    HANDED_OVER = "handed over"
    UNDONE = "undone"
    RETURNED = "returned"
    LET_GO = "let go"


_BARRED = {Ended.HANDED_OVER: PASSED_ON, Ended.RETURNED: "had it last"}


class Dealing(Repository):
    """Queries over who holds what and whose turn it is."""

    async def lock(self) -> None:
        """Wait until nobody else deals in this workspace, and keep others waiting till we commit.

        The lock leaves alone what only refers to the workspace, such as the logging of a loss.
        """
        await self.session.exec(
            select_rows(Workspace.id)
            .where(Workspace.id == self.workspace_id)
            .with_for_update(key_share=True)
        )

    async def open_assignment(self, account_id: int) -> Assignment | None:
        """Give the assignment that holds an account now."""
        rows = await self.session.exec(
            select_rows(Assignment).where(
                Assignment.workspace_id == self.workspace_id,
                Assignment.account_id == account_id,
                col(Assignment.ended_at).is_(None),
            )
        )
        return rows.one_or_none()

    async def open_assignments_of(self, member_id: int) -> list[Assignment]:
        """Give the assignments by which a member holds accounts now, oldest first."""
        rows = await self.session.exec(
            select_rows(Assignment)
            .where(
                Assignment.workspace_id == self.workspace_id,
                Assignment.member_id == member_id,
                col(Assignment.ended_at).is_(None),
            )
            .order_by(col(Assignment.id))
        )
        return list(rows)

    async def lots(self, account_ids: Collection[int] | None = None) -> list[Lot]:
        """Give what waits in the drawer to be dealt, or those of the accounts named that do."""
        account = table_of(Account)
        waiting: ColumnElement[bool] = account.c.state.in_(DEALABLE)
        if account_ids is not None:
            waiting = waiting & account.c.id.in_(account_ids)
        return await self._lots(waiting)

    async def asleep(self, today: date) -> dict[int, date]:
        """Give the accounts that asked, on leaving, to be left alone until a day still to come."""
        account, loss = table_of(Account), table_of(Loss)
        rows: Iterable[Any] = await run(
            self.session,
            select(loss.c.account_id, func.max(loss.c.wake_on))
            .join(account, account.c.id == loss.c.account_id)
            .where(
                loss.c.workspace_id == self.workspace_id,
                loss.c.wake_on > today,
                loss.c.lost_on == account.c.lost_on,
                account.c.state.in_(DEALABLE),
            )
            .group_by(loss.c.account_id),
        )
        return {row[0]: row[1] for row in rows}

    async def lot_in_hand(self, account_id: int) -> Lot:
        """Give an account that a rep holds as a lot, to be dealt to another."""
        [lot] = await self._lots(table_of(Account).c.id == account_id)
        return lot

    async def is_claimed(self, account_id: int) -> bool:
        """Say whether a claim that the account came back waits for an answer."""
        rows = await self.session.exec(
            select_rows(Claim.id)
            .where(
                Claim.workspace_id == self.workspace_id,
                Claim.account_id == account_id,
                Claim.state == "claimed",
            )
            .limit(1)
        )
        return rows.first() is not None

    async def open_counts(self) -> dict[int, int]:
        """Count the accounts in hand, by member."""
        rows = await self.session.exec(
            select_rows(Account.holder_id, func.count())
            .where(
                Account.workspace_id == self.workspace_id,
                col(Account.holder_id).is_not(None),
                col(Account.state).in_(IN_HAND),
            )
            .group_by(col(Account.holder_id))
        )
        return {holder: count for holder, count in rows if holder is not None}

    async def returned_since(self, since: datetime) -> dict[int, int]:
        """Count the accounts that went back to the drawer from an instant on, by who had them."""
        assignment, member = table_of(Assignment), table_of(Member)
        anybody = select(member.c.id).where(member.c.workspace_id == self.workspace_id)
        rows: Iterable[Any] = await run(
            self.session,
            select(assignment.c.member_id, func.count())
            .where(
                assignment.c.workspace_id == self.workspace_id,
                assignment.c.member_id.in_(anybody),
                assignment.c.ended_at >= since,
                assignment.c.ended_as == Ended.RETURNED,
            )
            .group_by(assignment.c.member_id)
            .order_by(assignment.c.member_id),
        )
        return {row[0]: row[1] for row in rows}

    async def turns(self) -> dict[int, Place]:
        """Give everybody's place in the rotation, by member."""
        rows = await self.session.exec(
            select_rows(Turn).where(Turn.workspace_id == self.workspace_id)
        )
        return {row.member_id: Place(row.taken, row.last_seq, row.pool, row.weight) for row in rows}

    async def deal(self, deal_id: int) -> Deal | None:
        """Give one deal."""
        rows = await self.session.exec(
            select_rows(Deal).where(Deal.workspace_id == self.workspace_id, Deal.id == deal_id)
        )
        return rows.one_or_none()

    async def deal_of(self, preview_key: str) -> Deal | None:
        """Give the deal that carried out a preview."""
        rows = await self.session.exec(
            select_rows(Deal).where(
                Deal.workspace_id == self.workspace_id, Deal.preview_key == preview_key
            )
        )
        return rows.one_or_none()

    async def deals_so_far(self) -> int:
        """Give the id of the latest deal, undone or not; 0 before the first."""
        rows = await self.session.exec(
            select_rows(func.max(Deal.id)).where(Deal.workspace_id == self.workspace_id)
        )
        return rows.one() or 0

    async def last_deal(self) -> Deal | None:
        """Give the latest deal that was not undone."""
        rows = await self.session.exec(
            select_rows(Deal)
            .where(Deal.workspace_id == self.workspace_id, col(Deal.undone_at).is_(None))
            .order_by(col(Deal.dealt_at).desc(), col(Deal.id).desc())
            .limit(1)
        )
        return rows.one_or_none()

    async def _lots(self, which: ColumnElement[bool]) -> list[Lot]:
        account = table_of(Account)
        found: Iterable[Any] = await run(
            self.session,
            select(
                account.c.id,
                account.c.name_key,
                account.c.value_minor,
                account.c.currency,
                account.c.region,
                account.c.lost_by_id,
            ).where(account.c.workspace_id == self.workspace_id, which),
        )
        held = await self._held_before(which)
        lost: dict[int | None, tuple[tuple[int, str], ...]] = {None: ()}
        lots = []
        for account_id, key, value, currency, region, lost_by in found:
            if lost_by not in lost:
                lost[lost_by] = ((lost_by, "lost it"),)
            barred = lost[lost_by]
            if account_id in held:
                barred = tuple(sorted({**held[account_id], **dict(barred)}.items()))
            lots.append(Lot(account_id, key, value or 0, currency or "", region or "", barred))
        return lots

    async def _held_before(self, which: ColumnElement[bool]) -> Mapping[int, Mapping[int, str]]:
        """Find who had an account since it was lost, and passed it on or let it lie."""
        account, assignment = table_of(Account), table_of(Assignment)
        rows: Iterable[Any] = await run(
            self.session,
            select(assignment.c.account_id, assignment.c.member_id, assignment.c.ended_as)
            .join(account, account.c.id == assignment.c.account_id)
            .where(
                assignment.c.workspace_id == self.workspace_id,
                assignment.c.ended_as.in_(_BARRED),
                account.c.lost_on.is_(None) | (assignment.c.assigned_on >= account.c.lost_on),
                which,
            )
            .order_by(assignment.c.id),
        )
        held: dict[int, dict[int, str]] = {}
        for account_id, member_id, ended_as in rows:
            held.setdefault(account_id, {})[member_id] = _BARRED[Ended(ended_as)]
        return held
