"""`/lost` end to end, against an endpoint that only checks the signature."""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from bot.demo.story import SAM, STORY, TEAM_ID
from tests.bench.grounds import KINDS, address
from tests.bench.table import Row
from tests.e2e.town import Town, end
from tests.ports import free_port

_SECRET = "sandbox-signing-secret"  # opens nothing but the sandbox
_ROUNDS = 3
_PACED = 200  # requests a second
_PACED_SECONDS = 5
_SATURATED_SECONDS = 5
_AT_ONCE = 32
_LETTERS = str.maketrans("0123456789", "ghklmnoprs")
_numbers = itertools.count()

_FLOOR = """
import os, uvicorn
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
verifier = SignatureVerifier(os.environ["SLACK_SIGNING_SECRET"])
async def take(request):
    body = await request.body()
    good = verifier.is_valid_request(body, dict(request.headers))
    return Response("", status_code=200 if good else 401)
app = Starlette(routes=[Route("/slack/events", take, methods=["POST"])])
uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_config=None, access_log=False)
"""


async def measure() -> list[Row]:
    """Measure both, paced and saturated, in turns, on either database; medians of the rounds."""
    rows = []
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder, address(kind, Path(folder)) as url:
            town = await Town(STORY, Path(folder), url, mode="http", cold=True).open()
            try:
                await town.bot("migrate")
                await town.bot("team", "add", SAM)
                await town.start("web")
                async with _floor() as floor:
                    rows += await _compare(kind, f"http://127.0.0.1:{town.port}", floor)
            finally:
                await town.close()
    return rows


async def _compare(kind: str, ours: str, floor: str) -> list[Row]:
    p50: dict[str, list[float]] = {ours: [], floor: []}
    p99: dict[str, list[float]] = {ours: [], floor: []}
    rate: dict[str, list[float]] = {ours: [], floor: []}
    # uvicorn hangs up after five idle seconds: whoever is not measured is left alone for as long
    connector = aiohttp.TCPConnector(keepalive_timeout=2)
    async with aiohttp.ClientSession(connector=connector) as http:
        for at in (ours, floor):
            await _saturate(http, at, 1)
        for _ in range(_ROUNDS):
            for at in (ours, floor):
                took = sorted(await _pace(http, at))
                p50[at].append(took[len(took) // 2] * 1000)
                p99[at].append(took[int(len(took) * 0.99)] * 1000)
            for at in (ours, floor):
                rate[at].append(await _saturate(http, at, _SATURATED_SECONDS))

    def row(what: str, found: dict[str, list[float]], unit: str, goal: float, most: bool) -> Row:
        return Row(
            what, statistics.median(found[ours]), statistics.median(found[floor]), unit, goal, most
        )

    return [
        row(f"/lost at {_PACED}/s, {kind}, p50", p50, "ms", 3, True),
        row(f"/lost at {_PACED}/s, {kind}, p99", p99, "ms", 4, True),
        row(f"/lost saturated, {kind}", rate, "requests/s", 0.15, False),
    ]


async def _pace(http: aiohttp.ClientSession, address: str) -> list[float]:
    """Send at a steady pace and give how long each answer took, in seconds."""
    took: list[float] = []

    async def one(at: float) -> None:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        begun = time.perf_counter()
        await _send(http, address)
        took.append(time.perf_counter() - begun)

    start = time.perf_counter() + 0.1
    await asyncio.gather(*(one(start + i / _PACED) for i in range(_PACED * _PACED_SECONDS)))
    return took


async def _saturate(http: aiohttp.ClientSession, address: str, seconds: float) -> float:
    """Send as much as is taken, from a fixed number of senders; give answers a second."""
    until = time.perf_counter() + seconds
    done = 0

    async def sender() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await _send(http, address)
            done += 1

    await asyncio.gather(*(sender() for _ in range(_AT_ONCE)))
    return done / seconds


def _customer(number: int) -> str:
    """Name a customer, no more like the others than customers are."""
    return sha256(str(number).encode()).hexdigest()[:12].translate(_LETTERS).title()


async def _send(http: aiohttp.ClientSession, address: str) -> None:
    number = next(_numbers)
    body = urlencode(
        {
            "command": "/lost",
            "text": f"{_customer(number)}, price, went to Globex",
            "user_id": SAM,
            "user_name": "sam",
            "team_id": TEAM_ID,
            "channel_id": "C0WINBACKS",
            "trigger_id": f"bench.{number}",
            "response_url": "http://127.0.0.1:9/none",
            "api_app_id": "A0SANDBOX",
        }
    )
    now = str(int(time.time()))  # Slack signs by the real time
    signature = SignatureVerifier(_SECRET).generate_signature(timestamp=now, body=body)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": signature or "",
    }
    async with http.post(f"{address}/slack/events", data=body, headers=headers) as answer:
        await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the answer was {answer.status}")


@asynccontextmanager
async def _floor() -> AsyncIterator[str]:
    """Run the endpoint that only checks the signature."""
    port = free_port()
    environ = {**os.environ, "PORT": str(port), "SLACK_SIGNING_SECRET": _SECRET}
    process = subprocess.Popen([sys.executable, "-c", _FLOOR], env=environ)
    try:
        async with aiohttp.ClientSession() as http:
            for _ in range(200):
                try:
                    await _send(http, f"http://127.0.0.1:{port}")
                    break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        await end(process)
