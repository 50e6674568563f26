from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.bot.sandbox.conftest import Page, web_client
from tests.bot.sandbox.test_events import events
from tests.bot.sandbox.test_web_api import error

Json = dict[str, Any]
# The SDK's own way to send the client's id and secret.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")
REDIRECT = "https://example.com/slack/oauth_redirect"


def consent_url(sandbox: Sandbox, redirect: str = REDIRECT) -> str:
    return AuthorizeUrlGenerator(
        client_id=sandbox.config.client_id,
        redirect_uri=redirect,
        scopes=["commands", "chat:write"],
        authorization_url=f"{sandbox.address}/oauth/v2/authorize",
    ).generate("state-1")


async def answered(sandbox: Sandbox, **more: str) -> dict[str, list[str]]:
    """What the app's redirect URL is given after the person's answer."""
    form = {
        "client_id": sandbox.config.client_id,
        "scope": "commands,chat:write",
        "state": "state-1",
        "redirect_uri": REDIRECT,
        **more,
    }
    async with aiohttp.ClientSession() as session:
        url = f"{sandbox.address}/oauth/v2/authorize"
        async with session.post(url, data=form, allow_redirects=False) as answer:
            assert answer.status == 302
            return parse_qs(urlsplit(answer.headers["Location"]).query)


async def test_the_consent_page_names_the_app_and_its_scopes(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(consent_url(sandbox)) as answer:
            page = await answer.text()
            assert answer.status == 200
            assert "Lost &amp; Found asks" in page
            assert "<li>chat:write</li>" in page
        async with session.get(consent_url(sandbox, "https://evil.example/")) as answer:
            assert await answer.text() == "bad_redirect_uri"


async def test_a_code_is_traded_for_a_token_once(sandbox: Sandbox) -> None:
    back = await answered(sandbox)
    assert back["state"] == ["state-1"]
    code = back["code"][0]
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=sandbox.api_url, session=session)
        secrets = {
            "client_id": sandbox.config.client_id,
            "client_secret": sandbox.config.client_secret,
        }
        wrong = {**secrets, "client_secret": "x"}
        assert await error(client.oauth_v2_access(**wrong, code=code)) == "bad_client_secret"
        unknown = {**secrets, "client_id": "x"}
        assert await error(client.oauth_v2_access(**unknown, code=code)) == "invalid_client_id"
        got = await client.oauth_v2_access(**secrets, code=code, redirect_uri=REDIRECT)
        assert got["access_token"] == sandbox.config.bot_token
        assert got["bot_user_id"] == sandbox.config.bot_user
        assert got["team"]["id"] == "T0SANDBOX"
        assert got["authed_user"]["id"] == "U0ALICE"
        assert await error(client.oauth_v2_access(**secrets, code=code)) == "invalid_code"


async def test_a_no_is_told_to_the_app(sandbox: Sandbox) -> None:
    assert (await answered(sandbox, denied="1"))["error"] == ["access_denied"]


async def test_after_an_uninstall_the_token_is_dead_and_the_app_was_told(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    assert (await client.auth_revoke(test=True))["revoked"] is False
    assert (await client.auth_revoke())["revoked"] is True
    assert await error(client.auth_test()) == "account_inactive"
    got = [p["event"] for p in await events_by(sandbox)]
    assert [e["type"] for e in got] == ["tokens_revoked", "app_uninstalled"]
    assert got[0]["tokens"]["bot"] == [sandbox.config.bot_user]
    assert (await page.command("/lost"))["error"] == "unknown_command"
    code = (await answered(sandbox))["code"][0]
    async with aiohttp.ClientSession() as session:
        await web_client(sandbox, session, token=None).oauth_v2_access(
            client_id=sandbox.config.client_id,
            client_secret=sandbox.config.client_secret,
            code=code,
        )
    assert (await client.auth_test())["ok"]


async def events_by(sandbox: Sandbox) -> list[Json]:
    """The farewell events; the app token still opens a connection."""
    sandbox.parts.workspace.set_installed(True)
    got = await events(sandbox, 2)
    sandbox.parts.workspace.set_installed(False)
    return got


async def test_an_app_may_uninstall_itself(sandbox: Sandbox, client: AsyncWebClient) -> None:
    wrong = client.apps_uninstall(client_id="x", client_secret="y")
    assert await error(wrong) == "invalid_client_id"
    await client.apps_uninstall(
        client_id=sandbox.config.client_id, client_secret=sandbox.config.client_secret
    )
    assert await error(client.auth_test()) == "account_inactive"
