"""Files are fetched from Slack alone, whole or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.slack import files
from bot.slack.web_api import WebApi
from domain.errors import Refused, SendFailed


@pytest.fixture
async def slack() -> AsyncIterator[dict[str, Any]]:
    """A Web API of four answers: `about` is what it says of any file."""
    told: dict[str, Any] = {"about": {}, "status": 200, "type": "text/csv", "seen": []}

    async def info(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "file": told["about"]})

    async def download(request: web.Request) -> web.Response:
        told["seen"].append(request.headers.get("Authorization"))
        headers = {"Location": "/elsewhere"} if told["status"] == 302 else {}
        body = b"Account\nAcme\n"
        return web.Response(
            body=body, status=told["status"], content_type=told["type"], headers=headers
        )

    async def place(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "upload_url": told["url"] + "/up", "file_id": "F1"})

    async def take(request: web.Request) -> web.Response:
        return web.Response(status=507)

    app = web.Application()
    app.add_routes(
        [
            web.post("/api/files.info", info),
            web.get("/api/files.info", info),
            web.route("*", "/api/files.getUploadURLExternal", place),
            web.get("/file", download),
            web.post("/up", take),
        ]
    )
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = runner.addresses[0]
    told["url"] = f"http://{address[0]}:{address[1]}"
    told["about"] = {"name": "a.csv", "size": 13, "url_private": told["url"] + "/file"}
    api = WebApi(f"{told['url']}/api/")
    await api.open()
    told["api"] = api
    yield told
    await api.close()
    await runner.cleanup()


async def fetch(slack: dict[str, Any]) -> files.Fetched:
    api: WebApi = slack["api"]
    return await files.fetch(api, api.client("xoxb-1"), "F1")


async def test_a_file_is_fetched_with_the_token(slack: dict[str, Any]) -> None:
    """D1"""
    assert await fetch(slack) == files.Fetched("a.csv", b"Account\nAcme\n")
    assert slack["seen"] == ["Bearer xoxb-1"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/file",
        "https://slack.com.evil.example/file",
        "https://evilslack.com/file",
        "http://files.slack.com/file",
        "http://127.0.0.1:1/file",
        "file:///etc/passwd",
        "http://[broken",
        "https://slack.com:port/file",
    ],
)
async def test_the_token_goes_nowhere_else(slack: dict[str, Any], url: str) -> None:
    slack["about"]["url_private"] = url
    with pytest.raises(Refused, match="does not lie with Slack"):
        await fetch(slack)
    assert slack["seen"] == []


@pytest.mark.parametrize("url", ["https://files.slack.com/f", "https://slack.com/f"])
def test_slacks_own_places_are_trusted(url: str) -> None:
    assert files._is_trusted(url, WebApi("https://slack.com/api/"))


async def test_a_file_said_to_be_too_large_is_not_even_begun(slack: dict[str, Any]) -> None:
    slack["about"]["size"] = files.MOST_BYTES + 1
    with pytest.raises(Refused, match="larger than 20 MB"):
        await fetch(slack)
    assert slack["seen"] == []


async def test_a_file_that_turns_out_too_large_is_dropped(
    slack: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 5)
    slack["about"]["size"] = 1
    with pytest.raises(Refused, match="larger than 20 MB"):
        await fetch(slack)


@pytest.mark.parametrize(
    ("status", "kind"), [(302, "text/csv"), (404, "text/csv"), (200, "text/html")]
)
async def test_a_page_in_place_of_the_file_is_not_taken_for_it(
    slack: dict[str, Any], status: int, kind: str
) -> None:
    slack["status"], slack["type"] = status, kind
    with pytest.raises(Refused, match="did not let me read"):
        await fetch(slack)


async def test_a_file_that_slack_does_not_take_is_a_failure(slack: dict[str, Any]) -> None:
    api: WebApi = slack["api"]
    with pytest.raises(SendFailed, match="did not take the file"):
        await files.give(
            api.client("xoxb-1"), api, channel="D1", name="a.csv", content=b"x", says=""
        )
