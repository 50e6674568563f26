"""What has served its time goes; what is open or young stays."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import func, select

from handlers.views.elements import say
from jobs.table import run_job
from storage.tables import Outbox, SeenEnvelope
from tests.jobs.files import at, letters
from tests.people import ADA, NOW, WORKSPACE, Desk

DAY = timedelta(days=1)


async def test_old_messages_that_went_out_and_old_envelopes_go(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        for key, age, sent in (("old", 100, True), ("open", 100, False), ("young", 10, True)):
            work.session.add(
                Outbox(
                    workspace_id=WORKSPACE,
                    member_id=desk.ids[ADA],
                    kind="k",
                    view_json=say("x").to_json(),
                    dedupe_key=key,
                    created_at=NOW - age * DAY,
                    due_at=NOW - age * DAY,
                    sent_at=NOW - age * DAY if sent else None,
                )
            )
        await work.commit()
    await desk.types(ADA, "help")
    assert await run_job("tidy", at(NOW, desk)) == 1
    assert {row.dedupe_key for row in await letters(desk)} == {"open", "young"}
    assert await run_job("tidy", at(NOW + 8 * DAY, desk)) == 1
    assert await run_job("tidy", at(NOW + 8 * DAY, desk)) == 0
    async with desk.database.reading(WORKSPACE) as work:
        count = await work.session.exec(select(func.count()).select_from(SeenEnvelope))
        assert count.one() == 0
