import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.watchers import QUEUE_LIMIT, Watchers
from tests.bot.sandbox.conftest import Page, StartSandbox
from tests.bot.sandbox.test_views import modal, trigger

Json = dict[str, Any]
News = tuple[str, Json]


class Stream:
    """A page's server-sent events."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self, *events: str) -> News:
        """The next of those events, skipping others."""
        async with asyncio.timeout(10):
            name = ""
            async for raw in self._response.content:
                line = raw.decode().strip()
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: ") and (not events or name in events):
                    return name, json.loads(line.removeprefix("data: "))
        raise AssertionError("the stream ended")


@asynccontextmanager
async def streaming(sandbox: Sandbox, person: str) -> AsyncIterator[Stream]:
    async with aiohttp.ClientSession() as session:
        url = f"{sandbox.address}/sandbox/events?person={person}"
        async with session.get(url) as response:
            assert response.content_type == "text/event-stream"
            await response.content.readline()
            yield Stream(response)


async def test_the_bootstrap_says_all_a_page_needs(page: Page) -> None:
    body = await page.get("bootstrap")
    assert body["workspace"] == {"id": "T0SANDBOX", "name": "Sandbox"}
    assert [p["id"] for p in body["people"]][-1] == "U0SANDBOT"
    alice = body["people"][0]
    assert (alice["name"], alice["handle"], alice["tz"]) == (
        "Alice Moreau",
        "alice",
        "Europe/Paris",
    )
    assert {c["name"]: (c["member"], c["app_member"]) for c in body["channels"]} == {
        "team": (True, True),
        "open": (True, False),
        "secret": (True, False),
    }
    assert body["dms"] == [{"id": "D0ALICE", "user": "U0SANDBOT", "unread": 0, "last_ts": None}]
    assert [c["command"] for c in body["app"]["commands"]] == ["/lost", "/found"]
    assert body["app"]["commands"][0]["suggestions"] == [
        {"text": "Acme Corp, price", "hint": "Log a loss"}
    ]
    assert body["steps"] == [
        {"id": "log", "text": "Type /lost", "done": False},
        {"id": "clock", "text": "Move the clock", "done": False},
    ]
    assert body["clock"]["moved"] is False
    bob = await page.as_("U0BOB").get("bootstrap")
    assert "secret" not in {c["name"] for c in bob["channels"]}


async def test_a_thousand_messages_are_read_by_the_page(sandbox: Sandbox, page: Page) -> None:
    channel = sandbox.parts.workspace.channels["C0TEAM"]
    for number in range(1000):
        sandbox.parts.posting.post_as_app(channel, str(number))
    last = await page.get("messages", channel="C0TEAM", limit=50)
    assert [m["text"] for m in last["messages"]] == [str(n) for n in range(950, 1000)]
    assert last["has_more"] is True
    before = last["messages"][0]["ts"]
    earlier = await page.get("messages", channel="C0TEAM", limit=1000, before=before)
    assert len(earlier["messages"]) == 950
    assert earlier["has_more"] is False


async def test_news_reach_those_who_may_know(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    async with streaming(sandbox, "U0BOB") as bob, streaming(sandbox, "U0CARA") as cara:
        ts = (await client.chat_postMessage(channel="D0BOB", text="for bob"))["ts"]
        await client.chat_update(channel="D0BOB", ts=ts, text="for bob!")
        await client.chat_delete(channel="D0BOB", ts=ts)
        await client.chat_postMessage(channel="C0TEAM", text="for the team")
        name, body = await bob.next("message")
        assert (name, body["channel"], body["message"]["text"]) == ("message", "D0BOB", "for bob")
        assert await bob.next("unread") == ("unread", {"channel": "D0BOB", "unread": 1})
        assert (await bob.next("message_changed"))[1]["message"]["edited"] is True
        assert (await bob.next("message_deleted"))[1] == {"channel": "D0BOB", "ts": ts}
        assert (await cara.next("message"))[1]["message"]["text"] == "for the team"


async def test_news_of_forms_home_clock_bot_steps_and_traffic(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    async with streaming(sandbox, "U0ALICE") as stream:
        await client.views_open(trigger_id=trigger(sandbox), view=modal())
        assert len((await stream.next("view"))[1]["stack"]) == 1
        assert (await stream.next("traffic"))[1]["entry"]["name"] == "views.open"
        await client.views_publish(user_id="U0ALICE", view={"type": "home", "blocks": []})
        assert (await stream.next("home"))[1]["view"]["type"] == "home"
        await page.post("message", channel=page.dm, text="waits")
        assert (await stream.next("bot"))[1]["waiting"] == 1
        await page.post("clock", by_seconds=60)
        assert (await stream.next("clock"))[1]["moved"] is True
        steps = (await stream.next("steps"))[1]["steps"]
        assert [s["done"] for s in steps] == [False, True]
        await page.post("read", channel="C0TEAM")
        assert (await stream.next("unread"))[1] == {"channel": "C0TEAM", "unread": 0}
        await page.post("reset")
        await stream.next("reset")


async def test_a_stream_ends_when_the_sandbox_does(start: StartSandbox) -> None:
    sandbox = await start()
    async with streaming(sandbox, "U0BOB") as stream:
        await sandbox.stop()
        with pytest.raises((AssertionError, aiohttp.ClientError)):
            await stream.next()


async def test_unread_marks_count_and_clear(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    for _ in range(2):
        await client.chat_postMessage(channel="C0TEAM", text="x")
    team = (await page.get("bootstrap"))["channels"][0]
    assert team["unread"] == 2
    await page.post("read", channel="C0TEAM")
    assert (await page.get("bootstrap"))["channels"][0]["unread"] == 0
    assert (await page.as_("U0BOB").get("bootstrap"))["channels"][0]["unread"] == 2


async def test_the_inspector_shows_both_directions_without_tokens(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    @bolt.command("/lost")
    async def lost(ack: Any, respond: Any) -> None:
        await ack("fine")
        await respond("and more")

    await page.command("/lost", "Acme", "C0TEAM")
    sent = await bolt.client.chat_postMessage(channel="C0TEAM", text="my token is xoxb-123-abc")
    entries = (await page.get("traffic"))["entries"]
    kinds = [(e["direction"], e["kind"], e["name"], e["ok"]) for e in entries]
    assert ("to_bot", "command", "/lost", True) in kinds
    assert ("from_bot", "response_url", "response_url", True) in kinds
    assert ("from_bot", "api", "chat.postMessage", True) in kinds
    assert sent["ok"]
    text = json.dumps(entries)
    assert sandbox.config.bot_token not in text
    assert "xoxb-123-abc" not in text
    assert "xoxb-(hidden)" in text
    seqs = [e["seq"] for e in entries]
    later = await page.get("traffic", after=seqs[-2])
    assert [e["seq"] for e in later["entries"]] == seqs[-1:]
    assert (await page.get("bootstrap"))["steps"][0]["done"] is True


async def test_the_inspector_forgets_what_is_old(sandbox: Sandbox) -> None:
    for _ in range(1100):
        sandbox.parts.traffic.record("from_bot", "api", "api.test", ok=True)
    assert len(sandbox.parts.traffic.after(0, 5000)) == 1000


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("message", {"channel": "C0NONE", "text": "x"}),
        ("message", {"channel": "C0TEAM", "text": "  "}),
        ("message", {"channel": "C0TEAM", "text": "x", "person": "U0NOBODY"}),
        ("message", {"channel": "C0OLD", "text": "x"}),
        ("message", {"channel": "G0SECRET", "text": "x", "person": "U0BOB"}),
        ("message", {"channel": "D0BOB", "text": "x"}),
        ("action", {"container": {}, "action": {}}),
        ("action", {"container": {}, "action": "x"}),
        ("options", {}),
        ("options", {"container": {"type": "view"}, "block_id": "b", "action_id": "a"}),
        ("view/submit", {"view_id": "V1"}),
        ("view/close", {}),
        ("channel", {"name": "No Good!"}),
        ("channel", {"name": "secret", "person": "U0BOB"}),
        ("invite", {"channel": "D0ALICE"}),
        ("read", {"channel": "C0NONE"}),
        ("person", {"person": "U0NOBODY", "deleted": True}),
        ("home/open", {"person": "U0OTHERBOT"}),
    ],
)
async def test_nonsense_is_answered_with_400_and_a_reason(
    page: Page, path: str, body: Json
) -> None:
    answer = await page.post(path, **body, status=400)
    assert answer["ok"] is False
    assert answer["error"]
    assert answer["message"]


async def test_bodies_that_are_no_json_objects_are_nonsense(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        for body in ("{", "[]", '"x"'):
            async with session.post(f"{sandbox.address}/sandbox/message", data=body) as answer:
                assert answer.status == 400
                assert (await answer.json())["error"] == "invalid_json"
        async with session.get(f"{sandbox.address}/sandbox/traffic?after=x") as answer:
            assert answer.status == 400


async def test_other_sites_and_other_names_are_kept_out(sandbox: Sandbox) -> None:
    url = f"{sandbox.address}/sandbox/reset"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, headers={"Origin": "https://evil.example"}) as answer:
            assert answer.status == 403
        async with session.post(url, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
        async with session.post(url, headers={"Origin": sandbox.address}) as answer:
            assert answer.status == 200


async def test_a_channel_is_made_joined_and_the_app_invited(
    client: AsyncWebClient, page: Page
) -> None:
    made = (await page.post("channel", name="#Wins"))["channel"]
    await page.as_("U0BOB").post("channel", name="wins")
    await page.post("invite", channel=made)
    members = (await client.conversations_members(channel=made))["members"]
    assert members == ["U0ALICE", "U0BOB", "U0SANDBOT"]


def test_a_page_that_does_not_read_is_told_to_start_afresh() -> None:
    watchers = Watchers()
    with watchers.watching("U0BOB") as queue:
        for number in range(QUEUE_LIMIT + 1):
            watchers.tell("traffic", {"n": number})
        assert queue.get_nowait() == ("reset", {})
        assert queue.empty()


async def test_the_bots_hook_failing_is_said_and_not_swallowed(start: StartSandbox) -> None:
    async def fail(now: datetime) -> None:
        raise RuntimeError("no")

    sandbox = await start(on_clock_moved=fail)
    url = f"{sandbox.address}/sandbox/clock"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, json={"by_seconds": 60}) as answer:
            assert answer.status == 500
        async with session.get(f"{sandbox.address}/sandbox/bootstrap") as answer:
            assert answer.status == 200
