import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
import uvicorn
from aiohttp import web
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox import Sandbox
from bot.sandbox.signed_http import SignedHttp, signature
from tests.bot.sandbox.conftest import Page, StartSandbox, until

Json = dict[str, Any]
Got = list[tuple[dict[str, str], str]]
Answerer = Callable[[str], Awaitable[web.Response]]


@asynccontextmanager
async def listener(answer: Answerer | None = None) -> AsyncIterator[tuple[str, Got]]:
    """A bare request URL that keeps what it was sent."""
    got: Got = []

    async def receive(request: web.Request) -> web.Response:
        body = await request.text()
        if "url_verification" in body:
            return web.json_response({"challenge": json.loads(body)["challenge"]})
        got.append((dict(request.headers), body))
        return await answer(body) if answer else web.Response()

    app = web.Application()
    app.router.add_post("/slack/events", receive)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/slack/events", got
    finally:
        await runner.cleanup()


@asynccontextmanager
async def acting(sandbox: Sandbox, person: str = "U0ALICE") -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        await until(lambda: sandbox.parts.envelopes.carrier.connected)
        yield Page(sandbox, session, person)


async def test_bolt_under_starlette_takes_signed_requests_of_every_kind(
    start: StartSandbox,
) -> None:
    seen: list[str] = []
    secret = "sandbox-signing-secret"
    bolt = AsyncApp(
        token="xoxb-sandbox-bot-token",
        signing_secret=secret,
        client=AsyncWebClient(token="xoxb-sandbox-bot-token"),
        process_before_response=True,
    )

    @bolt.command("/lost")
    async def lost(ack: Any, body: Json, client: Any) -> None:
        seen.append("command")
        await ack(blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "*Noted*"}}])
        view = {
            "type": "modal",
            "callback_id": "loss",
            "title": {"type": "plain_text", "text": "Log a loss"},
            "submit": {"type": "plain_text", "text": "Save"},
            "blocks": [
                {
                    "type": "input",
                    "block_id": "account",
                    "label": {"type": "plain_text", "text": "Account"},
                    "element": {"type": "plain_text_input", "action_id": "name"},
                }
            ],
        }
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @bolt.view("loss")
    async def saved(ack: Any, view: Json) -> None:
        seen.append(view["state"]["values"]["account"]["name"]["value"])
        await ack()

    @bolt.event("message")
    async def heard(event: Json) -> None:
        seen.append(event["text"])

    handler = AsyncSlackRequestHandler(bolt)

    async def receive(request: Request) -> Response:
        answer: Response = await handler.handle(request)
        return answer

    app = Starlette(routes=[Route("/slack/events", receive, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        sandbox = await start(mode="http", events_url=f"http://127.0.0.1:{port}/slack/events")
        bolt.client.base_url = sandbox.api_url
        async with acting(sandbox) as page:
            assert await page.command("/lost", "Acme") == {"ok": True}
            [view] = await page.stack()
            state = {"values": {"account": {"name": {"value": "Acme"}}}}
            sent = await page.post("view/submit", view_id=view["id"], state=state)
            assert sent == {"ok": True, "result": "closed"}
            await page.post("message", channel=page.dm, text="hello")
            await until(lambda: len(seen) == 3)
    finally:
        server.should_exit = True
        await serving
    assert seen == ["command", "Acme", "hello"]


async def test_requests_are_signed_as_slack_signs_and_commands_are_forms(
    start: StartSandbox,
) -> None:
    async with listener() as (url, got):
        sandbox = await start(mode="http", events_url=url)
        async with acting(sandbox) as page:
            assert (await page.command("/lost", "Müller & Co"))["ok"]
    headers, body = got[0]
    assert SignatureVerifier(sandbox.config.signing_secret).is_valid_request(body, headers)
    assert abs(time.time() - int(headers["X-Slack-Request-Timestamp"])) < 5
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    form = parse_qs(body)
    assert form["text"] == ["Müller &amp; Co"]
    assert form["command"] == ["/lost"]


def test_the_signature_is_the_one_of_slacks_own_example() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    made = signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body)
    assert made == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


async def test_the_request_url_is_asked_for_its_challenge(start: StartSandbox) -> None:
    async with listener() as (url, _):
        sandbox = await start(mode="http", events_url=url)

        def verified() -> list[Json]:
            entries = sandbox.parts.traffic.after()
            return [e for e in entries if e["name"] == "url_verification" and e["ok"]]

        await until(verified)


async def test_ssl_check_is_a_signed_form(start: StartSandbox) -> None:
    async with listener() as (url, got):
        sandbox = await start(mode="http", events_url=url)
        http = sandbox.parts.http
        assert isinstance(http, SignedHttp)
        assert (await http.check_ssl()).ok
    headers, body = got[0]
    assert parse_qs(body)["ssl_check"] == ["1"]
    assert SignatureVerifier(sandbox.config.signing_secret).is_valid_request(body, headers)


async def test_an_event_that_fails_comes_again_with_retry_headers(start: StartSandbox) -> None:
    async def refuse(body: str) -> web.Response:
        return web.Response(status=500)

    async with listener(refuse) as (url, got):
        sandbox = await start(mode="http", events_url=url)
        async with acting(sandbox) as page:
            await page.post("message", channel=page.dm, text="hi")
            await until(lambda: len(got) == 4)
            await asyncio.sleep(0.15)
    assert [h.get("X-Slack-Retry-Num") for h, _ in got] == [None, "1", "2", "3"]
    assert {h.get("X-Slack-Retry-Reason") for h, _ in got[1:]} == {"http_error"}
    assert len({json.loads(b)["event_id"] for _, b in got}) == 1
    assert {h["Content-Type"] for h, _ in got} == {"application/json"}


async def test_a_bot_may_ask_for_no_retry(start: StartSandbox) -> None:
    async def refuse(body: str) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    async with listener(refuse) as (url, got):
        sandbox = await start(mode="http", events_url=url)
        async with acting(sandbox) as page:
            await page.post("message", channel=page.dm, text="hi")
            await until(lambda: got)
            await asyncio.sleep(0.15)
    assert len(got) == 1


async def test_a_slow_event_is_retried_for_its_timeout(start: StartSandbox) -> None:
    async def dawdle(body: str) -> web.Response:
        await asyncio.sleep(0.15)
        return web.Response()

    async with listener(dawdle) as (url, got):
        sandbox = await start(mode="http", events_url=url, ack_seconds=0.1)
        async with acting(sandbox) as page:
            await page.post("message", channel=page.dm, text="hi")
            await until(lambda: len(got) >= 2)
    assert got[1][0]["X-Slack-Retry-Reason"] == "http_timeout"


@pytest.mark.parametrize(
    ("status", "ack_seconds", "error"),
    [(500, 3.0, "dispatch_failed"), (404, 3.0, "dispatch_failed"), (200, 0.1, "operation_timeout")],
)
async def test_the_person_sees_why_a_command_failed(
    start: StartSandbox, status: int, ack_seconds: float, error: str
) -> None:
    async def misbehave(body: str) -> web.Response:
        await asyncio.sleep(0.3 if status == 200 else 0)
        return web.Response(status=status)

    async with listener(misbehave) as (url, _):
        sandbox = await start(mode="http", events_url=url, ack_seconds=ack_seconds)
        async with acting(sandbox) as page:
            answer = await page.command("/lost")
    assert answer["message"] == f'/lost failed with the error "{error}"'


async def test_events_resume_when_a_bot_that_was_gone_comes_back(start: StartSandbox) -> None:
    async with listener() as (url, _):
        pass
    port = int(url.split(":")[2].split("/")[0])
    sandbox = await start(mode="http", events_url=url, retry_delays=(0.0, 5.0, 5.0))
    async with aiohttp.ClientSession() as session:
        page = Page(sandbox, session, "U0ALICE")
        assert (await page.command("/lost"))["error"] == "dispatch_failed"
        await page.post("message", channel=page.dm, text="are you back?")
        await until(lambda: sandbox.parts.envelopes.status()["waiting"] == 1)
        got: list[str] = []

        async def receive(request: web.Request) -> web.Response:
            got.append(await request.text())
            return web.Response()

        app = web.Application()
        app.router.add_post("/slack/events", receive)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await until(lambda: any("are you back?" in body for body in got))
        await runner.cleanup()


@pytest.mark.parametrize(
    ("text", "content_type", "shown"),
    [
        ("plain words", "text/plain", ["plain words"]),
        ("", "text/plain", []),
        ('{"text": "json"}', "application/json", ["json"]),
        ("{}", "application/json", []),
    ],
)
async def test_what_a_command_is_acked_with_is_shown_to_its_sender(
    start: StartSandbox, text: str, content_type: str, shown: list[str]
) -> None:
    async def answer(body: str) -> web.Response:
        return web.Response(text=text, content_type=content_type)

    async with listener(answer) as (url, _):
        sandbox = await start(mode="http", events_url=url)
        async with acting(sandbox) as page:
            assert await page.command("/lost", channel="C0TEAM") == {"ok": True}
            assert [m["text"] for m in await page.messages("C0TEAM")] == shown
            assert await page.as_("U0BOB").messages("C0TEAM") == []
