"""D5: whether the angry contact is still there."""

from __future__ import annotations

from handlers.views.elements import Buttons
from handlers.views.forms import TextField
from storage.tables import Account
from tests.handlers.dealt import deals, drawer, letters_to, rows, text_of, view_of
from tests.people import ADA, BEN, FAY, MAX, OTTO, Desk, errors_of, form_of, reply_of


async def test_on_being_dealt_an_account_the_rep_is_asked_about_its_contact(desk: Desk) -> None:
    await drawer(desk, "Acme", decision_maker="Jo Park")
    await drawer(desk, "Bolt")
    await deals(desk, MAX)
    offered = {
        user: [
            button.action
            for letter in await letters_to(desk, desk.ids[user])
            for element in letter.elements
            if isinstance(element, Buttons)
            for button in element.buttons
        ]
        for user in (ADA, BEN)
    }
    assert "contact.changed" in offered[ADA]
    assert "contact.changed" not in offered[BEN]


async def test_a_new_face_is_good_news(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme", decision_maker="Jo Park")
    await deals(desk, MAX)
    form = form_of(await desk.presses(ADA, "contact.changed", account=str(acme))).form
    [field] = form.fields
    assert isinstance(field, TextField)
    assert field.hint == "So far: Jo Park."
    said = await desk.sends(ADA, "contact", {"contact": " Kim  Lee "}, form.context)
    assert "Good news: at Acme it is Kim Lee now." in text_of(view_of(said))
    [account] = await rows(desk, Account)
    assert account.decision_maker == "Kim Lee"


async def test_the_first_contact_is_noted(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    await deals(desk, MAX)
    form = form_of(await desk.presses(ADA, "contact.changed", account=str(acme))).form
    said = await desk.sends(MAX, "contact", {"contact": "Kim Lee"}, form.context)
    assert "Noted: at Acme it is Kim Lee." in text_of(view_of(said))
    missing = await desk.sends(ADA, "contact", {"contact": " "}, form.context)
    assert errors_of(missing) == {"contact": "Who is there now?"}


async def test_only_its_rep_or_a_manager_notes_it(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme")
    pressed = await desk.presses(ADA, "contact.changed", account=str(acme))
    assert "in nobody's hands" in reply_of(pressed)
    await deals(desk, MAX)
    pressed = await desk.presses(BEN, "contact.changed", account=str(acme))
    assert "in somebody else's hands" in reply_of(pressed)
    for user in (FAY, OTTO):
        pressed = await desk.presses(user, "contact.changed", account=str(acme))
        assert "That one is for" in reply_of(pressed)
        sent = await desk.sends(user, "contact", {"contact": "X"}, {"account": str(acme)})
        assert "That one is for" in errors_of(sent)[""]
