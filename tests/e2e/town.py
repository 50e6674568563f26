"""A whole installation seen from outside: a local workspace, the real bot in processes of its own."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.sandbox.config import SandboxConfig
from bot.sandbox.manifest import Manifest
from bot.sandbox.server import Sandbox
from bot.sandbox.story import Story
from bot.slack.manifest import manifest

ROOT = Path(__file__).parents[2]
_PATIENCE = 20.0  # seconds for anything that a process has to do first

Json = dict[str, Any]


@dataclass
class Ran:
    """What a command of `python -m bot` gave."""

    code: int
    out: str
    err: str

    def data(self) -> Any:
        return json.loads(self.out)


@dataclass
class Town:
    """People, channels and the bot. Everything goes over real sockets."""

    story: Story
    folder: Path
    database_url: str = ""
    mode: str = "socket"
    sandbox: Sandbox = field(init=False)
    _http: aiohttp.ClientSession = field(init=False)
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    port: int = 0

    async def open(self) -> Town:
        """Open the workspace, without the bot."""
        self.port = _free_port()
        public = f"http://127.0.0.1:{self.port}"
        config = SandboxConfig(
            manifest=Manifest.from_dict(manifest(public if self.mode == "http" else "")),
            story=self.story,
            mode="http" if self.mode == "http" else "socket",
            events_url=f"{public}/slack/events" if self.mode == "http" else None,
        )
        self.sandbox = Sandbox(config)
        await self.sandbox.start()
        self._http = aiohttp.ClientSession()
        self.database_url = self.database_url or f"sqlite:///{self.folder / 'desk.db'}"
        return self

    async def close(self) -> None:
        """End every process that was started here, and the workspace."""
        for process in self._processes:
            await end(process)
        await self._http.close()
        await self.sandbox.stop()

    @property
    def environ(self) -> dict[str, str]:
        config = self.sandbox.config
        socket_mode = {"SLACK_APP_TOKEN": config.app_token} if self.mode == "socket" else {}
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("SLACK_")},
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "SLACK_API_URL": self.sandbox.api_url,
            "SLACK_BOT_TOKEN": config.bot_token,
            "SLACK_SIGNING_SECRET": config.signing_secret,
            **socket_mode,
        }

    async def bot(self, *words: str, **environ: str) -> Ran:
        """Run one command of the bot to its end."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *words,
            cwd=self.folder,
            env=self.environ | environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Ran(process.returncode or 0, out.decode(), err.decode())

    async def start(self, *words: str, **environ: str) -> subprocess.Popen[bytes]:
        """Start a process of the bot (`web`, `worker`, or nothing for both) and wait until ready."""
        log = (self.folder / f"bot-{len(self._processes)}.log").open("wb")
        process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environ | environ,
            stdout=log,
            stderr=log,
        )
        log.close()
        self._processes.append(process)
        if "worker" not in words:
            port = environ.get("PORT", str(self.port))
            await self.until(lambda: self._ready(port), "the bot is ready")
        return process

    async def until(self, holds: Any, what: str, seconds: float = _PATIENCE) -> None:
        """Wait until an async predicate holds."""
        async with asyncio.timeout(seconds):
            while not await holds():
                await asyncio.sleep(0.05)

    async def _ready(self, port: str) -> bool:
        try:
            async with self._http.get(f"http://127.0.0.1:{port}/readyz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False

    async def ask(self, path: str, **query: str) -> Any:
        async with self._http.get(f"{self.sandbox.address}/sandbox/{path}", params=query) as answer:
            return await answer.json()

    async def act(self, path: str, **body: Any) -> Json:
        url = f"{self.sandbox.address}/sandbox/{path}"
        async with self._http.post(url, json=body) as answer:
            done: Json = await answer.json()
        return done

    async def types(self, person: str, line: str, channel: str) -> str:
        """Type a slash command and give the text of the answer that the person sees last."""
        command, _, text = line.partition(" ")
        done = await self.act("command", person=person, channel=channel, command=command, text=text)
        assert done["ok"], done
        return await self.last(person, channel)

    async def messages(self, person: str, channel: str) -> list[Json]:
        found: list[Json] = (await self.ask("messages", person=person, channel=channel))["messages"]
        return found

    async def last(self, person: str, channel: str) -> str:
        found = await self.messages(person, channel)
        return str(found[-1]["text"]) if found else ""

    async def dm(self, person: str) -> str:
        """The channel of a person's DM with the bot."""
        seen = await self.ask("bootstrap", person=person)
        bot_user = seen["app"]["bot_user"]
        found = [dm["id"] for dm in seen["dms"] if dm["user"] == bot_user]
        return str(found[0]) if found else ""

    async def dms(self, person: str) -> list[Json]:
        """Everything in a person's DM with the bot, oldest first."""
        channel = await self.dm(person)
        return await self.messages(person, channel) if channel else []

    async def form(self, person: str) -> Json:
        """The form that lies open before a person."""
        stack: list[Json] = []

        async def is_open() -> bool:
            stack[:] = (await self.ask("views", person=person))["stack"]
            return bool(stack)

        await self.until(is_open, "a form")
        return stack[-1]

    async def fill(self, person: str, answers: Mapping[str, str]) -> Json:
        """Fill the open form by the labels of its fields and send it."""
        view = await self.form(person)
        values = _answered(view, answers)
        return await self.act(
            "view/submit", person=person, view_id=view["id"], state={"values": values}
        )

    async def press(self, person: str, channel: str, message: Json, label: str) -> Json:
        """Press the button with this label in a message."""
        block, button = _button(message, label)
        action = {
            "block_id": block["block_id"],
            "action_id": button["action_id"],
            "type": "button",
            "value": button.get("value", ""),
            "text": button["text"],
        }
        container = {"type": "message", "channel": channel, "ts": message["ts"]}
        done = await self.act(
            "action", person=person, container=container, action=action, state={"values": {}}
        )
        assert done["ok"], done
        return done

    async def move_clock(self, person: str, **how: Any) -> None:
        done = await self.act("clock", person=person, **how)
        assert "clock" in done, done


async def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started here, kindly first."""
    if process.poll() is None:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def labels_of(message: Json) -> list[str]:
    """The labels of every button in a message."""
    return [
        str(element["text"]["text"])
        for block in message.get("blocks", [])
        for element in block.get("elements", [])
        if element.get("type") == "button"
    ]


def _button(message: Json, label: str) -> tuple[Json, Json]:
    for block in message.get("blocks", []):
        for element in block.get("elements", []):
            if element.get("type") == "button" and element["text"]["text"] == label:
                return block, element
    raise AssertionError(f"no button {label!r} among {labels_of(message)}")


def _answered(view: Json, answers: Mapping[str, str]) -> Json:
    """What Slack would send for a form: the answers by label, and what stood there already."""
    left = dict(answers)
    values: Json = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        answer = left.pop(block["label"]["text"], None)
        values[block["block_id"]] = {element["action_id"]: _state(element, answer)}
    assert not left, f"the form has no field {list(left)}"
    return values


def _state(element: Json, answer: str | None) -> Json:
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": element.get("initial_value") if answer is None else answer}
    if kind == "datepicker":
        day = element.get("initial_date") if answer is None else answer
        return {"type": kind, "selected_date": day}
    if kind == "users_select":
        user = element.get("initial_user") if answer is None else answer
        return {"type": kind, "selected_user": user}
    if kind == "checkboxes":
        chosen = element.get("initial_options", []) if answer is None else element["options"]
        return {"type": kind, "selected_options": [] if answer == "" else chosen}
    if answer is None:
        return {"type": kind, "selected_option": element.get("initial_option")}
    return {"type": kind, "selected_option": _option(element.get("options", []), answer)}


def _option(options: Sequence[Json], answer: str) -> Json:
    for option in options:
        if answer in {option["text"]["text"], option["value"]}:
            return option
    return {"text": {"type": "plain_text", "text": answer[:75]}, "value": answer}
