"""N5: each message goes out once, and nobody's failing DM holds up another's."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import SendFailed
from domain.pace import UNPACED, Pace
from handlers.views.elements import say
from jobs import outcomes
from jobs.outbox import Delivery
from jobs.outcomes import wait_before_next
from jobs.worker import Worker
from storage import leasing
from storage.leasing import lease
from storage.letters import Backlog, Letter, backlog
from storage.outbox import NewLetter
from storage.tables import Member, Outbox
from storage.unit_of_work import UnitOfWork
from tests.jobs.senders import Post
from tests.people import ADA, BEN, CHANNEL, CHI, MAX, NOW, WORKSPACE, Desk, reply_of


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


async def test_what_is_due_goes_out_once(desk: Desk) -> None:
    post = Post()
    await write(desk, ADA, "a")
    await write(desk, CHANNEL, "b")
    await write(desk, BEN, "later", due_at=NOW + timedelta(hours=1))
    await write(desk, ADA, "a")
    assert await delivery(desk, post).drain() == 2
    assert await delivery(desk, post).drain() == 0
    assert sorted((sent.to, sent.dedupe_key) for sent in post.sent) == [(CHANNEL, "b"), (ADA, "a")]
    stored = (await rows(desk))["a"]
    assert (stored.sent_at, stored.attempts, stored.leased_until) == (NOW, 1, None)
    assert stored.message_ref


async def test_more_than_one_lease_goes_out(desk: Desk) -> None:
    post = Post()
    for number in range(70):
        await write(desk, ADA, f"k{number}")
    assert await delivery(desk, post).drain() == 70
    assert len({sent.dedupe_key for sent in post.sent}) == 70


async def leased_together(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    asked: list[int] = []

    async def noted(session: AsyncSession, **given: Any) -> list[Letter]:
        asked.append(given["limit"])
        return await lease(session, **given)

    monkeypatch.setattr("jobs.outbox.lease", noted)
    async with desk.database.workspace(WORKSPACE) as work:
        letters = [
            NewLetter("test", f"k{number}", say("x").to_json(), NOW, member_id=desk.ids[ADA])
            for number in range(600)
        ]
        await work.outbox.put_all(letters, NOW)
        await work.commit()
    assert await delivery(desk, Post()).drain() == 600
    return asked


async def test_more_are_leased_together_while_they_are_soon_gone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.outbox._SOON", 60.0)
    assert (await leased_together(desk, monkeypatch))[:5] == [32, 64, 128, 256, 256]


async def test_few_are_leased_together_where_sending_is_slow(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.outbox._SOON", -1.0)
    assert set(await leased_together(desk, monkeypatch)) == {32}


async def test_what_may_go_out_twice_is_bounded_while_the_database_takes_no_record(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = asyncio.Event()
    real = outcomes.record

    async def slow(*arguments: Any) -> None:
        await taken.wait()
        await real(*arguments)

    monkeypatch.setattr("jobs.outbox.record", slow)
    monkeypatch.setattr("jobs.outbox._FEW", 8)  # all are leased before the first is recorded
    post = Post()
    for number in range(90):
        await write(desk, ADA, f"k{number}")
    running = asyncio.create_task(delivery(desk, post).drain())
    async with asyncio.timeout(5):
        while len(post.sent) < 64:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert len(post.sent) == 64
    taken.set()
    assert await running == 90


async def test_what_is_withdrawn_as_it_is_leased_does_not_go(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_turns = leasing._take_turns

    async def withdrawing(session: AsyncSession, *given: Any, **more: Any) -> Any:
        turn = await take_turns(session, *given, **more)
        work = UnitOfWork(session, WORKSPACE)
        await work.outbox.fold("test", [desk.ids[ADA]], NOW)
        return turn

    monkeypatch.setattr("storage.leasing._take_turns", withdrawing)
    await write(desk, ADA, "a")
    await write(desk, BEN, "b")
    post = Post()
    assert await delivery(desk, post).drain() == 1
    assert [sent.to for sent in post.sent] == [BEN]


async def test_what_another_sender_holds_is_left_alone_until_its_lease_ends(desk: Desk) -> None:
    post = Post()
    await write(desk, ADA, "a")
    async with desk.database.session() as session:
        until = NOW + timedelta(seconds=90)
        await lease(session, now=NOW, until=until, limit=10, pace=UNPACED)
        await session.commit()
    assert await delivery(desk, post).drain() == 0
    desk.now = NOW + timedelta(seconds=91)
    assert await delivery(desk, post).drain() == 1


async def test_two_senders_share_the_work(desk: Desk) -> None:
    post = Post()
    for number in range(60):
        await write(desk, ADA, f"k{number}")
    counts = await asyncio.gather(*(delivery(desk, post).drain() for _ in range(4)))
    assert sum(counts) == 60
    assert len(post.sent) == 60


async def test_a_clock_that_jumps_does_not_send_twice_what_is_in_hand(desk: Desk) -> None:
    post = Post(hangs={ADA})
    await write(desk, ADA, "slow")
    await write(desk, BEN, "quick")
    sender = delivery(desk, post)
    running = asyncio.create_task(sender.drain())
    while len(post.tries) < 2:
        await asyncio.sleep(0)
    desk.now = NOW + timedelta(days=7)
    await write(desk, CHI, "after")
    while len(post.sent) < 1:
        await asyncio.sleep(0)
    post.let_go.set()
    await running
    await sender.drain()
    assert sorted(post.tries) == sorted([ADA, BEN, CHI])


async def test_too_many_requests_moves_that_recipient_alone(desk: Desk) -> None:
    post = Post(fails=lambda to: SendFailed("ratelimited", retry_after=30) if to == ADA else None)
    await write(desk, ADA, "a")
    await write(desk, BEN, "b")
    assert await delivery(desk, post).drain() == 1
    await write(desk, BEN, "b2")
    stored = await rows(desk)
    assert (stored["a"].due_at, stored["a"].attempts) == (NOW + timedelta(seconds=30), 0)
    assert stored["a"].last_error == "ratelimited"
    post.fails = lambda to: None
    assert await delivery(desk, post).drain() == 1
    desk.now = NOW + timedelta(seconds=30)
    assert await delivery(desk, post).drain() == 1


async def test_others_to_a_throttled_recipient_wait_too(desk: Desk) -> None:
    post = Post(fails=lambda to: SendFailed("ratelimited", retry_after=30))
    await write(desk, ADA, "a")
    await write(desk, ADA, "a2", due_at=NOW + timedelta(seconds=5))
    await delivery(desk, post).drain()
    assert (await rows(desk))["a2"].due_at == NOW + timedelta(seconds=30)


async def test_a_passing_failure_is_tried_again_later(desk: Desk) -> None:
    post = Post(fails=lambda to: SendFailed("server error"))
    await write(desk, ADA, "a")
    assert await delivery(desk, post).drain() == 0
    first = (await rows(desk))["a"]
    assert first.due_at is not None
    assert NOW < first.due_at <= NOW + timedelta(seconds=5)
    assert (first.attempts, first.dead_at) == (1, None)
    post.fails = lambda to: None
    desk.now = first.due_at
    assert await delivery(desk, post).drain() == 1


async def test_a_platform_that_hangs_counts_as_a_passing_failure(desk: Desk) -> None:
    class Silent(Post):
        async def send(self, *_: object, **__: object) -> str:
            raise TimeoutError

    await write(desk, ADA, "a")
    await delivery(desk, Silent()).drain()
    assert (await rows(desk))["a"].last_error == "no answer in time"


async def test_a_bug_in_one_message_does_not_hold_up_the_others(desk: Desk) -> None:
    class Broken(Post):
        async def send(self, *args: object, **kwargs: object) -> str:
            if kwargs["user_id"] == ADA:
                raise ZeroDivisionError
            return await Post.send(self, *args, **kwargs)  # type: ignore[arg-type]  # as given

    await write(desk, ADA, "a")
    await write(desk, BEN, "b")
    post = Broken()
    assert await delivery(desk, post).drain() == 1
    assert (await rows(desk))["a"].last_error == "internal error"


async def test_a_permanent_failure_is_shown_to_the_manager_and_sent_again_by_a_button(
    desk: Desk,
) -> None:
    post = Post(fails=lambda to: SendFailed("user_disabled", permanent=True) if to == ADA else None)
    await write(desk, ADA, "a")
    await write(desk, ADA, "a2")
    await write(desk, BEN, "b")
    assert await delivery(desk, post).drain() == 2  # Ben's, and the report to Max
    stored = await rows(desk)
    assert stored["a"].dead_at == NOW
    [report] = post.to(MAX)
    assert "Ada Fox" in report.text
    assert "switched off" in report.text
    assert await delivery(desk, post).drain() == 0
    post.fails = lambda to: None
    answer = await desk.presses(MAX, "letter.resend", letter=str(stored["a"].id))
    assert "2 messages" in str(answer)
    assert await delivery(desk, post).drain() == 2
    again = await desk.presses(MAX, "letter.resend", letter=str(stored["a"].id))
    assert "on its way already" in reply_of(again)


async def test_a_rep_cannot_resend(desk: Desk) -> None:
    assert "That one is for" in reply_of(await desk.presses(ADA, "letter.resend", letter="1"))


async def test_a_report_that_does_not_arrive_is_not_reported(desk: Desk) -> None:
    post = Post(fails=lambda to: SendFailed("invalid_auth", permanent=True))
    await write(desk, CHANNEL, "b")
    assert await delivery(desk, post).drain() == 0
    assert await delivery(desk, post).drain() == 0
    assert set(post.tries) == {CHANNEL, MAX}


async def test_a_member_the_platform_does_not_know_is_waited_for(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        stranger = Member(workspace_id=WORKSPACE, name="Zoe", name_key="zoe", joined_at=NOW)
        work.session.add(stranger)
        await work.commit()
    assert stranger.id is not None
    desk.ids["zoe"] = stranger.id
    post = Post()
    await write(desk, "zoe", "z")
    await write(desk, ADA, "a")
    assert await delivery(desk, post).drain() == 1
    waiting = (await rows(desk))["z"]
    assert (waiting.due_at, waiting.attempts) == (None, 0)
    async with desk.database.workspace(WORKSPACE) as work:
        found = await work.members.by_id(stranger.id)
        assert found is not None
        found.platform_user_id = "U0ZOE"
        await work.commit()
    assert await delivery(desk, post).drain() == 1
    assert post.to("U0ZOE")


async def test_a_message_nobody_can_read_is_dead(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        await work.outbox.put(
            view_json="{}", kind="test", dedupe_key="x", now=NOW, member_id=desk.ids[ADA]
        )
        await work.commit()
    await delivery(desk, Post()).drain()
    assert (await rows(desk))["x"].dead_at == NOW


def test_waits_grow_to_an_hour_and_are_spread() -> None:
    def waits(number: int) -> list[float]:
        return [
            wait_before_next(
                Letter(number, "T", 1, "U", None, "k", "", "", None, attempts, NOW, NOW)
            ).total_seconds()
            for attempts in (1, 2, 3, 20)
        ]

    assert all(
        0.5 * most <= wait <= most for wait, most in zip(waits(7), (5, 10, 20, 3600), strict=True)
    )
    assert waits(7) != waits(8)


async def test_a_worker_sends_what_is_written_and_stops_with_its_leases_given_back(
    desk: Desk,
) -> None:
    post = Post()
    worker = Worker(desk.database, post, lambda: desk.now)
    await worker.start()
    await write(desk, ADA, "a")
    async with asyncio.timeout(5):
        while not post.sent:
            await asyncio.sleep(0.01)
    await worker.stop()
    assert (await rows(desk))["a"].sent_at == NOW


async def test_a_drain_that_is_told_to_stop_begins_nothing_more(desk: Desk) -> None:
    post = Post(hangs={ADA})
    for number in range(40):
        await write(desk, ADA, f"k{number}")
    sender = delivery(desk, post)
    running = asyncio.create_task(sender.drain())
    while len(post.tries) < 16:
        await asyncio.sleep(0)
    sender.stop()
    post.let_go.set()
    assert await running == 16
    left = [row for row in (await rows(desk)).values() if row.sent_at is None]
    assert {(row.leased_until, row.attempts) for row in left} == {(None, 0)}
    assert len(left) == 24


async def test_what_is_on_its_way_is_recorded_though_no_more_can_be_leased(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases = 0

    async def once(session: AsyncSession, **asked: Any) -> list[Letter]:
        nonlocal leases
        leases += 1
        if leases > 1:
            raise OSError("the database is away")
        return await lease(session, **asked)

    monkeypatch.setattr("jobs.outbox.lease", once)
    post = Post(hangs={ADA})
    await write(desk, ADA, "a")
    running = asyncio.create_task(delivery(desk, post).drain())
    async with asyncio.timeout(5):
        while leases < 2 or not post.tries:
            await asyncio.sleep(0.01)
    post.let_go.set()
    with pytest.raises(OSError, match="away"):
        await running
    assert (await rows(desk))["a"].sent_at == NOW


async def test_what_was_leased_too_long_ago_is_leased_anew_before_it_goes(desk: Desk) -> None:
    post = Post(hangs={ADA})
    for number in range(20):
        await write(desk, ADA if number < 16 else BEN, f"k{number:02}")
    running = asyncio.create_task(delivery(desk, post).drain())
    while len(post.tries) < 16:
        await asyncio.sleep(0)
    desk.now += timedelta(seconds=80)  # the other four are held since then; another may soon take
    post.let_go.set()
    assert await running == 16
    desk.now += timedelta(seconds=11)
    assert await delivery(desk, post).drain() == 4
    again = [row.attempts for row in (await rows(desk)).values() if row.dedupe_key >= "k16"]
    assert again == [2] * 4
    assert len(post.tries) == 20


async def test_a_nudge_waits_for_do_not_disturb_to_end_and_an_answer_does_not(desk: Desk) -> None:
    class Busy:
        asked: ClassVar[list[str]] = []

        async def busy_until(
            self, workspace_id: str, user_id: str, now: datetime
        ) -> datetime | None:
            self.asked.append(user_id)
            return {ADA: NOW + timedelta(hours=2), BEN: NOW - timedelta(hours=1)}.get(user_id)

    post = Post()
    await write(desk, ADA, "answer")
    async with desk.database.workspace(WORKSPACE) as work:
        nudges = [
            NewLetter("nudge", f"n-{user}", say("n").to_json(), NOW, desk.ids[user])
            for user in (ADA, BEN, CHI)
        ]
        await work.outbox.put_all(nudges, NOW)
        await work.commit()
    sender = Delivery(desk.database, post, lambda: desk.now, pace=UNPACED, attention=Busy())
    assert await sender.drain() == 3
    assert sorted(Busy.asked) == sorted([ADA, BEN, CHI])
    assert [sent.dedupe_key for sent in post.to(ADA)] == ["answer"]
    held = (await rows(desk))[f"n-{ADA}"]
    assert (held.due_at, held.attempts) == (NOW + timedelta(hours=2), 0)


async def test_a_meter_counts_what_went_out_how_late_and_what_failed(desk: Desk) -> None:
    counted: list[tuple[str, float | str]] = []

    class Counter:
        def sent(self, kind: str, late: float) -> None:
            counted.append((kind, late))

        def failed(self, kind: str, how: str) -> None:
            counted.append((kind, how))

    failures = {
        BEN: SendFailed("x"),
        CHI: SendFailed("x", retry_after=1),
        CHANNEL: SendFailed("x", permanent=True),
    }
    for user in (ADA, BEN, CHI, CHANNEL):
        await write(desk, user, user)
    desk.now += timedelta(seconds=30)
    post = Post(fails=failures.get)
    await Delivery(desk.database, post, lambda: desk.now, pace=UNPACED, meter=Counter()).drain()
    assert sorted(counted, key=str) == sorted(
        [
            ("test", 30.0),
            ("test", "passing"),
            ("test", "throttled"),
            ("test", "permanent"),
            ("dead letter", 0.0),
        ],
        key=str,
    )


async def test_the_backlog_says_how_much_is_due_since_when_and_how_much_died(desk: Desk) -> None:
    await write(desk, ADA, "a", due_at=NOW - timedelta(minutes=9))
    await write(desk, BEN, "b", due_at=NOW + timedelta(minutes=9))
    await write(desk, CHANNEL, "c")
    async with desk.database.looking() as session:
        assert await backlog(session, NOW) == Backlog(2, NOW - timedelta(minutes=9), 0)
    await delivery(desk, Post(fails=lambda to: SendFailed("x", permanent=True))).drain()
    async with desk.database.looking() as session:
        assert (await backlog(session, NOW)).dead == 4  # and the two reports of it


async def test_a_database_that_goes_away_and_returns_is_survived(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = {"still": True}
    looking = desk.database.looking

    def unless_away() -> AbstractAsyncContextManager[AsyncSession]:
        if away["still"]:
            raise OperationalError("connect", None, ConnectionRefusedError())
        return looking()

    monkeypatch.setattr(desk.database, "looking", unless_away)
    post = Post()
    await write(desk, ADA, "a")
    worker = Worker(desk.database, post, lambda: desk.now, jobs_every=0.05)
    await worker.start()
    await asyncio.sleep(0.2)
    assert post.sent == []
    away["still"] = False
    async with asyncio.timeout(5):
        while not post.sent:
            await asyncio.sleep(0.01)
    await worker.stop()


async def test_what_was_sent_is_recorded_once_the_database_is_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.outbox._RECORD_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("jobs.outbox._RECORDINGS", 3)
    failures = iter([True, True, False, True, True, True])
    real = outcomes.record

    async def unless_away(*arguments: Any) -> None:
        if next(failures):
            raise OperationalError("commit", None, ConnectionResetError())
        await real(*arguments)

    monkeypatch.setattr("jobs.outbox.record", unless_away)
    post = Post()
    await write(desk, ADA, "a")
    assert await delivery(desk, post).drain() == 1
    assert (await rows(desk))["a"].sent_at == NOW
    await write(desk, BEN, "b")
    with pytest.raises(OperationalError):
        await delivery(desk, post).drain()


async def test_a_worker_that_must_stop_does_not_wait_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.worker._PATIENCE", 0.1)
    post = Post(hangs={ADA})
    await write(desk, ADA, "a")
    worker = Worker(desk.database, post, lambda: desk.now)
    await worker.start()
    async with asyncio.timeout(5):
        while not post.tries:
            await asyncio.sleep(0.01)
    await worker.stop()
    assert (await rows(desk))["a"].sent_at is None
