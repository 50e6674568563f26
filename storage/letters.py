"""The sender's side of the outbox, over all workspaces: what is due, and what became of it.

Every function runs in the caller's transaction; none of them sends.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import run, table_of
from storage.tables import Member, Outbox

_OUTBOX = table_of(Outbox)
_MEMBER = table_of(Member)
_OPEN = and_(_OUTBOX.c.sent_at.is_(None), _OUTBOX.c.dead_at.is_(None))


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that this sender holds. `user_id` is the member's id on the platform."""

    id: int
    workspace_id: str
    member_id: int | None
    user_id: str | None
    channel_id: str | None
    kind: str
    view_json: str
    dedupe_key: str
    update_of: str | None
    attempts: int
    due_at: datetime
    leased_until: datetime


async def wake_waiting(session: AsyncSession, now: datetime) -> int:
    """Make due what waited for members whom the platform now knows; give how many."""
    known = select(_MEMBER.c.id).where(
        _MEMBER.c.id == _OUTBOX.c.member_id, _MEMBER.c.platform_user_id.is_not(None)
    )
    statement = (
        update(_OUTBOX).where(_OPEN, _OUTBOX.c.due_at.is_(None), known.exists()).values(due_at=now)
    )
    return (await run(session, statement)).rowcount


async def lease(
    session: AsyncSession,
    now: datetime,
    until: datetime,
    limit: int,
    in_hand: Collection[int] = (),
) -> list[Letter]:
    """Take up to `limit` due messages, oldest first, until an instant.

    What another sender holds, or this one has `in_hand`, is passed over. A message to a member
    whom the platform does not know is put aside until it does, and not counted as a try.
    """
    while True:
        found = await _find(session, now, limit, in_hand)
        unknown = [row["id"] for row in found if row["member_id"] and not row["user_id"]]
        if unknown:
            await _set(session, _OUTBOX.c.id.in_(unknown), due_at=None)
        letters = [
            Letter(**{**row, "attempts": row["attempts"] + 1, "leased_until": until})
            for row in found
            if row["id"] not in unknown
        ]
        if letters:
            await _set(
                session,
                _OUTBOX.c.id.in_([letter.id for letter in letters]),
                leased_until=until,
                attempts=_OUTBOX.c.attempts + 1,
            )
        if letters or not unknown:
            return letters


async def _find(
    session: AsyncSession, now: datetime, limit: int, in_hand: Collection[int]
) -> list[dict[str, Any]]:
    statement = (
        select(
            _OUTBOX.c.id,
            _OUTBOX.c.workspace_id,
            _OUTBOX.c.member_id,
            _MEMBER.c.platform_user_id.label("user_id"),
            _OUTBOX.c.channel_id,
            _OUTBOX.c.kind,
            _OUTBOX.c.view_json,
            _OUTBOX.c.dedupe_key,
            _OUTBOX.c.update_of,
            _OUTBOX.c.attempts,
            _OUTBOX.c.due_at,
        )
        .select_from(_OUTBOX.outerjoin(_MEMBER, _MEMBER.c.id == _OUTBOX.c.member_id))
        .where(
            _OPEN,
            _OUTBOX.c.due_at <= now,
            or_(_OUTBOX.c.leased_until.is_(None), _OUTBOX.c.leased_until <= now),
            _OUTBOX.c.id.not_in(in_hand),
        )
        .order_by(_OUTBOX.c.due_at, _OUTBOX.c.id)
        .limit(limit)
        .with_for_update(of=_OUTBOX, skip_locked=True)
    )
    return [dict(row) for row in (await run(session, statement)).mappings()]


async def record_sent(
    session: AsyncSession, sent: Sequence[tuple[Letter, str]], now: datetime
) -> None:
    """Write down that messages went out, each with the platform's reference to it."""
    if not sent:
        return
    statement = (
        update(_OUTBOX)
        .where(_OUTBOX.c.id == bindparam("letter"), _OUTBOX.c.sent_at.is_(None))
        .values(sent_at=now, leased_until=None, last_error=None, message_ref=bindparam("reference"))
    )
    rows = [{"letter": letter.id, "reference": reference} for letter, reference in sent]
    await run(session, statement, rows)


async def put_off(
    session: AsyncSession, letter: Letter, to: datetime, error: str, *, counts: bool
) -> None:
    """Give a message back, to be tried from an instant on; one that does not count is no try."""
    attempts = letter.attempts if counts else letter.attempts - 1
    await _set(
        session,
        _OUTBOX.c.id == letter.id,
        due_at=to,
        leased_until=None,
        attempts=attempts,
        last_error=error,
    )


async def hold_recipient(session: AsyncSession, letter: Letter, until: datetime) -> None:
    """Let every other message to the same member or channel wait until an instant."""
    await _set(
        session,
        and_(
            _OUTBOX.c.workspace_id == letter.workspace_id,
            _same_recipient(letter),
            _OUTBOX.c.due_at < until,
        ),
        due_at=until,
    )


async def give_up(session: AsyncSession, letter: Letter, now: datetime, error: str) -> None:
    """Write down that a message will never go out by itself."""
    await _set(session, _OUTBOX.c.id == letter.id, dead_at=now, leased_until=None, last_error=error)


async def release(session: AsyncSession, letters: Collection[Letter]) -> None:
    """Give messages back untried."""
    await _set(
        session,
        _OUTBOX.c.id.in_([letter.id for letter in letters]),
        leased_until=None,
        attempts=_OUTBOX.c.attempts - 1,
    )


def _same_recipient(letter: Letter) -> ColumnElement[bool]:
    if letter.member_id is not None:
        return _OUTBOX.c.member_id == letter.member_id
    return _OUTBOX.c.channel_id == letter.channel_id


async def _set(session: AsyncSession, which: ColumnElement[bool], **values: object) -> None:
    await run(session, update(_OUTBOX).where(_OPEN, which).values(**values))
