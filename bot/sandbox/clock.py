"""A clock that can be moved, so that a week of nudges can be seen in a second."""

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from zoneinfo import ZoneInfo

from bot.sandbox.config import ClockHook

HOURLY_UP_TO = timedelta(days=8)
MOVED_FROM = timedelta(seconds=2)


class MovableClock:
    """Tells the workspace's time: the real one plus how far it has been moved."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset
        self._jumped = 0.0

    @property
    def offset(self) -> timedelta:
        return self._offset

    @property
    def moved(self) -> bool:
        return abs(self._offset) > MOVED_FROM

    def now(self) -> datetime:
        """The workspace's time, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def elapsed(self) -> float:
        """Seconds that only ever grow: real ones plus every jump forward. For pacing."""
        return time.monotonic() + self._jumped

    def set_to(self, instant: datetime) -> None:
        """Make it that instant now, forward or back."""
        offset = instant - datetime.now(UTC)
        self._jumped += max(0.0, (offset - self._offset).total_seconds())
        self._offset = offset

    def set_real(self) -> None:
        """Go back to the real time."""
        self._offset = timedelta()


class ClockMover:
    """Moves the clock in steps and lets the bot do at each what was due by then."""

    def __init__(
        self,
        clock: MovableClock,
        zones: Iterable[str],
        hook: ClockHook | None,
        tell: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._zones = sorted(set(zones)) or ["UTC"]
        self._hook = hook
        self._tell = tell
        self._one_at_a_time = asyncio.Lock()

    async def move_to(self, target: datetime) -> None:
        """Set the clock, stopping on the way at each hour or, far ahead, at each local morning."""
        async with self._one_at_a_time:
            start = self._clock.now()
            for instant in stops_between(start, target, self._zones):
                self._clock.set_to(instant)
                await self._arrived()

    async def move_by(self, seconds: float) -> None:
        """Move on (or back) by that many seconds."""
        await self.move_to(self._clock.now() + timedelta(seconds=seconds))

    async def return_to_real(self) -> None:
        """Make the workspace's time the real time again."""
        async with self._one_at_a_time:
            self._clock.set_real()
            await self._arrived()

    async def _arrived(self) -> None:
        self._tell()
        if self._hook is not None:
            await self._hook(self._clock.now())


def stops_between(start: datetime, target: datetime, zones: Iterable[str]) -> list[datetime]:
    """The instants at which to stop on the way, in order, the target last.

    Up to eight days every hour; beyond that every 09:00 and midnight in each zone.
    Backward there is one stop.
    """
    if target <= start:
        return [target]
    stops = {target}
    if target - start <= HOURLY_UP_TO:
        hour = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        while hour < target:
            stops.add(hour)
            hour += timedelta(hours=1)
    for name in zones:
        zone = ZoneInfo(name)
        day = start.astimezone(zone).date()
        last = target.astimezone(zone).date()
        while day <= last:
            for at in (wall_time(0), wall_time(9)):
                stop = datetime.combine(day, at, zone).astimezone(UTC)
                if start < stop < target:
                    stops.add(stop)
            day += timedelta(days=1)
    return sorted(stops)


def morning_after(now: datetime, zone: str, weekday: int | None = None) -> datetime:
    """The next day's 09:00 in that zone, or the next such weekday's (Monday is 0), in UTC."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=1)
    while weekday is not None and day.weekday() != weekday:
        day += timedelta(days=1)
    return datetime.combine(day, wall_time(9), ZoneInfo(zone)).astimezone(UTC)
