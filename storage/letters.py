"""The sender's side of the outbox, over all workspaces: what is due, and what became of it.

Every function runs in the caller's transaction; none of them sends.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Update,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    update,
)
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.outbox import FOLDED
from storage.sql import insert_into, pairs_given, run, table_of
from storage.tables import Lane, Member, Outbox

OUTBOX = table_of(Outbox)
MEMBER = table_of(Member)
OPEN = and_(OUTBOX.c.sent_at.is_(None), OUTBOX.c.dead_at.is_(None))
NOW = bindparam("now", type_=OUTBOX.c.due_at.type)
FREE = or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= NOW)

_LANE = table_of(Lane)
_KNOWN = (
    OPEN,
    OUTBOX.c.due_at.is_(None),
    select(MEMBER.c.id)
    .where(MEMBER.c.id == OUTBOX.c.member_id, MEMBER.c.platform_user_id.is_not(None))
    .exists(),
)
_ANY_KNOWN = select(select(OUTBOX.c.id).where(*_KNOWN).exists())
_NEXT = select(func.min(OUTBOX.c.due_at)).where(OPEN, FREE)
_NEXT_PACED = _NEXT.where(or_(OUTBOX.c.promised, OUTBOX.c.due_at <= NOW))
"""Put together once: that takes longer than carrying them out."""


class Letter(NamedTuple):
    """A message that this sender holds. `user_id` is the member's id on the platform."""

    id: int
    workspace_id: str
    member_id: int | None
    channel_id: str | None
    kind: str
    view_json: str
    dedupe_key: str
    update_of: str | None
    rank: int
    attempts: int
    due_at: datetime
    user_id: str | None
    leased_until: datetime

    @property
    def lane(self) -> str:
        """The name of the road on which it goes."""
        return lane_of(self.member_id, self.channel_id, self.update_of)


RANKS = (0, 1)
"""Answers go before nudges."""

WHOLE = "workspace"
"""The lane of a workspace as a whole; who holds its row has the workspace's turn."""

UPDATES = "updates"
"""The lane of all changes of older messages."""

_TURNS = (
    select(_LANE.c.workspace_id, _LANE.c.free_at)
    .where(_LANE.c.name == WHOLE, _LANE.c.workspace_id.in_(bindparam("turns", expanding=True)))
    .order_by(_LANE.c.workspace_id)
    .with_for_update()
)


def lane_of(member_id: int | None, channel_id: str | None, update_of: str | None) -> str:
    """Name the lane of a message: its recipient's, or the one of changes."""
    if update_of is not None:
        return UPDATES
    return f"channel:{channel_id}" if member_id is None else f"member:{member_id}"


async def known_by_now(session: AsyncSession) -> bool:
    """Say whether a message waits for a member whom the platform now knows."""
    return bool((await run(session, _ANY_KNOWN)).scalar())


async def wake_waiting(session: AsyncSession, now: datetime) -> None:
    """Make due what waited for members whom the platform now knows."""
    await run(session, update(OUTBOX).where(*_KNOWN).values(due_at=now))


async def record_sent(
    session: AsyncSession, sent: Sequence[tuple[Letter, str]], now: datetime
) -> None:
    """Write down that messages went out, each with the platform's reference to it."""
    if sent:
        given = json.dumps({letter.id: reference for letter, reference in sent})
        statement = _recording(session.get_bind().dialect.name)
        await run(session, statement, [{"at": now, "references": given}])


@cache
def _recording(dialect: str) -> Update:
    """Make one statement for all that went: row by row its parameters cost more than the row."""
    sent = pairs_given(dialect, "references")
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id == cast(sent.c.key, Integer), OUTBOX.c.sent_at.is_(None))
        .values(
            sent_at=bindparam("at"),
            leased_until=None,
            last_error=None,
            message_ref=sent.c.value,
        )
    )


async def put_off(
    session: AsyncSession, letter: Letter, to: datetime, error: str | None = None, *, counts: bool
) -> None:
    """Give a message back, to be tried from an instant on; one that does not count is no try."""
    attempts = letter.attempts if counts else letter.attempts - 1
    await change(
        session,
        OUTBOX.c.id == letter.id,
        due_at=to,
        promised=False,
        leased_until=None,
        attempts=attempts,
        last_error=error,
    )


async def hold_lane(session: AsyncSession, letter: Letter, until: datetime) -> None:
    """Let nothing go on a message's lane until an instant, as the platform has asked.

    The workspace's turn is waited for first: whoever leases there has the same rows in hand.
    """
    await lock_turn(session, [letter.workspace_id])
    lane = insert_into(session, Lane).values(
        workspace_id=letter.workspace_id, name=letter.lane, free_at=until, slot_at=until
    )
    held = {"free_at": until, "slot_at": until}
    key = ("workspace_id", "name")
    await run(session, lane.on_conflict_do_update(index_elements=key, set_=held))
    if letter.update_of is None:
        same = (
            OUTBOX.c.workspace_id == letter.workspace_id,
            OUTBOX.c.member_id.is_not_distinct_from(letter.member_id),
            OUTBOX.c.channel_id.is_not_distinct_from(letter.channel_id),
            OUTBOX.c.due_at < until,
        )
        await change(session, and_(*same), due_at=until, promised=False)


async def lock_turn(session: AsyncSession, workspace_ids: Iterable[str]) -> dict[str, datetime]:
    """Wait for the turn of workspaces and keep it; gives when each one's bucket is full again."""
    found = await run(session, _TURNS, [{"turns": list(workspace_ids)}])
    return {row.workspace_id: row.free_at for row in found}


async def give_up(session: AsyncSession, letter: Letter, now: datetime, error: str) -> None:
    """Write down that a message will never go out by itself."""
    await change(
        session, OUTBOX.c.id == letter.id, dead_at=now, leased_until=None, last_error=error
    )


async def next_try(
    session: AsyncSession, now: datetime, *, paced_only: bool = False
) -> datetime | None:
    """Give when a message may next be tried; with `paced_only` those alone that wait their turn."""
    statement = _NEXT_PACED if paced_only else _NEXT
    found: datetime | None = (await run(session, statement, [{"now": now}])).scalar_one()
    return found


@dataclass(frozen=True, slots=True)
class Backlog:
    """What lies in the outbox: how much is due, since when at longest, and how much died."""

    due: int
    oldest_at: datetime | None
    dead: int


async def backlog(session: AsyncSession, now: datetime) -> Backlog:
    """Give the state of the outbox; what only waits for its turn is not due."""
    waiting = select(func.count().label("due"), func.min(OUTBOX.c.due_at).label("oldest_at")).where(
        OPEN, OUTBOX.c.due_at <= now
    )
    found = (await run(session, waiting)).mappings().one()
    dead = select(func.count()).where(
        OUTBOX.c.dead_at.is_not(None), OUTBOX.c.last_error.is_distinct_from(FOLDED)
    )
    return Backlog(**found, dead=(await run(session, dead)).scalar_one())


async def release(session: AsyncSession, letters: Collection[Letter]) -> None:
    """Give messages back untried."""
    await change(
        session,
        OUTBOX.c.id.in_([letter.id for letter in letters]),
        leased_until=None,
        attempts=OUTBOX.c.attempts - 1,
    )


async def change(session: AsyncSession, which: ColumnElement[bool], **values: object) -> None:
    """Change open messages."""
    await run(session, update(OUTBOX).where(OPEN, which).values(**values))
