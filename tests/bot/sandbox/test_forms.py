from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox import Sandbox
from tests.bot.sandbox.conftest import Page, StartSandbox
from tests.bot.sandbox.test_views import modal, plain, text_input, trigger

Json = dict[str, Any]


async def opened(sandbox: Sandbox, bolt: AsyncApp, view: Json) -> str:
    answer = await bolt.client.views_open(trigger_id=trigger(sandbox), view=view)
    return str(answer["view"]["id"])


async def submit(page: Page, view_id: str, **values: Any) -> Json:
    state = {"values": {block: {"a": {"value": value}} for block, value in values.items()}}
    return await page.post("view/submit", view_id=view_id, state=state)


async def test_a_submission_carries_the_view_and_its_state(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    got: list[Json] = []

    @bolt.view("form")
    async def take(ack: Any, body: Json) -> None:
        await ack()
        got.append(body)

    view_id = await opened(sandbox, bolt, modal(private_metadata="kept"))
    assert await submit(page, view_id, b="Acme") == {"ok": True, "result": "closed"}
    body = got[0]
    assert body["type"] == "view_submission"
    assert body["user"] == {
        "id": "U0ALICE",
        "username": "alice",
        "name": "alice",
        "team_id": "T0SANDBOX",
    }
    assert body["view"]["state"]["values"]["b"]["a"] == {
        "type": "plain_text_input",
        "value": "Acme",
    }
    assert body["view"]["private_metadata"] == "kept"
    assert body["response_urls"] == []
    assert body["trigger_id"]
    assert await page.stack() == []


async def test_a_required_input_is_asked_for_before_anything_is_sent(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    sent: list[Json] = []

    @bolt.view("form")
    async def take(ack: Any, body: Json) -> None:
        await ack()
        sent.append(body)

    view_id = await opened(sandbox, bolt, modal(text_input(), text_input("c", optional=True)))
    answer = await submit(page, view_id, b="  ")
    assert answer == {"ok": False, "errors": {"b": "Please complete this required field."}}
    assert sent == []
    assert len(await page.stack()) == 1


@pytest.mark.parametrize(
    ("element", "bad", "good"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "abc"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "abc"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "2"),
        ({"type": "number_input", "is_decimal_allowed": True}, "abc", "1.5"),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "3"}, "2.9", "3"),
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}, "10", "9"),
        ({"type": "number_input", "is_decimal_allowed": True}, "NaN", "0"),
        ({"type": "email_text_input"}, "nobody", "a@b.co"),
        ({"type": "url_text_input"}, "example", "https://example.com"),
    ],
)
async def test_slack_checks_what_is_typed(
    sandbox: Sandbox, bolt: AsyncApp, page: Page, *, element: Json, bad: str, good: str
) -> None:
    @bolt.view("form")
    async def take(ack: Any) -> None:
        await ack()

    view_id = await opened(sandbox, bolt, modal(text_input(element=element)))
    assert set((await submit(page, view_id, b=bad))["errors"]) == {"b"}
    assert (await submit(page, view_id, b=good))["ok"]


async def test_the_apps_errors_stand_under_their_inputs(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    @bolt.view("form")
    async def take(ack: Any) -> None:
        await ack(response_action="errors", errors={"b": "We know no such account."})

    view_id = await opened(sandbox, bolt, modal())
    answer = await submit(page, view_id, b="Acme")
    assert answer == {"ok": False, "errors": {"b": "We know no such account."}}
    [view] = await page.stack()
    assert view["state"]["values"]["b"]["a"]["value"] == "Acme"


async def test_errors_for_an_input_that_is_not_there_fail_as_in_slack(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    @bolt.view("form")
    async def take(ack: Any) -> None:
        await ack(response_action="errors", errors={"elsewhere": "No."})

    answer = await submit(page, await opened(sandbox, bolt, modal()), b="x")
    assert answer["ok"] is False
    assert answer["message"].startswith("We had some trouble connecting. Try again?")


async def test_an_answer_updates_pushes_or_clears(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    answers: list[Json] = [
        {"response_action": "update", "view": modal(title=plain("Updated"))},
        {"response_action": "push", "view": modal(title=plain("Pushed"))},
        {"response_action": "clear"},
    ]

    @bolt.view("form")
    async def take(ack: Any) -> None:
        await ack(**answers.pop(0))

    view_id = await opened(sandbox, bolt, modal())
    assert (await submit(page, view_id, b="x"))["result"] == "updated"
    assert [v["title"]["text"] for v in await page.stack()] == ["Updated"]
    assert (await submit(page, view_id, b="x"))["result"] == "pushed"
    stack = await page.stack()
    assert [v["title"]["text"] for v in stack] == ["Updated", "Pushed"]
    assert (await submit(page, stack[1]["id"], b="x"))["result"] == "cleared"
    assert await page.stack() == []


async def test_an_answer_with_a_view_slack_refuses_is_trouble(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    @bolt.view("form")
    async def take(ack: Any) -> None:
        await ack(response_action="update", view=modal(title=plain("x" * 30)))

    answer = await submit(page, await opened(sandbox, bolt, modal()), b="x")
    assert answer["error"] == "invalid_arguments"
    assert "json-pointer:/view/title/text" in answer["message"]


async def test_only_the_form_on_top_can_be_sent(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    view_id = await opened(sandbox, bolt, modal())
    await bolt.client.views_push(trigger_id=trigger(sandbox), view=modal())
    await page.post("view/submit", view_id=view_id, status=400)


async def test_a_form_that_is_not_acked_says_so(sandbox: Sandbox, page: Page) -> None:
    view = sandbox.parts.views.open("U0ALICE", modal())
    answer = await submit(page, view["id"], b="x")
    assert answer == {
        "ok": False,
        "error": "dispatch_failed",
        "message": "We had some trouble connecting. Try again?",
    }
    assert len(await page.stack()) == 1


async def test_a_conversation_select_can_give_a_response_url(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    got: list[Json] = []

    @bolt.view("form")
    async def take(ack: Any, body: Json) -> None:
        await ack()
        got.append(body)

    element = {
        "type": "conversations_select",
        "response_url_enabled": True,
        "default_to_current_conversation": True,
    }
    view_id = await opened(sandbox, bolt, modal(text_input(element=element)))
    await page.post("view/submit", view_id=view_id, state={})
    [url] = got[0]["response_urls"]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("b", "a", "C0TEAM")
    assert url["response_url"].startswith(sandbox.address)


async def test_a_form_lives_on_while_the_clock_moves(
    start: StartSandbox, sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    @bolt.view("form")
    async def take(ack: Any) -> None:
        await ack()

    view_id = await opened(sandbox, bolt, modal())
    await page.post("clock", by_seconds=86_400)
    assert (await submit(page, view_id, b="x"))["ok"]
