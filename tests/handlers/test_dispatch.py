"""Who gets in, and what happens twice."""

from __future__ import annotations

from handlers.effects import Reply
from handlers.views.elements import Code, Paragraph, View
from tests.people import ADA, OTTO, Desk, errors_of, reply_of


async def test_help_lists_what_the_asker_may_use(desk: Desk) -> None:
    assert "what I can do" in reply_of(await desk.types(ADA, "help"))


async def test_an_outsider_is_told_who_may(desk: Desk) -> None:
    assert "That one is for reps, managers" in reply_of(await desk.types(OTTO, "Acme, price"))


async def test_a_repeated_envelope_has_one_effect(desk: Desk) -> None:
    assert await desk.types(ADA, "help", envelope="E1") != []
    assert await desk.types(ADA, "help", envelope="E1") == []


async def test_a_message_survives_the_outbox(desk: Desk) -> None:
    [reply] = await desk.types(ADA, "help")
    assert isinstance(reply, Reply)
    assert View.from_json(reply.view.to_json()) == reply.view


async def test_a_word_kept_for_later_logs_no_loss(desk: Desk) -> None:
    assert "put the name in quotes" in reply_of(await desk.types(ADA, "heard Acme: late invoices"))


async def test_a_button_nobody_knows_any_more_says_so(desk: Desk) -> None:
    assert "older message" in reply_of(await desk.presses(ADA, "gone.away"))


async def test_a_form_nobody_knows_any_more_says_so(desk: Desk) -> None:
    assert "older message" in errors_of(await desk.sends(ADA, "gone", {}))[""]


async def test_what_a_refusal_says_to_type_is_shown_as_such(desk: Desk) -> None:
    [reply] = await desk.types(ADA, "show Acme")
    assert isinstance(reply, Reply)
    [paragraph] = reply.view.elements
    assert isinstance(paragraph, Paragraph)
    assert Code("/lost NAME, reason") in paragraph.text
    assert reply.view.summary == (
        "I know no account called “Acme”. "
        "If a customer of that name left, log it: /lost NAME, reason."
    )
