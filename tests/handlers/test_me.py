"""N7: each member's hour, zone, mutes and pause, and who leads sees who muted what matters."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from jobs.table import run_job
from tests.jobs.files import at, hand_out, letters, member
from tests.people import ADA, BEN, MAX, OTTO, Desk, errors_of, form_of, reply_of

FORM = {
    "digest_time": "",
    "time_zone": "",
    "working_days": "",
    "country": "",
    "paused_until": "",
}


async def test_my_hours_are_shown(desk: Desk) -> None:
    said = reply_of(await desk.types(ADA, "me"))
    for part in ("09:00, America/New_York", "mon, tue, wed, thu, fri", "20:00 to 07:00", "nothing"):
        assert part in said


async def test_the_hour_is_set_in_one_word_and_the_digest_follows(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", date(2026, 3, 2))
    await run_job("digest", at(desk.now, desk))
    assert "08:30" in reply_of(await desk.types(ADA, "me 8:30"))
    await run_job("digest", at(datetime(2026, 3, 3, 13, 29, tzinfo=UTC), desk))
    assert await letters(desk) == []
    await run_job("digest", at(datetime(2026, 3, 3, 13, 30, tzinfo=UTC), desk))
    assert len(await letters(desk)) == 1


@pytest.mark.parametrize(
    ("word", "says"),
    [("22:00", "quiet here from 20:00 to 07:00"), ("noon", "like 08:30"), ("25:00", "time of day")],
)
async def test_an_hour_that_cannot_be_is_refused(desk: Desk, word: str, says: str) -> None:
    assert says in reply_of(await desk.types(ADA, f"me {word}"))


async def test_a_pause_begins_and_ends(desk: Desk) -> None:
    assert "up to and including Fri 6 Mar" in reply_of(await desk.types(ADA, "me pause friday"))
    assert (await member(desk, ADA)).paused_until == date(2026, 3, 6)
    assert "tomorrow" in reply_of(await desk.types(ADA, "me pause"))
    assert "within a year" in reply_of(await desk.types(ADA, "me pause until 2031-01-01"))
    await desk.types(ADA, "me resume")
    assert (await member(desk, ADA)).paused_until is None


async def test_the_form_sets_all_of_it_and_empty_fields_follow_the_workspace(desk: Desk) -> None:
    form = form_of(await desk.presses(ADA, "me.open")).form
    assert {field.name for field in form.fields} >= set(FORM)
    values = {
        "digest_time": "10:15",
        "time_zone": "paris",
        "working_days": "mon, thu",
        "country": "fr",
        "paused_until": "2026-03-04",
        "mute_overdue": "yes",
        "mute_coming": "yes",
    }
    said = reply_of(await desk.sends(ADA, "me", values))
    assert "10:15, Europe/Paris" in said
    ada = await member(desk, ADA)
    assert (ada.zone_chosen, ada.working_days, ada.country) == (True, "monday,thursday", "FR")
    assert (ada.muted, ada.paused_until) == ("overdue,coming up", date(2026, 3, 4))
    filled = form_of(await desk.presses(ADA, "me.open")).form
    assert {f.name: f.value for f in filled.fields if hasattr(f, "value")} == {
        **{"mute_today": "", "mute_bounty": "", "mute_desk": ""},
        **values,
        "time_zone": "Europe/Paris",
        "working_days": "monday,thursday",
        "country": "FR",
    }
    await desk.sends(ADA, "me", FORM)
    ada = await member(desk, ADA)
    assert (ada.zone_chosen, ada.working_days, ada.digest_time) == (False, None, None)
    assert (ada.time_zone, ada.muted, ada.paused_until) == ("Europe/Paris", "", None)


async def test_each_mistake_is_said_at_its_field(desk: Desk) -> None:
    values = {
        "digest_time": "late",
        "time_zone": "Mars/Olympus",
        "working_days": "someday",
        "country": "ZZ",
        "paused_until": "2020-01-01",
    }
    errors = errors_of(await desk.sends(ADA, "me", values))
    assert set(errors) == set(values)
    assert "no public holidays of ZZ" in errors["country"]
    assert (await member(desk, ADA)).country is None


async def test_a_manager_sees_who_muted_what_matters(desk: Desk) -> None:
    assert "Muted in your team" not in reply_of(await desk.types(MAX, "me"))
    await member(desk, ADA, muted="overdue,coming up")
    await member(desk, BEN, paused_until=date(2026, 3, 9))
    said = reply_of(await desk.types(MAX, "me"))
    assert "Ada Fox: muted overdue" in said
    assert "Ben Ruiz: paused up to and including Mon 9 Mar" in said
    assert "Ada Fox" not in reply_of(await desk.types(BEN, "me"))


async def test_an_outsider_has_hours_too_but_sees_nobody_elses(desk: Desk) -> None:
    await member(desk, ADA, muted="overdue")
    said = reply_of(await desk.types(OTTO, "me"))
    assert "When I may speak to you" in said
    assert "Ada" not in said
