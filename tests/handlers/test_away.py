"""A3: days away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.errors import Refused
from handlers.day_spans import read_span
from handlers.days import read_day
from storage.tables import Absence, AuditEntry, Member
from tests.handlers.dealt import button, buttons_of, change, deals, drawer, rows, text_of, view_of
from tests.people import ADA, BEN, FAY, MAX, OTTO, Desk, reply_of

MONDAY = date(2026, 3, 2)


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("friday monday", march(6), march(9)),
        ("from friday to 12 march", march(6), march(12)),
        ("2026-03-12 2026-03-20", march(12), march(20)),
        ("12 March 20 March", march(12), march(20)),
        ("12 March - 20 March", march(12), march(20)),
        ("12 March – 20 March", march(12), march(20)),
        ("tomorrow until friday", march(3), march(6)),
        ("until friday", MONDAY, march(6)),
        ("tomorrow in 2 weeks", march(3), march(16)),
        ("friday", march(6), march(6)),
        ("friday tuesday", march(6), march(10)),
        ("friday 6 march", march(6), march(6)),
        ("28 december 3 january", date(2026, 12, 28), date(2027, 1, 3)),
        ("31.3. 10.4.", march(31), date(2026, 4, 10)),
        ("next week", march(9), march(15)),
        ("This week", MONDAY, march(8)),
        ("for 2 weeks", MONDAY, march(15)),
        ("3 days", MONDAY, march(4)),
        ("1 month", MONDAY, date(2026, 4, 1)),
        ("march", MONDAY, march(31)),
        ("in February", date(2027, 2, 1), date(2027, 2, 28)),
        ("this month", MONDAY, march(31)),
        ("next month", date(2026, 4, 1), date(2026, 4, 30)),
        ("in 2 weeks", march(16), march(16)),
    ],
)
def test_a_stretch_of_days_is_read(text: str, first: date, last: date) -> None:
    assert read_span(text, MONDAY) == (first, last)


@pytest.mark.parametrize("text", ["soon", "2026-03-12 to 2026-03-10", "12 13", "to to"])
def test_what_is_no_stretch_of_days_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_span(text, MONDAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.12.", date(2026, 12, 31)),
        ("5.4.", date(2026, 4, 5)),
        ("1.3.2027", date(2027, 3, 1)),
        ("12/15", date(2026, 12, 15)),
        ("15/12/2026", date(2026, 12, 15)),
        ("15-12", date(2026, 12, 15)),
        ("4/4", date(2026, 4, 4)),
        ("1.3.", date(2027, 3, 1)),
        ("28 feb", date(2027, 2, 28)),
    ],
)
def test_a_day_in_figures_is_read_where_it_can_mean_one_day(text: str, day: date) -> None:
    assert read_day(text, MONDAY) == day


def test_the_last_of_february_next_year_is_a_day_that_is_there() -> None:
    assert read_day("29 feb", date(2028, 3, 1)) == date(2029, 2, 28)


@pytest.mark.parametrize("text", ["4/5", "31.2.", "13/13", "12.", "1 2 3 4", "3/4/26"])
def test_a_day_in_figures_is_refused_where_it_is_open(text: str) -> None:
    with pytest.raises(Refused, match="is not a day I can read"):
        read_day(text, MONDAY)


async def test_a_rep_notes_days_and_nothing_is_dealt_to_them(desk: Desk) -> None:
    said = text_of(view_of(await desk.types(ADA, "away today to 12 march")))
    assert "Noted. You are away today to Thu 12 Mar." in said
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    assert "1 account stays in hand" in text_of(view_of(await desk.types(BEN, "away friday")))
    [entry, *_] = await rows(desk, AuditEntry)
    assert (entry.action, entry.detail) == ("away noted", "2026-03-02 to 2026-03-12")


async def test_stretches_that_meet_become_one(desk: Desk) -> None:
    for days in ("6 march 8 march", "9 march 10 march", "20 march", "7 march 7 march"):
        await desk.types(ADA, f"away {days}")
    found = [(a.from_on, a.to_on) for a in await rows(desk, Absence)]
    assert sorted(found) == [(march(6), march(10)), (march(20), march(20))]


async def test_bare_it_shows_what_is_noted_with_a_way_back(desk: Desk) -> None:
    assert "You are not away" in text_of(view_of(await desk.types(ADA, "away")))
    await desk.types(ADA, "away today to friday")
    await desk.types(ADA, "away 20 march")
    shown = await desk.types(ADA, "away")
    assert "today to Fri 6 Mar" in text_of(view_of(shown))
    assert [b.label for b in buttons_of(shown)] == ["I'm back", "Not away after all"]
    desk.now += timedelta(days=2)
    back = await desk.presses(ADA, "away.back", **button(shown, "away.back").payload)
    assert "Welcome back" in text_of(view_of(back))
    never = await desk.presses(ADA, "away.back", **buttons_of(shown)[1].payload)
    assert "You are not away in those days after all." in text_of(view_of(never))
    assert [(a.from_on, a.to_on) for a in await rows(desk, Absence)] == [(march(2), march(3))]
    again = await desk.presses(ADA, "away.back", **buttons_of(shown)[1].payload)
    assert "not noted any more" in reply_of(again)


async def test_the_digest_is_planned_anew(desk: Desk) -> None:
    await change(desk, ADA, digest_due_at=desk.now)
    await desk.types(ADA, "away friday")
    [ada] = [m for m in await rows(desk, Member) if m.platform_user_id == ADA]
    assert ada.digest_due_at is None


@pytest.mark.parametrize("who", ["<@U0ADA|ada>", "<@U0ADA>", "@Ada", "@ada"])
async def test_a_manager_notes_days_for_others(desk: Desk, who: str) -> None:
    said = text_of(view_of(await desk.types(MAX, f"away {who} friday monday")))
    assert "Noted. Ada Fox is away Fri 6 Mar to Mon 9 Mar." in said
    shown = await desk.types(MAX, f"away {who}")
    assert "Days away of Ada Fox" in text_of(view_of(shown))
    back = await desk.presses(MAX, "away.back", **button(shown, "away.back").payload)
    assert "Ada Fox is not away in those days after all." in text_of(view_of(back))


async def test_a_manager_sees_who_is_back_already(desk: Desk) -> None:
    await desk.types(MAX, "away @ada today")
    shown = await desk.types(MAX, "away @ada")
    assert [b.label for b in buttons_of(shown)] == ["Back already"]
    back = await desk.presses(MAX, "away.back", **button(shown, "away.back").payload)
    assert "Ada Fox is back, and in the next deal again." in text_of(view_of(back))


async def test_reps_note_their_own_days_only(desk: Desk) -> None:
    refused = "Somebody else's are for their manager"
    assert refused in reply_of(await desk.types(BEN, "away <@U0ADA> friday"))
    await desk.types(ADA, "away friday")
    shown = await desk.types(ADA, "away")
    payload = button(shown, "away.back").payload
    assert refused in reply_of(await desk.presses(BEN, "away.back", **payload))
    for user in (FAY, OTTO):
        assert "That one is for" in reply_of(await desk.types(user, "away friday"))
        assert "That one is for" in reply_of(await desk.presses(user, "away.back", **payload))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("away 2026-02-02 2026-02-06", "over already"),
        ("away friday 2028-01-01", "at most a year"),
        ("away 2030-01-01 2030-01-02", "within two years"),
        ("away <@U0NOBODY> friday", "is not in the team"),
        ("away @nobody friday", "@nobody is not in the team"),
        ("away whenever", "is not a day I can read"),
    ],
)
async def test_days_that_make_no_sense_are_refused(desk: Desk, text: str, says: str) -> None:
    assert says in reply_of(await desk.types(MAX, text))


async def test_a_first_name_that_two_have_is_asked_about(desk: Desk) -> None:
    await change(desk, BEN, name="Ada Ruiz", name_key="ada ruiz")
    said = reply_of(await desk.types(MAX, "away @ada friday"))
    assert "@ada could be Ada Fox or Ada Ruiz." in said
