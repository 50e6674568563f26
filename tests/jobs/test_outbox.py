"""N5: each message goes out once, and nobody's failing DM holds up another's."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar

from domain.errors import SendFailed
from domain.pace import UNPACED
from handlers.views.elements import say
from jobs.outbox import Delivery
from jobs.outcomes import Outcome, wait_before_next
from storage.letters import Backlog, Letter, backlog
from storage.outbox import NewLetter
from storage.tables import Member
from tests.handlers.screens import read
from tests.jobs.outgoing import delivery, rows, write
from tests.jobs.senders import Post
from tests.people import ADA, BEN, CHANNEL, CHI, MAX, NOW, WORKSPACE, Desk, reply_of


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
    post = Post(
        fails=lambda to: (
            SendFailed("Their account is closed.", permanent=True) if to == ADA else None
        )
    )
    await write(desk, ADA, "a")
    await write(desk, ADA, "a2")
    await write(desk, BEN, "b")
    assert await delivery(desk, post).drain() == 2  # Ben's, and the report to Max
    stored = await rows(desk)
    assert stored["a"].dead_at == NOW
    [report] = post.to(MAX)
    assert "Ada Fox" in report.text
    assert "A message did not reach @Ada Fox. Their account is closed." in read(report.view)
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
                Letter(number, "T", 1, None, "k", "", "", None, 0, attempts, NOW, "U", NOW)
            ).total_seconds()
            for attempts in (1, 2, 3, 20)
        ]

    assert all(
        0.5 * most <= wait <= most for wait, most in zip(waits(7), (5, 10, 20, 3600), strict=True)
    )
    assert waits(7) != waits(8)


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


class SlowToLook(Delivery):
    """Learns that nothing more is due only when more has been written."""

    async def _lease(self, limit: int, in_hand: Collection[int]) -> list[Letter]:
        found = await super()._lease(limit, in_hand)
        if not found:
            await asyncio.sleep(0.1)
        return found

    async def _record(self, outcomes: list[Outcome]) -> None:
        await asyncio.sleep(0.05)
        await super()._record(outcomes)


async def test_what_is_written_while_it_looks_goes_out_as_well(desk: Desk) -> None:
    """N5: the report of a message that did not arrive."""
    await write(desk, ADA, "a")
    post = Post(fails=lambda to: SendFailed("x", permanent=True) if to == ADA else None)
    await SlowToLook(desk.database, post, lambda: NOW, pace=UNPACED).drain()
    async with desk.database.looking() as session:
        assert await backlog(session, NOW) == Backlog(0, None, 1)


async def test_the_backlog_says_how_much_is_due_since_when_and_how_much_died(desk: Desk) -> None:
    await write(desk, ADA, "a", due_at=NOW - timedelta(minutes=9))
    await write(desk, BEN, "b", due_at=NOW + timedelta(minutes=9))
    await write(desk, CHANNEL, "c")
    async with desk.database.looking() as session:
        assert await backlog(session, NOW) == Backlog(2, NOW - timedelta(minutes=9), 0)
    await delivery(desk, Post(fails=lambda to: SendFailed("x", permanent=True))).drain()
    async with desk.database.looking() as session:
        assert (await backlog(session, NOW)).dead == 4  # and the two reports of it
