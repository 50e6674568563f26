"""What people do in Slack, in short."""

from __future__ import annotations

from typing import Any

from handlers.effects import (
    OpenForm,
)
from handlers.views.elements import Button, Buttons, View
from handlers.views.forms import Form, TextField
from tests.bot.slack.conftest import House
from tests.people import ADA, CHANNEL, WORKSPACE

FORM = Form("claim.send", "Claim", "Send", (TextField("story", "Story"),), context={"id": "7"})
PRESSABLE = View("Press", (Buttons((Button("Yes", "claim.approve", {"claim": "7"}),)),))
JSON = "application/json"
COMMAND = {
    "command": "/lost",
    "text": "Acme, price",
    "team_id": WORKSPACE,
    "user_id": ADA,
    "channel_id": CHANNEL,
    "trigger_id": "1.2.abc",
    "response_url": "",
}


async def open_form(house: House) -> Any:
    house.scripted.answer = [OpenForm(FORM)]
    assert (await house.page("command", channel=CHANNEL, command="/lost"))["ok"]
    [view] = await house.until(lambda: house.sandbox.parts.views.stack(ADA))
    return view


async def submit(house: House, view: Any, story: str) -> Any:
    values = {"story~1": {"typed": {"type": "plain_text_input", "value": story}}}
    return await house.page("view/submit", view_id=view["id"], state={"values": values})


async def send(house: House, view: View) -> None:
    await house.edge.sender.send(
        WORKSPACE, user_id=ADA, channel_id=None, view=view, dedupe_key="k", update_of=None
    )


async def press(house: House, message: Any) -> Any:
    block = next(b for b in message.blocks if b["type"] == "actions")
    return await house.page(
        "action",
        container={"type": "message", "channel": message.channel, "ts": message.ts},
        action={"block_id": block["block_id"], **block["elements"][0]},
    )
