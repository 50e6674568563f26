import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.bot.sandbox.conftest import Page, StartSandbox, until

Json = dict[str, Any]


class Line:
    """A bare Socket Mode connection, to see what an SDK would hide."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> Json:
        received: Json = await self.socket.receive_json(timeout=10)
        return received

    async def ack(self, envelope: Json, payload: Json | None = None) -> None:
        answer: Json = {"envelope_id": envelope["envelope_id"]}
        await self.socket.send_json(answer | ({"payload": payload} if payload else {}))


@asynccontextmanager
async def lines(sandbox: Sandbox, count: int) -> AsyncIterator[list[Line]]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(sandbox.config.app_token, sandbox.api_url, session=session)
        opened = []
        for _ in range(count):
            url = (await client.apps_connections_open(app_token=sandbox.config.app_token))["url"]
            opened.append(Line(await session.ws_connect(url)))
        for line in opened:
            assert (await line.next())["type"] in ("hello", "disconnect")
        yield opened
        for line in opened:
            await line.socket.close()


async def test_bolt_answers_a_command_over_a_socket(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    got: list[Json] = []

    @bolt.command("/lost")
    async def lost(ack: Any, body: Json) -> None:
        got.append(body)
        await ack(text="Noted")

    assert await page.command("/lost", "Acme, price") == {"ok": True}
    messages = await page.messages(page.dm)
    assert [m["text"] for m in messages] == ["Noted"]
    assert messages[0]["ephemeral"]
    assert got[0]["text"] == "Acme, price"
    assert got[0]["user_id"] == "U0ALICE"
    assert got[0]["channel_name"] == "directmessage"


async def test_hello_names_the_app_and_counts_the_connections(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(sandbox.config.app_token, sandbox.api_url, session=session)
        opened = await client.apps_connections_open(app_token=sandbox.config.app_token)
        async with session.ws_connect(opened["url"]) as socket:
            hello = await socket.receive_json()
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": sandbox.config.app_id}
    assert "approximate_connection_time" in hello["debug_info"]


async def test_each_envelope_goes_to_exactly_one_of_several_connections(
    sandbox: Sandbox, page: Page
) -> None:
    async with lines(sandbox, 3) as opened:
        for turn in range(6):
            asked = asyncio.create_task(page.command("/lost", str(turn)))
            receiving = [asyncio.create_task(line.next()) for line in opened]
            done, waiting = await asyncio.wait(receiving, return_when=asyncio.FIRST_COMPLETED)
            assert len(done) == 1
            for other in waiting:
                other.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            line = opened[receiving.index(done.pop())]
            envelope = receiving[opened.index(line)].result()
            assert envelope["type"] == "slash_commands"
            assert envelope["accepts_response_payload"] is True
            await line.ack(envelope)
            assert (await asked)["ok"]


async def test_the_eleventh_connection_is_turned_away(sandbox: Sandbox) -> None:
    async with lines(sandbox, 11):
        assert sandbox.parts.sockets.connections == 10


async def test_a_connection_url_serves_once(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(sandbox.config.app_token, sandbox.api_url, session=session)
        url = (await client.apps_connections_open(app_token=sandbox.config.app_token))["url"]
        async with session.ws_connect(url):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)


async def test_opening_a_connection_needs_the_app_token(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(sandbox.config.bot_token, sandbox.api_url, session=session)
        with pytest.raises(SlackApiError) as refused:
            await client.apps_connections_open(app_token=sandbox.config.bot_token)
    assert refused.value.response["error"] == "not_allowed_token_type"


async def test_a_command_fails_at_once_when_nothing_is_connected(page: Page) -> None:
    answer = await page.command("/lost", "Acme")
    assert answer == {
        "ok": False,
        "error": "dispatch_failed",
        "message": '/lost failed with the error "dispatch_failed"',
    }


async def test_a_command_that_is_not_acked_times_out(start: StartSandbox) -> None:
    sandbox = await start(ack_seconds=0.1)
    async with lines(sandbox, 1), aiohttp.ClientSession() as session:
        answer = await Page(sandbox, session, "U0BOB").command("/lost")
    assert answer["message"] == '/lost failed with the error "operation_timeout"'


async def test_an_ack_that_comes_too_late_shows_nothing(start: StartSandbox) -> None:
    sandbox = await start(ack_seconds=0.1)
    async with lines(sandbox, 1) as (line,), aiohttp.ClientSession() as session:
        page = Page(sandbox, session, "U0BOB")
        assert not (await page.command("/lost"))["ok"]
        await line.ack(await line.next(), {"text": "too late"})
        await asyncio.sleep(0.05)
        assert await page.messages(page.dm) == []


async def test_a_connection_that_breaks_fails_the_command_it_held(
    sandbox: Sandbox, page: Page
) -> None:
    async with lines(sandbox, 1) as (line,):
        asked = asyncio.create_task(page.command("/lost"))
        await line.next()
        await line.socket.close()
        assert (await asked)["error"] == "dispatch_failed"


async def test_an_event_waits_for_the_bot_and_the_page_says_so(
    sandbox: Sandbox, page: Page
) -> None:
    await page.post("message", channel=page.dm, text="anybody there?")
    await until(lambda: sandbox.parts.envelopes.status()["waiting"] == 1)
    assert (await page.get("bootstrap"))["bot"] == {
        "connected": False,
        "mode": "socket",
        "waiting": 1,
    }
    async with lines(sandbox, 1) as (line,):
        envelope = await line.next()
        assert envelope["type"] == "events_api"
        assert envelope["payload"]["event"]["text"] == "anybody there?"
        assert envelope["retry_attempt"] == 0
        await line.ack(envelope)
        await until(lambda: sandbox.parts.envelopes.status()["waiting"] == 0)


async def test_an_unacked_event_is_sent_three_times_more_and_no_more(start: StartSandbox) -> None:
    sandbox = await start(ack_seconds=0.05)
    async with lines(sandbox, 1) as (line,), aiohttp.ClientSession() as session:
        await Page(sandbox, session, "U0BOB").post("message", channel="D0BOB", text="hi")
        envelopes = [await line.next() for _ in range(4)]
        with pytest.raises(TimeoutError):
            await line.socket.receive_json(timeout=0.2)
    assert [e["retry_attempt"] for e in envelopes] == [0, 1, 2, 3]
    assert [e["retry_reason"] for e in envelopes] == ["", "timeout", "timeout", "timeout"]
    assert len({e["payload"]["event_id"] for e in envelopes}) == 1
    assert len({e["envelope_id"] for e in envelopes}) == 4


async def test_an_event_held_by_a_broken_connection_goes_to_another(
    sandbox: Sandbox, page: Page
) -> None:
    async with lines(sandbox, 2) as opened:
        await page.post("message", channel=page.dm, text="hi")
        receiving = [asyncio.create_task(line.next()) for line in opened]
        done, _ = await asyncio.wait(receiving, return_when=asyncio.FIRST_COMPLETED)
        first = receiving.index(done.pop())
        await opened[first].socket.close()
        again = await receiving[1 - first]
    assert again["payload"]["event"]["text"] == "hi"


async def test_recycled_connections_are_warned_and_then_given_no_more(
    sandbox: Sandbox, page: Page
) -> None:
    async with lines(sandbox, 1) as (line,):
        await page.post("refresh")
        assert (await line.next())["reason"] == "warning"
        assert (await line.next())["reason"] == "refresh_requested"
        assert (await page.command("/lost"))["error"] == "dispatch_failed"


async def test_bolt_reconnects_when_its_connection_is_recycled(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    @bolt.command("/lost")
    async def lost(ack: Any) -> None:
        await ack("still here")

    await sandbox.parts.sockets.refresh(warn_seconds=0.2)
    assert await page.command("/lost") == {"ok": True}


async def test_a_duplicated_envelope_carries_the_same_trigger(sandbox: Sandbox, page: Page) -> None:
    async with lines(sandbox, 1) as (line,):
        await page.post("faults", method="command", kind="duplicate")
        asked = asyncio.create_task(page.command("/lost"))
        first, second = await line.next(), await line.next()
        await line.ack(first)
        await line.ack(second)
        assert (await asked)["ok"]
    assert first["envelope_id"] != second["envelope_id"]
    assert first["payload"] == second["payload"]
