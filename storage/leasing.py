"""Taking due messages from the outbox: in fair turns between workspaces, at the platform's pace.

Both are rows, so any number of senders share them. All of it runs in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.pace import Lane as Road
from domain.pace import Pace, allowance, ask, spend
from storage.letters import (
    FREE,
    MEMBER,
    NOW,
    OPEN,
    OUTBOX,
    RANKS,
    UPDATES,
    WHOLE,
    Letter,
    change,
    lane_of,
    lock_turn,
)
from storage.sql import insert_into, run, table_of
from storage.tables import Lane

_LANE = table_of(Lane)
_WORKSPACES = 16  # that get a turn in one transaction
_LOOKED_AT, _MOST_LOOKED_AT = 4, 64  # rows for each that may go; others wait for their turn
_MAY_BE_TAKEN = (
    OPEN,
    OUTBOX.c.due_at <= NOW,
    FREE,
    OUTBOX.c.id.not_in(bindparam("in_hand", expanding=True)),
)


@dataclass
class _Turn:
    """What became of one workspace's turn: rows that go, in order, and what is with the others."""

    going: list[Row[Any]] = field(default_factory=list)
    wait: dict[int, datetime] = field(default_factory=dict)
    held: dict[int, datetime] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)
    roads: dict[str, Road] = field(default_factory=dict)


async def lease(
    session: AsyncSession,
    *,
    now: datetime,
    until: datetime,
    limit: int,
    pace: Pace,
    in_hand: Collection[int] = (),
) -> list[Letter]:
    """Take about `limit` messages that may go now, until an instant; none when none may.

    1. Workspaces with something due take turns, the one served longest ago first.
    2. In each the answers go before the nudges, the oldest first, one a recipient at a time. Who
       has to wait is promised a place in the recipient's queue, and is not looked at until then.
    3. A nudge whose time of day has passed waits for the next, and a message to a member whom
       the platform does not know is put aside until it does.

    What another sender holds, or this one has `in_hand`, is passed over.
    """
    looked_at = _LOOKED_AT if pace.recipient else 1
    while True:
        workspaces = await _next_workspaces(session, now, pace, in_hand)
        share = max(1, limit // max(1, len(workspaces)))
        letters: list[Letter] = []
        moved = False
        for workspace_id, full_at in workspaces.items():
            most = allowance(full_at, now, pace, share)
            rows = await _due(session, workspace_id, now, most * looked_at, in_hand)
            if not rows:
                continue
            moved = True
            turn = await _take_turns(session, workspace_id, rows, now=now, pace=pace, most=most)
            full_again_at = spend(full_at, now, pace, len(turn.going))
            await _write(session, workspace_id, turn, full_again_at)
            letters += await _take(session, turn.going, until)
        if letters or not moved:
            return letters
        looked_at = min(2 * looked_at, _MOST_LOOKED_AT)  # a long queue has come: promise it places


async def _next_workspaces(
    session: AsyncSession, now: datetime, pace: Pace, in_hand: Collection[int]
) -> dict[str, datetime]:
    """Give the workspaces whose turn it is, each with when its bucket is full again.

    Their lanes are locked, so that no other sender serves them at the same time.
    """
    every = pace.workspace
    asked = {
        "now": now,
        "in_hand": list(in_hand),
        "with_room": now + (pace.burst - 1) * every,
        "too_far": now + pace.burst * every,
    }
    full_at = {row.id: row.free_at for row in await run(session, _WITH_DUE, [asked])}
    if not full_at:
        return {}
    begun = [
        {"workspace_id": one, "name": WHOLE, "free_at": now, "slot_at": now}
        for one in sorted(full_at)
        if full_at[one] is None
    ]
    if begun:
        await run(session, insert_into(session, Lane).on_conflict_do_nothing(), begun)
    return await lock_turn(session, full_at)


def _workspaces_with_due() -> Select[Any]:
    """Leap through the index from one workspace with open messages to the next."""
    first = select(func.min(OUTBOX.c.workspace_id).label("id")).where(OPEN)
    found = first.cte("found", recursive=True)
    after = select(func.min(OUTBOX.c.workspace_id)).where(OPEN, OUTBOX.c.workspace_id > found.c.id)
    found = found.union_all(select(after.scalar_subquery()).where(found.c.id.is_not(None)))
    has_due = exists().where(
        OUTBOX.c.workspace_id == found.c.id, OUTBOX.c.rank.in_(RANKS), *_MAY_BE_TAKEN
    )
    whole = and_(_LANE.c.workspace_id == found.c.id, _LANE.c.name == WHOLE)
    full_at = _LANE.c.free_at
    has_room = or_(
        full_at.is_(None),
        full_at <= bindparam("with_room", type_=full_at.type),
        full_at > bindparam("too_far", type_=full_at.type),  # the clock was set back
    )
    return (
        select(found.c.id, full_at)
        .select_from(found.outerjoin(_LANE, whole))
        .where(has_due, has_room)
        .order_by(full_at.is_not(None), full_at)
        .limit(_WORKSPACES)
    )


def _due_in_workspace() -> Select[Any]:
    """Look at what is due in a workspace, in the order in which it is to go."""
    names = ("id", "member_id", "channel_id", "update_of", "promised")
    closed = and_(OUTBOX.c.closes_at <= NOW, OUTBOX.c.reopens_at > NOW)
    return (
        select(
            *(OUTBOX.c[name] for name in names),
            case((closed, OUTBOX.c.reopens_at)).label("held_until"),
            MEMBER.c.platform_user_id.label("user_id"),
        )
        .select_from(OUTBOX.outerjoin(MEMBER, MEMBER.c.id == OUTBOX.c.member_id))
        .where(OUTBOX.c.workspace_id == bindparam("workspace_id"), *_MAY_BE_TAKEN)
        .order_by(OUTBOX.c.rank, OUTBOX.c.due_at, OUTBOX.c.id)
        .limit(bindparam("most", type_=Integer))
    )


def _taking() -> ReturningUpdate[Any]:
    """Lease messages, and read what the sender needs: those that wait are not read whole."""
    names = [name for name in Letter._fields if name not in ("user_id", "leased_until")]
    return (
        update(OUTBOX)
        .where(OPEN, OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
        .values(leased_until=bindparam("until"), attempts=OUTBOX.c.attempts + 1)
        .returning(*(OUTBOX.c[name] for name in names))
    )


_WITH_DUE = _workspaces_with_due()
_DUE = _due_in_workspace()
_TAKE = _taking()
_PUT_OFF = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("which"))
    .values(due_at=bindparam("at"), promised=bindparam("place"))
)
_ROADS = select(_LANE.c.name, _LANE.c.free_at, _LANE.c.slot_at).where(
    _LANE.c.workspace_id == bindparam("workspace_id"),
    _LANE.c.name.in_(bindparam("names", expanding=True)),
)
"""Put together once: that takes longer than carrying them out."""


async def _due(
    session: AsyncSession,
    workspace_id: str,
    now: datetime,
    limit: int,
    in_hand: Collection[int],
) -> Sequence[Row[Any]]:
    """Give what is due in a workspace, in the order in which it is to go."""
    asked = {
        "workspace_id": workspace_id,
        "now": now,
        "most": limit,
        "in_hand": list(in_hand),
    }
    return (await run(session, _DUE, [asked])).all()


async def _take_turns(
    session: AsyncSession,
    workspace_id: str,
    rows: Sequence[Row[Any]],
    *,
    now: datetime,
    pace: Pace,
    most: int,
) -> _Turn:
    """Decide for each message whether it goes, waits or is put aside; at most `most` go."""
    turn = _Turn()
    lanes = {row.id: lane_of(row.member_id, row.channel_id, row.update_of) for row in rows}
    roads = await _roads(session, workspace_id, set(lanes.values())) if pace.recipient else {}
    for row in rows:
        if len(turn.going) == most:
            break
        if row.member_id is not None and row.user_id is None:
            turn.unknown.append(row.id)
            continue
        if row.held_until is not None:
            turn.held[row.id] = row.held_until
            continue
        lane = lanes[row.id]
        every = pace.update if lane == UPDATES else pace.recipient
        if every:
            asked = ask(roads.get(lane), now, every, promised=row.promised)
            roads[lane] = turn.roads[lane] = asked.lane
            if not asked.goes:
                turn.wait[row.id] = asked.at
                continue
        turn.going.append(row)
    return turn


async def _roads(
    session: AsyncSession, workspace_id: str, names: Collection[str]
) -> dict[str, Road]:
    found = await run(session, _ROADS, [{"workspace_id": workspace_id, "names": list(names)}])
    return {row.name: Road(row.free_at, row.slot_at) for row in found}


async def _write(
    session: AsyncSession, workspace_id: str, turn: _Turn, full_again_at: datetime
) -> None:
    """Write down who waits until when, and how far ahead every road is taken now."""
    if turn.unknown:
        await change(session, OUTBOX.c.id.in_(turn.unknown), due_at=None)
    put_off = [(which, at, True) for which, at in turn.wait.items()]
    put_off += [(which, at, False) for which, at in turn.held.items()]
    if put_off:
        rows = [{"which": which, "at": at, "place": place} for which, at, place in put_off]
        await run(session, _PUT_OFF, rows)
    lanes = insert_into(session, Lane)
    roads = {**turn.roads, WHOLE: Road(full_again_at, full_again_at)}
    await run(
        session,
        lanes.on_conflict_do_update(
            index_elements=("workspace_id", "name"),
            set_={"free_at": lanes.excluded.free_at, "slot_at": lanes.excluded.slot_at},
        ),
        [
            {
                "workspace_id": workspace_id,
                "name": name,
                "free_at": road.free_at,
                "slot_at": road.slot_at,
            }
            for name, road in roads.items()
        ],
    )


async def _take(session: AsyncSession, going: Sequence[Row[Any]], until: datetime) -> list[Letter]:
    """Lease messages until an instant; one that was withdrawn meanwhile is not among them."""
    if not going:
        return []
    asked = {"ids": [row.id for row in going], "until": until}
    taken = {row.id: row for row in await run(session, _TAKE, [asked])}
    return [Letter._make((*taken[row.id], row.user_id, until)) for row in going if row.id in taken]
