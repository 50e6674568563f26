"""Messages for others, written in the same transaction as what they tell of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, func, or_, update
from sqlalchemy import select as columns
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.repository import Repository
from storage.sql import insert_ignoring, insert_rows, run, table_of
from storage.tables import Outbox

FOLDED = "folded into a newer one"
"""Why a message died that a newer one made needless."""

DIGEST = "digest"
"""The kind of message of which only the newest is worth reading."""


class NewLetter(NamedTuple):
    """A nudge to be written: to a member or a channel, under a key that makes it the only one.

    `open_for`: where it is not out by the first instant it waits until the second.
    """

    kind: str
    dedupe_key: str
    view_json: str
    due_at: datetime
    member_id: int | None = None
    channel_id: str | None = None
    open_for: tuple[datetime, datetime] | tuple[None, None] = (None, None)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """How many messages never reached a member or channel; `letter_id` is the oldest of them."""

    letter_id: int
    member_id: int | None
    channel_id: str | None
    count: int


class OutboxWriter(Repository):
    """Puts messages where the sender finds them."""

    def __init__(self, session: AsyncSession, workspace_id: str) -> None:
        super().__init__(session, workspace_id)
        self.wrote_something = False
        self.all_due_at: datetime | None = None
        """When set, everything is due at that instant, whatever was asked for."""

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
                "due_at": self.all_due_at or due_at or now,
                "created_at": now,
                "rank": 0,
                "promised": False,
                "attempts": 0,
                "update_of": update_of,
            },
        )

    async def put_all(self, letters: Sequence[NewLetter], now: datetime) -> None:
        """Write many nudges in one statement; those written before are left as they are."""
        if not letters:
            return
        self.wrote_something = True
        rows = [
            {
                "member_id": letter.member_id,
                "channel_id": letter.channel_id,
                "kind": letter.kind,
                "view_json": letter.view_json,
                "dedupe_key": letter.dedupe_key,
                "due_at": self.all_due_at or letter.due_at,
                "closes_at": None if self.all_due_at else letter.open_for[0],
                "reopens_at": None if self.all_due_at else letter.open_for[1],
            }
            for letter in letters
        ]
        shared = {
            "workspace_id": self.workspace_id,
            "created_at": now,
            "rank": 1,
            "promised": False,
            "attempts": 0,
        }
        await insert_rows(self.session, Outbox, rows, shared)

    async def fold(
        self, kind: str, member_ids: Collection[int], now: datetime
    ) -> dict[int, datetime]:
        """Withdraw what has not gone out of a kind, before a newer one says all of it.

        Gives for each member who had such when the oldest was written.
        """
        outbox = table_of(Outbox)
        withdrawn = await run(
            self.session,
            update(outbox)
            .where(
                outbox.c.workspace_id == self.workspace_id,
                outbox.c.member_id.in_(member_ids),
                outbox.c.kind == kind,
                outbox.c.sent_at.is_(None),
                outbox.c.dead_at.is_(None),
                or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now),
            )
            .values(dead_at=now, last_error=FOLDED)
            .returning(outbox.c.member_id, outbox.c.created_at, outbox.c.update_of),
        )
        since: dict[int, datetime] = {}
        for row in withdrawn:
            if row.update_of is None:
                since[row.member_id] = min(row.created_at, since.get(row.member_id, now))
        return since

    async def rewrite(self, dedupe_key: str, view_json: str, now: datetime) -> None:
        """Show something else in a message: before it goes out, or in place of what went out.

        Nothing happens where there is no such message, where it is on its way just now, or where it
        says so already.
        """
        first = shown = await self._under(dedupe_key)
        last, number = first, 0
        while last is not None and not _still_here(last, now):
            shown, number = last, number + 1
            last = await self._under(f"{dedupe_key}#{number}")
        if last is not None:
            await self._replace(last, view_json)
        elif first is None or shown is None or shown.view_json == view_json:
            return
        elif first.message_ref is not None:
            await self.put(
                view_json=view_json,
                kind=first.kind,
                dedupe_key=f"{dedupe_key}#{number}",
                now=now,
                member_id=first.member_id,
                channel_id=first.channel_id,
                update_of=first.message_ref,
            )

    async def _under(self, dedupe_key: str) -> Outbox | None:
        rows = await self.session.exec(
            select(Outbox).where(
                Outbox.workspace_id == self.workspace_id, Outbox.dedupe_key == dedupe_key
            )
        )
        return rows.one_or_none()

    async def _replace(self, letter: Outbox, view_json: str) -> None:
        outbox = table_of(Outbox)
        statement = update(outbox).where(
            outbox.c.workspace_id == self.workspace_id, outbox.c.id == letter.id
        )
        await run(self.session, statement.values(view_json=view_json))

    async def undelivered(self) -> list[Undelivered]:
        """Give whom messages did not reach, who misses most first; `revive` sends them again."""
        outbox = table_of(Outbox)
        oldest, count = func.min(outbox.c.id).label("letter_id"), func.count().label("count")
        rows = await run(
            self.session,
            columns(oldest, outbox.c.member_id, outbox.c.channel_id, count)
            .where(
                outbox.c.workspace_id == self.workspace_id,
                outbox.c.dead_at.is_not(None),
                outbox.c.last_error.is_distinct_from(FOLDED),
            )
            .group_by(outbox.c.member_id, outbox.c.channel_id)
            .order_by(count.desc(), oldest),
        )
        return [Undelivered(**row) for row in rows.mappings()]

    async def revive(self, letter_id: int, now: datetime) -> int:
        """Make a dead message due again, and what died later for the same recipient.

        Gives how many; 0 where the message is not dead. A digest that a newer one followed stays
        dead.
        """
        outbox = table_of(Outbox)
        dead = (
            outbox.c.workspace_id == self.workspace_id,
            outbox.c.dead_at.is_not(None),
            outbox.c.last_error.is_distinct_from(FOLDED),
        )
        found = await run(
            self.session,
            columns(outbox.c.member_id, outbox.c.channel_id).where(*dead, outbox.c.id == letter_id),
        )
        recipient = found.one_or_none()
        if recipient is None:
            return 0
        self.wrote_something = True
        later = (
            *dead,
            outbox.c.id >= letter_id,
            outbox.c.member_id.is_not_distinct_from(recipient.member_id),
            outbox.c.channel_id.is_not_distinct_from(recipient.channel_id),
        )
        newer = table_of(Outbox).alias("newer")
        followed = exists().where(
            newer.c.workspace_id == self.workspace_id,
            newer.c.member_id == recipient.member_id,
            newer.c.kind == DIGEST,
            newer.c.update_of.is_(None),
            newer.c.id > outbox.c.id,
        )
        stale = update(outbox).where(*later, outbox.c.kind == DIGEST, followed)
        await run(self.session, stale.values(last_error=FOLDED))
        statement = update(outbox).where(*later)
        revived = await run(self.session, statement.values(dead_at=None, due_at=now, attempts=0))
        return revived.rowcount


def _still_here(letter: Outbox, now: datetime) -> bool:
    """Whether a message has neither gone out nor died, and no sender holds it."""
    held = letter.leased_until is not None and letter.leased_until > now
    return letter.sent_at is None and letter.dead_at is None and not held
