"""What machines are told of a process, and when they are told to keep away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
import uvicorn
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot import health
from bot.metrics import Metrics, Timed
from handlers.views.elements import say
from jobs.outbox import Delivery
from storage.migrating import revisions
from tests.jobs.senders import Post
from tests.people import ADA, NOW, WORKSPACE, Desk
from tests.ports import free_port


class Process:
    """A process that answers machines, and Slack with a word."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.amiss = ""
        self.metrics = Metrics()
        self.port = free_port()

    def asgi(self) -> Starlette:
        async def amiss() -> str:
            return self.amiss

        async def answer(request: Request) -> PlainTextResponse:
            return PlainTextResponse("heard")

        asked = health.routes(self.desk.database, amiss, self.metrics, lambda: self.desk.now)
        timed = Middleware(Timed, path="/slack/events", metrics=self.metrics)
        return Starlette(routes=[*asked, Route("/slack/events", answer)], middleware=[timed])

    async def ask(self, path: str) -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as http, http.get(url) as response:
            return response.status, await response.text()


@pytest.fixture
async def process(desk: Desk) -> AsyncIterator[Process]:
    async with desk.database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        await connection.execute(
            text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": revisions()[-1]}
        )
    made = Process(desk)
    config = uvicorn.Config(made.asgi(), port=made.port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield made
    server.should_exit = True
    await serving
    async with desk.database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE alembic_version"))


async def write(desk: Desk, key: str) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        view = say("hello").to_json()
        await work.outbox.put(
            view_json=view, kind="test", dedupe_key=key, now=desk.now, member_id=desk.ids[ADA]
        )
        await work.commit()


async def test_a_process_that_can_work_says_so(process: Process) -> None:
    assert await process.ask("/healthz") == (200, "ok")
    assert await process.ask("/readyz") == (200, "ready")


async def test_what_is_amiss_is_said(process: Process) -> None:
    process.amiss = "Slack is not connected yet"
    assert await process.ask("/readyz") == (503, "Slack is not connected yet")
    assert (await process.ask("/healthz"))[0] == 200


async def test_a_process_is_not_ready_while_the_outbox_is_stuck(
    process: Process, desk: Desk
) -> None:
    await write(desk, "a")
    desk.now = NOW + timedelta(minutes=9)
    assert (await process.ask("/readyz"))[0] == 200
    desk.now = NOW + timedelta(minutes=11)
    status, says = await process.ask("/readyz")
    assert (status, "outbox is stuck" in says) == (503, True)
    await Delivery(desk.database, Post(), lambda: desk.now).drain()
    assert (await process.ask("/readyz"))[0] == 200


async def test_an_old_schema_is_said(process: Process, desk: Desk) -> None:
    async with desk.database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert await process.ask("/readyz") == (503, "the database is not up to date")


async def test_metrics_show_the_outbox_what_went_out_and_how_fast_slack_was_answered(
    process: Process, desk: Desk
) -> None:
    await write(desk, "a")
    desk.now = NOW + timedelta(seconds=42)
    await process.ask("/slack/events")
    _, before = await process.ask("/metrics")
    assert "lost_and_found_outbox_due 1.0" in before
    assert "lost_and_found_outbox_oldest_seconds 42.0" in before
    assert "lost_and_found_ack_seconds_count 1.0" in before
    await Delivery(desk.database, Post(), lambda: desk.now, meter=process.metrics).drain()
    process.metrics.failed("test", "throttled")
    _, after = await process.ask("/metrics")
    assert "lost_and_found_outbox_due 0.0" in after
    assert "lost_and_found_outbox_dead 0.0" in after
    assert 'lost_and_found_sent_total{kind="test"} 1.0' in after
    assert 'lost_and_found_failed_total{how="throttled",kind="test"} 1.0' in after
    assert "lost_and_found_late_seconds_sum 42.0" in after
