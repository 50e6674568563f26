"""A workspace's own rows: what it decided, what it has heard, who did what."""

from __future__ import annotations

import json
from datetime import datetime

from sqlmodel import col, select

from domain.rules import Rules, Value, stored
from storage.repository import Repository
from storage.sql import insert_ignoring
from storage.tables import AuditEntry, SeenEnvelope, Setting, Workspace


class Workspaces(Repository):
    """Queries over the workspace itself."""

    async def get(self) -> Workspace | None:
        """Give the workspace's row, or None where it is not installed."""
        return await self.session.get(Workspace, self.workspace_id)

    async def rules(self) -> Rules:
        """Read what the workspace has decided, over the defaults."""
        return stored(await self.settings())

    async def settings(self) -> dict[str, Value]:
        """Give only the settings the workspace has changed."""
        rows = await self.session.exec(
            select(Setting).where(Setting.workspace_id == self.workspace_id)
        )
        return {row.key: json.loads(row.value_json) for row in rows}

    async def decide(self, key: str, value: Value) -> None:
        """Set one rule; `value` comes from `domain.rules.read`."""
        await self.session.merge(
            Setting(workspace_id=self.workspace_id, key=key, value_json=json.dumps(value))
        )

    async def heard_before(self, envelope_id: str, now: datetime) -> bool:
        """Note an envelope's id; True where it was carried out already."""
        return not await insert_ignoring(
            self.session,
            SeenEnvelope,
            {"workspace_id": self.workspace_id, "envelope_id": envelope_id, "seen_at": now},
        )

    def audit(
        self, action: str, subject: str, *, by: int | None, now: datetime, detail: str = ""
    ) -> None:
        """Add a line to the audit log."""
        self.session.add(
            AuditEntry(
                workspace_id=self.workspace_id,
                at=now,
                by_id=by,
                action=action,
                subject=subject,
                detail=detail,
            )
        )

    async def audit_log(self, limit: int = 10_000) -> list[AuditEntry]:
        """Give the latest lines of the audit log, newest first."""
        rows = await self.session.exec(
            select(AuditEntry)
            .where(AuditEntry.workspace_id == self.workspace_id)
            .order_by(col(AuditEntry.id).desc())
            .limit(limit)
        )
        return list(rows)
