import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Manifest, Sandbox
from tests.bot.sandbox.conftest import Page, StartSandbox, until
from tests.bot.sandbox.test_socket_mode import lines
from tests.bot.sandbox.test_web_api import without

Json = dict[str, Any]


async def events(sandbox: Sandbox, count: int, *, within: float = 10.0) -> list[Json]:
    """The payloads of the next events, acked."""
    async with lines(sandbox, 1) as (line,):
        got = []
        async with asyncio.timeout(within):
            for _ in range(count):
                envelope = await line.next()
                await line.ack(envelope)
                got.append(envelope["payload"])
        with pytest.raises(TimeoutError):
            await line.socket.receive_json(timeout=0.05)
        return got


async def test_a_message_in_the_dm_is_an_event_with_all_that_slack_sends(
    sandbox: Sandbox, page: Page
) -> None:
    sent = await page.post("message", channel=page.dm, text="hello <all> & @bob")
    [payload] = await events(sandbox, 1)
    assert payload["type"] == "event_callback"
    assert payload["team_id"] == "T0SANDBOX"
    assert payload["api_app_id"] == sandbox.config.app_id
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["user_id"] == sandbox.config.bot_user
    event = payload["event"]
    assert event["client_msg_id"]
    assert {k: event[k] for k in ("type", "channel", "channel_type", "user", "text", "ts")} == {
        "type": "message",
        "channel": "D0ALICE",
        "channel_type": "im",
        "user": "U0ALICE",
        "text": "hello &lt;all&gt; &amp; <@U0BOB>",
        "ts": sent["ts"],
    }


async def test_events_that_the_manifest_does_not_subscribe_to_are_not_sent(
    sandbox: Sandbox, page: Page
) -> None:
    await page.post("message", channel="C0TEAM", text="not message.channels")
    await page.post("message", channel=page.dm, text="hi")
    [payload] = await events(sandbox, 1)
    assert payload["event"]["channel"] == "D0ALICE"


async def test_the_bot_hears_itself_as_in_slack_and_bolt_ignores_it(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    heard: list[Json] = []

    @bolt.event("message")
    async def hear(event: Json) -> None:
        heard.append(event)

    await bolt.client.chat_postMessage(channel=page.dm, text="my own words")
    await page.post("message", channel=page.dm, text="yours")

    def acked() -> list[Json]:
        entries = sandbox.parts.traffic.after()
        return [e for e in entries if e["kind"] == "event" and e["ok"]]

    await until(lambda: len(acked()) == 2)
    assert [e["text"] for e in heard] == ["yours"]


async def test_changes_and_deletions_are_events_with_a_subtype(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="D0BOB", text="one"))["ts"]
    await client.chat_update(channel="D0BOB", ts=ts, text="two")
    await client.chat_delete(channel="D0BOB", ts=ts)
    got = [p["event"] for p in await events(sandbox, 3)]
    assert [e.get("subtype") for e in got] == [None, "message_changed", "message_deleted"]
    assert got[1]["message"]["text"] == "two"
    assert got[1]["previous_message"]["text"] == "one"
    assert got[2]["deleted_ts"] == ts


async def test_opening_the_home_is_an_event_with_the_view_once_there_is_one(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    await page.post("home/open")
    await client.views_publish(user_id="U0ALICE", view={"type": "home", "blocks": []})
    await page.post("home/open")
    await page.post("home/open", tab="messages")
    got = [p["event"] for p in await events(sandbox, 3)]
    assert [e["tab"] for e in got] == ["home", "home", "messages"]
    assert got[0]["channel"] == "D0ALICE"
    assert "view" not in got[0]
    assert got[1]["view"]["type"] == "home"


async def test_a_mention_reaches_the_app_where_it_is_a_member(sandbox: Sandbox, page: Page) -> None:
    await page.post("message", channel="C0OPEN", text="@lostfound not there")
    await page.post("message", channel="C0TEAM", text="@lostfound help")
    [payload] = await events(sandbox, 1)
    assert payload["event"]["type"] == "app_mention"
    assert payload["event"]["text"] == "<@U0SANDBOT> help"


async def test_joining_is_an_event_for_the_app_and_for_others(sandbox: Sandbox, page: Page) -> None:
    await page.post("invite", channel="C0OPEN")
    await page.as_("U0BOB").post("channel", name="open")
    got = [p["event"] for p in await events(sandbox, 2)]
    assert [(e["type"], e["user"], e.get("inviter")) for e in got] == [
        ("member_joined_channel", "U0SANDBOT", "U0ALICE"),
        ("member_joined_channel", "U0BOB", None),
    ]


async def test_a_deactivated_person_is_an_event_and_unreachable(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    await page.as_("U0BOB").post("person", deleted=True)
    [payload] = await events(sandbox, 1)
    assert payload["event"]["type"] == "user_change"
    assert payload["event"]["user"]["deleted"] is True
    assert (await client.users_info(user="U0BOB"))["user"]["deleted"] is True


async def test_a_duplicated_event_has_the_same_event_id(sandbox: Sandbox, page: Page) -> None:
    await page.post("faults", method="event", kind="duplicate")
    await page.post("message", channel=page.dm, text="once")
    first, second = await events(sandbox, 2)
    assert first["event_id"] == second["event_id"]
    assert first == second


async def test_a_command_that_is_not_registered_is_not_sent(sandbox: Sandbox, page: Page) -> None:
    answer = await page.post("message", channel=page.dm, text="/nothing here")
    assert answer["error"] == "unknown_command"
    in_thread = await page.post("message", channel=page.dm, text="/lost", thread_ts="1.1")
    assert "not supported in threads" in in_thread["message"]
    assert sandbox.parts.traffic.after() == []


async def test_a_command_escapes_names_where_it_asked_for_it(bolt: AsyncApp, page: Page) -> None:
    texts: list[str] = []

    @bolt.command("/lost")
    @bolt.command("/found")
    async def take(ack: Any, command: Json) -> None:
        await ack()
        texts.append(command["text"])

    await page.command("/lost", "by @bob in #team")
    await page.command("/found", "by @bob in #team, https://x.y/z")
    assert texts == [
        "by @bob in #team",
        "by <@U0BOB|bob> in <#C0TEAM|team>, <https://x.y/z>",
    ]


async def test_an_event_needs_its_scope_as_well_as_its_subscription(start: StartSandbox) -> None:
    manifest = Manifest.from_dict(without("im:history"))
    sandbox = await start(manifest=manifest)
    async with aiohttp.ClientSession() as session:
        page = Page(sandbox, session, "U0ALICE")
        await page.post("message", channel=page.dm, text="unheard")
        await page.post("home/open")
        [payload] = await events(sandbox, 1)
    assert payload["event"]["type"] == "app_home_opened"


async def test_a_deactivated_person_does_nothing_any_more(page: Page) -> None:
    gone = page.as_("U0GONE")
    for path in ("message", "command", "action", "home/open"):
        answer = await gone.post(path, channel="D0GONE", text="x", command="/lost", status=400)
        assert answer["error"] == "account_inactive"
