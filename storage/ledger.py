"""The bounty ledger: its lines, what stands where, and the payments made of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, insert, select, union_all, update
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.ledger import Balance, Entry, Line, Pot
from domain.money import Money
from storage.repository import Repository
from storage.sql import insert_into, run, table_of
from storage.tables import Claim, LedgerLine, Payout


class Ledger(Repository):
    """Queries over ledger lines and payments; lines are added, never changed."""

    async def write(
        self,
        claim_id: int,
        lines: Sequence[Line],
        *,
        now: datetime,
        by: int | None,
        note: str | None = None,
    ) -> None:
        """Add lines to a claim's ledger."""
        await self.write_all([(claim_id, line) for line in lines], now=now, by=by, note=note)

    async def write_all(
        self,
        lines: Sequence[tuple[int, Line]],
        *,
        now: datetime,
        by: int | None,
        note: str | None = None,
        payout_id: int | None = None,
    ) -> None:
        """Add lines of any claims, each with its claim's id, in one statement."""
        rows = [
            {
                "workspace_id": self.workspace_id,
                "claim_id": claim_id,
                "member_id": line.member_id,
                "entry": line.entry.value,
                "source": line.source.value,
                "target": line.target.value,
                "amount_minor": line.amount.minor,
                "currency": line.amount.currency,
                "at": now,
                "by_id": by,
                "note": note,
                "payout_id": payout_id,
            }
            for claim_id, line in lines
        ]
        if rows:
            await run(self.session, insert(table_of(LedgerLine)), rows)

    async def lines(self, claim_ids: Iterable[int]) -> dict[int, list[Line]]:
        """Give the ledger lines of claims, in order, by claim."""
        wanted = set(claim_ids)
        by_claim: dict[int, list[Line]] = {claim_id: [] for claim_id in wanted}
        for row in await self._rows(col(LedgerLine.claim_id).in_(wanted)):
            by_claim[row.claim_id].append(line_of(row))
        return by_claim

    async def holders(self) -> set[int]:
        """Give the ids of all who ever had a line, those who left too."""
        line = table_of(LedgerLine)
        rows = await run(
            self.session,
            select(line.c.member_id).where(line.c.workspace_id == self.workspace_id).distinct(),
        )
        return set(rows.scalars())

    async def lines_of_member(self, member_id: int) -> list[LedgerLine]:
        """Give every line of a member as it was written, in order."""
        return await self._rows(col(LedgerLine.member_id) == member_id)

    async def lines_of_payouts(self, payout_ids: Collection[int]) -> dict[int, list[LedgerLine]]:
        """Give the lines of payments, in order, by payment."""
        by_payout: dict[int, list[LedgerLine]] = {payout_id: [] for payout_id in payout_ids}
        for row in await self._rows(col(LedgerLine.payout_id).in_(payout_ids)):
            by_payout[row.payout_id or 0].append(row)
        return by_payout

    async def balances(self, *pots: Pot) -> list[Balance]:
        """Sum what stands in these pots by member, claim and currency, by one statement."""
        line = table_of(LedgerLine)
        keys = (line.c.member_id, line.c.claim_id, line.c.currency)
        wanted = [pot.value for pot in pots]
        moves = union_all(
            *(
                select(*keys, pot.label("pot"), amount.label("amount")).where(
                    line.c.workspace_id == self.workspace_id, pot.in_(wanted)
                )
                for pot, amount in (
                    (line.c.target, line.c.amount_minor),
                    (line.c.source, -line.c.amount_minor),
                )
            )
        ).subquery()
        grouped: list[ColumnElement[Any]] = [
            moves.c[name] for name in ("member_id", "claim_id", "currency", "pot")
        ]
        total = cast(func.sum(moves.c.amount), BigInteger).label("minor")
        rows = await run(
            self.session,
            select(*grouped, total)
            .group_by(*grouped)
            .having(func.sum(moves.c.amount) != 0)
            .order_by(moves.c.member_id, moves.c.claim_id),
        )
        return [
            Balance(
                row["member_id"],
                row["claim_id"],
                Pot(row["pot"]),
                Money(row["minor"], row["currency"]),
            )
            for row in rows.mappings()
        ]

    async def take_due_release(self, now: datetime, limit: int) -> list[int]:
        """Mark approved claims whose hold is over as released, and give their ids; each once."""
        claim = table_of(Claim)
        due = (
            select(claim.c.id)
            .where(
                claim.c.workspace_id == self.workspace_id,
                claim.c.state == "approved",
                claim.c.released_at.is_(None),
                claim.c.release_at <= now,
            )
            .order_by(claim.c.release_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = list((await run(self.session, due)).scalars())
        if ids:
            await run(
                self.session, update(claim).where(claim.c.id.in_(ids)).values(released_at=now)
            )
        return ids

    async def draw(
        self, member_id: int, amount: Money, reference: str, *, now: datetime, by: int
    ) -> Payout | None:
        """Write an open payment; None where the member has one in this currency already."""
        statement = (
            insert_into(self.session, Payout)
            .values(
                workspace_id=self.workspace_id,
                member_id=member_id,
                reference=reference,
                amount_minor=amount.minor,
                currency=amount.currency,
                state="open",
                drawn_at=now,
                drawn_by_id=by,
            )
            .on_conflict_do_nothing()
            .returning(table_of(Payout).c.id)
        )
        payout_id = (await run(self.session, statement)).scalar_one_or_none()
        return None if payout_id is None else await self.payout(payout_id)

    async def settle(
        self,
        payout_id: int,
        state: str,
        *,
        once: str,
        now: datetime,
        by: int,
        paid_on: date | None = None,
    ) -> bool:
        """Move a payment from the state `once` to another; False where that was done before."""
        payout = table_of(Payout)
        result = await run(
            self.session,
            update(payout)
            .where(
                payout.c.workspace_id == self.workspace_id,
                payout.c.id == payout_id,
                payout.c.state == once,
            )
            .values(state=state, settled_at=now, settled_by_id=by, paid_on=paid_on),
        )
        return result.rowcount == 1

    async def payout(self, payout_id: int) -> Payout | None:
        """Give one payment as it is now."""
        rows = await self._payouts(col(Payout.id) == payout_id)
        return rows[0] if rows else None

    async def payouts(self, references: Collection[str]) -> dict[str, Payout]:
        """Give payments by their references."""
        rows = await self._payouts(col(Payout.reference).in_(references))
        return {row.reference: row for row in rows}

    async def open_payouts(self) -> list[Payout]:
        """Give the payments that were drawn up and not yet settled, in order."""
        return await self._payouts(col(Payout.state) == "open")

    async def count_payouts(self, member_id: int) -> int:
        """Count the payments ever drawn up for a member."""
        rows = await self.session.exec(
            select_rows(func.count())
            .select_from(Payout)
            .where(
                col(Payout.workspace_id) == self.workspace_id, col(Payout.member_id) == member_id
            )
        )
        return rows.one()

    async def _payouts(self, *only: ColumnElement[bool]) -> list[Payout]:
        rows = await self.session.exec(
            select_rows(Payout)
            .where(col(Payout.workspace_id) == self.workspace_id, *only)
            .order_by(col(Payout.id))
            .execution_options(populate_existing=True)
        )
        return list(rows)

    async def _rows(self, *only: ColumnElement[bool]) -> list[LedgerLine]:
        rows = await self.session.exec(
            select_rows(LedgerLine)
            .where(col(LedgerLine.workspace_id) == self.workspace_id, *only)
            .order_by(col(LedgerLine.id))
        )
        return list(rows)


def line_of(row: LedgerLine) -> Line:
    """Read a stored line."""
    return Line(
        row.member_id,
        Entry(row.entry),
        Pot(row.source),
        Pot(row.target),
        Money(row.amount_minor, row.currency),
    )


async def workspace_with_release(session: AsyncSession, now: datetime) -> str | None:
    """Give a workspace in which a held bounty has become payable."""
    return await _one_workspace(
        session,
        col(Claim.state) == "approved",
        col(Claim.released_at).is_(None),
        col(Claim.release_at) <= now,
    )


async def workspace_with_reminder(session: AsyncSession, now: datetime) -> str | None:
    """Give a workspace in which a testimonial is to be asked for."""
    return await _one_workspace(session, col(Claim.remind_at) <= now)


async def _one_workspace(session: AsyncSession, *due: ColumnElement[bool]) -> str | None:
    rows = await session.exec(select_rows(Claim.workspace_id).where(*due).limit(1))
    return rows.first()
