"""X4: an executive hears in person why a customer left, beside the rep's own work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from domain.digest import Hearing
from domain.pace import UNPACED
from handlers.digests import digests_of
from handlers.effects import Effect
from handlers.views.digest import digest_message
from handlers.views.elements import View, named_in
from handlers.views.follow_ups import overdue_for_you
from handlers.views.forms import ChoiceField, DateField
from jobs.outbox import Delivery
from jobs.table import run_job
from storage.tables import FollowUp
from tests.handlers.dealt import change, drawer, letters_to, rows, text_of, view_of
from tests.handlers.screens import labels, press, read, seen
from tests.jobs.files import at, hand_out, letters
from tests.jobs.senders import Post
from tests.people import (
    ADA,
    BEN,
    EVE,
    MAX,
    NOW,
    OTTO,
    WORKSPACE,
    Desk,
    errors_of,
    form_of,
    reply_of,
)

WEDNESDAY = "2026-03-04"  # two working days after the Monday that it is


async def asks(desk: Desk, account: int | None, **values: str) -> list[Effect]:
    """Max asks Eve to hear a customer."""
    answers = {"who": str(desk.ids[EVE]), "due_on": WEDNESDAY, "note": ""} | values
    return await desk.sends(MAX, "followup.ask", answers, {"account": str(account)})


async def told(desk: Desk, user: str) -> list[View]:
    """What somebody was told of follow-ups."""
    return await letters_to(desk, desk.ids[user], "follow-up")


async def day_of(desk: Desk, user: str, now: datetime) -> View | None:
    """What somebody's digest would say."""
    async with desk.database.workspace(WORKSPACE) as work:
        member = await work.members.by_platform_id(user)
        assert member is not None
        who = desk.ids[user]
        rules = await work.workspaces.rules()
        digest = (await digests_of(work, [member], {who: now.date()}, rules, now))[who]
        return digest_message(digest) if digest.says_something else None


async def test_the_form_offers_executives_first_and_two_working_days(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    form = form_of(await desk.presses(MAX, "followup.ask", account=str(acme))).form
    who, due_on, _ = form.fields
    assert isinstance(who, ChoiceField)
    assert isinstance(due_on, DateField)
    assert [name for _, name in who.options] == ["Eve Stone", "Max Lind"]
    assert due_on.value == WEDNESDAY


async def test_who_is_asked_hears_of_it_at_once_with_the_facts(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme", decision_maker="Jo Park", tier="biggest")
    said = await asks(desk, acme, note="They waited three weeks for a part.")
    assert "Eve Stone is asked to hear Acme in person by Wed 4 Mar" in reply_of(said)
    [letter] = await told(desk, EVE)
    text = text_of(letter)
    for fact in ("Max Lind asks you to hear Acme", "$1,000", "biggest", "why: price"):
        assert fact.lower() in text.lower()
    assert "call Jo Park" in text
    assert "“They waited three weeks for a part.”" in text
    assert "No sales pitch" in text
    assert labels(letter) == ["Write what I heard", "Show", "Not me"]


async def test_what_was_heard_reaches_the_rep_and_who_asked_and_stays_on_the_card(
    desk: Desk,
) -> None:
    acme = await hand_out(desk, ADA, "Acme", NOW.date())
    await asks(desk, acme.id)
    [letter] = await told(desk, EVE)
    form = form_of(await press(desk, EVE, letter, "Write what I heard")).form
    missing = await desk.sends(EVE, "followup.heard", {"heard": " "}, form.context)
    assert errors_of(missing) == {"heard": "What did they say?"}
    said = await desk.sends(EVE, "followup.heard", {"heard": "Nobody called back."}, form.context)
    assert "Thank you" in reply_of(said)
    for reader in (ADA, MAX):
        [letter] = await told(desk, reader)
        assert "“Nobody called back.”" in text_of(letter)
    card = read(seen(await desk.types(ADA, "show Acme")))
    assert "Eve Stone heard them" in card
    assert "Nobody called back." in card
    assert "Nobody called back." not in read(seen(await desk.types(BEN, "show Acme")))
    again = await desk.sends(EVE, "followup.heard", {"heard": "Twice"}, form.context)
    assert errors_of(again) == {"": "That is done already. Thank you."}


async def test_nobody_is_asked_twice_about_one_customer_at_a_time(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    assert "Ask an executive" in labels(seen(await desk.types(MAX, "show Acme")))
    await asks(desk, acme)
    card = seen(await desk.types(MAX, "show Acme"))
    assert "Ask an executive" not in labels(card)
    assert "Eve Stone is asked to hear them by Wed 4 Mar" in read(card)
    again = await desk.presses(MAX, "followup.ask", account=str(acme))
    assert "Eve Stone is asked already to hear Acme, by Wed 4 Mar" in reply_of(again)


async def test_a_task_that_is_handed_back_can_go_to_somebody_else(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    await asks(desk, acme)
    [letter] = await told(desk, EVE)
    freed = await press(desk, EVE, letter, "Not me")
    assert "You are free of Acme" in text_of(view_of(freed))
    [letter] = await told(desk, MAX)
    assert "Eve Stone cannot hear Acme just now" in text_of(letter)
    assert "could not, asked for" in read(seen(await desk.types(MAX, "show Acme")))
    await asks(desk, acme, who=str(desk.ids[MAX]))
    assert [row.member_id for row in await rows(desk, FollowUp)] == [desk.ids[EVE], desk.ids[MAX]]
    assert len(await told(desk, MAX)) == 1  # nobody is told what they did


async def test_only_lost_customers_are_heard(desk: Desk) -> None:
    for state in ("active", "won back", "let go", "legal hold"):
        [account] = await drawer(desk, f"The {state}", state=state)
        pressed = await desk.presses(MAX, "followup.ask", account=str(account))
        assert "no loss to be heard about" in reply_of(pressed)


async def test_the_form_answers_mistakes_at_their_fields(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    wrong = await asks(desk, acme, who=str(desk.ids[ADA]), due_on="2026-03-01")
    assert errors_of(wrong) == {
        "who": "Choose one of the list.",
        "due_on": "Choose a day from today on, within a year.",
    }
    await asks(desk, acme, due_on="")
    [task] = await rows(desk, FollowUp)
    assert task.due_on.isoformat() == WEDNESDAY


async def test_without_anyone_in_authority_it_says_how_to_add_one(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    for user in (EVE, MAX):
        await change(desk, user, role="rep")
    await change(desk, MAX, role="rep", platform_admin=True)
    pressed = await desk.presses(MAX, "followup.ask", account=str(acme))
    assert "Nobody here is an executive yet" in reply_of(pressed)


async def test_the_task_is_its_executives_own(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    await asks(desk, acme)
    [task] = await rows(desk, FollowUp)
    for user, says in ((ADA, "Somebody else was asked"), (OTTO, "That one is for")):
        assert says in reply_of(await desk.presses(user, "followup.open", task=str(task.id)))
    assert form_of(await desk.presses(MAX, "followup.open", task=str(task.id)))
    assert "is for managers" in reply_of(await desk.presses(ADA, "followup.ask", account=str(acme)))


async def test_it_has_its_place_in_the_day_until_it_is_done(desk: Desk) -> None:
    [acme, bolt] = await drawer(desk, "Acme", "Bolt")
    assert await day_of(desk, EVE, NOW) is None
    await asks(desk, acme)
    await asks(desk, bolt, due_on="2026-03-20")
    day = await day_of(desk, EVE, NOW)
    assert day is not None
    assert day.summary == "Acme: hear from them in person why they left"
    assert "To hear in person" in read(day)
    assert "by Wed 4 Mar" in read(day)
    assert "Bolt" not in read(day)
    late = await day_of(desk, EVE, NOW + timedelta(days=4))
    assert late is not None
    assert "was due Wed 4 Mar" in read(late)
    [letter, _] = await told(desk, EVE)
    await press(desk, EVE, letter, "Not me")
    assert await day_of(desk, EVE, NOW) is None


async def test_overdue_is_told_once_to_the_executive_and_to_who_asked(desk: Desk) -> None:
    ids = await drawer(desk, "Acme", "Bolt")
    for account in ids:
        await asks(desk, account)
    thursday = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)  # 09:00 in New York
    assert await run_job("followups", at(thursday - timedelta(minutes=1), desk)) == 0
    assert await run_job("followups", at(thursday, desk)) == 2
    assert await run_job("followups", at(thursday + timedelta(days=3), desk)) == 0
    own, *askers = await letters(desk, "overdue")
    assert own.member_id == desk.ids[EVE]
    assert "Acme" in own.view_json
    assert "Bolt" in own.view_json
    assert [row.member_id for row in askers] == [desk.ids[MAX]] * 2
    assert "still to be heard by" in askers[0].view_json


async def test_n3_nothing_is_overdue_because_its_executive_was_away(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    await asks(desk, acme, due_on="2026-03-05")
    await desk.types(EVE, "away 2026-03-04 to 2026-03-08")
    told: dict[int, tuple[bool, int]] = {}
    for day in range(9, 12):
        now = datetime(2026, 3, day, 15, 0, tzinfo=UTC)
        await run_job("followups", at(now, desk))
        view = await day_of(desk, EVE, now)
        assert view is not None
        told[day] = "was due" in read(view), len(await letters(desk, "overdue"))
    assert told == {9: (False, 0), 10: (False, 0), 11: (True, 2)}


async def test_what_was_said_to_be_overdue_says_what_became_of_it(desk: Desk) -> None:
    """N5: in its place, without the buttons of what is done."""
    for account in await drawer(desk, "Acme", "Bolt"):
        await asks(desk, account)
    post = Post()
    desk.now = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)
    await run_job("followups", at(desk.now, desk))
    await Delivery(desk.database, post, lambda: desk.now, pace=UNPACED).drain()
    [own] = [one.view for one in post.to(EVE) if one.dedupe_key.endswith("overdue")]
    form = form_of(
        await desk.presses(EVE, "followup.open", task=str(min(named_in(own, "task"))))
    ).form
    await desk.sends(EVE, "followup.heard", {"heard": "Nobody called."}, form.context)
    await Delivery(desk.database, post, lambda: desk.now, pace=UNPACED).drain()
    changed = {one.update_of: one.view for one in post.sent if one.update_of}
    assert sorted(read(view).splitlines()[-1] for view in changed.values()) == [
        "@Eve Stone has heard Acme.",
        "Acme: heard.",
    ]
    [own] = [view for view in changed.values() if labels(view)]
    assert "Bolt: hear from them in person" in read(own)
    await press(desk, EVE, own, "Not me")
    await Delivery(desk.database, post, lambda: desk.now, pace=UNPACED).drain()
    *_, own, late = [one.view for one in post.sent if one.update_of]
    assert {read(own), read(late)} == {
        "Acme: heard.\nBolt: handed back.",
        "@Eve Stone could not hear Bolt.",
    }


async def test_what_still_waits_to_be_said_is_not_when_it_is_done(desk: Desk) -> None:
    for account in await drawer(desk, "Acme", "Bolt"):
        await asks(desk, account)
    desk.now = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)
    await run_job("followups", at(desk.now, desk))
    for task in await rows(desk, FollowUp):
        await desk.presses(EVE, "followup.decline", task=str(task.id))
    assert await letters(desk, "overdue") == []


async def test_who_rests_mutes_or_has_left_is_not_interrupted(desk: Desk) -> None:
    ids = await drawer(desk, "Acme", "Bolt", "Cove")
    await asks(desk, ids[0], who=str(desk.ids[MAX]))  # one's own wish is not told to oneself
    await change(desk, MAX, muted="overdue")
    await asks(desk, ids[1])
    await asks(desk, ids[2])
    async with desk.database.workspace(WORKSPACE) as work:
        cove = await work.accounts.by_id(ids[2])
        assert cove is not None
        cove.state = "let go"
        await work.commit()
    night = datetime(2026, 3, 6, 4, 0, tzinfo=UTC)  # 23:00 in New York
    assert await run_job("followups", at(night, desk)) == 3
    assert await letters(desk, "overdue") == []
    await change(desk, EVE, active=False)
    await run_job("followups", at(night + timedelta(hours=12), desk))
    assert await letters(desk, "overdue") == []
    async with desk.database.reading(WORKSPACE) as work:
        left = (await work.session.exec(select(FollowUp.tell_at))).all()
    assert left == [None] * 3


async def test_one_that_cannot_be_told_is_set_aside_and_holds_nobody_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(hearings: Sequence[Hearing], day: date) -> View:
        if hearings[0].account == "Acme":
            raise ValueError("broken")
        return overdue_for_you(hearings, day)

    monkeypatch.setattr("jobs.follow_ups.overdue_for_you", broken)
    for account in await drawer(desk, "Acme", "Bolt"):
        await asks(desk, account)
    thursday = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
    await run_job("followups", at(thursday, desk))
    acme, bolt = await rows(desk, FollowUp)
    assert (acme.tell_at, bolt.tell_at) == (thursday + timedelta(hours=1), None)
    own, _ = await letters(desk, "overdue")
    assert "Bolt" in own.view_json
