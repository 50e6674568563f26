"""What goes wrong, and what people see of it."""

from __future__ import annotations

import json

import pytest

from bot.sandbox.faults import Fault
from handlers.effects import (
    FormErrors,
    Reply,
    UpdateHome,
)
from handlers.views.elements import Button, Buttons, View, say
from tests.bot.slack.acts import COMMAND, PRESSABLE, open_form, press, send, submit
from tests.bot.slack.conftest import House
from tests.people import ADA, WORKSPACE


async def test_a_fault_shows_a_reference_and_no_internals(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.scripted.fault = ValueError("a secret of the database")
    status, body = await house.form(COMMAND)
    said = json.loads(body)["text"]
    reference = said.split("reference ")[1].rstrip(".")
    assert status == 200
    assert "secret" not in body
    assert reference in caplog.text
    assert "a secret of the database" in caplog.text


async def test_a_fault_in_a_form_keeps_what_was_typed(house: House) -> None:
    view = await open_form(house)
    house.scripted.fault = ValueError("broken")
    assert "Something went wrong" in (await submit(house, view, "x"))["errors"]["story~1"]


async def test_a_fault_behind_a_button_is_told_where_it_was_pressed(house: House) -> None:
    await send(house, PRESSABLE)
    house.scripted.fault = ValueError("broken")
    assert (await press(house, house.messages(house.dm())[0]))["ok"]
    told = await house.until(lambda: house.messages(house.dm())[1:])
    assert "Something went wrong" in told[0].text


async def test_a_fault_while_answering_is_told_too(house: House) -> None:
    await send(house, PRESSABLE)
    huge = View("x", (Buttons((Button("b", "x.y", {"all": "z" * 2000}),)),))
    house.scripted.answer = [Reply(huge), Reply(say("All the same."))]
    await press(house, house.messages(house.dm())[0])
    await house.until(lambda: len(house.messages(house.dm())) == 3)
    _, sorry, reply = house.messages(house.dm())
    assert "name the reference" in sorry.text
    assert reply.text == "All the same."


async def test_an_answer_that_reaches_nobody_is_only_logged(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.sandbox.parts.faults.add(Fault("*", "fail", times=20))
    huge = View("x", (Buttons((Button("b", "x.y", {"all": "z" * 2000}),)),))
    house.scripted.answer = [UpdateHome(say("x")), UpdateHome(huge)]
    await house.form(COMMAND)
    await house.until(lambda: "was not told of a fault" in caplog.text)
    assert "UpdateHome for U0ADA in T0LOST failed" in caplog.text


async def test_mistakes_without_a_form_are_an_answer(house: House) -> None:
    await send(house, PRESSABLE)
    house.scripted.answer = [FormErrors({"": "Not now."})]
    await press(house, house.messages(house.dm())[0])
    told = await house.until(lambda: house.messages(house.dm())[1:])
    assert told[0].text == "Not now."


async def test_what_is_no_button_is_only_acked(house: House) -> None:
    person = {"type": "block_actions", "user": {"id": ADA}, "team": {"id": WORKSPACE}}
    chosen = {"type": "static_select", "action_id": "x", "block_id": "b"}
    pressed = {**person, "trigger_id": "1.2", "actions": [chosen]}
    assert await house.interaction(pressed) == (200, "")
    assert house.scripted.heard == []


async def test_a_fault_in_a_look_up_offers_nothing(house: House) -> None:
    house.scripted.fault = ValueError("broken")
    asked = {
        "type": "block_suggestion",
        "user": {"id": ADA},
        "team": {"id": WORKSPACE},
        "action_id": "lookup.accounts",
        "block_id": "a~1",
        "value": "acm",
    }
    assert await house.interaction(asked) == (200, '{"options": []}')


async def test_a_fault_in_a_form_without_fields_is_told_in_the_dm(house: House) -> None:
    house.scripted.fault = ValueError("broken")
    view = {"callback_id": "claim.send", "type": "modal", "state": {"values": {}}, "blocks": []}
    person = {"user": {"id": ADA}, "team": {"id": WORKSPACE}, "trigger_id": "1.2"}
    sent = {"type": "view_submission", "view": view, **person}
    assert await house.interaction(sent) == (200, "")
    [told] = await house.until(lambda: house.messages(house.dm()))
    assert "name the reference" in told.text
