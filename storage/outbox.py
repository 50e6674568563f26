"""Messages for others, written in the same transaction as what they tell of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.repository import Repository
from storage.sql import insert_ignoring, insert_into, run, table_of
from storage.tables import Outbox


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A message to be written: to a member or a channel, under a key that makes it the only one."""

    kind: str
    dedupe_key: str
    view_json: str
    due_at: datetime
    member_id: int | None = None
    channel_id: str | None = None


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

    async def put_all(self, letters: Sequence[NewLetter], now: datetime) -> None:
        """Write many messages in one statement; those written before are left as they are."""
        if not letters:
            return
        self.wrote_something = True
        rows = [
            {
                "workspace_id": self.workspace_id,
                "member_id": letter.member_id,
                "channel_id": letter.channel_id,
                "kind": letter.kind,
                "view_json": letter.view_json,
                "dedupe_key": letter.dedupe_key,
                "due_at": letter.due_at,
                "created_at": now,
                "attempts": 0,
            }
            for letter in letters
        ]
        await run(self.session, insert_into(self.session, Outbox).on_conflict_do_nothing(), rows)

    async def revive(self, letter_id: int, now: datetime) -> int:
        """Make a dead message due again, and what died later for the same recipient.

        Gives how many; 0 where the message is not dead.
        """
        outbox = table_of(Outbox)
        dead = (outbox.c.workspace_id == self.workspace_id, outbox.c.dead_at.is_not(None))
        found = await run(
            self.session,
            select(outbox.c.member_id, outbox.c.channel_id).where(*dead, outbox.c.id == letter_id),
        )
        recipient = found.one_or_none()
        if recipient is None:
            return 0
        self.wrote_something = True
        statement = update(outbox).where(
            *dead,
            outbox.c.id >= letter_id,
            outbox.c.member_id.is_not_distinct_from(recipient.member_id),
            outbox.c.channel_id.is_not_distinct_from(recipient.channel_id),
        )
        revived = await run(self.session, statement.values(dead_at=None, due_at=now, attempts=0))
        return revived.rowcount
