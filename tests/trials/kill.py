"""Nudges go out while the processes that send them are killed: none lost, none written twice.

A nudge may be seen twice only where a process was killed between sending it and writing that down;
so many are counted.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select

from bot.sandbox.faults import Fault
from handlers.views.elements import say
from storage.outbox import NewLetter
from storage.sql import run, table_of
from storage.tables import Outbox
from tests.trials.crew import TEAM, Crew

KIND = "trial"
UNRECORDED = 64
"""Messages that a worker has begun and not recorded, at most: more no kill lets be seen twice."""
_FOR_EVER = 1_000_000_000
_MOMENT = timedelta(seconds=1)
_SHORTLY = timedelta(seconds=20)  # longer than any call to the platform may take


@dataclass(frozen=True)
class Found:
    """What a trial came to. `unexplained` were seen twice without a kill in between.

    `gaps` are the seconds between the two sightings of each of those.
    """

    nudges: int
    lost: int
    written_twice: int
    seen_twice: int
    unexplained: int
    kills: int
    seconds: float
    gaps: tuple[float, ...] = ()

    def __str__(self) -> str:
        return (
            f"{self.nudges} nudges, {self.kills} kills in {self.seconds:.1f} s: {self.lost} lost, "
            f"{self.written_twice} written twice, {self.seen_twice} seen twice, "
            f"{self.unexplained} of them without a kill in between {self.gaps or ''}"
        )


async def trial(crew: Crew, *, nudges: int, kills: int, every: int, patience: float) -> Found:
    """Send `nudges` while killing a random process after about `every` of them, `kills` times.

    Slack answers slowly, fails 2 in 100 and throttles 1 in 100. Raises AssertionError where not
    everything went out within `patience` seconds.
    """
    dice = random.Random(crew.people)  # noqa: S311  # repeatable, and guards nothing
    await crew.all_ready()
    for fault in (
        Fault("chat.postMessage", "fail", times=_FOR_EVER, chance=0.02),
        Fault("chat.postMessage", "rate_limit", seconds=10, times=_FOR_EVER, chance=0.01),
        Fault("chat.postMessage", "slow", seconds=0.05, times=_FOR_EVER),
    ):
        crew.sandbox.parts.faults.add(fault)
    begun = asyncio.get_running_loop().time()
    await _write(crew, nudges)
    try:
        async with asyncio.timeout(patience):
            await _kill_now_and_then(crew, dice, nudges, kills, every)
            await _write(crew, nudges)  # as a job does that was killed before it knew
            while await _unsent(crew):
                await asyncio.sleep(0.5)
    except TimeoutError:
        left = await _unsent(crew)
        raise AssertionError(f"{left} of {nudges} never went out{crew.logs()}") from None
    return await _count(crew, nudges, asyncio.get_running_loop().time() - begun)


async def _kill_now_and_then(
    crew: Crew, dice: random.Random, nudges: int, kills: int, every: int
) -> None:
    """Kill somebody who is at work, each time after some more nudges were seen.

    So every kill meets work under way, however long a process takes to begin.
    """
    for _ in range(kills):
        mark = len(seen(crew)) + dice.randint(1, 2 * every)
        while len(seen(crew)) < min(mark, nudges):
            await asyncio.sleep(0.2)  # looking at everything holds up the Slack in this process
        if len(seen(crew)) >= nudges:
            return
        await asyncio.sleep(dice.random() * 0.1)
        at_work = [hand for hand in crew.hands if hand.ready]
        if at_work:
            crew.kill(dice.choice(at_work))


async def _write(crew: Crew, nudges: int) -> None:
    """Write all nudges in one statement."""
    async with crew.database.workspace(TEAM) as work:
        await work.outbox.put_all(
            [
                NewLetter(
                    kind=KIND,
                    dedupe_key=f"{KIND}:{number}",
                    view_json=say(f"Nudge {number}").to_json(),
                    due_at=crew.since,
                    member_id=crew.members[number % len(crew.members)],
                )
                for number in range(nudges)
            ],
            crew.since,
        )
        await work.commit()


def seen(crew: Crew) -> dict[str, list[datetime]]:
    """When Slack saw each nudge, by the id it bears."""
    found: dict[str, list[datetime]] = defaultdict(list)
    workspace = crew.sandbox.parts.workspace
    for channel in workspace.channels.values():
        messages, _ = workspace.messages(channel.id, channel.person or "", limit=_FOR_EVER)
        for message in messages:
            if message.metadata is not None:
                key = str(message.metadata["event_payload"]["nudge_id"])
                found[key].append(datetime.fromtimestamp(float(message.ts), UTC))
    return {key: at for key, at in found.items() if key.startswith(f"{KIND}:")}


async def _unsent(crew: Crew) -> int:
    outbox = table_of(Outbox)
    async with crew.database.looking() as session:
        open_rows = select(func.count()).where(
            outbox.c.kind == KIND, outbox.c.sent_at.is_(None), outbox.c.dead_at.is_(None)
        )
        return int((await run(session, open_rows)).scalar_one())


async def _count(crew: Crew, nudges: int, seconds: float) -> Found:
    outbox = table_of(Outbox)
    async with crew.database.looking() as session:
        rows = select(func.count()).where(outbox.c.kind == KIND)
        written = int((await run(session, rows)).scalar_one())
    sightings = seen(crew)
    twice = {key: at for key, at in sightings.items() if len(at) > 1}
    odd = [at for at in twice.values() if not _killed_between(crew, at)]
    return Found(
        nudges=nudges,
        lost=nudges - len(sightings),
        written_twice=written - nudges,
        seen_twice=len(twice),
        unexplained=len(odd),
        kills=len(crew.kills),
        seconds=seconds,
        gaps=tuple(round((at[-1] - at[0]).total_seconds(), 1) for at in odd),
    )


def _killed_between(crew: Crew, sightings: list[datetime]) -> bool:
    """Whether somebody was killed shortly after each sighting and before the next.

    Or a moment before: Slack goes through with a call whose caller has died meanwhile.
    """
    return all(
        any(first - _MOMENT <= kill <= min(second, first + _SHORTLY) for kill in crew.kills)
        for first, second in pairwise(sightings)
    )
