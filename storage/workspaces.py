"""A workspace's own rows: what it decided, what it has heard, who did what."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import bindparam, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.rules import Rules, Value, stored
from storage.repository import Repository
from storage.sql import insert_ignoring, run, table_of
from storage.tables import AuditEntry, Member, SeenEnvelope, Setting, Workspace

_DECIDED = select(Setting.key, Setting.value_json).where(
    Setting.workspace_id == bindparam("workspace")
)
_ACTOR = (
    select(Member, Setting.key, Setting.value_json)
    .join(Setting, col(Setting.workspace_id) == col(Member.workspace_id), isouter=True)
    .where(
        Member.workspace_id == bindparam("workspace"), Member.platform_user_id == bindparam("user")
    )
)
_AUDIT = insert(table_of(AuditEntry))


class Workspaces(Repository):
    """Queries over the workspace itself."""

    def __init__(self, session: AsyncSession, workspace_id: str) -> None:
        super().__init__(session, workspace_id)
        self._unwritten: list[dict[str, object]] = []

    async def get(self) -> Workspace | None:
        """Give the workspace's row, or None where it is not installed."""
        return await self.session.get(Workspace, self.workspace_id)

    async def is_installed(self) -> bool:
        """Say whether anything can be sent to it now."""
        workspace = await self.get()
        return workspace is not None and workspace.active

    async def rules(self) -> Rules:
        """Read what the workspace has decided, over the defaults."""
        return stored(await self.settings())

    async def settings(self) -> dict[str, Value]:
        """Give only the settings the workspace has changed."""
        rows = await run(self.session, _DECIDED, [{"workspace": self.workspace_id}])
        return {row.key: json.loads(row.value_json) for row in rows}

    async def actor(self, platform_user_id: str) -> tuple[Member, Rules] | None:
        """Give the member behind a platform's user id, and the rules, in one statement."""
        rows = await self.session.exec(
            _ACTOR, params={"workspace": self.workspace_id, "user": platform_user_id}
        )
        found = rows.all()
        if not found:
            return None
        decided = {key: json.loads(value) for _, key, value in found if key is not None}
        return found[0][0], stored(decided)

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
        """Add a line to the audit log; the unit of work writes it as it commits."""
        self._unwritten.append(
            {
                "workspace_id": self.workspace_id,
                "at": now,
                "by_id": by,
                "action": action,
                "subject": subject,
                "detail": detail,
            }
        )

    async def write_audit(self) -> None:
        """Write the lines that were added to the audit log, together."""
        if self._unwritten:
            await run(self.session, _AUDIT, self._unwritten)
            self._unwritten = []

    async def audit_log(self, limit: int = 10_000) -> list[AuditEntry]:
        """Give the latest lines of the audit log that were written, newest first."""
        rows = await self.session.exec(
            select(AuditEntry)
            .where(AuditEntry.workspace_id == self.workspace_id)
            .order_by(col(AuditEntry.id).desc())
            .limit(limit)
        )
        return list(rows)
