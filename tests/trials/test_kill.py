"""N5: nudges survive the death of whoever sends them. The long form is `make trial-kill`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials.conftest import LONG
from tests.trials.crew import Crew
from tests.trials.kill import UNRECORDED, Found, trial

RATE = 2  # a lease, 45 s then, still outlasts a try with all that it may wait for: 22 s


async def hold(crew: Crew, *, nudges: int, kills: int, every: int, patience: float) -> Found:
    await crew.open()
    try:
        found = await trial(crew, nudges=nudges, kills=kills, every=every, patience=patience)
    finally:
        await crew.close()
    print(f"\n{crew.database.kind}: {found}")  # noqa: T201  # the figures are what it is run for
    return found


def assert_trusted(found: Found) -> None:
    assert (found.lost, found.written_twice, found.unexplained) == (0, 0, 0), found
    assert found.kills > 0, found
    assert found.seen_twice <= found.kills * UNRECORDED, found


async def test_killed_workers_lose_nothing_and_write_nothing_twice(
    tmp_path: Path, database_url: str
) -> None:
    crew = Crew(tmp_path, database_url, people=12, workers=2, webs=1, rate=RATE)
    assert_trusted(await hold(crew, nudges=60, kills=3, every=8, patience=120))


@pytest.mark.skipif(not LONG, reason="minutes long: `make trial-kill`")
async def test_two_thousand_nudges_survive_many_kills(tmp_path: Path, database_url: str) -> None:
    crew = Crew(tmp_path, database_url, people=50, workers=4, webs=2, rate=RATE)
    assert_trusted(await hold(crew, nudges=2000, kills=60, every=12, patience=900))
