import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Manifest
from tests.bot.sandbox.conftest import MANIFEST, Page, StartSandbox, web_client
from tests.bot.sandbox.test_web_api import error, refused

Json = dict[str, Any]


async def test_a_message_arrives_with_its_own_growing_ts(
    client: AsyncWebClient, page: Page
) -> None:
    sent = [await client.chat_postMessage(channel="C0TEAM", text=f"m{n}") for n in range(50)]
    stamps = [s["ts"] for s in sent]
    assert stamps == sorted(set(stamps))
    assert all(len(ts.split(".")[1]) == 6 for ts in stamps)
    assert sent[0]["message"]["bot_id"] == "B0SANDBOX"
    shown = await page.messages("C0TEAM")
    assert [m["ts"] for m in shown] == stamps
    assert (await page.get("bootstrap"))["channels"][0]["unread"] == 50


async def test_a_person_or_a_channels_name_may_stand_for_the_channel(
    client: AsyncWebClient,
) -> None:
    assert (await client.chat_postMessage(channel="U0BOB", text="x"))["channel"] == "D0BOB"
    assert (await client.chat_postMessage(channel="#team", text="x"))["channel"] == "C0TEAM"


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("C0NONE", "channel_not_found"),
        ("G0SECRET", "channel_not_found"),
        ("C0OPEN", "not_in_channel"),
        ("C0OLD", "is_archived"),
        ("U0GONE", "user_disabled"),
        ("D0GONE", "user_disabled"),
        ("U0SANDBOT", "cannot_dm_bot"),
        ("U0OTHERBOT", "cannot_dm_bot"),
    ],
)
async def test_where_a_message_cannot_go(
    client: AsyncWebClient, channel: str, expected: str
) -> None:
    assert await error(client.chat_postMessage(channel=channel, text="x")) == expected


async def test_what_a_message_cannot_be(client: AsyncWebClient) -> None:
    empty = client.api_call("chat.postMessage", json={"channel": "C0TEAM", "text": ""})
    assert await error(empty) == "no_text"
    long = await error(client.chat_postMessage(channel="C0TEAM", text="x" * 40_001))
    assert long == "msg_too_long"
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    answer = await refused(client.chat_postMessage(channel="C0TEAM", text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]
    bad = client.chat_postMessage(channel="C0TEAM", text="x", metadata={"event_type": 1})
    assert await error(bad) == "invalid_metadata_format"


async def test_the_messages_tab_may_be_turned_off(start: StartSandbox) -> None:
    manifest = json.loads(json.dumps(MANIFEST))
    manifest["features"]["app_home"] = {"messages_tab_enabled": False}
    sandbox = await start(manifest=Manifest.from_dict(manifest))
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session)
        posted = client.chat_postMessage(channel="D0BOB", text="x")
        assert await error(posted) == "messages_tab_disabled"
        published = client.views_publish(user_id="U0BOB", view={"type": "home", "blocks": []})
        assert await error(published) == "not_enabled"


async def test_messages_are_changed_and_taken_back_by_their_author_only(
    client: AsyncWebClient, page: Page
) -> None:
    ts = (await client.chat_postMessage(channel="C0TEAM", text="frist"))["ts"]
    changed = await client.chat_update(channel="C0TEAM", ts=ts, text="first")
    assert changed["message"]["edited"]
    [shown] = await page.messages("C0TEAM")
    assert (shown["text"], shown["edited"]) == ("first", True)
    assert await error(client.chat_update(channel="C0TEAM", ts="1.1", text="x")) == (
        "message_not_found"
    )
    long = client.chat_update(channel="C0TEAM", ts=ts, text="x" * 4001)
    assert await error(long) == "msg_too_long"
    link = await client.chat_getPermalink(channel="C0TEAM", message_ts=ts)
    assert link["permalink"].endswith(f"/archives/C0TEAM/p{ts.replace('.', '')}")
    await client.reactions_add(channel="C0TEAM", timestamp=ts, name="tada")
    again = client.reactions_add(channel="C0TEAM", timestamp=ts, name="tada")
    assert await error(again) == "already_reacted"
    await client.chat_delete(channel="C0TEAM", ts=ts)
    assert await page.messages("C0TEAM") == []
    theirs = (await page.post("message", channel="C0TEAM", text="mine"))["ts"]
    assert await error(client.chat_update(channel="C0TEAM", ts=theirs, text="x")) == (
        "cant_update_message"
    )
    assert await error(client.chat_delete(channel="C0TEAM", ts=theirs)) == "cant_delete_message"


async def test_an_ephemeral_message_is_for_one_person_in_the_channel(
    client: AsyncWebClient, page: Page
) -> None:
    await client.chat_postEphemeral(channel="C0TEAM", user="U0ALICE", text="psst")
    [shown] = await page.messages("C0TEAM")
    assert (shown["text"], shown["ephemeral"]) == ("psst", True)
    assert await page.as_("U0BOB").messages("C0TEAM") == []
    outside = client.chat_postEphemeral(channel="C0TEAM", user="U0CARA", text="psst")
    assert await error(outside) == "user_not_in_channel"
