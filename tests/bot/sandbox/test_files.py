from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.bot.sandbox.conftest import Page
from tests.bot.sandbox.test_events import events
from tests.bot.sandbox.test_web_api import error

Json = dict[str, Any]


async def drop(sandbox: Sandbox, channel: str, *names: str, person: str = "U0ALICE") -> Json:
    form = aiohttp.FormData({"person": person, "channel": channel})
    for name in names:
        form.add_field("file", f"content of {name}".encode(), filename=name)
    url = f"{sandbox.address}/sandbox/upload"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        body: Json = await answer.json()
        return body


async def fetch(url: str, token: str | None = None) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_a_dropped_file_reaches_the_bot_as_slack_sends_it(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    assert (await drop(sandbox, page.dm, "drawer.csv"))["ok"]
    shared, message = [p["event"] for p in await events(sandbox, 2)]
    assert (shared["type"], shared["user_id"], shared["channel_id"]) == (
        "file_shared",
        "U0ALICE",
        page.dm,
    )
    assert (message["type"], message["subtype"]) == ("message", "file_share")
    assert message["files"][0]["id"] == shared["file_id"]
    info = (await client.files_info(file=shared["file_id"]))["file"]
    assert (info["name"], info["filetype"], info["mimetype"]) == ("drawer.csv", "csv", "text/csv")
    assert info["ims"] == [page.dm]
    assert info["size"] == len(b"content of drawer.csv")
    status, _, content = await fetch(info["url_private_download"], sandbox.config.bot_token)
    assert (status, content) == (200, b"content of drawer.csv")
    assert (await fetch(info["url_private"], sandbox.config.bot_token))[2] == content


async def test_without_the_token_a_download_is_a_sign_in_page(sandbox: Sandbox, page: Page) -> None:
    file = (await drop(sandbox, page.dm, "drawer.csv"))["files"][0]
    for token in (None, "xoxb-wrong"):
        status, kind, content = await fetch(file["url_private"], token)
        assert (status, kind) == (200, "text/html")
        assert b"Sign in" in content


async def test_several_files_make_one_message(sandbox: Sandbox, page: Page) -> None:
    await drop(sandbox, "C0TEAM", "a.csv", "b.xlsx")
    [message] = await page.messages("C0TEAM")
    assert [f["name"] for f in message["files"]] == ["a.csv", "b.xlsx"]
    assert message["files"][1]["mimetype"].endswith("spreadsheetml.sheet")


async def test_the_sdk_uploads_in_three_steps(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    answer = await client.files_upload_v2(
        channel=page.dm,
        filename="drawer.rejects.csv",
        content="line,reason\n2,no account\n",
        title="Rejects",
        initial_comment="These could not be read.",
    )
    assert answer["files"][0]["title"] == "Rejects"
    [message] = await page.messages(page.dm)
    assert message["text"] == "These could not be read."
    [file] = message["files"]
    assert file["name"] == "drawer.rejects.csv"
    url = f"{sandbox.address}/sandbox/file/{file['id']}"
    assert (await fetch(f"{url}?person=U0ALICE"))[2] == b"line,reason\n2,no account\n"
    assert (await fetch(f"{url}?person=U0BOB"))[0] == 400


async def test_each_step_of_an_upload_is_checked(sandbox: Sandbox, client: AsyncWebClient) -> None:
    started = await client.files_getUploadURLExternal(filename="a.csv", length=5)
    id, url = started["file_id"], started["upload_url"]
    early = client.files_completeUploadExternal(files=[{"id": id, "title": "a"}])
    assert await error(early) == "file_not_found"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, data=b"wrong length") as answer:
            assert answer.status == 400
        async with session.post(url, data=b"12345") as answer:
            assert await answer.text() == "OK - 5"
    elsewhere = client.files_completeUploadExternal(
        files=[{"id": id, "title": "a"}], channel_id="C0OPEN"
    )
    assert await error(elsewhere) == "not_in_channel"
    done = await client.files_completeUploadExternal(files=[{"id": id, "title": "a"}])
    assert done["files"][0]["channels"] == []
    again = client.files_completeUploadExternal(files=[{"id": id, "title": "a"}])
    assert await error(again) == "file_not_found"
    assert await error(client.files_info(file="F0NONE")) == "file_not_found"
    none = client.api_call("files.completeUploadExternal", json={"files": []})
    assert await error(none) == "invalid_arguments"
    empty = client.files_getUploadURLExternal(filename="a.csv", length=0)
    assert await error(empty) == "invalid_arguments"


async def test_a_file_for_a_form_is_kept_without_being_shared(sandbox: Sandbox, page: Page) -> None:
    answer = await drop(sandbox, "", "drawer.csv")
    assert answer["files"][0]["ims"] == []
    assert await page.messages(page.dm) == []


async def test_an_upload_without_a_file_is_nonsense(sandbox: Sandbox, page: Page) -> None:
    assert (await drop(sandbox, page.dm))["error"] == "invalid_upload"
    assert (await drop(sandbox, "G0SECRET", "a.csv", person="U0BOB"))["error"] == (
        "channel_not_found"
    )


async def test_a_file_shared_where_the_app_is_not_is_hidden_from_it(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    file = (await drop(sandbox, "C0OPEN", "private.csv"))["files"][0]
    assert await error(client.files_info(file=file["id"])) == "file_not_found"
    status, _, _ = await fetch(file["url_private"], sandbox.config.bot_token)
    assert status == 404
    await client.conversations_join(channel="C0OPEN")
    assert (await client.files_info(file=file["id"]))["ok"]
