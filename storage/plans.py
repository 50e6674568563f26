"""The bounty plans that were and are in force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import col, select

from domain.setting_values import Value
from storage.repository import Repository
from storage.sql import insert_into, run
from storage.tables import BountyPlan


class Plans(Repository):
    """Queries over bounty plans."""

    async def in_force(self, at: datetime) -> BountyPlan | None:
        """Give the plan for a deal made at an instant, None where none was ever set before."""
        rows = await self.session.exec(
            select(BountyPlan)
            .where(BountyPlan.workspace_id == self.workspace_id, BountyPlan.from_at <= at)
            .order_by(col(BountyPlan.from_at).desc())
            .limit(1)
        )
        return rows.one_or_none()

    async def all(self) -> list[BountyPlan]:
        """Give every plan, the latest first."""
        rows = await self.session.exec(
            select(BountyPlan)
            .where(BountyPlan.workspace_id == self.workspace_id)
            .order_by(col(BountyPlan.from_at).desc())
        )
        return list(rows)

    async def set(self, from_at: datetime, terms: Mapping[str, Value], by: int | None) -> None:
        """Put a plan in force from an instant on; what was set for the same instant gives way."""
        terms_json = json.dumps(dict(terms), sort_keys=True)
        statement = insert_into(self.session, BountyPlan).values(
            workspace_id=self.workspace_id, from_at=from_at, terms_json=terms_json, set_by_id=by
        )
        await run(
            self.session,
            statement.on_conflict_do_update(
                index_elements=["workspace_id", "from_at"],
                set_={"terms_json": terms_json, "set_by_id": by},
            ),
        )


def terms_of(plan: BountyPlan) -> dict[str, Value]:
    """Give the settings that a plan consists of."""
    terms: dict[str, Value] = json.loads(plan.terms_json)
    return terms
