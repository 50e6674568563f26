import asyncio
import json
from typing import Any

import aiohttp
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Manifest, Sandbox
from bot.sandbox.web_api.serving import METHODS
from tests.bot.sandbox.conftest import MANIFEST, Page, StartSandbox, configured, web_client

Json = dict[str, Any]


async def refused(call: Any) -> Json:
    """The answer of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as error:
        await call
    answer: Json = error.value.response.data
    return answer


async def error(call: Any) -> str:
    return str((await refused(call))["error"])


def without(*scopes: str) -> Json:
    manifest: Json = json.loads(json.dumps(MANIFEST))
    bot = manifest["oauth_config"]["scopes"]["bot"]
    manifest["oauth_config"]["scopes"]["bot"] = [s for s in bot if s not in scopes]
    return manifest


async def test_auth_test_says_who_the_bot_is(client: AsyncWebClient, sandbox: Sandbox) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == sandbox.config.bot_user
    assert answer["bot_id"] == sandbox.config.bot_id
    assert answer["team_id"] == "T0SANDBOX"
    assert answer.headers["x-oauth-scopes"].startswith("app_mentions:read,")


async def test_the_synchronous_client_is_served_too(sandbox: Sandbox) -> None:
    client = WebClient(token=sandbox.config.bot_token, base_url=sandbox.api_url)

    def calls() -> str:
        client.auth_test()
        sent = client.chat_postMessage(
            channel="C0TEAM",
            text="sync",
            blocks=[{"type": "section", "text": {"type": "plain_text", "text": "sync"}}],
        )
        client.views_publish(user_id="U0BOB", view={"type": "home", "blocks": []})
        return str(client.users_info(user="U0BOB")["user"]["tz"]) + str(sent["ok"])

    assert await asyncio.to_thread(calls) == "Asia/TokyoTrue"


async def test_api_test_gives_back_what_was_sent(client: AsyncWebClient) -> None:
    assert (await client.api_test(foo="bar"))["args"]["foo"] == "bar"
    assert await error(client.api_test(error="my_error")) == "my_error"


async def test_tokens_are_checked_as_slack_checks_them(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{sandbox.api_url}auth.test") as answer:
            assert await answer.json() == {"ok": False, "error": "not_authed"}
        url, form = f"{sandbox.api_url}auth.test", {"token": sandbox.config.bot_token}
        async with session.post(url, data=form) as answer:
            assert (await answer.json())["ok"]
        async with session.post(url, json=form) as answer:
            assert (await answer.json())["error"] == "not_authed"
        wrong = web_client(sandbox, session, token="xoxb-wrong")
        assert await error(wrong.auth_test()) == "invalid_auth"
        app = web_client(sandbox, session, token=sandbox.config.app_token)
        assert await error(app.users_info(user="U0BOB")) == "not_allowed_token_type"


async def test_nonsense_gets_slacks_own_error_names(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session)
        assert await error(client.api_call("no.suchMethod")) == "unknown_method"
        assert await error(client.api_call("files.upload", json={})) == "method_deprecated"
        headers = {"Authorization": f"Bearer {sandbox.config.bot_token}"}
        url = f"{sandbox.api_url}chat.postMessage"
        as_json = {**headers, "Content-Type": "application/json"}
        async with session.post(url, data="{", headers=as_json) as answer:
            assert (await answer.json())["error"] == "invalid_json"
        async with session.post(url, data="[]", headers=as_json) as answer:
            assert (await answer.json())["error"] == "json_not_object"
        async with session.post(
            url, data={"channel": "C0TEAM", "blocks": "x"}, headers=headers
        ) as a:
            assert (await a.json())["error"] == "invalid_blocks_format"


async def test_a_scope_that_the_manifest_lacks_is_missing(start: StartSandbox) -> None:
    manifest = Manifest.from_dict(without("users:read", "im:history", "channels:read"))
    sandbox = await start(manifest=manifest)
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session)
        answer = await refused(client.users_info(user="U0BOB"))
        assert answer["error"] == "missing_scope"
        assert answer["needed"] == "users:read"
        assert "chat:write" in answer["provided"].split(",")
        assert "users:read" not in answer["provided"].split(",")
        history = await refused(client.conversations_history(channel="D0BOB"))
        assert history["needed"] == "im:history"
        assert (await refused(client.conversations_list()))["needed"] == "channels:read"
        team = await refused(client.conversations_history(channel="C0TEAM"))
        assert team["needed"] == "channels:history"


def test_every_scope_a_method_needs_is_one_of_slacks() -> None:
    families = {"channels", "chat", "dnd", "files", "im", "reactions", "team", "users"}
    needed = {scope for method in METHODS.values() for scope in method.scopes}
    assert {scope.split(":")[0] for scope in needed} <= families


# People


async def test_users_info_gives_the_real_zone_and_role(client: AsyncWebClient) -> None:
    alice = (await client.users_info(user="U0ALICE"))["user"]
    assert alice["tz"] == "Europe/Paris"
    assert alice["tz_offset"] in (3600, 7200)
    assert alice["is_admin"] is True
    assert alice["profile"]["real_name"] == "Alice Moreau"
    assert alice["profile"]["email"] == "alice@example.com"
    gone = (await client.users_info(user="U0GONE"))["user"]
    assert gone["deleted"] is True
    assert "tz" not in gone
    assert await error(client.users_info(user="U0NOBODY")) == "user_not_found"


async def test_addresses_show_only_with_their_scope(start: StartSandbox) -> None:
    sandbox = await start(manifest=Manifest.from_dict(without("users:read.email")))
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session)
        assert "email" not in (await client.users_info(user="U0BOB"))["user"]["profile"]
        looked_up = await refused(client.users_lookupByEmail(email="bob@example.com"))
        assert looked_up["needed"] == "users:read.email"


async def test_users_list_is_read_page_by_page(client: AsyncWebClient, sandbox: Sandbox) -> None:
    ids = []
    async for page in await client.users_list(limit=2):
        assert len(page["members"]) <= 2
        ids += [m["id"] for m in page["members"]]
    assert ids == [p.id for p in sandbox.config.story.people] + [sandbox.config.bot_user]
    assert await error(client.users_list(cursor="not a cursor")) == "invalid_cursor"


async def test_people_are_found_by_their_address(client: AsyncWebClient) -> None:
    found = await client.users_lookupByEmail(email="Bob@example.com")
    assert found["user"]["id"] == "U0BOB"
    assert await error(client.users_lookupByEmail(email="x@y.z")) == "users_not_found"
    assert await error(client.users_lookupByEmail(email="gone@example.com")) == "users_not_found"


async def test_dnd_info_gives_the_next_window_in_the_persons_zone(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    answer = await client.dnd_info(user="U0ALICE")
    assert answer["dnd_enabled"] is True
    assert answer["next_dnd_end_ts"] - answer["next_dnd_start_ts"] in (
        9 * 3600,
        10 * 3600,
        11 * 3600,
    )
    assert answer["next_dnd_end_ts"] > sandbox.clock.now().timestamp()
    assert (await client.dnd_info(user="U0BOB"))["dnd_enabled"] is False


async def test_team_info_and_presence(client: AsyncWebClient) -> None:
    assert (await client.team_info())["team"]["id"] == "T0SANDBOX"
    assert (await client.users_getPresence(user="U0BOB"))["presence"] == "active"


# Conversations


async def test_the_dm_with_a_person_is_opened(client: AsyncWebClient) -> None:
    opened = await client.conversations_open(users="U0BOB")
    assert opened["channel"]["id"] == "D0BOB"
    full = await client.conversations_open(users=["U0BOB"], return_im=True)
    assert full["channel"]["user"] == "U0BOB"
    assert await error(client.conversations_open(users="U0NOBODY")) == "user_not_found"
    assert await error(client.conversations_open(users="U0GONE")) == "user_disabled"
    assert await error(client.conversations_open(users="U0OTHERBOT")) == "cannot_dm_bot"
    assert await error(client.conversations_open(users="U0SANDBOT")) == "cannot_dm_bot"
    assert await error(client.conversations_open(users="")) == "users_list_not_supplied"


async def test_channels_are_listed_as_the_app_sees_them(client: AsyncWebClient) -> None:
    channels = (await client.conversations_list(exclude_archived=True))["channels"]
    assert {c["name"]: c["is_member"] for c in channels} == {"team": True, "open": False}
    members = await client.conversations_members(channel="C0TEAM")
    assert members["members"] == ["U0ALICE", "U0BOB", "U0SANDBOT"]
    info = await client.conversations_info(channel="C0TEAM")
    assert info["channel"]["topic"]["value"] == "Ours"
    assert await error(client.conversations_info(channel="G0SECRET")) == "channel_not_found"
    mine = await client.users_conversations(types="public_channel,im")
    assert {"C0TEAM", "D0BOB"} <= {c["id"] for c in mine["channels"]}
    assert "C0OPEN" not in {c["id"] for c in mine["channels"]}


async def test_the_app_joins_creates_and_leaves_channels(client: AsyncWebClient) -> None:
    joined = await client.conversations_join(channel="C0OPEN")
    assert joined["channel"]["is_member"] is True
    assert (await client.conversations_join(channel="C0OPEN"))["warning"] == "already_in_channel"
    assert await error(client.conversations_join(channel="C0OLD")) == "is_archived"
    assert await error(client.conversations_join(channel="C0NONE")) == "channel_not_found"
    made = (await client.conversations_create(name="wins"))["channel"]["id"]
    assert await error(client.conversations_create(name="wins")) == "name_taken"
    assert await error(client.conversations_create(name="No Good")) == "invalid_name_specials"
    await client.conversations_invite(channel=made, users="U0BOB")
    assert (
        await error(client.conversations_invite(channel=made, users="U0BOB"))
        == "already_in_channel"
    )
    await client.conversations_leave(channel=made)
    assert await error(client.chat_postMessage(channel=made, text="x")) == "not_in_channel"


async def test_history_is_short_newest_first_and_hides_metadata_unless_asked(
    client: AsyncWebClient,
) -> None:
    metadata = {"event_type": "nudge", "event_payload": {"nudge_id": "n1"}}
    for number in range(20):
        await client.chat_postMessage(channel="D0BOB", text=str(number), metadata=metadata)
    found = await client.conversations_history(channel="D0BOB", limit=100)
    assert [m["text"] for m in found["messages"]] == [str(n) for n in range(19, 4, -1)]
    assert found["has_more"] is True
    assert "metadata" not in found["messages"][0]
    cursor = found["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(
        channel="D0BOB", cursor=cursor, include_all_metadata=True
    )
    assert [m["text"] for m in rest["messages"]] == ["4", "3", "2", "1", "0"]
    assert rest["messages"][0]["metadata"] == metadata


async def test_blocks_validate_points_at_the_mistake(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session, token=None)
        good = [{"type": "divider"}]
        assert (await client.api_call("blocks.validate", json={"blocks": good}))["ok"]
        bad = json.dumps([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}])
        answer = await refused(client.api_call("blocks.validate", data={"blocks": bad}))
        assert answer["error"] == "invalid_blocks"
        assert answer["errors"][0]["pointer"] == "/0/text/type"
        view = {"type": "modal", "blocks": []}
        answer = await refused(client.api_call("blocks.validate", json={"view": view}))
        assert answer["error"] == "invalid_view"
        assert await error(client.api_call("blocks.validate", json={})) == "invalid_arguments"


def test_a_sandbox_that_is_not_running_says_so() -> None:
    with pytest.raises(RuntimeError):
        _ = Sandbox(configured()).address


async def test_private_channels_have_scopes_of_their_own(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    await page.post("invite", channel="G0SECRET")
    info = await refused(client.conversations_info(channel="G0SECRET"))
    assert info["needed"] == "groups:read"
    listed = await refused(client.conversations_list(types="private_channel"))
    assert listed["needed"] == "groups:read"
    assert (await client.chat_postMessage(channel="G0SECRET", text="x"))["ok"]
    joined = await error(client.conversations_join(channel="G0SECRET"))
    assert joined == "method_not_supported_for_channel_type"
    dms = (await client.conversations_list(types="im"))["channels"]
    assert {"D0ALICE", "D0BOB"} <= {c["id"] for c in dms}


async def test_several_people_at_once_need_another_scope(client: AsyncWebClient) -> None:
    answer = await refused(client.conversations_open(users="U0BOB,U0CARA"))
    assert answer["needed"] == "mpim:write"
    again = await client.conversations_open(channel="D0BOB")
    assert again["channel"]["id"] == "D0BOB"


async def test_arguments_that_are_missing_or_malformed(client: AsyncWebClient) -> None:
    answer = await refused(client.api_call("users.info", json={}))
    assert answer["error"] == "invalid_arguments"
    assert "missing required field: user" in answer["response_metadata"]["messages"][0]
    assert await error(client.api_call("users.list", data={"limit": "x"})) == "invalid_arguments"
    assert await error(client.api_call("users.list", data={"limit": "-1"})) == "invalid_limit"
    nowhere = client.api_call("chat.postMessage", json={"text": "x"})
    assert await error(nowhere) == "channel_not_found"


async def test_an_app_may_post_publicly_where_the_scope_allows(start: StartSandbox) -> None:
    manifest: Json = json.loads(json.dumps(MANIFEST))
    manifest["oauth_config"]["scopes"]["bot"].append("chat:write.public")
    sandbox = await start(manifest=Manifest.from_dict(manifest))
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session)
        assert (await client.chat_postMessage(channel="C0OPEN", text="x"))["ok"]
