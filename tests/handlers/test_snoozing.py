"""N4: a deadline is put off to a day, the rest keeps its rhythm, and too often is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.deadlines import Rung, Step
from handlers.effects import OpenForm
from handlers.views.forms import DateField
from jobs.outbox import Delivery
from jobs.table import run_job
from storage.tables import Deadline
from tests.handlers.dealt import rows
from tests.handlers.screens import labels, read
from tests.jobs.files import at, hand_out, letters
from tests.jobs.senders import Post
from tests.people import ADA, BEN, MAX, NOW, OTTO, WORKSPACE, Desk, errors_of, form_of, reply_of

MONDAY = date(2026, 3, 2)


async def due(desk: Desk, account_id: int | None) -> dict[str, Deadline]:
    return {row.kind: row for row in await rows(desk, Deadline) if row.account_id == account_id}


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("snooze Acme Corp friday", date(2026, 3, 6)),
        ("snooze Acme Corp, in 2 weeks", date(2026, 3, 16)),
        ('snooze "acme" 2026-03-20', date(2026, 3, 20)),
        ("snooze ACME INC. tomorrow", date(2026, 3, 3)),
    ],
)
async def test_what_is_pressing_is_put_off_and_nothing_else(
    desk: Desk, line: str, day: date
) -> None:
    account = await hand_out(desk, ADA, "Acme Corp", MONDAY)
    before = await due(desk, account.id)
    assert "now due" in reply_of(await desk.types(ADA, line))
    after = await due(desk, account.id)
    assert (after["contact"].due_on, after["contact"].snoozes) == (day, 1)
    for kind in ("meeting", "overdue"):
        assert (after[kind].due_on, after[kind].tell_at) == (
            before[kind].due_on,
            before[kind].tell_at,
        )


async def test_what_stays_due_before_that_day_is_named(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    assert "keeps its days" not in reply_of(await desk.types(ADA, "snooze Acme 2026-03-10"))
    said = reply_of(await desk.types(ADA, "snooze Acme 2026-03-20"))
    assert "The rest keeps its days: meet the decision maker, due Mon 16 Mar." in said


async def test_the_form_offers_a_worked_day_after_it_is_due(desk: Desk) -> None:
    """It is due on Thursday the 5th; the 6th is offered, and on Friday the Monday after."""
    account = await hand_out(desk, ADA, "Acme", MONDAY)
    for offered in ("2026-03-06", "2026-03-09"):
        opened = form_of(await desk.types(ADA, "snooze Acme"))
        [day] = opened.form.fields
        assert isinstance(day, DateField)
        assert day.value == offered
        await desk.sends(ADA, "snooze", {"day": offered}, opened.form.context)
    assert (await due(desk, account.id))["contact"].due_on == date(2026, 3, 9)


async def test_without_a_day_the_form_asks_and_moves_the_line_that_was_pressed(desk: Desk) -> None:
    account = await hand_out(desk, ADA, "Acme", MONDAY)
    rungs = await due(desk, account.id)
    opened = form_of(await desk.types(ADA, "snooze Acme"))
    assert opened.form.context["deadline"] == str(rungs["contact"].id)
    pressed = await desk.presses(
        ADA, "snooze.open", account=str(account.id), deadline=str(rungs["meeting"].id)
    )
    context = form_of(pressed).form.context
    await desk.sends(ADA, "snooze", {"day": "2026-04-01"}, context)
    assert (await due(desk, account.id))["meeting"].due_on == date(2026, 4, 1)
    gone = await desk.presses(ADA, "snooze.open", account=str(account.id))
    assert isinstance(gone[0], OpenForm)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-03-02", "after today"),
        ("2029-01-01", "more than a year"),
        ("2026-03-05", "on that day already"),
        ("whenever", "is not a day"),
        ("", "is not a day"),
    ],
)
async def test_a_day_that_cannot_be_is_said_at_its_field(desk: Desk, day: str, says: str) -> None:
    account = await hand_out(desk, ADA, "Acme", MONDAY)
    context = {"account": str(account.id), "deadline": "0"}
    errors = errors_of(await desk.sends(ADA, "snooze", {"day": day}, context))
    assert says in errors["day"]


async def test_past_the_limit_the_manager_is_told(desk: Desk) -> None:
    account = await hand_out(desk, ADA, "Acme", MONDAY)
    said = []
    for days in range(4, 9):
        day = MONDAY + timedelta(days=days)
        said.append(reply_of(await desk.types(ADA, f"snooze Acme {day}")))
    assert ["2 more times" in said[0], "1 more time." in said[1]] == [True, True]
    assert "once more, your manager is told" in said[2]
    assert "manager is told" in said[3]
    [told] = await letters(desk, "snoozed often")
    assert told.member_id == desk.ids[MAX]
    assert "5 times" in told.view_json
    assert (await due(desk, account.id))["contact"].snoozes == 5


async def test_a_manager_who_snoozes_tells_nobody(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    for days in range(4, 9):
        await desk.types(MAX, f"snooze Acme {MONDAY + timedelta(days=days)}")
    assert await letters(desk, "snoozed often") == []


async def test_overdue_put_off_is_told_again_on_its_new_day(desk: Desk) -> None:
    told_at = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    await hand_out(desk, ADA, "Acme", MONDAY, tell_at=told_at, rungs=[Rung(Step.OVERDUE, MONDAY)])
    await run_job("deadlines", at(told_at, desk))
    await Delivery(desk.database, Post(), lambda: desk.now).drain()
    await desk.types(ADA, "snooze Acme thursday")
    told = []
    for days in (2, 3):
        await run_job("deadlines", at(told_at + timedelta(days=days), desk))
        rows = await letters(desk, "overdue")
        told.append(len([row for row in rows if row.update_of is None]))
    assert told == [2, 4]


async def test_the_same_step_twice_on_a_day_is_refused(desk: Desk) -> None:
    rungs = [Rung(Step.NEXT_STEP, MONDAY), Rung(Step.NEXT_STEP, MONDAY + timedelta(days=7))]
    await hand_out(desk, ADA, "Acme", MONDAY, rungs=rungs)
    said = reply_of(await desk.types(ADA, f"snooze Acme {MONDAY + timedelta(days=7)}"))
    assert "set for that day already" in said


async def test_nothing_due_nothing_to_put_off(desk: Desk) -> None:
    account = await hand_out(desk, ADA, "Acme", MONDAY)
    async with desk.database.workspace(WORKSPACE) as work:
        assert account.id is not None
        await work.deadlines.close([account.id], NOW)
        await work.commit()
    assert "Nothing is due" in reply_of(await desk.types(ADA, "snooze Acme friday"))


async def test_an_unknown_account_is_asked_about(desk: Desk) -> None:
    assert "I know no account" in reply_of(await desk.types(ADA, "snooze Nobody friday"))


async def test_another_reps_account_is_theirs(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    assert "not in your hands" in reply_of(await desk.types(BEN, "snooze Acme friday"))


async def test_an_outsider_is_told_who_may(desk: Desk) -> None:
    assert "That one is for" in reply_of(await desk.types(OTTO, "snooze Acme friday"))
    for act in (desk.presses(OTTO, "snooze.open", account="1"),):
        assert "That one is for" in reply_of(await act)
    refused = errors_of(await desk.sends(OTTO, "snooze", {"day": "2026-03-09"}, {}))
    assert "That one is for" in refused[""]


async def test_a_deadline_that_was_met_meanwhile_is_not_put_off(desk: Desk) -> None:
    account = await hand_out(desk, ADA, "Acme", MONDAY)
    rungs = await due(desk, account.id)
    async with desk.database.workspace(WORKSPACE) as work:
        assert account.id is not None
        await work.deadlines.close([account.id], NOW, [Step.CONTACT])
        await work.commit()
    context = {"account": str(account.id), "deadline": str(rungs["contact"].id)}
    await desk.sends(ADA, "snooze", {"day": "2026-03-30"}, context)
    assert (await due(desk, account.id))["meeting"].due_on == date(2026, 3, 30)


async def test_what_is_put_off_to_a_day_that_is_not_worked_is_not_late_on_the_next(
    desk: Desk,
) -> None:
    """N3: on that Saturday nobody could remind her."""
    await hand_out(desk, ADA, "Acme", MONDAY)
    said = reply_of(await desk.types(ADA, "snooze Acme 2026-03-14"))
    assert "now due Sat 14 Mar" in said
    assert "That is no working day: it is in the digest of Mon 16 Mar." in said
    headings = []
    for day in (13, 14, 16, 17):
        await run_job("digest", at(datetime(2026, 3, day, 13, 0, tzinfo=UTC), desk))
        text = (await letters(desk, "digest"))[-1].view_json
        headings.append(next(h for h in ("Overdue", "Due today", "Coming up") if h in text))
    assert headings == ["Coming up", "Coming up", "Due today", "Overdue"]


async def test_a_manager_hears_of_it_in_the_next_digest(desk: Desk) -> None:
    """N6: it can wait; only if no digest takes it does it go by itself."""
    await hand_out(desk, ADA, "Acme", MONDAY)
    desk.now = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
    for days in range(4, 8):
        await desk.types(ADA, f"snooze Acme {date(2026, 3, 10) + timedelta(days=days % 4)}")
    [told] = await letters(desk, "snoozed often")
    assert told.due_at == datetime(2026, 3, 3, 14, 15, tzinfo=UTC)
    desk.now = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
    await run_job("digest", at(desk.now, desk))
    post = Post()
    for _ in range(2):
        await Delivery(desk.database, post, lambda: desk.now).drain()
        desk.now += timedelta(hours=1)
    [digest] = post.to(MAX)
    assert "@Ada Fox has put off Acme 4 times" in read(digest.view)
    assert labels(digest.view) == ["Show", "Hand over"]
    assert digest.view.summary.startswith("@Ada Fox has put off Acme")
