"""N6: what can wait is said by the next digest, once, whatever becomes of that."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.errors import SendFailed
from handlers.nudging import enclosure, hours_by_id
from handlers.views.elements import say
from jobs.context import JobContext
from jobs.outbox import Delivery
from jobs.table import run_job
from tests.handlers.screens import read
from tests.jobs.files import at, hand_out, letters, member
from tests.jobs.senders import Post
from tests.people import ADA, NOW, WORKSPACE, Desk

MONDAY = date(2026, 3, 2)
NINE = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)  # on Tuesday, in New York
DAY = timedelta(days=1)


async def enclose(desk: Desk, *news: str, now: datetime = NOW) -> None:
    """Let news wait for Ada's digest."""
    async with desk.database.workspace(WORKSPACE) as work:
        [ada] = (await work.members.by_ids([desk.ids[ADA]])).values()
        rules = await work.workspaces.rules()
        hours = (await hours_by_id(work, [ada], rules, now.date()))[desk.ids[ADA]]
        written = [
            enclosure("testimonial", f"testimonial:{one}", say(one), ada, hours=hours, now=now)
            for one in news
        ]
        await work.outbox.put_all(written, now)
        await work.commit()


async def morning(desk: Desk, post: Post, now: datetime = NINE) -> None:
    """Let a morning's digests be written and sent, and all that follows by noon."""
    desk.now = now
    await run_job("digest", at(now, desk))
    for minutes in (0, 20, 180):
        desk.now = now + timedelta(minutes=minutes)
        await Delivery(desk.database, post, lambda: desk.now).drain()


async def test_news_are_enclosed_in_the_digest_and_do_not_come_by_themselves(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await enclose(desk, "Bolt is glad")
    post = Post()
    await morning(desk, post)
    [digest] = post.to(ADA)
    text = read(digest.view)
    assert text.index("Acme") < text.index("Also") < text.index("Bolt is glad")
    await morning(desk, post, NINE + DAY)
    assert ["Bolt" in sent.text for sent in post.to(ADA)] == [True, False]


async def test_news_alone_are_reason_enough_for_a_digest(desk: Desk) -> None:
    await enclose(desk, "Bolt is glad")
    post = Post()
    await morning(desk, post)
    [digest] = post.to(ADA)
    assert (digest.view.summary, digest.dedupe_key[:6]) == ("Bolt is glad", "digest")
    assert read(digest.view) == "Your day, Tuesday 3 March\nBolt is glad"


async def test_they_stay_in_the_digest_that_changes(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await enclose(desk, "Bolt is glad")
    post = Post()
    await morning(desk, post)
    await desk.types(ADA, "snooze Acme 2026-03-20")
    await Delivery(desk.database, post, lambda: desk.now).drain()
    changed = post.to(ADA)[-1]
    assert (changed.update_of, "Acme" in changed.text) == (f"{ADA}/1", False)
    assert "Bolt is glad" in changed.text


async def test_what_comes_after_the_hour_waits_for_the_next_working_day(desk: Desk) -> None:
    friday = NINE + 3 * DAY
    post = Post()
    await morning(desk, post, friday)
    await enclose(desk, "Bolt is glad", now=friday + timedelta(hours=1))
    for days in (0, 1, 2):
        await morning(desk, post, friday + timedelta(days=days, hours=2))
    assert post.sent == []
    await morning(desk, post, datetime(2026, 3, 9, 13, 0, tzinfo=UTC))
    assert ["Bolt is glad" in sent.text for sent in post.to(ADA)] == [True]


async def test_without_a_digest_they_go_by_themselves(desk: Desk) -> None:
    await enclose(desk, "Bolt is glad")
    post = Post()
    for minutes, sent in ((14, 0), (15, 1)):
        desk.now = NINE + timedelta(minutes=minutes)
        await Delivery(desk.database, post, lambda: desk.now).drain()
        assert len(post.to(ADA)) == sent


async def test_a_digest_that_never_went_out_leaves_them_to_the_next(desk: Desk) -> None:
    await enclose(desk, "Bolt is glad")
    await hand_out(desk, ADA, "Acme", MONDAY)
    post = Post(fails=lambda to: SendFailed("server error"))
    for days in (0, 1):
        await morning(desk, post, NINE + timedelta(days=days))
    post.fails = lambda to: None
    await morning(desk, post, NINE + 2 * DAY)
    [digest] = post.to(ADA)
    assert "Bolt is glad" in digest.text
    assert "no digest since" in digest.text


async def test_a_day_that_had_its_digest_takes_none_in_once_more(desk: Desk) -> None:
    """As where a clock was set back, and all is planned anew."""
    await hand_out(desk, ADA, "Acme", MONDAY)
    post = Post()
    await morning(desk, post)
    await enclose(desk, "Bolt is glad", now=desk.now)
    await member(desk, ADA, digest_due_at=None, digest_on=None)
    await morning(desk, post, NINE + timedelta(hours=4))
    assert len(post.to(ADA)) == 1
    await morning(desk, post, NINE + DAY)
    assert ["Bolt is glad" in sent.text for sent in post.to(ADA)] == [False, True]


async def test_of_many_three_are_said_in_full(desk: Desk) -> None:
    await enclose(desk, *(f"Customer {n} is glad" for n in range(20)))
    for number in range(20):
        await hand_out(desk, ADA, f"Account {number:02}", MONDAY)
    post = Post()
    await morning(desk, post)
    [digest] = post.to(ADA)
    kinds = [element.kind for element in digest.view.elements]
    assert kinds[-4:] == ["paragraph", "paragraph", "paragraph", "bullets"]
    assert kinds.count("buttons") == 9
    assert "And 11 more" in digest.text


async def test_who_resumes_is_not_told_at_once_what_can_wait(desk: Desk) -> None:
    await enclose(desk, "Bolt is glad")
    await desk.types(ADA, "me pause 2026-03-20")
    desk.now += timedelta(hours=1)
    await desk.types(ADA, "me resume")
    post = Post()
    await Delivery(desk.database, post, lambda: desk.now).drain()
    assert post.sent == []


async def test_a_digest_played_as_another_time_leaves_them_to_themselves(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    await enclose(desk, "Bolt is glad")
    await run_job("digest", JobContext(desk.database, NINE, NOW))
    assert ["Bolt" in row.view_json for row in await letters(desk, "digest")] == [False]
