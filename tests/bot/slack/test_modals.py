"""Forms over the whole way: opened, mended, sent, answered."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.faults import Fault
from handlers.effects import (
    FormErrors,
    OpenForm,
    Reply,
)
from handlers.events import FormSubmitted, OptionsAsked
from handlers.views.elements import say
from handlers.views.forms import Form, LookupField, TextField
from tests.bot.slack.acts import FORM, open_form, submit
from tests.bot.slack.conftest import House
from tests.people import ADA, CHANNEL


async def test_a_command_opens_a_form_and_the_answer_goes_where_it_was_typed(house: House) -> None:
    """L2"""
    view = await open_form(house)
    house.scripted.answer = [Reply(say("Sent to Max."))]
    assert await submit(house, view, "They like us again.") == {"ok": True, "result": "closed"}
    sent = house.scripted.heard[-1]
    assert isinstance(sent, FormSubmitted)
    assert (sent.id, sent.values, sent.context) == (
        "claim.send",
        {"story": "They like us again."},
        {"id": "7"},
    )
    [answer] = await house.until(lambda: house.messages(CHANNEL))
    assert (answer.text, answer.only_for) == ("Sent to Max.", ADA)


async def test_mistakes_keep_the_form_open_at_the_field(house: House) -> None:
    view = await open_form(house)
    house.scripted.answer = [FormErrors({"story": "Tell a little more."})]
    answer = await submit(house, view, "x")
    assert answer["errors"] == {"story~1": "Tell a little more."}


async def test_a_form_gives_way_to_another_with_what_is_already_known(house: House) -> None:
    view = await open_form(house)
    again = TextField("story", "Story", "as we understood it")
    house.scripted.answer = [OpenForm(Form("claim.send", "Again", "Send", (again,)))]
    assert (await submit(house, view, "x"))["result"] == "updated"
    [view] = house.sandbox.parts.views.stack(ADA)
    [values] = view["state"]["values"].values()
    assert values["typed"]["value"] == "as we understood it"


async def test_the_answer_to_a_form_falls_back_to_the_dm(house: House) -> None:
    view = await open_form(house)
    house.sandbox.parts.faults.add(Fault("response_url", "fail"))
    house.scripted.answer = [Reply(say("Sent to Max."))]
    await submit(house, view, "x")
    [answer] = await house.until(lambda: house.messages(house.dm()))
    assert answer.text == "Sent to Max."


@pytest.mark.parametrize("kind", ["fail", "hang"])
async def test_who_gets_no_form_is_told_how_to_go_on(
    house: House, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """L2"""
    monkeypatch.setattr("bot.slack.effects._TO_OPEN", 0.1)
    house.sandbox.parts.faults.add(Fault("views.open", kind, seconds=1))
    house.scripted.answer = [OpenForm(FORM)]
    assert (await house.page("command", channel=CHANNEL, command="/lost"))["ok"]
    [told] = await house.until(lambda: house.messages(CHANNEL))
    assert "The form could not be opened just now" in told.text
    assert "/lost Acme Corp, price" in told.text
    assert told.only_for == ADA


async def test_a_look_up_offers_what_matches(house: House) -> None:
    house.scripted.answer = [
        OpenForm(Form("claim.send", "Claim", "Send", (LookupField("a", "A", "accounts"),)))
    ]
    await house.page("command", channel=CHANNEL, command="/lost")
    [view] = await house.until(lambda: house.sandbox.parts.views.stack(ADA))
    house.scripted.offers = [("7", "Acme Corp"), ("new:acm", "New: acm")]
    offered = await house.page(
        "options",
        container={"type": "view", "view_id": view["id"]},
        block_id="a~1",
        action_id="lookup.accounts",
        value="acm",
    )
    assert [o["value"] for o in offered["options"]] == ["7", "new:acm"]
    asked = house.scripted.heard[-1]
    assert isinstance(asked, OptionsAsked)
    assert (asked.source, asked.typed) == ("accounts", "acm")


async def test_a_form_of_an_older_version_is_not_lost(house: House) -> None:
    house.scripted.answer = [OpenForm(Form("gone.by", "Old", "Send", FORM.fields))]
    await house.page("command", channel=CHANNEL, command="/lost")
    [view] = await house.until(lambda: house.sandbox.parts.views.stack(ADA))
    answer = await submit(house, view, "x")
    assert "older version" in answer["errors"]["story~1"]
