"""Pace is kept before a platform has to say so, and turns are fair."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import text
from sqlmodel import select

from domain.errors import SendFailed
from domain.pace import UNPACED, Pace
from handlers.views.elements import say
from jobs.outbox import Delivery
from storage.installing import ensure_workspace
from storage.outbox import NewLetter
from storage.tables import Outbox
from tests.jobs.senders import Post
from tests.people import ADA, BEN, CHANNEL, CHI, NOW, WORKSPACE, Desk

SECOND = timedelta(seconds=1)
PACE = Pace(recipient=SECOND, update=2 * SECOND, workspace=timedelta(seconds=0.1), burst=10)


class Timed(Post):
    """Notes when each message went."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.times: dict[str, list[datetime]] = {}

    async def send(self, workspace_id: str, **letter: object) -> str:
        who = str(letter["user_id"] or letter["channel_id"])
        self.times.setdefault(who, []).append(self.desk.now)
        return await super().send(workspace_id, **letter)  # type: ignore[arg-type]  # as it came


async def write(
    desk: Desk,
    recipients: list[str],
    each: int = 1,
    *,
    workspace: str = WORKSPACE,
    nudge: bool = False,
    update_of: str | None = None,
) -> None:
    """Write messages to members or channels: `each` of them to every recipient."""
    async with desk.database.workspace(workspace) as work:
        for who in recipients:
            for number in range(each):
                member_id = desk.ids.get(who)
                channel_id = None if member_id else who
                key, view = f"{who}:{nudge}:{update_of}:{number}", say(str(number)).to_json()
                if nudge:
                    letter = NewLetter("k", key, view, NOW, member_id, channel_id)
                    await work.outbox.put_all([letter], NOW)
                else:
                    await work.outbox.put(
                        view_json=view,
                        kind="k",
                        dedupe_key=key,
                        now=NOW,
                        member_id=member_id,
                        channel_id=channel_id,
                        update_of=update_of,
                    )
        await work.commit()


async def tick(
    desk: Desk, post: Post, seconds: float, *, step: float = 0.25, pace: Pace = PACE
) -> None:
    """Let time go on in steps, with a sender that looks at each."""
    sender = Delivery(desk.database, post, lambda: desk.now, pace=pace)
    for _ in range(int(seconds / step)):
        await sender.drain()
        desk.now += timedelta(seconds=step)


def gaps(times: list[datetime]) -> list[float]:
    return [(b - a).total_seconds() for a, b in pairwise(times)]


async def test_a_recipient_gets_one_message_a_second_in_order_and_others_do_not_wait(
    desk: Desk,
) -> None:
    post = Timed(desk)
    await write(desk, [ADA], each=6)
    await write(desk, [BEN, CHI, CHANNEL])
    await tick(desk, post, 7)
    assert [sent.view.summary for sent in post.to(ADA)] == [str(n) for n in range(6)]
    assert min(gaps(post.times[ADA])) >= 1
    assert max(gaps(post.times[ADA])) <= 1.25
    assert {post.times[who][0] for who in (BEN, CHI, CHANNEL)} == {NOW}


async def test_a_message_that_waits_is_looked_at_once_not_every_time(desk: Desk) -> None:
    await write(desk, [ADA], each=8)
    await tick(desk, Post(), 0.25)
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(Outbox).where(Outbox.sent_at == None))  # noqa: E711  # SQL
        waiting = sorted(row.due_at for row in rows if row.due_at)
    assert waiting == [NOW + n * SECOND for n in range(1, 8)]


async def test_a_late_look_does_not_bring_two_at_once(desk: Desk) -> None:
    post = Timed(desk)
    await write(desk, [ADA], each=5)
    await tick(desk, post, 12, step=1.4)
    assert min(gaps(post.times[ADA])) >= 1
    assert len(post.times[ADA]) == 5


async def test_a_clock_that_jumps_ahead_or_back_does_not_break_the_pace(desk: Desk) -> None:
    post = Timed(desk)
    await write(desk, [ADA], each=4)
    await tick(desk, post, 0.25)
    desk.now += timedelta(days=7)
    await tick(desk, post, 4)
    assert [sent.view.summary for sent in post.to(ADA)] == ["0", "1", "2", "3"]
    assert min(gaps(post.times[ADA])) >= 1
    desk.now = NOW + timedelta(hours=1)
    await write(desk, [BEN], each=1)
    await tick(desk, post, 1)
    assert len(post.to(BEN)) == 1


async def test_a_workspace_has_a_bucket(desk: Desk) -> None:
    post = Post()
    await write(desk, [f"C{n}" for n in range(40)])
    await tick(desk, post, 0.25)
    assert len(post.sent) == 10
    await tick(desk, post, 1.25)
    assert 20 <= len(post.sent) <= 23
    await tick(desk, post, 5)
    assert len(post.sent) == 40


async def test_changes_of_older_messages_go_on_a_road_of_their_own(desk: Desk) -> None:
    post = Timed(desk)
    await write(desk, [ADA, BEN], update_of="ref")
    await write(desk, [ADA])
    await tick(desk, post, 4)
    times = sorted(time for who in (ADA, BEN) for time in post.times[who])
    assert [(time - NOW).total_seconds() for time in times] == [0, 0, 2]


async def test_answers_go_before_nudges(desk: Desk) -> None:
    post = Post()
    await write(desk, [f"C{n}" for n in range(30)], nudge=True)
    await write(desk, [ADA])
    await tick(desk, post, 0.25)
    assert post.sent[0].to == ADA


async def test_a_thousand_messages_of_one_workspace_do_not_delay_anothers(desk: Desk) -> None:
    other = "T0OTHER"
    async with desk.database.session() as session:
        await ensure_workspace(session, other, now=NOW)
        await session.commit()
    async with desk.database.workspace(WORKSPACE) as work:
        await work.outbox.put_all(
            [
                NewLetter("k", f"k{n}", say("x").to_json(), NOW - SECOND, channel_id=f"C{n}")
                for n in range(1000)
            ],
            NOW,
        )
        await work.commit()
    await write(desk, ["CX"], workspace=other)
    post = Post()
    sender = Delivery(desk.database, post, lambda: desk.now, pace=UNPACED)
    await sender.drain()
    places = [place for place, sent in enumerate(post.sent) if sent.to == "CX"]
    assert len(post.sent) == 1001
    assert places[0] < 40


async def test_workers_share_the_pace_through_the_database(desk: Desk) -> None:
    post = Timed(desk)
    await write(desk, [ADA], each=5)
    workers = [Delivery(desk.database, post, lambda: desk.now, pace=PACE) for _ in range(3)]
    for _ in range(20):
        for worker in workers:
            await worker.drain()
        desk.now += SECOND / 3
    assert len(post.times[ADA]) == 5
    for number, at in enumerate(post.times[ADA]):
        assert at - NOW >= number * SECOND


async def test_nothing_goes_to_a_recipient_within_the_time_the_platform_asked_for(
    desk: Desk,
) -> None:
    post = Timed(desk)
    asked = {"still": True}

    def fails(to: str) -> SendFailed | None:
        if to == ADA and asked.pop("still", False):
            return SendFailed("ratelimited", retry_after=5)
        return None

    post.fails = fails
    await write(desk, [ADA], each=3)
    await write(desk, [BEN], each=3)
    await tick(desk, post, 9)
    assert gaps(post.times[ADA]) == [5, 1, 1]
    assert gaps(post.times[BEN]) == [1, 1]
    assert len(post.to(ADA)) == 3


async def test_a_change_that_was_throttled_holds_the_changes_alone(desk: Desk) -> None:
    post = Timed(desk)
    post.fails = lambda to: SendFailed("ratelimited", retry_after=5) if to == BEN else None
    await write(desk, [BEN], update_of="ref")
    await tick(desk, post, 0.25)
    post.fails = lambda to: None
    await write(desk, [ADA], update_of="ref")
    await write(desk, [BEN])
    await tick(desk, post, 8)
    times = sorted(time for who in (ADA, BEN) for time in post.times[who])
    assert [(time - NOW).total_seconds() for time in times] == [0, 0.25, 5, 7]
    assert post.to(BEN)[0].update_of is None


async def test_until_empty_waits_for_turns_but_not_for_what_failed(desk: Desk) -> None:
    start = desk.now
    loop_time = datetime.now(start.tzinfo)
    post = Post(fails=lambda to: SendFailed("server error") if to == BEN else None)
    quick = Pace(recipient=timedelta(seconds=0.05), workspace=timedelta())

    def clock() -> datetime:
        return start + (datetime.now(start.tzinfo) - loop_time)

    await write(desk, [ADA], each=4)
    await write(desk, [BEN])
    sender = Delivery(desk.database, post, clock, pace=quick)
    assert await sender.drain(until_empty=True) == 4
    assert Counter(post.tries)[BEN] == 1


async def test_finding_what_is_due_goes_by_the_index_of_open_messages(desk: Desk) -> None:
    if desk.database.kind != "sqlite":
        return
    async with desk.database.looking() as session:
        connection = await session.connection()
        plan = await connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT id FROM outbox WHERE workspace_id = 'T' "
                "AND sent_at IS NULL AND dead_at IS NULL AND due_at <= '2026' "
                "ORDER BY rank, due_at, id LIMIT 32"
            )
        )
        steps = " ".join(row[3] for row in plan)
    assert "ix_outbox_turn" in steps
    assert "SCAN" not in steps
