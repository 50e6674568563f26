"""People at work in a sandbox: everything they do goes through its page's own API."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp

from bot.sandbox.server import Sandbox

PATIENCE = 90.0  # seconds for anything that a process has to do first

Json = dict[str, Any]


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until an async predicate holds. Raises AssertionError that says what did not come."""

    async def waits() -> None:
        while not await holds():
            await asyncio.sleep(0.05)

    try:
        await asyncio.wait_for(waits(), PATIENCE)
    except TimeoutError:
        raise AssertionError(f"waited in vain: {what}") from None


class Page:
    """The page of a running sandbox, open for whoever is named."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._http = aiohttp.ClientSession()

    async def close(self) -> None:
        await self._http.close()

    async def ask(self, path: str, **query: str) -> Any:
        async with self._http.get(f"{self.sandbox.address}/sandbox/{path}", params=query) as answer:
            return await answer.json()

    async def act(self, path: str, **body: Any) -> Json:
        url = f"{self.sandbox.address}/sandbox/{path}"
        async with self._http.post(url, json=body) as answer:
            done: Json = await answer.json()
        return done

    async def upload(self, person: str, channel: str, name: str, content: bytes) -> Json:
        """Drop a file into a channel."""
        form = aiohttp.FormData({"person": person, "channel": channel})
        form.add_field("file", content, filename=name)
        url = f"{self.sandbox.address}/sandbox/upload"
        async with self._http.post(url, data=form) as answer:
            done: Json = await answer.json()
        return done

    async def types(self, person: str, line: str, channel: str) -> str:
        """Type a slash command and give the text that the person then sees last in the channel."""
        command, _, text = line.partition(" ")
        done = await self.act("command", person=person, channel=channel, command=command, text=text)
        assert done["ok"], done
        return await self.last(person, channel)

    async def messages(self, person: str, channel: str) -> list[Json]:
        """What a person sees in a channel, oldest first, its text as it is read."""
        asked = {"person": person, "channel": channel, "limit": "200"}
        found: list[Json] = (await self.ask("messages", **asked))["messages"]
        return [{**message, "text": html.unescape(message["text"])} for message in found]

    async def last(self, person: str, channel: str) -> str:
        found = await self.messages(person, channel)
        return str(found[-1]["text"]) if found else ""

    async def dm(self, person: str) -> str:
        """The channel of a person's DM with the bot, or nothing where there is none yet."""
        seen = await self.ask("bootstrap", person=person)
        bot_user = seen["app"]["bot_user"]
        found = [dm["id"] for dm in seen["dms"] if dm["user"] == bot_user]
        return str(found[0]) if found else ""

    async def dms(self, person: str) -> list[Json]:
        """Everything that the bot wrote into its DM with a person, oldest first."""
        channel = await self.dm(person)
        found = await self.messages(person, channel) if channel else []
        return [message for message in found if message["bot"]]

    async def dm_with(self, person: str, words: str) -> Json:
        """Wait for a DM to a person in which these words stand, and give it."""
        found: list[Json] = []

        async def is_there() -> bool:
            found[:] = [one for one in await self.dms(person) if words in one["text"]]
            return bool(found)

        await until(is_there, f"a DM to {person} with {words!r}")
        return found[-1]

    async def form(self, person: str) -> Json:
        """Wait for a form before a person, and give it."""
        stack: list[Json] = []

        async def is_open() -> bool:
            stack[:] = (await self.ask("views", person=person))["stack"]
            return bool(stack)

        await until(is_open, f"a form before {person}")
        return stack[-1]

    async def fill(self, person: str, **answers: str) -> Json:
        """Fill the open form by the names of its fields, the rest as it stands, and send it.

        Of choices the label is given; `new:NAME` in a look-up is what is offered as new.
        """
        view = await self.form(person)
        values: Json = {}
        for block in view["blocks"]:
            answer = answers.pop(str(block.get("block_id")).partition("~")[0], None)
            if block["type"] == "input" and answer is not None:
                element = block["element"]
                offered = element.get("options", [])
                if element["type"] == "external_select":
                    offered = await self._options(person, view, block, answer)
                held = {element["action_id"]: _held(element["type"], offered, answer)}
                values[block["block_id"]] = held
        assert not answers, f"the form has no field {list(answers)}"
        return await self.act(
            "view/submit", person=person, view_id=view["id"], state={"values": values}
        )

    async def _options(self, person: str, view: Json, block: Json, typed: str) -> list[Json]:
        found = await self.act(
            "options",
            person=person,
            container={"type": "view", "view_id": view["id"]},
            block_id=block["block_id"],
            action_id=block["element"]["action_id"],
            value=typed.removeprefix("new:"),
        )
        options: list[Json] = found["options"]
        return options

    async def press(self, person: str, channel: str, message: Json, label: str) -> None:
        """Press the button with this label in a message."""
        block, button = _button(message, label)
        action = {"block_id": block["block_id"], "action_id": button["action_id"]}
        container = {"type": "message", "channel": channel, "ts": message["ts"]}
        done = await self.act("action", person=person, container=container, action=action, state={})
        assert done["ok"], done

    async def press_last(self, person: str, channel: str, label: str) -> None:
        """Press a button of the last message that a person sees in a channel."""
        await self.press(person, channel, (await self.messages(person, channel))[-1], label)

    async def sees(self, person: str, channel: str, words: str) -> str:
        """Wait until a person sees these words in a channel, and give the message's whole text."""
        found: list[str] = []

        async def is_there() -> bool:
            texts = [str(one["text"]) for one in await self.messages(person, channel)]
            found[:] = [text for text in texts if words in text]
            return bool(found)

        await until(is_there, f"{words!r} before {person} in {channel}")
        return found[-1]

    async def move_clock(self, person: str, **how: Any) -> None:
        """Move the workspace's clock; the morning of a preset is the person's own."""
        done = await self.act("clock", person=person, **how)
        assert "clock" in done, done


def labels_of(message: Json) -> list[str]:
    """The labels of every button in a message."""
    return [str(button["text"]["text"]) for _, button in _buttons(message)]


def _button(message: Json, label: str) -> tuple[Json, Json]:
    for block, button in _buttons(message):
        if button["text"]["text"] == label:
            return block, button
    raise AssertionError(f"no button {label!r} among {labels_of(message)}")


def _buttons(message: Json) -> list[tuple[Json, Json]]:
    return [
        (block, element)
        for block in message.get("blocks", [])
        for element in block.get("elements", [])
        if element.get("type") == "button"
    ]


def _held(kind: str, offered: Sequence[Json], answer: str) -> Json:
    """What Slack says that an element of a form holds once it was filled in."""
    match kind:
        case "plain_text_input":
            return {"value": answer}
        case "datepicker":
            return {"selected_date": answer}
        case "users_select":
            return {"selected_user": answer}
        case "checkboxes":
            return {"selected_options": [one for one in offered if answer]}
    chosen = [one for one in offered if answer in {one["text"]["text"], one["value"]}]
    assert chosen, f"{answer!r} is not among {[one['text']['text'] for one in offered]}"
    return {"selected_option": chosen[0]}
