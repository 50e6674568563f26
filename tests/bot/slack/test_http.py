"""Signed requests → the real app under Starlette → a workspace that is strict as Slack is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from slack_sdk.signature import Clock

from bot.sandbox.faults import Fault
from handlers.effects import (
    FormErrors,
    OpenForm,
    ReplaceSource,
    Reply,
    SendFile,
    UpdateHome,
)
from handlers.events import Action, Command, FormSubmitted, HomeOpened, OptionsAsked
from handlers.views.elements import Button, Buttons, View, say
from handlers.views.forms import Form, LookupField, TextField
from tests.bot.slack.conftest import House, signature, signed_headers
from tests.people import ADA, CHANNEL, WORKSPACE

FORM = Form("claim.send", "Claim", "Send", (TextField("story", "Story"),), context={"id": "7"})
PRESSABLE = View("Press", (Buttons((Button("Yes", "claim.approve", {"claim": "7"}),)),))
JSON = "application/json"
COMMAND = {
    "command": "/lost",
    "text": "Acme, price",
    "team_id": WORKSPACE,
    "user_id": ADA,
    "channel_id": CHANNEL,
    "trigger_id": "1.2.abc",
    "response_url": "",
}


# Who is let in


@pytest.mark.parametrize("age", [301, -301, 100_000])
async def test_a_request_from_another_time_is_refused(house: House, age: int) -> None:
    assert (await house.post(b"{}", signed_headers(b"{}", JSON, age=age)))[0] == 401


async def test_a_request_that_slack_did_not_sign_is_refused(house: House) -> None:
    now = str(int(Clock().now()))
    for timestamp, given in (
        ("abc", signature("abc", b"{}")),
        ("", signature("", b"{}")),
        (now, signature(now, b"{}", "another secret")),
        (now, ""),
        (now, "v0=" + "\xe9" * 64),
        (now, signature(now, b"{} ")),
    ):
        headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": given}
        assert (await house.post(b"{}", headers))[0] == 401
    assert (await house.post(b"{}", {}))[0] == 401
    assert house.scripted.heard == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", JSON),
        (b"nonsense", JSON),
        (b"{}", JSON),
        (b"[]", JSON),
        (b'{"type": "event_callback"}', JSON),
        (b'{"type": "event_callback", "event": {"type": "odd"}}', JSON),
        (b'{"type": "block_actions", "actions": []}', JSON),
        (b'{"type": "no such thing"}', JSON),
        (b"payload=nonsense", "application/x-www-form-urlencoded"),
        (b"payload=%5B%5D", "application/x-www-form-urlencoded"),
        (b"command=%2Flost", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "text/plain"),
        (b"x" * 2_100_000, "text/plain"),
    ],
)
async def test_a_signed_but_malformed_payload_breaks_nothing(
    house: House, body: bytes, content_type: str
) -> None:
    status, _ = await house.signed(body, content_type)
    assert status in {200, 400, 404}
    assert house.scripted.heard == []


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_home_opened"},
        {"type": "app_home_opened", "user": ["U1"], "tab": 7},
        {"type": "file_shared"},
        {"type": "file_shared", "channel_id": "D1", "user_id": {"id": "U1"}, "file_id": []},
        {"type": "message", "channel": {"id": 7}, "files": {}, "subtype": "file_share"},
        {"type": "message", "channel": "D1", "user": "U1", "files": [7], "subtype": "file_share"},
        {"type": "user_change"},
        {"type": "user_change", "user": "U1"},
        {"type": "user_change", "user": {"id": 7}},
        {"type": "user_change", "user": {"id": ADA, "profile": [], "tz": 7, "enterprise_user": 7}},
        {"type": "tokens_revoked", "tokens": []},
        {"type": "tokens_revoked"},
        {"type": "no_such_event"},
    ],
)
async def test_an_odd_event_breaks_nothing(real: House, event: dict[str, Any]) -> None:
    whole = {"type": "event_callback", "team_id": WORKSPACE, "event_id": "Ev1", "event": event}
    assert (await real.event(whole))[0] == 200


async def test_an_event_that_we_could_not_take_in_is_told_again(house: House) -> None:
    house.scripted.fault = ValueError("the database is away")
    opened = {"type": "app_home_opened", "user": ADA, "tab": "home"}
    told = {"type": "event_callback", "team_id": WORKSPACE, "event_id": "Ev1", "event": opened}
    assert (await house.event(told))[0] == 500
    house.scripted.fault = None
    assert (await house.event(told))[0] == 200


async def test_slack_can_verify_the_address_and_its_certificate(house: House) -> None:
    challenge = {"type": "url_verification", "challenge": "abc", "token": "x"}
    assert await house.event(challenge) == (200, '{"challenge": "abc"}')
    assert (await house.form({"ssl_check": "1", "token": "x"}))[0] == 200


async def test_a_workspace_that_is_not_ours_is_told_so(house: House) -> None:
    status, body = await house.form({**COMMAND, "team_id": "T0OTHER"})
    assert status == 200
    assert "I do not know this workspace" in body
    assert house.scripted.heard == []


# Commands


async def test_the_answer_to_a_command_travels_in_its_response(house: House) -> None:
    """L1"""
    house.scripted.answer = [Reply(say("Written down."))]
    status, body = await house.form(COMMAND)
    answer = json.loads(body)
    assert status == 200
    assert (answer["response_type"], answer["text"]) == ("ephemeral", "Written down.")
    [event] = house.scripted.heard
    assert isinstance(event, Command)
    assert event.text == "Acme, price"


async def test_a_public_answer_is_for_the_channel(house: House) -> None:
    house.scripted.answer = [Reply(say("Ada leads."), public=True)]
    assert (await house.page("command", channel=CHANNEL, command="/lost", text="board"))["ok"]
    shown = house.messages(CHANNEL)
    assert [(m.text, m.only_for) for m in shown if m.bot] == [("Ada leads.", None)]


async def test_a_second_answer_follows_by_the_response_url(house: House) -> None:
    house.scripted.answer = [Reply(say("First.")), Reply(say("Second."))]
    await house.page("command", channel=CHANNEL, command="/lost", text="x")
    await house.until(lambda: house.messages(CHANNEL)[1:])
    shown = {(m.text, m.only_for) for m in house.messages(CHANNEL)}
    assert shown == {("First.", ADA), ("Second.", ADA)}


async def test_a_command_is_answered_while_the_web_api_is_down(house: House) -> None:
    house.sandbox.parts.faults.add(Fault("*", "fail", times=100))
    house.scripted.answer = [Reply(say("Written down."))]
    assert "Written down." in (await house.form(COMMAND))[1]


# Forms


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
    [block] = view["blocks"]
    action = {"block_id": block["block_id"], **block["elements"][0]}
    where = {"type": "view", "view_id": view["id"]}
    assert (await house.page("action", container=where, action=action))["ok"]
    [answer] = await house.until(lambda: house.messages(house.dm()))
    assert answer.text == "Done."
    await house.until(lambda: "All quiet" in json.dumps(house.sandbox.parts.views.home(ADA)))


async def test_a_file_is_given_in_the_dm(house: House) -> None:
    house.scripted.answer = [SendFile("rejects.csv", b"line,reason\n", "3 rows & why")]
    await house.page("command", channel=CHANNEL, command="/lost", text="export")
    [message] = await house.until(lambda: house.messages(house.dm()))
    assert message.text == "3 rows &amp; why"
    assert house.sandbox.parts.workspace.content(message.files[0]) == b"line,reason\n"


async def test_an_empty_file_is_given_all_the_same(house: House) -> None:
    house.scripted.answer = [SendFile("empty.csv", b"", "")]
    await house.page("command", channel=CHANNEL, command="/lost", text="export")
    [message] = await house.until(lambda: house.messages(house.dm()))
    assert message.files


# What goes wrong


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


# The real handlers


async def test_help_lists_what_the_asker_may_use(real: House) -> None:
    _, body = await real.form({**COMMAND, "text": "help"})
    assert "what I can do for you" in json.loads(body)["text"]


async def test_the_same_envelope_has_one_effect_even_at_once(real: House) -> None:
    told = {**COMMAND, "text": "help"}
    answers = await asyncio.gather(*(real.form(told) for _ in range(3)))
    again = await real.form(told)
    assert {status for status, _ in [*answers, again]} == {200}
    assert sum("what I can do" in body for _, body in answers) == 1
    assert again[1] == ""


async def test_a_first_time_caller_becomes_a_colleague_by_what_slack_says(real: House) -> None:
    await real.form({**COMMAND, "text": "help"})
    async with real.database.reading(WORKSPACE) as work:
        member = await work.members.by_platform_id(ADA)
    assert member is not None
    assert (member.name, member.role, member.time_zone) == (
        "Ada Fox",
        "colleague",
        "America/New_York",
    )


# What people do, in short


async def open_form(house: House) -> Any:
    house.scripted.answer = [OpenForm(FORM)]
    assert (await house.page("command", channel=CHANNEL, command="/lost"))["ok"]
    [view] = await house.until(lambda: house.sandbox.parts.views.stack(ADA))
    return view


async def submit(house: House, view: Any, story: str) -> Any:
    values = {"story~1": {"typed": {"type": "plain_text_input", "value": story}}}
    return await house.page("view/submit", view_id=view["id"], state={"values": values})


async def send(house: House, view: View) -> None:
    await house.edge.sender.send(
        WORKSPACE, user_id=ADA, channel_id=None, view=view, dedupe_key="k", update_of=None
    )


async def press(house: House, message: Any) -> Any:
    block = next(b for b in message.blocks if b["type"] == "actions")
    return await house.page(
        "action",
        container={"type": "message", "channel": message.channel, "ts": message.ts},
        action={"block_id": block["block_id"], **block["elements"][0]},
    )
