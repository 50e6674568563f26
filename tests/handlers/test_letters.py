"""N5: what did not arrive, shown to the manager and sent again by a button."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.errors import SendFailed
from handlers.views.elements import say
from jobs.outbox import Delivery
from jobs.table import run_job
from tests.jobs.files import at, hand_out, letters
from tests.jobs.senders import Post
from tests.people import ADA, CHANNEL, MAX, WORKSPACE, Desk, reply_of

TUESDAY = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
CLOSED = SendFailed("messages_tab_disabled", permanent=True)


async def drain(desk: Desk, post: Post, now: datetime) -> None:
    desk.now = now
    await Delivery(desk.database, post, lambda: desk.now).drain()


async def days_without_a_dm(desk: Desk, days: int) -> int:
    """Let Ada's digests of so many days be refused; give the number of the first."""
    await hand_out(desk, ADA, "Acme", date(2026, 3, 1))
    post = Post(fails=lambda to: CLOSED if to == ADA else None)
    for number in range(days):
        await run_job("digest", at(TUESDAY + timedelta(days=number), desk))
        await drain(desk, post, TUESDAY + timedelta(days=number))
    first, *_ = await letters(desk, "digest")
    return first.id or 0


async def test_of_a_weeks_digests_that_did_not_arrive_only_the_newest_is_sent_again(
    desk: Desk,
) -> None:
    first = await days_without_a_dm(desk, 3)
    answer = await desk.presses(MAX, "letter.resend", letter=str(first))
    assert "The message is on the way again" in str(answer)
    post = Post()
    await drain(desk, post, desk.now + timedelta(minutes=1))
    assert [sent.dedupe_key[-10:] for sent in post.to(ADA)] == ["2026-03-05"]
    again = await desk.presses(MAX, "letter.resend", letter=str(first))
    assert "on its way already" in reply_of(again)


async def test_what_is_sent_again_wakes_nobody(desk: Desk) -> None:
    first = await days_without_a_dm(desk, 1)
    desk.now = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # 21:00 where Ada is
    await desk.presses(MAX, "letter.resend", letter=str(first))
    post = Post()
    await drain(desk, post, desk.now + timedelta(minutes=1))
    assert post.to(ADA) == []
    await drain(desk, post, datetime(2026, 3, 4, 14, 0, tzinfo=UTC))
    assert len(post.to(ADA)) == 1


async def test_a_message_that_can_no_longer_be_changed_alarms_nobody(desk: Desk) -> None:
    """Its reader has thrown it away: that it is not put right is no loss to them."""
    await hand_out(desk, ADA, "Acme", date(2026, 3, 1))
    await run_job("digest", at(TUESDAY, desk))
    post = Post()
    await drain(desk, post, TUESDAY)
    await desk.types(ADA, "snooze Acme 2026-03-20")
    post.fails = lambda to: SendFailed("message_not_found", permanent=True)
    await drain(desk, post, TUESDAY + timedelta(minutes=1))
    assert await letters(desk, "dead letter") == []


async def test_what_a_channel_missed_is_sent_again_too(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        await work.outbox.put(
            view_json=say("A win").to_json(),
            kind="win",
            dedupe_key="win:1",
            now=desk.now,
            channel_id=CHANNEL,
        )
        await work.commit()
    await drain(desk, Post(fails=lambda to: CLOSED if to == CHANNEL else None), TUESDAY)
    [letter] = await letters(desk, "win")
    await desk.presses(MAX, "letter.resend", letter=str(letter.id))
    post = Post()
    await drain(desk, post, TUESDAY + timedelta(minutes=1))
    assert len(post.to(CHANNEL)) == 1
