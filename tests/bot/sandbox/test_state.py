import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, story_from_json
from tests.bot.sandbox.conftest import MANIFEST, Page, StartSandbox, configured, web_client

Json = dict[str, Any]
SEED: Json = {
    "people": [{"id": "U0ALICE", "name": "alice", "real_name": "Alice", "tz": "Europe/Paris"}],
    "channels": [
        {"id": "C0TEAM", "name": "team", "members": ["U0ALICE"], "app_member": True},
    ],
    "steps": [{"id": "log", "text": "Type /lost", "kind": "command", "name": "/lost"}],
    "suggestions": {"/lost": [{"text": "Acme", "hint": "h"}]},
    "workspace_name": "Ours",
}


async def test_the_workspace_outlives_the_process(tmp_path: Path) -> None:
    config = configured(state_folder=tmp_path)
    first = Sandbox(config)
    await first.start()
    async with aiohttp.ClientSession() as session:
        page, client = Page(first, session, "U0BOB"), web_client(first, session)
        home = {"type": "home", "blocks": [{"type": "divider"}]}
        await client.views_publish(user_id="U0BOB", view=home)
        posted = await client.chat_postMessage(channel="D0BOB", text="kept")
        await client.chat_postMessage(channel="C0TEAM", text="kept too")
        await client.files_upload_v2(channel="D0BOB", filename="a.csv", content="a")
        await page.post("channel", name="new")
        await page.post("clock", by_seconds=86_400)
        await page.as_("U0CARA").post("person", deleted=True)
        before = await page.get("bootstrap")
    await first.stop()

    second = Sandbox(config)
    await second.start()
    async with aiohttp.ClientSession() as session:
        page = Page(second, session, "U0BOB")
        after = await page.get("bootstrap")
        for key in ("channels", "dms", "people", "steps"):
            assert after[key] == before[key]
        assert [s["done"] for s in after["steps"]] == [False, True]
        assert second.clock.offset > timedelta(hours=23)
        shown = await page.messages("D0BOB")
        assert [m["text"] for m in shown] == ["kept", ""]
        assert shown[0]["ts"] == posted["ts"]
        url = f"{second.address}/sandbox/file/{shown[1]['files'][0]['id']}?person=U0BOB"
        async with session.get(url) as file:
            assert await file.read() == b"a"
        assert (await page.get("home"))["view"]["blocks"][0]["type"] == "divider"
        later = await web_client(second, session).chat_postMessage(channel="D0BOB", text="next")
        assert later["ts"] > posted["ts"]
    await second.stop()


async def test_a_reset_starts_the_story_anew(start: StartSandbox, tmp_path: Path) -> None:
    resets: list[int] = []

    async def on_reset() -> None:
        resets.append(1)

    sandbox = await start(state_folder=tmp_path, on_reset=on_reset)
    async with aiohttp.ClientSession() as session:
        page, client = Page(sandbox, session, "U0BOB"), web_client(sandbox, session)
        fresh = await page.get("bootstrap")
        await client.chat_postMessage(channel="C0TEAM", text="<!channel> x")
        await client.views_publish(user_id="U0BOB", view={"type": "home", "blocks": []})
        await page.post("channel", name="new")
        await page.post("clock", by_seconds=86_400)
        await page.post("reset")
        after = await page.get("bootstrap")
        assert (await page.get("home"))["view"] is None
        assert (await page.get("traffic"))["entries"] == []
        assert (await page.get("pings"))["pings"] == []
    for key in ("channels", "dms", "people", "steps"):
        assert after[key] == fresh[key]
    assert after["clock"]["moved"] is False
    assert resets == [1]


async def test_a_taken_port_gives_way_to_the_next_free_one(start: StartSandbox) -> None:
    first = await start()
    port = int(first.address.rsplit(":", 1)[1])
    second = await start(port=port)
    assert int(second.address.rsplit(":", 1)[1]) > port


async def test_starting_and_stopping_again_and_again(tmp_path: Path) -> None:
    sandbox = Sandbox(configured(state_folder=tmp_path))
    for _ in range(3):
        url = f"{await sandbox.start()}/sandbox/bootstrap"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            assert answer.status == 200
        await sandbox.stop()
    await sandbox.stop()


async def test_it_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    manifest, seed = tmp_path / "manifest.json", tmp_path / "seed.json"
    manifest.write_text(json.dumps(MANIFEST))
    seed.write_text(json.dumps(SEED))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.sandbox", "--manifest", str(manifest), "--seed", str(seed)),
        *("--state", str(tmp_path / "state"), "--mode", "http"),
        *("--events-url", "http://127.0.0.1:9/slack/events", "--bot-token", "xoxb-other"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    told = json.loads(await asyncio.wait_for(process.stdout.readline(), 10))
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient("xoxb-other", told["api_url"], session=session)
        assert (await client.auth_test())["team"] == "Ours"
        async with session.get(f"{told['address']}/sandbox/bootstrap") as answer:
            body = await answer.json()
            assert body["app"]["commands"][0]["suggestions"] == [{"text": "Acme", "hint": "h"}]
            assert body["bot"]["mode"] == "http"
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_wrong_usage_is_said_in_one_line(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text("{}")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.sandbox", "--manifest", str(seed), "--seed", str(seed)),
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 2
    assert said.decode().count("\n") == 1


def test_a_seed_becomes_a_story() -> None:
    story = story_from_json(SEED)
    assert story.people[0].tz == "Europe/Paris"
    assert story.channels[0].members == ("U0ALICE",)
    entry = {"kind": "command", "name": "/lost", "ok": True, "request": {}}
    assert story.steps[0].done_by(entry)
    assert not story.steps[0].done_by({**entry, "ok": False})
    assert not story.steps[0].done_by({**entry, "name": "/found"})
