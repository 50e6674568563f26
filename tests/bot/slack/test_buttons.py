"""Buttons, the bot's own page and files over the whole way."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.faults import Fault
from handlers.effects import (
    OpenForm,
    ReplaceSource,
    Reply,
    SendFile,
    SendReport,
    UpdateHome,
)
from handlers.events import Action, HomeOpened
from handlers.views.elements import Button, Buttons, View, say
from handlers.views.forms import Form
from tests.bot.slack.acts import FORM, PRESSABLE, press, send, submit
from tests.bot.slack.conftest import House
from tests.people import ADA, CHANNEL, WORKSPACE

# Buttons


async def test_a_button_in_a_dm_puts_the_news_in_the_place_of_its_message(house: House) -> None:
    """B3"""
    await send(house, PRESSABLE)
    house.scripted.answer = [ReplaceSource(say("Approved.")), Reply(say("Ada is told."))]
    await press(house, house.messages(house.dm())[0])
    pressed = house.scripted.heard[-1]
    assert isinstance(pressed, Action)
    assert (pressed.id, pressed.payload) == ("claim.approve", {"claim": "7"})
    await house.until(lambda: len(house.messages(house.dm())) == 2)
    assert [m.text for m in house.messages(house.dm())] == ["Approved.", "Ada is told."]


async def test_a_message_is_replaced_even_where_the_response_url_fails(house: House) -> None:
    await send(house, PRESSABLE)
    house.sandbox.parts.faults.add(Fault("response_url", "fail"))
    house.scripted.answer = [ReplaceSource(say("Approved."))]
    await press(house, house.messages(house.dm())[0])
    await house.until(lambda: house.messages(house.dm())[0].text == "Approved.")


async def test_a_form_puts_the_news_in_the_place_of_the_message_it_was_opened_from(
    house: House,
) -> None:
    """B3"""
    await send(house, PRESSABLE)
    house.scripted.answer = [OpenForm(FORM)]
    await press(house, house.messages(house.dm())[0])
    [view] = await house.until(lambda: house.sandbox.parts.views.stack(ADA))
    house.scripted.answer = [ReplaceSource(say("Declined."))]
    await submit(house, view, "too early")
    await house.until(lambda: house.messages(house.dm())[0].text == "Declined.")

    house.sandbox.parts.faults.add(Fault("response_url", "fail"))
    house.scripted.answer = [OpenForm(FORM)]
    await send(house, PRESSABLE)
    await press(house, house.messages(house.dm())[-1])
    [view] = await house.until(lambda: house.sandbox.parts.views.stack(ADA))
    house.scripted.answer = [ReplaceSource(say("Declined again."))]
    await submit(house, view, "too early")
    await house.until(lambda: house.messages(house.dm())[-1].text == "Declined again.")


async def test_news_for_a_message_that_is_gone_come_into_the_dm(house: House) -> None:
    await send(house, PRESSABLE)
    [message] = house.messages(house.dm())
    house.sandbox.parts.faults.add(Fault("response_url", "fail"))
    house.sandbox.parts.faults.add(Fault("chat.update", "fail", error="message_not_found"))
    house.scripted.answer = [ReplaceSource(say("Approved."))]
    await press(house, message)
    await house.until(lambda: [m.text for m in house.messages(house.dm())][1:] == ["Approved."])


async def test_a_button_opens_a_form(house: House) -> None:
    await send(house, PRESSABLE)
    house.scripted.answer = [OpenForm(FORM)]
    await press(house, house.messages(house.dm())[0])
    [view] = await house.until(lambda: house.sandbox.parts.views.stack(ADA))
    assert view["callback_id"] == "claim.send"


async def test_a_button_of_an_older_version_is_answered_kindly(house: House) -> None:
    await send(house, View("Old", (Buttons((Button("Go", "gone.by"),)),)))
    await press(house, house.messages(house.dm())[0])
    told = await house.until(lambda: house.messages(house.dm())[1:])
    assert "older version" in told[0].text
    assert house.scripted.heard == []


async def test_a_button_in_a_form_turns_its_page_or_opens_another(house: House) -> None:
    form = Form("claim.send", "Claim", "Send", FORM.fields, PRESSABLE.elements)
    house.scripted.answer = [OpenForm(form)]
    await house.page("command", channel=CHANNEL, command="/lost")
    [view] = await house.until(lambda: house.sandbox.parts.views.stack(ADA))
    block = next(b for b in view["blocks"] if b["type"] == "actions")
    where = {"type": "view", "view_id": view["id"]}
    action = {"block_id": block["block_id"], **block["elements"][0]}

    house.scripted.answer = [OpenForm(Form("claim.decline", "Why", "Send", FORM.fields))]
    await house.page("action", container=where, action=action)
    await house.until(lambda: len(house.sandbox.parts.views.stack(ADA)) == 2)

    house.scripted.answer = [ReplaceSource(say("Nothing more to do."))]
    await house.page("action", container=where, action=action)
    await house.until(
        lambda: "Nothing more" in json.dumps(house.sandbox.parts.views.stack(ADA)[0]["blocks"])
    )


# The bot's own page, and files


async def test_the_home_page_is_shown_and_its_buttons_answer_in_the_dm(house: House) -> None:
    """S1"""
    house.scripted.answer = [UpdateHome(PRESSABLE)]
    await house.page("home/open")
    view = await house.until(lambda: house.sandbox.parts.views.home(ADA))
    assert isinstance(house.scripted.heard[0], HomeOpened)

    house.scripted.answer = [Reply(say("Done.")), ReplaceSource(say("All quiet."))]
    house.scripted.home = [UpdateHome(say("Nothing is due."))]
    assert (await _press_on_home(house, view))["ok"]
    await house.until(lambda: len(house.messages(house.dm())) == 2)
    assert [m.text for m in house.messages(house.dm())] == ["Done.", "All quiet."]
    await house.until(lambda: "Nothing is due" in json.dumps(house.sandbox.parts.views.home(ADA)))


async def test_the_home_page_is_shown_anew_once_a_form_opened_there_was_sent(house: House) -> None:
    """S1"""
    house.scripted.answer = [UpdateHome(PRESSABLE)]
    await house.page("home/open")
    page = await house.until(lambda: house.sandbox.parts.views.home(ADA))
    house.scripted.answer = [OpenForm(FORM)]
    await _press_on_home(house, page)
    [form] = await house.until(lambda: house.sandbox.parts.views.stack(ADA))
    assert [type(event) for event in house.scripted.heard] == [HomeOpened, Action]
    house.scripted.answer = [Reply(say("Written down."))]
    house.scripted.home = [UpdateHome(say("Nothing is due."))]
    await submit(house, form, "They rang us.")
    await house.until(lambda: "Nothing is due" in json.dumps(house.sandbox.parts.views.home(ADA)))


async def _press_on_home(house: House, view: Any) -> Any:
    [block] = view["blocks"]
    action = {"block_id": block["block_id"], **block["elements"][0]}
    where = {"type": "view", "view_id": view["id"]}
    return await house.page("action", container=where, action=action)


async def test_a_file_is_given_in_the_dm(house: House) -> None:
    house.scripted.answer = [SendFile("rejects.csv", b"line,reason\n", "3 rows & why")]
    await house.page("command", channel=CHANNEL, command="/lost", text="export")
    [message] = await house.until(lambda: house.messages(house.dm()))
    assert message.text == "3 rows &amp; why"
    assert house.sandbox.parts.workspace.content(message.files[0]) == b"line,reason\n"


async def test_a_promised_report_comes_after_the_answer(house: House) -> None:
    house.scripted.answer = [Reply(say("Coming.")), SendReport("drawer", "csv")]
    await house.page("command", channel=CHANNEL, command="/lost", text="export drawer")
    [message] = await house.until(lambda: house.messages(house.dm()))
    assert house.sandbox.parts.workspace.content(message.files[0]) == WORKSPACE.encode()
    assert house.messages(CHANNEL)[-1].text == "Coming."


async def test_a_report_that_cannot_be_made_is_said(house: House) -> None:
    house.scripted.answer = [SendReport("drawer", "csv", "nobody")]
    await house.page("command", channel=CHANNEL, command="/lost", text="export drawer")
    found = await house.until(lambda: house.messages(CHANNEL))
    assert found[-1].text == "There is nothing to give."


async def test_an_empty_file_is_given_all_the_same(house: House) -> None:
    house.scripted.answer = [SendFile("empty.csv", b"", "")]
    await house.page("command", channel=CHANNEL, command="/lost", text="export")
    [message] = await house.until(lambda: house.messages(house.dm()))
    assert message.files
