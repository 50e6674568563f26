import json
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox import Manifest, Sandbox
from tests.bot.sandbox.conftest import MANIFEST, Page, StartSandbox
from tests.bot.sandbox.test_inputs import OPTIONS, as_input, option
from tests.bot.sandbox.test_views import modal, plain, trigger

Json = dict[str, Any]
BUTTON = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "v1"}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "acts", "elements": list(elements)}


@pytest.fixture
def bodies(bolt: AsyncApp) -> list[Json]:
    """Every block_actions payload that Bolt got, acked."""
    got: list[Json] = []

    @bolt.action({"type": "block_actions", "action_id": "go"})
    async def go(ack: Any, body: Json) -> None:
        await ack()
        got.append(body)

    return got


async def test_a_button_in_a_message(bolt: AsyncApp, page: Page, bodies: list[Json]) -> None:
    select = {"type": "static_select", "action_id": "pick", "options": OPTIONS}
    ts = (
        await bolt.client.chat_postMessage(
            channel="C0TEAM", text="x", blocks=[actions(BUTTON, select)]
        )
    )["ts"]
    container = {"type": "message", "channel": "C0TEAM", "ts": ts}
    state = {"values": {"acts": {"pick": {"selected_option": {"value": "b"}}}}}
    action = {"block_id": "acts", "action_id": "go", "type": "button"}
    answer = await page.post("action", container=container, action=action, state=state)
    assert answer == {"ok": True}
    [body] = bodies
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0TEAM",
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": "C0TEAM", "name": "team"}
    assert body["message"]["ts"] == ts
    assert body["state"]["values"]["acts"]["pick"]["selected_option"] == OPTIONS[1]
    assert body["response_url"].startswith("http://127.0.0.1")
    assert body["trigger_id"]
    assert body["user"]["id"] == "U0ALICE"
    [pressed] = body["actions"]
    assert pressed.pop("action_ts")
    assert pressed == {
        "type": "button",
        "action_id": "go",
        "block_id": "acts",
        "text": plain("Go"),
        "value": "v1",
    }


async def test_a_button_in_a_form_carries_the_form_with_its_state(
    sandbox: Sandbox, bolt: AsyncApp, page: Page, bodies: list[Json]
) -> None:
    view = modal(as_input({"type": "plain_text_input"}), actions(BUTTON))
    view_id = (await bolt.client.views_open(trigger_id=trigger(sandbox), view=view))["view"]["id"]
    await page.post(
        "action",
        container={"type": "view", "view_id": view_id},
        action={"block_id": "acts", "action_id": "go"},
        state={"values": {"b": {"a": {"value": "half typ"}}}},
    )
    [body] = bodies
    assert body["container"] == {"type": "view", "view_id": view_id}
    assert body["view"]["state"]["values"]["b"]["a"]["value"] == "half typ"
    assert not {"channel", "message", "response_url", "state"} & set(body)
    pushed = await bolt.client.views_push(trigger_id=body["trigger_id"], view=modal())
    assert pushed["view"]["previous_view_id"] == view_id


async def test_a_button_in_the_app_home_carries_the_home(
    bolt: AsyncApp, page: Page, bodies: list[Json]
) -> None:
    home = {"type": "home", "blocks": [actions(BUTTON)]}
    view = (await bolt.client.views_publish(user_id="U0ALICE", view=home))["view"]
    container = {"type": "view", "view_id": view["id"]}
    assert (await page.press(container, "acts", "go"))["ok"]
    [body] = bodies
    assert body["view"]["type"] == "home"
    assert body["view"]["hash"] == view["hash"]
    opened = await bolt.client.views_open(trigger_id=body["trigger_id"], view=modal())
    assert opened["view"]["root_view_id"] == opened["view"]["id"]


async def test_an_ephemeral_message_is_not_in_its_own_payload_but_can_be_replaced(
    bolt: AsyncApp, page: Page
) -> None:
    got: list[Json] = []

    @bolt.action("go")
    async def go(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        got.append(body)
        await respond("Replaced", replace_original=True)

    await bolt.client.chat_postEphemeral(
        channel="C0TEAM", user="U0ALICE", text="Sure?", blocks=[actions(BUTTON)]
    )
    [shown] = await page.messages("C0TEAM")
    container = {"type": "message", "channel": "C0TEAM", "ts": shown["ts"]}
    assert (await page.press(container, "acts", "go"))["ok"]
    assert "message" not in got[0]
    assert got[0]["container"]["is_ephemeral"] is True
    [after] = await page.messages("C0TEAM")
    assert (after["text"], after["ts"], after["blocks"]) == ("Replaced", shown["ts"], [])
    other = page.as_("U0BOB")
    action = {"block_id": "acts", "action_id": "go"}
    await other.post("action", container=container, action=action, status=400)


@pytest.mark.parametrize(
    ("element", "chosen", "reported"),
    [
        (
            {"type": "static_select", "options": OPTIONS},
            {"selected_option": {"value": "a"}},
            {"selected_option": OPTIONS[0]},
        ),
        (
            {"type": "overflow", "options": OPTIONS},
            {"selected_option": {"value": "c"}},
            {"selected_option": OPTIONS[2]},
        ),
        (
            {"type": "checkboxes", "options": OPTIONS},
            {"selected_options": [{"value": "a"}]},
            {"selected_options": [OPTIONS[0]]},
        ),
        ({"type": "datepicker"}, {"selected_date": "2026-11-22"}, {"selected_date": "2026-11-22"}),
        ({"type": "users_select"}, {"selected_user": "U0BOB"}, {"selected_user": "U0BOB"}),
    ],
)
async def test_what_was_chosen_is_in_the_action(
    bolt: AsyncApp,
    page: Page,
    bodies: list[Json],
    *,
    element: Json,
    chosen: Json,
    reported: Json,
) -> None:
    block = actions({"action_id": "go", **element})
    sent = await bolt.client.chat_postMessage(channel="C0TEAM", text="x", blocks=[block])
    container = {"type": "message", "channel": "C0TEAM", "ts": sent["ts"]}
    await page.press(container, "acts", "go", **chosen)
    [pressed] = bodies[0]["actions"]
    assert pressed["type"] == element["type"]
    assert {k: pressed[k] for k in reported} == reported
    if element["type"] != "overflow":
        held = bodies[0]["state"]["values"]["acts"]["go"]
        assert {k: held[k] for k in reported} == reported


async def test_an_input_that_dispatches_reports_what_was_typed(
    sandbox: Sandbox, bolt: AsyncApp, page: Page, bodies: list[Json]
) -> None:
    block = as_input({"type": "plain_text_input", "action_id": "go"}, dispatch_action=True)
    view = modal(block)
    view_id = (await bolt.client.views_open(trigger_id=trigger(sandbox), view=view))["view"]["id"]
    await page.press({"type": "view", "view_id": view_id}, "b", "go", value="Acme")
    assert bodies[0]["actions"][0]["value"] == "Acme"


async def test_what_is_not_there_cannot_be_pressed(bolt: AsyncApp, page: Page) -> None:
    sent = await bolt.client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(BUTTON)])
    container = {"type": "message", "channel": "C0TEAM", "ts": sent["ts"]}
    for wrong in ({"block_id": "acts", "action_id": "no"}, {"block_id": "no", "action_id": "go"}):
        await page.post("action", container=container, action=wrong, status=400)
    gone = {"type": "message", "channel": "C0TEAM", "ts": "1.1"}
    await page.post("action", container=gone, action={"action_id": "go"}, status=400)
    await page.post("action", container="x", action={"action_id": "go"}, status=400)
    view = {"type": "view", "view_id": "V1"}
    await page.post("action", container=view, action={"action_id": "go"}, status=400)


async def test_a_press_that_nobody_acks_says_so(sandbox: Sandbox, page: Page) -> None:
    channel = sandbox.parts.workspace.channels["C0TEAM"]
    message = sandbox.parts.posting.post_as_app(channel, "x", [actions(BUTTON)])
    container = {"type": "message", "channel": "C0TEAM", "ts": message.ts}
    answer = await page.press(container, "acts", "go")
    assert answer["error"] == "dispatch_failed"
    assert "went wrong" in answer["message"]


# Type-ahead


async def test_options_are_loaded_as_they_are_typed(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    asked: list[Json] = []

    @bolt.options("go")
    async def suggest(ack: Any, body: Json) -> None:
        asked.append(body)
        if body["value"] == "groups":
            group = {"label": plain("G"), "options": [option("x")]}
            await ack(option_groups=[group])
        elif body["value"] == "too many":
            await ack(options=[option(str(n)) for n in range(101)])
        else:
            await ack(options=[option("acme")])

    element = {"type": "external_select", "action_id": "go", "min_query_length": 2}
    view = modal(as_input(element))
    view_id = (await bolt.client.views_open(trigger_id=trigger(sandbox), view=view))["view"]["id"]
    query: Json = {
        "container": {"type": "view", "view_id": view_id},
        "block_id": "b",
        "action_id": "go",
    }
    assert await page.post("options", **query, value="a") == {"options": []}
    assert asked == []
    assert await page.post("options", **query, value="ac") == {"options": [option("acme")]}
    assert asked[0]["type"] == "block_suggestion"
    assert (asked[0]["value"], asked[0]["action_id"]) == ("ac", "go")
    assert asked[0]["view"]["id"] == view_id
    grouped = await page.post("options", **query, value="groups")
    assert grouped["option_groups"][0]["options"] == [option("x")]
    too_many = await page.post("options", **query, value="too many")
    assert too_many["error"] == "invalid_options"
    await page.post(
        "options", container=query["container"], block_id="b", action_id="x", status=400
    )


async def test_without_interactivity_nothing_is_sent(start: StartSandbox) -> None:
    manifest = json.loads(json.dumps(MANIFEST))
    manifest["settings"]["interactivity"]["is_enabled"] = False
    sandbox = await start(manifest=Manifest.from_dict(manifest))
    channel = sandbox.parts.workspace.channels["C0TEAM"]
    message = sandbox.parts.posting.post_as_app(channel, "x", [actions(BUTTON)])
    async with aiohttp.ClientSession() as session:
        page = Page(sandbox, session, "U0ALICE")
        container = {"type": "message", "channel": "C0TEAM", "ts": message.ts}
        answer = await page.press(container, "acts", "go")
    assert answer["error"] == "interactivity_not_enabled"


async def test_a_type_ahead_in_a_message_knows_its_message(bolt: AsyncApp, page: Page) -> None:
    asked: list[Json] = []

    @bolt.options("go")
    async def suggest(ack: Any, body: Json) -> None:
        asked.append(body)
        await ack(options=[])

    element = {"type": "external_select", "action_id": "go", "min_query_length": 0}
    sent = await bolt.client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(element)])
    container = {"type": "message", "channel": "C0TEAM", "ts": sent["ts"]}
    query: Json = {"container": container, "block_id": "acts", "action_id": "go"}
    assert await page.post("options", **query, value="") == {"options": []}
    assert asked[0]["message"]["ts"] == sent["ts"]
    assert asked[0]["container"]["type"] == "message"
    assert "trigger_id" not in asked[0]


async def test_a_type_ahead_that_nobody_answers_says_so(sandbox: Sandbox, page: Page) -> None:
    element = {"type": "external_select", "action_id": "go", "min_query_length": 0}
    view = sandbox.parts.views.open("U0ALICE", modal(as_input(element)))
    container = {"type": "view", "view_id": view["id"]}
    query: Json = {"container": container, "block_id": "b", "action_id": "go"}
    answer = await page.post("options", **query, value="acme")
    assert answer["error"] == "dispatch_failed"


async def test_feedback_buttons_report_which_was_pressed(
    bolt: AsyncApp, page: Page, bodies: list[Json]
) -> None:
    element = {
        "type": "feedback_buttons",
        "action_id": "go",
        "positive_button": {"text": plain("Good"), "value": "good"},
        "negative_button": {"text": plain("Bad"), "value": "bad"},
    }
    block = {"type": "context_actions", "block_id": "acts", "elements": [element]}
    sent = await bolt.client.chat_postMessage(channel="C0TEAM", text="x", blocks=[block])
    container = {"type": "message", "channel": "C0TEAM", "ts": sent["ts"]}
    await page.press(container, "acts", "go", value="bad")
    assert bodies[0]["actions"][0]["value"] == "bad"
