"""Messages for others are written many at once, and each of them once."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from storage.outbox import NewLetter
from storage.tables import Outbox
from tests.people import ADA, BEN, NOW, WORKSPACE, Desk

LATER = NOW + timedelta(hours=5, microseconds=7)
ODD = '{"summary": "„Ünïcode“ \\u2028 \'quoted\' \\\\ 😀 :name $1 ?", "elements": []}'


async def written(desk: Desk) -> list[Outbox]:
    async with desk.database.reading(WORKSPACE) as work:
        return list(await work.session.exec(select(Outbox).order_by(col(Outbox.dedupe_key))))


async def test_a_batch_is_stored_as_it_was_given(desk: Desk) -> None:
    letters = [
        NewLetter("digest", "a", ODD, NOW, member_id=desk.ids[ADA], open_for=(NOW, LATER)),
        NewLetter("board", "b", "{}", LATER, channel_id="C0TEAM"),
    ]
    async with desk.database.workspace(WORKSPACE) as work:
        await work.outbox.put_all(letters, NOW)
        await work.commit()
    to_ada, to_channel = await written(desk)
    assert (to_ada.member_id, to_ada.channel_id, to_ada.view_json) == (desk.ids[ADA], None, ODD)
    assert (to_ada.due_at, to_ada.closes_at, to_ada.reopens_at) == (NOW, NOW, LATER)
    assert (to_ada.rank, to_ada.promised, to_ada.attempts, to_ada.created_at) == (1, False, 0, NOW)
    assert (to_channel.member_id, to_channel.channel_id) == (None, "C0TEAM")
    assert (to_channel.due_at, to_channel.closes_at) == (LATER, None)


async def test_what_was_written_before_is_left_as_it_is(desk: Desk) -> None:
    def letter(user: str, key: str, says: str) -> NewLetter:
        return NewLetter("digest", key, says, NOW, member_id=desk.ids[user])

    async with desk.database.workspace(WORKSPACE) as work:
        await work.outbox.put_all([letter(ADA, "a", "first")], NOW)
        await work.commit()
    async with desk.database.workspace(WORKSPACE) as work:
        again = [letter(ADA, "a", "second"), letter(BEN, "b", "new"), letter(BEN, "b", "twice")]
        await work.outbox.put_all(again, LATER)
        await work.commit()
    assert [(one.dedupe_key, one.view_json) for one in await written(desk)] == [
        ("a", "first"),
        ("b", "new"),
    ]
