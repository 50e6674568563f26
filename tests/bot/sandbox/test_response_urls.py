from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import Sandbox
from tests.bot.sandbox.conftest import Page, StartSandbox
from tests.bot.sandbox.test_actions import BUTTON, actions

Json = dict[str, Any]


@pytest.fixture
def url(sandbox: Sandbox) -> str:
    return sandbox.parts.urls.give("U0ALICE", "C0TEAM")


async def send(url: str, **body: Any) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session:
        answer = await AsyncWebhookClient(url, session=session).send(**body)
    return answer.status_code, answer.body


async def test_an_answer_is_private_unless_said_otherwise(page: Page, url: str) -> None:
    assert await send(url, text="for you") == (200, "ok")
    assert await send(url, text="for all", response_type="in_channel") == (200, "ok")
    alice, bob = await page.messages("C0TEAM"), await page.as_("U0BOB").messages("C0TEAM")
    assert [m["text"] for m in alice] == ["for you", "for all"]
    assert [m["text"] for m in bob] == ["for all"]


async def test_a_response_url_serves_five_times(url: str) -> None:
    for _ in range(5):
        assert (await send(url, text="x"))[0] == 200
    status, body = await send(url, text="x")
    assert status == 404
    assert "used_url" in body


async def test_a_refused_answer_does_not_use_the_url_up(url: str) -> None:
    assert (await send(url, text=""))[0] == 400
    blocks = [{"type": "nonsense"}]
    status, body = await send(url, text="x", blocks=blocks)
    assert status == 400
    assert "invalid_blocks" in body
    for _ in range(5):
        assert (await send(url, text="x"))[0] == 200


async def test_a_response_url_lives_by_real_time(start: StartSandbox) -> None:
    sandbox = await start()
    url = sandbox.parts.urls.give("U0ALICE", "C0TEAM")
    await sandbox.parts.mover.move_by(3600)
    assert (await send(url, text="x"))[0] == 200
    old = await start(response_url_seconds=-1)
    status, body = await send(old.parts.urls.give("U0ALICE", "C0TEAM"), text="x")
    assert status == 404
    assert "expired_url" in body


async def test_an_address_that_was_never_given_is_not_found(sandbox: Sandbox) -> None:
    assert (await send(f"{sandbox.address}/actions/T/1/2", text="x"))[0] == 404


async def test_an_action_replaces_or_deletes_the_message_it_came_from(
    bolt: AsyncApp, page: Page
) -> None:
    answers: list[Json] = [
        {"text": "changed", "replace_original": True},
        {"text": "beside"},
        {"delete_original": True},
    ]

    @bolt.action("go")
    async def go(ack: Any, respond: Any) -> None:
        await ack()
        answer = answers.pop(0)
        if answer.get("replace_original"):
            answer["blocks"] = [actions(BUTTON)]
        await respond(**answer)

    sent = await bolt.client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(BUTTON)])
    container = {"type": "message", "channel": "C0TEAM", "ts": sent["ts"]}
    await page.press(container, "acts", "go")
    assert [(m["text"], m["edited"]) for m in await page.messages("C0TEAM")] == [("changed", True)]
    await page.press(container, "acts", "go")
    assert [m["text"] for m in await page.messages("C0TEAM")] == ["changed", "beside"]
    await page.press(container, "acts", "go")
    assert [m["text"] for m in await page.messages("C0TEAM")] == ["beside"]


async def test_a_form_body_and_a_body_that_is_no_json(
    sandbox: Sandbox, url: str, page: Page
) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.post(url, data={"payload": '{"text": "form"}'}) as answer:
            assert answer.status == 200
        async with session.post(url, data="nonsense") as answer:
            assert answer.status == 400
    assert [m["text"] for m in await page.messages("C0TEAM")] == ["form"]


async def test_a_command_answers_in_the_channel_with_the_command_shown(
    bolt: AsyncApp, page: Page
) -> None:
    @bolt.command("/lost")
    async def lost(ack: Any) -> None:
        await ack(text="Everyone sees this", response_type="in_channel")

    assert await page.command("/lost", "board", "C0TEAM") == {"ok": True}
    seen = await page.as_("U0BOB").messages("C0TEAM")
    assert [(m["text"], m.get("source")) for m in seen] == [
        ("/lost board", "command"),
        ("Everyone sees this", "command"),
    ]


async def test_a_command_acked_with_blocks_slack_refuses_fails(bolt: AsyncApp, page: Page) -> None:
    @bolt.command("/lost")
    async def lost(ack: Any) -> None:
        await ack(blocks=[{"type": "header"}])

    answer = await page.command("/lost")
    assert answer["error"] == "invalid_command_response"
