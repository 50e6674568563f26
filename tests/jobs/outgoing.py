"""Messages in the outbox of a test, and what sends them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select

from domain.pace import UNPACED, Pace
from handlers.views.elements import say
from jobs.outbox import Delivery
from storage.tables import Outbox
from tests.jobs.senders import Post
from tests.people import NOW, WORKSPACE, Desk


async def write(desk: Desk, user: str, key: str, *, due_at: datetime = NOW) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        await work.outbox.put(
            view_json=say(f"hello {key}").to_json(),
            kind="test",
            dedupe_key=key,
            now=desk.now,
            member_id=desk.ids.get(user),
            channel_id=None if user in desk.ids else user,
            due_at=due_at,
        )
        await work.commit()


async def rows(desk: Desk) -> dict[str, Outbox]:
    async with desk.database.reading(WORKSPACE) as work:
        found = await work.session.exec(select(Outbox))
        return {row.dedupe_key: row for row in found}


def delivery(desk: Desk, post: Post, pace: Pace = UNPACED) -> Delivery:
    return Delivery(desk.database, post, lambda: desk.now, pace=pace)
