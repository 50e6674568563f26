"""Messages for others, written in the same transaction as what they tell of."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.repository import Repository
from storage.sql import insert_ignoring
from storage.tables import Outbox


class OutboxWriter(Repository):
    """Puts messages where the sender finds them."""

    def __init__(self, session: AsyncSession, workspace_id: str) -> None:
        super().__init__(session, workspace_id)
        self.wrote_something = False

    async def put(
        self,
        *,
        view_json: str,
        kind: str,
        dedupe_key: str,
        now: datetime,
        member_id: int | None = None,
        channel_id: str | None = None,
        due_at: datetime | None = None,
        update_of: str | None = None,
    ) -> bool:
        """Write one message for a member or a channel, and say whether it is new.

        A second message under the same `dedupe_key` is not written. `due_at` defaults to `now`.
        """
        self.wrote_something = True
        return await insert_ignoring(
            self.session,
            Outbox,
            {
                "workspace_id": self.workspace_id,
                "member_id": member_id,
                "channel_id": channel_id,
                "kind": kind,
                "view_json": view_json,
                "dedupe_key": dedupe_key,
                "due_at": due_at or now,
                "created_at": now,
                "attempts": 0,
                "update_of": update_of,
            },
        )
