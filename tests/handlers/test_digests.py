"""N1: the digest of today is put right in its place when a line is dealt with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from jobs.outbox import Delivery
from jobs.table import run_job
from tests.jobs.files import at, hand_out, letters
from tests.jobs.senders import Post
from tests.people import ADA, NOW, Desk

TUESDAY = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)


async def digest_with(desk: Desk, *names: str) -> None:
    for name in names:
        await hand_out(desk, ADA, name, date(2026, 3, 1))
    desk.now = TUESDAY
    await run_job("digest", at(TUESDAY, desk))


async def test_a_line_that_is_dealt_with_leaves_the_digest_that_was_sent(desk: Desk) -> None:
    await digest_with(desk, "Acme", "Bolt")
    post = Post()
    sender = Delivery(desk.database, post, lambda: desk.now)
    await sender.drain()
    await desk.types(ADA, "snooze Acme 2026-03-20")
    await desk.types(ADA, "snooze Bolt 2026-03-20")
    desk.now += timedelta(minutes=1)
    await sender.drain()
    first, *updates = post.sent
    assert ("Acme" in first.text, first.update_of) == (True, None)
    assert {sent.update_of for sent in updates} == {f"{ADA}/1"}
    assert "Acme" not in updates[-1].text
    assert "Nothing more" in updates[-1].text


async def test_a_digest_not_yet_sent_is_changed_before_it_goes(desk: Desk) -> None:
    await digest_with(desk, "Acme", "Bolt")
    await desk.types(ADA, "snooze Acme 2026-03-20")
    [letter] = await letters(desk)
    assert "Acme" not in letter.view_json
    assert "Bolt" in letter.view_json


async def test_without_a_digest_today_nothing_is_put_right(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", date(2026, 3, 2))
    await desk.types(ADA, "snooze Acme 2026-03-20")
    assert await letters(desk) == []
    assert desk.now == NOW


async def test_further_updates_go_on_after_those_that_were_sent(desk: Desk) -> None:
    await digest_with(desk, "Acme", "Bolt", "Cove")
    post = Post()
    sender = Delivery(desk.database, post, lambda: desk.now)
    await sender.drain()
    for name in ("Acme", "Bolt", "Cove"):
        await desk.types(ADA, f"snooze {name} 2026-03-20")
        desk.now += timedelta(minutes=1)
        await sender.drain()
    assert [sent.update_of for sent in post.sent] == [None, *[f"{ADA}/1"] * 3]


async def test_a_line_that_is_handed_over_leaves_the_digest(desk: Desk) -> None:
    await digest_with(desk, "Acme", "Bolt")
    await desk.types(ADA, "pass Acme")
    digests = [letter for letter in await letters(desk) if letter.kind == "digest"]
    assert all("Acme" not in letter.view_json for letter in digests)
    assert any("Bolt" in letter.view_json for letter in digests)
