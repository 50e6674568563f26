import asyncio
import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.clock import MovableClock
from bot.sandbox.pace import Pace
from tests.bot.sandbox.conftest import Page, StartSandbox, web_client
from tests.bot.sandbox.test_web_api import error

Json = dict[str, Any]


async def test_posting_is_held_to_a_message_a_second_with_a_small_burst(
    start: StartSandbox,
) -> None:
    sandbox = await start(post_per_second=1.0, post_burst=3)
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session)
        for _ in range(3):
            await client.chat_postMessage(channel="C0TEAM", text="x")
        with pytest.raises(SlackApiError) as limited:
            await client.chat_postMessage(channel="C0TEAM", text="x")
        assert limited.value.response.status_code == 429
        assert limited.value.response["error"] == "ratelimited"
        assert limited.value.response.headers["Retry-After"] == "1"
        await client.chat_postMessage(channel="D0BOB", text="another channel is free")


async def test_slacks_own_retry_handler_gets_through(start: StartSandbox) -> None:
    sandbox = await start(post_per_second=1.0, post_burst=1)
    async with aiohttp.ClientSession() as session:
        handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
        client = web_client(sandbox, session, retry_handlers=handlers)
        await client.chat_postMessage(channel="C0TEAM", text="one")
        assert (await client.chat_postMessage(channel="C0TEAM", text="two"))["ok"]


async def test_a_moved_clock_fills_the_buckets(start: StartSandbox) -> None:
    sandbox = await start(post_per_second=1.0, post_burst=1)
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session)
        await client.chat_postMessage(channel="C0TEAM", text="one")
        await sandbox.parts.mover.move_by(60)
        await client.chat_postMessage(channel="C0TEAM", text="two")
        assert await error(client.chat_postMessage(channel="C0TEAM", text="x")) == "ratelimited"


async def test_every_method_has_its_tier_when_rates_are_enforced(start: StartSandbox) -> None:
    sandbox = await start(enforce_rates=True)
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session)
        await client.conversations_history(channel="D0BOB")
        with pytest.raises(SlackApiError) as limited:
            await client.conversations_history(channel="D0BOB")
        assert int(limited.value.response.headers["Retry-After"]) in (59, 60)
        for _ in range(20):
            await client.users_list()
        assert await error(client.users_list()) == "ratelimited"
        await client.users_info(user="U0BOB")


async def arm(page: Page, **fault: Any) -> None:
    assert await page.post("faults", **fault) == {"ok": True}


async def test_a_failing_call_strikes_as_often_as_told(client: AsyncWebClient, page: Page) -> None:
    await arm(page, method="chat.postMessage", kind="fail", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as failed:
            await client.chat_postMessage(channel="C0TEAM", text="x")
        assert failed.value.response.status_code == 503
    assert (await client.chat_postMessage(channel="C0TEAM", text="x"))["ok"]
    await arm(page, method="users.*", kind="fail", error="fatal_error")
    assert (await client.auth_test())["ok"]
    assert await error(client.users_info(user="U0BOB")) == "fatal_error"


async def test_a_rate_limit_on_demand_says_how_long(client: AsyncWebClient, page: Page) -> None:
    await arm(page, method="*", kind="rate_limit", seconds=30)
    with pytest.raises(SlackApiError) as limited:
        await client.auth_test()
    assert limited.value.response.headers["Retry-After"] == "30"


async def test_a_slow_call_is_slow_and_a_hanging_one_does_nothing(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    await arm(page, method="chat.postMessage", kind="slow", seconds=0.1)
    began = time.monotonic()
    await client.chat_postMessage(channel="C0TEAM", text="slow")
    assert time.monotonic() - began >= 0.1
    await arm(page, method="chat.postMessage", kind="hang", seconds=0.2)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.chat_postMessage(channel="C0TEAM", text="hung")
    await asyncio.sleep(0.2)
    assert [m["text"] for m in await page.messages("C0TEAM")] == ["slow"]


async def test_a_dropped_line_leaves_the_message_posted(sandbox: Sandbox, page: Page) -> None:
    await arm(page, method="chat.postMessage", kind="drop")
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session)
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.chat_postMessage(channel="C0TEAM", text="posted all the same")
    assert [m["text"] for m in await page.messages("C0TEAM")] == ["posted all the same"]


async def test_faults_are_listed_and_disarmed(sandbox: Sandbox, page: Page) -> None:
    await arm(page, method="auth.test", kind="fail", times=3)
    assert (await page.get("faults"))["faults"] == [
        {"method": "auth.test", "kind": "fail", "seconds": 1.0, "times": 3}
    ]
    async with aiohttp.ClientSession() as session:
        async with session.delete(f"{sandbox.address}/sandbox/faults") as answer:
            assert answer.status == 200
        assert (await web_client(sandbox, session).auth_test())["ok"]
    for nonsense in ({"kind": "explode"}, {}, {"kind": "slow", "seconds": "x"}):
        await page.post("faults", **nonsense, status=400)


async def test_response_urls_uploads_and_downloads_fail_on_demand(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    url = sandbox.parts.urls.give("U0ALICE", "C0TEAM")
    await arm(page, method="response_url", kind="fail")
    await arm(page, method="upload", kind="fail")
    await arm(page, method="download", kind="fail")
    file = sandbox.parts.uploads.drop("U0ALICE", "a.csv", b"x")
    link = sandbox.parts.uploads.as_slack(file)["url_private"]
    started = await client.files_getUploadURLExternal(filename="a.csv", length=1)
    headers = {"Authorization": f"Bearer {sandbox.config.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for _ in range(2):
            async with session.post(url, json={"text": "x"}) as answered:
                first = answered.status
            async with session.post(started["upload_url"], data=b"x") as uploaded:
                second = uploaded.status
            async with session.get(link) as downloaded:
                third = downloaded.status
            if first == 200:
                break
            assert (first, second, third) == (503, 503, 503)
    assert (first, second, third) == (200, 200, 200)


def test_the_workspace_as_a_whole_has_a_cap_when_rates_are_enforced() -> None:
    pace = Pace(MovableClock(), post_per_second=1.0, post_burst=1, tiers=True)
    waits = [pace.wait_for_post(f"C{n}") for n in range(301)]
    assert waits[:300] == [0] * 300
    assert waits[300] >= 1
