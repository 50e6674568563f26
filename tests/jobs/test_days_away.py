"""N3, A7: nothing is called overdue because somebody was away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.deadlines import Rung, Step
from jobs.outbox import Delivery
from jobs.table import run_all_due
from tests.handlers.screens import read, seen
from tests.jobs.files import at, hand_out
from tests.jobs.senders import Post
from tests.people import ADA, MAX, NOW, Desk, form_of

DEALT_ON = date(2026, 3, 1)
BACK = datetime(2026, 3, 23, 13, 0, tzinfo=UTC)  # Monday, nine o'clock in New York
WELCOME = "Welcome back. The clock stood still while you were away"
DAY = timedelta(days=1)


async def mornings(desk: Desk, days: int, first: datetime = BACK) -> dict[str, str]:
    """What Ada's digests say on so many days, by day."""
    post = Post()
    for n in range(days):
        desk.now = first + n * DAY
        await run_all_due(at(desk.now, desk))
        await Delivery(desk.database, post, lambda: desk.now).drain()
    assert [sent for sent in post.to(MAX) if "Overdue" in sent.text] == []
    return {sent.dedupe_key[-5:]: read(sent.view) for sent in post.to(ADA)}


async def test_what_fell_due_meanwhile_is_spread_over_the_days_after(desk: Desk) -> None:
    """Some had a day left when she went, some more; one next step was promised for each day."""
    await desk.types(ADA, "away 2026-03-03 to 2026-03-22")
    await hand_out(desk, ADA, "Acme", DEALT_ON, tell_at=NOW)
    for n, name in enumerate(("Bolt", "Cove", "Dune", "Echo")):
        step = Rung(Step.NEXT_STEP, date(2026, 3, 5 + 5 * n))
        await hand_out(desk, ADA, name, DEALT_ON, rungs=[step])
    said = await mornings(desk, 8)
    assert [WELCOME in text for text in said.values()] == [True] + [False] * (len(said) - 1)
    due_on = {
        name: [day for day, text in said.items() if f"{name}: " in due_today(text)]
        for name in ("Acme", "Bolt", "Cove", "Dune", "Echo")
    }
    assert due_on == {
        "Acme": ["03-24"],
        "Bolt": ["03-23"],
        "Cove": ["03-25"],
        "Dune": ["03-27"],
        "Echo": ["03-30"],
    }


def due_today(text: str) -> str:
    """The part of a digest that says what is due today."""
    _, found, rest = text.partition("Due today\n")
    return rest.partition("\nComing up")[0] if found else ""


async def test_a_promise_for_the_weekend_before_the_days_away_falls_to_the_first_day_back(
    desk: Desk,
) -> None:
    """Its day is not worked: it would have been Monday's, the first of the days away."""
    await desk.types(ADA, "away 2026-03-09 to 2026-03-22")
    for name, day in (("Acme", 6), ("Bolt", 7)):
        step = Rung(Step.NEXT_STEP, date(2026, 3, day))
        await hand_out(desk, ADA, name, DEALT_ON, rungs=[step])
    [said] = (await mornings(desk, 1)).values()
    assert "Bolt: " in due_today(said)
    assert "Acme: " in said.partition("Due today")[0]


async def test_on_the_first_morning_nothing_is_overdue_but_what_was_before(desk: Desk) -> None:
    await desk.types(ADA, "away 2026-03-03 to 2026-03-22")
    await hand_out(desk, ADA, "Acme", DEALT_ON)
    [text] = (await mornings(desk, 1)).values()
    assert "Overdue" not in text
    await hand_out(desk, ADA, "Late", date(2026, 2, 20))
    desk.now = BACK
    said = await mornings(desk, 1, BACK + DAY)
    assert "Late: make first contact, was due Mon 23 Feb" in said["03-24"]


async def test_what_was_overdue_before_is_said_to_be_just_that(desk: Desk) -> None:
    await desk.types(ADA, "away 2026-03-03 to 2026-03-22")
    await hand_out(desk, ADA, "Acme", DEALT_ON)
    await hand_out(desk, ADA, "Late", date(2026, 2, 20))
    [text] = (await mornings(desk, 1)).values()
    assert "comes over your next days. What was due before comes first.\nOverdue\nLate: " in text


async def test_the_welcome_stays_while_the_digest_changes(desk: Desk) -> None:
    await desk.types(ADA, "away 2026-03-03 to 2026-03-22")
    for name in ("Acme", "Bolt"):
        await hand_out(desk, ADA, name, DEALT_ON)
    await mornings(desk, 1)
    await desk.types(ADA, "snooze Acme 2026-03-31")
    post = Post()
    await Delivery(desk.database, post, lambda: desk.now).drain()
    assert WELCOME in read(post.to(ADA)[-1].view)


async def test_one_who_was_away_and_has_nothing_moved_is_not_welcomed(desk: Desk) -> None:
    await desk.types(ADA, "away 2026-03-03 to 2026-03-22")
    step = Rung(Step.NEXT_STEP, BACK.date())
    await hand_out(desk, ADA, "Acme", DEALT_ON, rungs=[step])
    [text] = (await mornings(desk, 1)).values()
    assert "Acme" in text
    assert "Welcome" not in text


async def test_lists_and_forms_say_the_same_day(desk: Desk) -> None:
    await desk.types(ADA, "away 2026-03-03 to 2026-03-22")
    account = await hand_out(desk, ADA, "Acme", DEALT_ON)
    desk.now = BACK - DAY
    opened = await desk.presses(ADA, "snooze.open", account=str(account.id))
    said = [read(seen(await desk.types(ADA, line))) for line in ("mine", "show Acme")]
    assert ["Tue 24 Mar" in text for text in (*said, str(form_of(opened).form.intro))] == [True] * 3
