"""A terminal: the command line run as a script runs it, against a workspace of its own."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.cli.main import main
from bot.sandbox.config import SandboxConfig
from bot.sandbox.manifest import Manifest
from bot.sandbox.server import Sandbox
from bot.sandbox.story import Person, SeedChannel, Story
from bot.slack.manifest import manifest

T = TypeVar("T")

TEAM = "T0CLI"
ADA, BEN, MAX, GONE = "U0ADA", "U0BEN", "U0MAX", "U0GONE"
OFFICE, ELSEWHERE = "C0OFFICE", "C0ELSEWHERE"
_STORY = Story(
    (
        Person(ADA, "ada", "Ada Fox", tz="America/New_York"),
        Person(BEN, "ben", "Ben Ruiz", tz="Europe/Paris"),
        Person(MAX, "max", "Max Lind", tz="America/New_York", is_admin=True),
        Person(GONE, "gone", "Gone Girl", deleted=True),
    ),
    (
        SeedChannel(OFFICE, "office", members=(ADA, BEN, MAX), app_member=True),
        SeedChannel(ELSEWHERE, "elsewhere", members=(ADA,)),
    ),
    team_id=TEAM,
)


class Workspace:
    """A sandbox in a thread, since each command runs a loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.sandbox = Sandbox(
            SandboxConfig(
                manifest=Manifest.from_dict(manifest("")), story=_STORY, post_per_second=0
            )
        )
        self.run(self.sandbox.start())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Await something where the sandbox lives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def texts(self, channel: str) -> list[str]:
        """What stands in a channel; a person's id means their DM with the bot."""

        async def read() -> list[str]:
            kept = self.sandbox.parts.workspace
            place = channel if channel.startswith("C") else kept.app_dm(channel).id
            reader = MAX if channel.startswith("C") else channel
            return [message.text for message in kept.messages(place, reader, limit=200)[0]]

        return self.run(read())

    def close(self) -> None:
        self.run(self.sandbox.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass
class Ran:
    """What a command gave."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()

    def data(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)

    def says(self, code: int, *words: str) -> None:
        """Assert that it failed with this code and one line that has these words."""
        assert self.code == code, (self.out, self.err)
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        assert [word for word in words if word not in self.err] == []


@dataclass
class Terminal:
    """A shell in a folder of its own. `environ` is all that a command sees of the environment."""

    folder: Path
    capture: pytest.CaptureFixture[bytes]
    environ: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: str, **environ: str) -> Ran:
        self.capture.readouterr()
        code = main(words, self.environ | environ)
        out, err = self.capture.readouterr()
        return Ran(code, out, err.decode())

    def file(self, name: str, content: str | bytes) -> str:
        """Write a file into the folder and give its name."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return name


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    opened = Workspace()
    yield opened
    opened.close()


@pytest.fixture
def bare(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """A terminal with nothing in its environment."""
    monkeypatch.chdir(tmp_path)
    kept, level = logging.root.handlers[:], logging.root.level
    yield Terminal(tmp_path, capsysbinary)
    logging.root.handlers[:] = kept
    logging.root.setLevel(level)


@pytest.fixture
def bot(bare: Terminal, workspace: Workspace, sqlite_template: Path) -> Terminal:
    """A terminal of an installed bot with an empty desk."""
    config = workspace.sandbox.config
    bare.environ = {
        "SLACK_BOT_TOKEN": config.bot_token,
        "SLACK_APP_TOKEN": config.app_token,
        "SLACK_SIGNING_SECRET": config.signing_secret,
        "SLACK_API_URL": workspace.sandbox.api_url,
        "DATABASE_URL": "sqlite:///desk.db",
    }
    return bare
