"""The bot's processes as an operator meets them: ready, stopped, refused, and Slack in trouble."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.story import Person, SeedChannel, Story
from tests.e2e.page import until
from tests.e2e.town import ROOT, Town, end
from tests.ports import free_port

ADA, MAX = "U0ADA", "U0MAX"
OFFICE = "C0OFFICE"
STORY = Story(
    (
        Person(ADA, "ada", "Ada Fox", tz="America/New_York"),
        Person(MAX, "max", "Max Lind", tz="Europe/Paris", is_admin=True),
    ),
    (SeedChannel(OFFICE, "office", members=(ADA, MAX), app_member=True),),
)
TO_ACK = 3.0  # seconds that Slack waits
_ODD: tuple[dict[str, object], ...] = (
    {},
    {"user": 5},
    {"team": None, "user": {}, "actions": [], "view": {}},
)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    opened = await Town(STORY, tmp_path, mode="http").open()
    yield opened
    await opened.close()


async def posted(town: Town, body: bytes, *, secret: str = "", age: int = 0) -> int:
    """Post to the bot as Slack does and give the status; signed with `secret` or the right one."""
    stamp = str(int(time.time()) - age)
    key = (secret or town.sandbox.config.signing_secret).encode()
    signature = hmac.new(key, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signature}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    url = f"http://127.0.0.1:{town.port}/slack/events"
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as given:
        return given.status


async def test_s8_a_web_process_tells_machines_how_it_is_and_ends_well(town: Town) -> None:
    town.cold = True
    assert (await town.bot("team", "list")).code == 0
    web = await town.start("web")
    assert await town.get("/healthz") == (200, "ok")
    assert await town.get("/readyz") == (200, "ready")
    status, metrics = await town.get("/metrics")
    assert (status, "# HELP" in metrics) == (200, True)
    assert (await town.get("/nothing"))[0] == 404
    assert await end(web) == 0
    assert await town.get("/healthz") == (0, "")


async def test_s8_only_slack_is_heard_and_nothing_it_sends_breaks_us(town: Town) -> None:
    await town.start("web")
    good = b"command=%2Flost&text=help&team_id=T0SANDBOX&user_id=U0ADA&trigger_id=1.2"
    assert await posted(town, good) == 200
    assert await posted(town, good, secret="somebody else's") == 401
    assert await posted(town, good, age=600) == 401
    assert await posted(town, good, age=-600) == 401
    async with aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{town.port}/slack/events"
        async with http.post(url, data=good) as unsigned:
            assert unsigned.status == 401
        for stamp in ("soon", "", "99999999999999999999", "１２３"):
            odd = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=ü"}
            async with http.post(url, data=good, headers=odd) as given:
                assert given.status in {400, 401}
    torn = [b"", b"payload=", b"payload={", b"payload=[]", b"\xff\xfe", b"{}", b"payload=null"]
    for kind in ("block_actions", "view_submission", "event_callback", "shortcut", "tea"):
        for rest in _ODD:
            torn.append(b"payload=" + json.dumps({"type": kind, **rest}).encode())
    for body in torn:
        assert await posted(town, body) in {200, 400, 404}, body
    assert await town.get("/readyz") == (200, "ready")
    assert "Traceback" not in town.logs()


async def test_s1_the_same_road_over_signed_http(town: Town) -> None:
    """L1 L2 A1 W3: a line, a form, a press, a visit."""
    page = town.page
    await town.bot("team", "add", MAX, "--role", "manager")
    await town.bot("team", "add", ADA)
    await town.start()
    assert "Globex" in await page.types(MAX, "/lost Acme Corp, price, went to Globex", OFFICE)
    await page.types(MAX, "/lost", OFFICE)
    done = await page.fill(MAX, account="new:Borealis", reason="Billing error", value="12000")
    assert done["ok"], done
    assert "$12,000" in await page.sees(MAX, OFFICE, "Borealis")
    await page.types(MAX, "/lost deal", OFFICE)
    await page.press_last(MAX, OFFICE, "Deal them out")
    await page.dm_with(ADA, "to win back")
    await page.types(ADA, "/lost visit Borealis", OFFICE)
    done = await page.fill(
        ADA, who_was_met="Jo Park", decision_maker="Yes", what_happened="Wrong invoices."
    )
    assert done["ok"], done
    await page.sees(ADA, OFFICE, "the visit is written down")


@pytest.mark.parametrize("kind", ["hang", "fail", "rate_limit", "slow"])
async def test_s8_commands_are_answered_while_the_web_api_is_down(town: Town, kind: str) -> None:
    await town.bot("team", "add", MAX, "--role", "manager")
    await town.bot("team", "add", ADA)
    await town.start("web")
    await town.start("worker")
    trouble = {"method": "*", "kind": kind, "seconds": 5, "times": 200}
    assert (await town.page.act("faults", **trouble))["ok"]
    started = time.monotonic()
    told = await town.page.types(ADA, "/lost Acme Corp, price, went to Globex", OFFICE)
    assert time.monotonic() - started < TO_ACK
    assert "Acme Corp" in told
    assert "Globex" in told
    assert "Acme Corp" in await town.page.types(MAX, "/lost drawer", OFFICE)
    assert "1 account" in await town.page.types(MAX, "/lost deal", OFFICE)
    [row] = (await town.bot("export", "losses", "--json", LOG_LEVEL="error")).data()
    assert (row["Account"], row["Competitor"]) == ("Acme Corp", "Globex")


async def test_n5_what_could_not_be_said_is_said_once_slack_is_back(town: Town) -> None:
    await town.bot("team", "add", MAX, "--role", "manager")
    await town.bot("team", "add", ADA)
    await town.bot("settings", f"team_channel={OFFICE}")
    await town.start("web")
    worker = await town.start("worker")
    await town.page.act("faults", method="chat.postMessage", kind="fail", seconds=1, times=1)
    told = await town.page.types(MAX, "/lost Acme Corp, price", OFFICE)
    assert "Acme Corp" in told

    async def posts() -> int:
        found = await town.page.messages(ADA, OFFICE)
        return sum("Acme Corp" in message["text"] for message in found)

    async def is_there() -> bool:
        return bool(await posts())

    await until(is_there, f"the note in the channel{town.logs()}")
    assert await end(worker) == 0
    await town.start("worker")
    await asyncio.sleep(1.5)
    assert await posts() == 1


@pytest.mark.parametrize("process", ["", "web"])
async def test_s8_a_process_that_cannot_begin_says_why_in_one_line(
    town: Town, process: str
) -> None:
    words = [process] if process else []
    refused = await town.bot(*words, SLACK_BOT_TOKEN="xoxb-wrong", LOG_LEVEL="error")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "SLACK_BOT_TOKEN" in refused.err
    await town.start("web")
    taken = await town.bot(*words, LOG_LEVEL="error")
    assert (taken.code, taken.err.count("\n")) == (1, 1)
    assert str(town.port) in taken.err


async def test_s7_two_web_processes_and_two_workers_share_a_desk(town: Town) -> None:
    await town.bot("team", "add", MAX, "--role", "manager")
    await town.bot("team", "add", ADA)
    other = str(free_port())
    await town.start("web")
    await town.start("web", PORT=other)
    ports = [str(free_port()) for _ in range(2)]
    workers = [await town.start("worker", WORKER_PORT=port) for port in ports]

    async def are_up() -> bool:
        return [(await town.get("/healthz", port))[0] for port in ports] == [200, 200]

    await until(are_up, "the workers")
    await town.page.types(MAX, "/lost Acme Corp, price", OFFICE)
    await town.page.types(MAX, "/lost deal", OFFICE)
    await town.page.press_last(MAX, OFFICE, "Deal them out")
    await town.page.dm_with(ADA, "to win back")
    assert (await town.get("/readyz", other))[0] == 200
    for worker in workers:
        assert await end(worker) == 0
    assert len(await town.page.dms(ADA)) == 1


@pytest.mark.parametrize(
    ("words", "code"), [(("worker",), 0), (("web",), 0), ((), 0), (("migrate",), -signal.SIGTERM)]
)
async def test_s7_told_to_stop_while_it_loads_a_process_ends_well(
    tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    """A command with an end of its own has not done what it was asked for, and says so."""
    (tmp_path / "dotenv.py").write_text(
        "import pathlib, time\npathlib.Path('loading').touch()\ntime.sleep(60)\n"
    )
    path = f"{tmp_path}:{ROOT}"
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words], cwd=tmp_path, env={"PYTHONPATH": path}
    )

    async def is_loading() -> bool:
        return (tmp_path / "loading").exists()

    await until(is_loading, "the process")
    assert await end(process) == code


@pytest.mark.parametrize("process", ["worker", "web"])
async def test_s7_told_to_stop_while_its_database_is_silent_a_process_ends_well(
    town: Town, process: str
) -> None:
    reached = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = f"postgresql://nobody@127.0.0.1:{port}/desk"
        begun = subprocess.Popen(
            [sys.executable, "-m", "bot", process],
            cwd=town.folder,
            env=town.environ | {"DATABASE_URL": url},
        )
        async with asyncio.timeout(30):
            await reached.wait()
        assert await end(begun) == 0
