"""Nudges that were written and have not gone out yet: found, put to other hours, taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, or_, select, tuple_, update

from storage.outbox import FOLDED
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Outbox

Window = tuple[datetime, datetime]
"""Until when a nudge may go out, and from when on again."""

ENCLOSED = ("plan", "returned", "returned in team", "snoozed often", "testimonial")
"""Kinds of nudge that the next digest says; without one they go by themselves."""

_OUTBOX = table_of(Outbox)
_OPEN = (_OUTBOX.c.sent_at.is_(None), _OUTBOX.c.dead_at.is_(None))


@dataclass(frozen=True, slots=True)
class ToldNudge:
    """A nudge as it was written first; `sent` is whether it went out."""

    dedupe_key: str
    member_id: int
    written_at: datetime
    view_json: str
    sent: bool


class Nudges(Repository):
    """Changes what waits for members."""

    async def told(self, kind: str, written_at: Collection[datetime]) -> list[ToldNudge]:
        """Give the nudges of a kind that were written at these instants, oldest first."""
        if not written_at:
            return []
        return await self._told(_OUTBOX.c.kind == kind, _OUTBOX.c.created_at.in_(written_at))

    async def told_under(self, dedupe_keys: Collection[str]) -> list[ToldNudge]:
        """Give the nudges under these keys, oldest first."""
        return await self._told(_OUTBOX.c.dedupe_key.in_(dedupe_keys))

    async def waiting(self, kind: str, member_ids: Collection[int]) -> list[ToldNudge]:
        """Give the nudges of a kind that wait for members and that no sender has in hand."""
        unsent = (_OUTBOX.c.sent_at.is_(None), _OUTBOX.c.leased_until.is_(None))
        return await self._told(
            _OUTBOX.c.member_id.in_(member_ids), _OUTBOX.c.kind == kind, *unsent
        )

    async def _told(self, *which: ColumnElement[bool]) -> list[ToldNudge]:
        rows: Iterable[Any] = await run(
            self.session,
            select(
                *(_OUTBOX.c[name] for name in ("dedupe_key", "member_id", "created_at")),
                _OUTBOX.c.view_json,
                _OUTBOX.c.sent_at.is_not(None),
            )
            .where(
                _OUTBOX.c.workspace_id == self.workspace_id,
                _OUTBOX.c.update_of.is_(None),
                _OUTBOX.c.dead_at.is_(None),
                *which,
            )
            .order_by(_OUTBOX.c.id),
        )
        return [ToldNudge(*row) for row in rows]

    async def reader(self, letter_id: int) -> int | None:
        """Give the member to whom a message goes, None where it goes to a channel."""
        found = await run(
            self.session,
            select(_OUTBOX.c.member_id).where(
                _OUTBOX.c.workspace_id == self.workspace_id, _OUTBOX.c.id == letter_id
            ),
        )
        member_id: int | None = found.scalar_one_or_none()
        return member_id

    async def written(self, dedupe_keys: Collection[str]) -> set[str]:
        """Give those of the keys under which a nudge went out, or waits to."""
        return await self._keys(_OUTBOX.c.dedupe_key.in_(dedupe_keys), _OUTBOX.c.dead_at.is_(None))

    async def taken(self, dedupe_keys: Collection[str]) -> set[str]:
        """Give those of the keys under which nothing can be written any more."""
        return await self._keys(_OUTBOX.c.dedupe_key.in_(dedupe_keys))

    async def _keys(self, *which: ColumnElement[bool]) -> set[str]:
        mine = _OUTBOX.c.workspace_id == self.workspace_id
        rows = await run(self.session, select(_OUTBOX.c.dedupe_key).where(mine, *which))
        return set(rows.scalars())

    async def enclose(
        self, member_ids: Collection[int], unsent: Mapping[int, datetime], now: datetime
    ) -> dict[int, list[str]]:
        """Let the digests that members get now say what waits for that: stored views, by member.

        `unsent`: when one was written that never went out, whose enclosures this one has as well.
        """
        lost = tuple_(_OUTBOX.c.member_id, _OUTBOX.c.dead_at).in_(list(unsent.items()))
        waits = and_(_OUTBOX.c.leased_until.is_(None), *_OPEN)
        rows = await run(
            self.session,
            update(_OUTBOX)
            .where(
                _OUTBOX.c.workspace_id == self.workspace_id,
                _OUTBOX.c.member_id.in_(member_ids),
                _OUTBOX.c.kind.in_(ENCLOSED),
                or_(waits, lost) if unsent else waits,
            )
            .values(dead_at=now, last_error=FOLDED)
            .returning(_OUTBOX.c.id, _OUTBOX.c.member_id, _OUTBOX.c.view_json),
        )
        found: dict[int, list[str]] = {}
        for row in sorted(rows, key=lambda row: row.id):
            found.setdefault(row.member_id, []).append(row.view_json)
        return found

    async def enclosed(self, member_id: int, written_at: datetime) -> list[str]:
        """Give as stored views what the digest says besides that a member got at an instant."""
        rows = await run(
            self.session,
            select(_OUTBOX.c.view_json)
            .where(
                _OUTBOX.c.workspace_id == self.workspace_id,
                _OUTBOX.c.member_id == member_id,
                _OUTBOX.c.dead_at == written_at,
                _OUTBOX.c.kind.in_(ENCLOSED),
            )
            .order_by(_OUTBOX.c.id),
        )
        return list(rows.scalars())

    async def withdraw(self, dedupe_keys: Collection[str]) -> None:
        """Take back nudges that have become needless, unless a sender has them in hand."""
        await run(
            self.session,
            delete(_OUTBOX).where(
                _OUTBOX.c.workspace_id == self.workspace_id,
                _OUTBOX.c.dedupe_key.in_(dedupe_keys),
                _OUTBOX.c.leased_until.is_(None),
                *_OPEN,
            ),
        )

    async def withdraw_all(self, member_id: int) -> None:
        """Take back all nudges that wait for a member."""
        await run(
            self.session,
            delete(_OUTBOX).where(
                _OUTBOX.c.workspace_id == self.workspace_id,
                _OUTBOX.c.member_id == member_id,
                _OUTBOX.c.rank == 1,
                _OUTBOX.c.leased_until.is_(None),
                *_OPEN,
            ),
        )

    async def keep_to(self, windows: Mapping[int, Window]) -> None:
        """Let what waits for members go out in these windows, by member."""
        which = (_OUTBOX.c.workspace_id == self.workspace_id, _OUTBOX.c.rank == 1, *_OPEN)
        held = _OUTBOX.c.closes_at.is_not(None)
        waiting = select(_OUTBOX.c.member_id).where(
            *which, held, _OUTBOX.c.member_id.in_(list(windows))
        )
        found = set((await run(self.session, waiting)).scalars())
        if found:
            statement = (
                update(_OUTBOX)
                .where(*which, held, _OUTBOX.c.member_id == bindparam("reader"))
                .values(closes_at=bindparam("closes"), reopens_at=bindparam("reopens"))
            )
            times = [(reader, *windows[reader]) for reader in sorted(found)]
            rows = [{"reader": who, "closes": at, "reopens": then} for who, at, then in times]
            await run(self.session, statement, rows)

    async def make_due(self, member_id: int, now: datetime) -> None:
        """Let what waits for a member's hours go out now."""
        await run(
            self.session,
            update(_OUTBOX)
            .where(
                _OUTBOX.c.workspace_id == self.workspace_id,
                _OUTBOX.c.member_id == member_id,
                _OUTBOX.c.rank == 1,
                _OUTBOX.c.due_at > now,
                _OUTBOX.c.closes_at.is_not(None),
                _OUTBOX.c.kind.not_in(ENCLOSED),
                *_OPEN,
            )
            .values(due_at=now, promised=False),
        )
