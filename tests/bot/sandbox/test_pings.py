from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.pings import pings_in
from tests.bot.sandbox.conftest import Page

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nobody here", []),
        ("&lt;!channel&gt; and &lt;@U0BOB&gt;", []),
        ("<!channel>", [("channel", "all")]),
        ("<!here|here> <!everyone>", [("here", "all"), ("everyone", "all")]),
        ("<@U0BOB> <@U0CARA|cara>", [("user", "U0BOB"), ("user", "U0CARA")]),
        ("<!subteam^S012>", [("usergroup", "S012")]),
        ("@channel bare", []),
    ],
)
def test_mentions_in_text(text: str, found: list[tuple[str, str]]) -> None:
    assert pings_in(text, [], links_names=False) == found
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    assert pings_in("", [block], links_names=False) == found
    quiet = {"type": "section", "text": {"type": "plain_text", "text": text}}
    assert pings_in("", [quiet], links_names=False) == []


def test_bare_words_ping_only_when_names_are_linked() -> None:
    assert pings_in("@here", [], links_names=True) == [("here", "all")]
    assert pings_in("me@here.example", [], links_names=True) == []


def test_mentions_in_rich_text() -> None:
    section = {
        "type": "rich_text_section",
        "elements": [
            {"type": "user", "user_id": "U0BOB"},
            {"type": "broadcast", "range": "here"},
            {"type": "text", "text": "<!channel>"},
        ],
    }
    block = {"type": "rich_text", "elements": [section]}
    assert pings_in("", [block], links_names=False) == [("user", "U0BOB"), ("here", "all")]


async def test_what_the_bot_writes_is_on_record(
    sandbox: Sandbox, client: AsyncWebClient, page: Page
) -> None:
    await page.post("message", channel="C0TEAM", text="@channel people may")
    sent = await client.chat_postMessage(channel="C0TEAM", text="<!channel> bots may not")
    await client.chat_postMessage(channel="C0TEAM", text="@here", link_names=True)
    found = (await page.get("pings"))["pings"]
    assert [(p["kind"], p["channel"]) for p in found] == [("channel", "C0TEAM"), ("here", "C0TEAM")]
    assert found[0]["ts"] == sent["ts"]
