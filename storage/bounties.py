"""Claims, and what was asked about them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.account_life import DEALABLE
from domain.losses import Kind as LossKind
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Account, Assignment, Claim, ClaimNote, LedgerLine, Loss, Visit


class Bounties(Repository):
    """Queries over claims."""

    async def by_ids(self, ids: Collection[int]) -> dict[int, Claim]:
        """Give claims as they are now, by id."""
        rows = await self.session.exec(
            self._all().where(col(Claim.id).in_(ids)).execution_options(populate_existing=True)
        )
        return {row.id: row for row in rows if row.id is not None}

    async def open_claims(self, account_id: int) -> list[Claim]:
        """Give the claims on an account that wait for a decision, first come first."""
        rows = await self.session.exec(
            self._all()
            .where(Claim.account_id == account_id, Claim.state == "claimed")
            .order_by(col(Claim.id))
            .execution_options(populate_existing=True)
        )
        return list(rows)

    async def approved_on(self, account_id: int, *, to_change: bool = False) -> list[Claim]:
        """Give the approved claims on an account, latest first.

        Those `to_change` are locked, so that the clock does not release them meanwhile.
        """
        approved = (
            self._all()
            .where(Claim.account_id == account_id, Claim.state == "approved")
            .order_by(col(Claim.decided_at).desc(), col(Claim.id).desc())
        )
        rows = await self.session.exec(approved.with_for_update() if to_change else approved)
        return list(rows)

    async def left_again(self, logged_at: datetime) -> list[tuple[Claim, Loss]]:
        """Give the approved claims whose customer left again by a loss of a file taken in then.

        Each with the first such loss since the win; locked, as those of `approved_on` are.
        """
        loss, account = table_of(Loss), table_of(Account)
        first_since = (
            select(loss.c.id)
            .where(
                loss.c.workspace_id == self.workspace_id,
                loss.c.account_id == Claim.account_id,
                loss.c.lost_on >= Claim.won_on,
                loss.c.logged_at == logged_at,
                loss.c.fingerprint.is_not(None),
                loss.c.kind != LossKind.EBBING,
            )
            .order_by(loss.c.lost_on, loss.c.id)
            .limit(1)
            .correlate(table_of(Claim))
            .scalar_subquery()
        )
        rows = await self.session.exec(
            select(Claim, Loss)
            .join(Loss, col(Loss.id) == first_since)
            .join(account, account.c.id == Claim.account_id)
            .where(
                Claim.workspace_id == self.workspace_id,
                Claim.state == "approved",
                col(Claim.left_loss_id).is_(None),
                account.c.state.in_(DEALABLE),
            )
            .order_by(col(Claim.id))
            .with_for_update(of=Claim)
        )
        return [(claim, loss) for claim, loss in rows]

    async def approved_under(self, plan_ids: Collection[int]) -> set[int]:
        """Give the ids of the approved claims that some plans pay for."""
        rows = await self.session.exec(
            select(Claim.id).where(
                Claim.workspace_id == self.workspace_id,
                col(Claim.plan_id).in_(plan_ids),
                Claim.state == "approved",
            )
        )
        return {row for row in rows if row is not None}

    async def claims_of(self, member_id: int) -> list[Claim]:
        """Give the claims that a member has a share in, latest first."""
        shared = select(LedgerLine.claim_id).where(
            LedgerLine.workspace_id == self.workspace_id, LedgerLine.member_id == member_id
        )
        rows = await self.session.exec(
            self._all().where(col(Claim.id).in_(shared)).order_by(col(Claim.id).desc())
        )
        return list(rows)

    async def waiting(self) -> list[Claim]:
        """Give the claims that wait for a decision, longest first."""
        rows = await self.session.exec(
            self._all().where(Claim.state == "claimed").order_by(col(Claim.id))
        )
        return list(rows)

    async def assignment_of(self, claim: Claim) -> Assignment | None:
        """Give the assignment under which a customer was won back."""
        rows = await self.session.exec(
            select(Assignment).where(
                Assignment.workspace_id == self.workspace_id, Assignment.id == claim.assignment_id
            )
        )
        return rows.one_or_none()

    async def account_of(self, claim_id: int) -> int | None:
        """Give the account that a claim is about."""
        rows = await self.session.exec(
            select(Claim.account_id).where(
                Claim.workspace_id == self.workspace_id, Claim.id == claim_id
            )
        )
        return rows.one_or_none()

    async def has_worked_on(self, account_id: int, member_id: int) -> bool:
        """Say whether a member ever had an account in hand or visited it."""
        for row in (Assignment, Visit):
            found = await self.session.exec(
                select(row.id)
                .where(
                    row.workspace_id == self.workspace_id,
                    row.account_id == account_id,
                    row.member_id == member_id,
                )
                .limit(1)
            )
            if found.first() is not None:
                return True
        return False

    async def earned_under(
        self, plan_id: int | None, member_id: int, *, but_for: int | None = None
    ) -> int:
        """Sum what a member's claims pay under a plan, waiting ones included; minor units.

        `but_for` is a claim that is being reckoned anew.
        """
        rows = await self.session.exec(
            select(func.coalesce(func.sum(Claim.bounty_minor), 0)).where(
                Claim.workspace_id == self.workspace_id,
                Claim.member_id == member_id,
                Claim.plan_id == plan_id,
                col(Claim.state).in_(("claimed", "approved")),
                col(Claim.id).is_distinct_from(but_for),
            )
        )
        return int(rows.one())

    async def add(self, **values: Any) -> Claim:
        """Write a new claim; the account has to be locked before it is looked at."""
        statement = insert(table_of(Claim)).values(
            workspace_id=self.workspace_id, state="claimed", version=1, **values
        )
        result = await run(self.session, statement.returning(table_of(Claim).c.id))
        claim_id = int(result.scalar_one())
        return (await self.by_ids([claim_id]))[claim_id]

    async def change(self, claim_id: int, **values: Any) -> None:
        """Decide an open claim, or change what does not concern its deciders.

        Raises `ValueError` where it is open no more: it has to be locked before it is looked at.
        """
        claim = table_of(Claim)
        result = await run(
            self.session,
            update(claim)
            .where(
                claim.c.workspace_id == self.workspace_id,
                claim.c.id == claim_id,
                claim.c.state == "claimed",
            )
            .values(**values),
        )
        if result.rowcount != 1:
            raise ValueError(f"claim {claim_id} is open no more")

    async def revise(self, claim_id: int, **values: Any) -> None:
        """Change an open claim in what its deciders must have seen before they decide."""
        await self.change(claim_id, version=table_of(Claim).c.version + 1, **values)

    async def take_due_reminders(self, now: datetime, limit: int) -> list[Claim]:
        """Give the claims whose testimonial is to be asked for now; each is given once."""
        rows = await self.session.exec(
            self._all()
            .where(col(Claim.remind_at) <= now)
            .order_by(col(Claim.remind_at))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claims = list(rows)
        for claim in claims:
            claim.remind_at = None
        await self.session.flush()
        return claims

    async def note(self, claim_id: int, by: int, now: datetime, text: str) -> None:
        """Add a question or an answer to a claim."""
        self.session.add(
            ClaimNote(
                workspace_id=self.workspace_id, claim_id=claim_id, by_id=by, at=now, text=text
            )
        )
        await self.session.flush()

    async def notes(self, claim_id: int) -> list[ClaimNote]:
        """Give what was asked and answered about a claim, in order."""
        rows = await self.session.exec(
            select(ClaimNote)
            .where(ClaimNote.workspace_id == self.workspace_id, ClaimNote.claim_id == claim_id)
            .order_by(col(ClaimNote.id))
        )
        return list(rows)

    def _all(self) -> SelectOfScalar[Claim]:
        return select(Claim).where(Claim.workspace_id == self.workspace_id)
