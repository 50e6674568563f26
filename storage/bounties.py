"""Claims and the bounty ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.ledger import Entry, Line, Pot
from domain.money import Money
from storage.repository import Repository
from storage.sql import insert_into, run, table_of
from storage.tables import Claim, LedgerLine


class Bounties(Repository):
    """Queries over claims and ledger lines."""

    async def claim(self, claim_id: int) -> Claim | None:
        """Give one claim as it is now."""
        rows = await self.session.exec(
            self._all().where(Claim.id == claim_id).execution_options(populate_existing=True)
        )
        return rows.one_or_none()

    async def open_claim(self, account_id: int) -> Claim | None:
        """Give the claim on an account that waits for a decision, the first of them."""
        rows = await self.session.exec(
            self._all()
            .where(Claim.account_id == account_id, Claim.state == "claimed")
            .order_by(col(Claim.id))
            .limit(1)
        )
        return rows.one_or_none()

    async def approved_claim(self, account_id: int) -> Claim | None:
        """Give the latest win-back of an account that was approved."""
        rows = await self.session.exec(
            self._all()
            .where(Claim.account_id == account_id, Claim.state == "approved")
            .order_by(col(Claim.decided_at).desc())
            .limit(1)
        )
        return rows.one_or_none()

    async def claims_of(self, member_id: int, limit: int = 100) -> list[Claim]:
        """Give the claims that a member has a share in, latest first."""
        shared = select(LedgerLine.claim_id).where(
            LedgerLine.workspace_id == self.workspace_id, LedgerLine.member_id == member_id
        )
        rows = await self.session.exec(
            self._all().where(col(Claim.id).in_(shared)).order_by(col(Claim.id).desc()).limit(limit)
        )
        return list(rows)

    async def waiting(self) -> list[Claim]:
        """Give the claims that wait for a decision, longest first."""
        rows = await self.session.exec(
            self._all().where(Claim.state == "claimed").order_by(col(Claim.id))
        )
        return list(rows)

    async def add(self, **values: Any) -> Claim | None:
        """Write a new claim; None where the member has one open on the account already."""
        statement = (
            insert_into(self.session, Claim)
            .values(workspace_id=self.workspace_id, state="claimed", **values)
            .on_conflict_do_nothing()
            .returning(table_of(Claim).c.id)
        )
        claim_id = (await run(self.session, statement)).scalar_one_or_none()
        return None if claim_id is None else await self.claim(claim_id)

    async def settle(self, claim_id: int, state: str, **values: Any) -> bool:
        """Decide an open claim; False where somebody else already has."""
        claim = table_of(Claim)
        result = await run(
            self.session,
            update(claim)
            .where(
                claim.c.workspace_id == self.workspace_id,
                claim.c.id == claim_id,
                claim.c.state == "claimed",
            )
            .values(state=state, **values),
        )
        return result.rowcount == 1

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
            }
            for line in lines
        ]
        if rows:
            await run(self.session, insert(table_of(LedgerLine)), rows)

    async def lines(self, claim_ids: Iterable[int]) -> dict[int, list[Line]]:
        """Give the ledger lines of claims, in order, by claim."""
        wanted = set(claim_ids)
        rows = await self.session.exec(
            select(LedgerLine)
            .where(
                LedgerLine.workspace_id == self.workspace_id,
                col(LedgerLine.claim_id).in_(wanted),
            )
            .order_by(col(LedgerLine.id))
        )
        by_claim: dict[int, list[Line]] = {claim_id: [] for claim_id in wanted}
        for row in rows:
            by_claim[row.claim_id].append(line_of(row))
        return by_claim

    def _all(self) -> SelectOfScalar[Claim]:
        return select(Claim).where(Claim.workspace_id == self.workspace_id)


def line_of(row: LedgerLine) -> Line:
    """Read a stored line."""
    return Line(
        row.member_id,
        Entry(row.entry),
        Pot(row.source),
        Pot(row.target),
        Money(row.amount_minor, row.currency),
    )
