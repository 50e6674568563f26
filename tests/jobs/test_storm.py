"""Ten minutes of throttling and errors: all arrives afterwards, once, and nobody is pushed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from domain.errors import SendFailed
from domain.pace import Pace
from handlers.views.elements import say
from jobs.outbox import Delivery
from storage.outbox import NewLetter
from tests.jobs.senders import Post
from tests.people import NOW, WORKSPACE, Desk

CHANNELS = [f"C{n:02}" for n in range(15)]
PACE = Pace(workspace=timedelta(seconds=0.05))


async def test_all_is_delivered_once_after_a_storm(desk: Desk) -> None:
    chance = random.Random(7)  # noqa: S311  # a storm that is the same each time
    ends = NOW + timedelta(minutes=10)
    asked_to_wait: dict[str, datetime] = {}
    pushed: list[str] = []

    def weather(to: str) -> SendFailed | None:
        if desk.now < asked_to_wait.get(to, NOW):
            pushed.append(to)
        roll = chance.random()
        if desk.now >= ends or roll > 0.9:
            return None
        if roll > 0.45:
            return SendFailed("server error")
        seconds = chance.randint(1, 60)
        asked_to_wait[to] = desk.now + timedelta(seconds=seconds)
        return SendFailed("ratelimited", retry_after=seconds)

    letters = [
        NewLetter("k", f"{channel}:{n}", say(str(n)).to_json(), NOW, channel_id=channel)
        for channel in CHANNELS
        for n in range(2)
    ]
    async with desk.database.workspace(WORKSPACE) as work:
        await work.outbox.put_all(letters, NOW)
        await work.commit()
    post = Post(fails=weather)
    senders = [Delivery(desk.database, post, lambda: desk.now, pace=PACE) for _ in range(2)]
    while desk.now < ends + timedelta(hours=1):
        for sender in senders:
            await sender.drain()
        desk.now += timedelta(seconds=15 if desk.now < ends else 300)
    assert sorted(sent.dedupe_key for sent in post.sent) == sorted(x.dedupe_key for x in letters)
    assert pushed == []
