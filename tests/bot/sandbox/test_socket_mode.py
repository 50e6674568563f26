from typing import Any

from slack_bolt.app.async_app import AsyncApp

from bot.sandbox import Sandbox
from tests.bot.sandbox.conftest import Page

Json = dict[str, Any]


async def test_bolt_answers_a_command_over_a_socket(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    got: list[Json] = []

    @bolt.command("/lost")
    async def lost(ack: Any, body: Json) -> None:
        got.append(body)
        await ack(text="Noted")

    assert await page.command("/lost", "Acme, price") == {"ok": True}
    messages = await page.messages(page.dm)
    assert [m["text"] for m in messages] == ["Noted"]
    assert messages[0]["ephemeral"]
    assert got[0]["text"] == "Acme, price"
    assert got[0]["user_id"] == "U0ALICE"
