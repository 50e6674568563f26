"""N5: what a sender holds goes out once, whether it stops, dies or loses its database."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.pace import UNPACED
from handlers.views.elements import say
from jobs import outcomes
from jobs.worker import Worker
from storage import leasing
from storage.leasing import lease
from storage.letters import Letter
from storage.outbox import NewLetter
from storage.unit_of_work import UnitOfWork
from tests.jobs.outgoing import delivery, rows, write
from tests.jobs.senders import Post
from tests.people import ADA, BEN, CHI, NOW, WORKSPACE, Desk


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


async def test_what_is_written_while_a_recipient_hangs_goes_out_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.outbox._LOOK_AGAIN", 0.02)
    post = Post(hangs={ADA})
    await write(desk, ADA, "a")
    running = asyncio.create_task(delivery(desk, post).drain())
    while not post.tries:
        await asyncio.sleep(0)
    await asyncio.sleep(0.1)  # until there is nothing more to lease
    await write(desk, BEN, "b")
    async with asyncio.timeout(5):
        while not post.sent:
            await asyncio.sleep(0.01)
    assert [sent.to for sent in post.sent] == [BEN]
    post.let_go.set()
    assert await running == 2


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
