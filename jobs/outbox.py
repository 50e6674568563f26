"""From the outbox to the platform: lease, send, record."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import SendFailed
from domain.pace import Pace
from handlers.views.elements import View
from jobs.outcomes import Fate, Outcome, record
from jobs.ports import Attention, Meter, NoMeter, Sender
from storage import letters
from storage.database import Database
from storage.leasing import lease
from storage.letters import Letter

T = TypeVar("T")
_log = logging.getLogger(__name__)

_SEND_SECONDS = 20
_TO_RECORD = timedelta(seconds=30)  # that a lease outlasts a try
_SHORTEST_WAIT = 0.05
_LEASE = timedelta(seconds=90)
_LONGEST_SILENCE = timedelta(hours=24)  # whatever do-not-disturb says
_PACE = Pace()
_NO_METER = NoMeter()
_RECORDINGS = 60
_RECORD_AGAIN_SECONDS = 1.0
_FEW, _MANY = 2, 16  # leased together, as multiples of what is tried at once
_SOON = 0.25  # seconds; where those leased were gone by then more are leased the next time
_LOOK_AGAIN = 1.0  # seconds after which more is looked for though nothing that goes has ended
_UNRECORDED = 4  # as a multiple of what is tried at once: so many may go out twice after a death


@dataclass
class _Hand:
    """What a drain has in hand: letters it leased, places that send, and what is to be recorded.

    `unrecorded`: ids of the letters begun and not yet recorded; after a sender's death these are
    what may go out twice. `size` is how many were asked for with the last lease, `leased_at` when
    they came. `may_be_more`: something was leased or has ended since then. `failure` is why no more
    can be leased; what was begun is brought to its end all the same. `news`: something has ended.
    """

    held: deque[Letter] = field(default_factory=deque)
    places: set[asyncio.Task[None]] = field(default_factory=set)
    outcomes: list[Outcome] = field(default_factory=list)
    unrecorded: set[int] = field(default_factory=set)
    recording: asyncio.Task[None] | None = None
    leasing: asyncio.Task[list[Letter]] | None = None
    leased_at: float = -inf
    size: int = 0
    may_be_more: bool = True
    failure: BaseException | None = None
    sent: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def busy(self) -> set[asyncio.Task[Any]]:
        """All that is under way."""
        return {*self.places, *(one for one in (self.recording, self.leasing) if one is not None)}

    def start(self, work: Coroutine[None, None, T]) -> asyncio.Task[T]:
        """Begin something whose end is news."""
        task = asyncio.create_task(work)
        task.add_done_callback(lambda _: self.news.set())
        return task


class Delivery:
    """Sends what is due in the outbox, several messages at once and each of them once.

    1. Due rows are leased in one transaction, and committed.
    2. Each is sent outside any transaction; a slow recipient takes one place of `at_once`.
    3. What became of those that ended meanwhile is recorded in one transaction.

    A sender that dies leaves leases that run out, and another takes the rows up. Only a message
    that went out and was not yet recorded when the sender died may go out twice.
    """

    def __init__(
        self,
        database: Database,
        sender: Sender,
        clock: Callable[[], datetime],
        *,
        at_once: int = 16,
        pace: Pace = _PACE,
        attention: Attention | None = None,
        meter: Meter = _NO_METER,
    ) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._at_once = at_once
        self._pace = pace
        self._attention = attention
        self._meter = meter
        self._draining = asyncio.Lock()
        self._stopping = False

    def stop(self) -> None:
        """Begin no further message; `drain` then ends with what is in hand."""
        self._stopping = True

    async def drain(self, *, until_empty: bool = False) -> int:
        """Send everything that may go now and give how many messages went out.

        With `until_empty` also what only waits for its turn at the platform's pace.
        """
        sent = 0
        async with self._draining:
            while True:
                sent += await self._drain()
                if not until_empty or self._stopping:
                    return sent
                wait = await self.next_in(paced_only=True)
                if wait is None:
                    return sent
                await asyncio.sleep(wait)

    async def next_in(self, *, paced_only: bool = False) -> float | None:
        """Give in how many seconds a message may next be tried, None where none waits."""
        now = self._clock()
        async with self._database.looking() as session:
            at = await letters.next_try(session, now, paced_only=paced_only)
        return None if at is None else max((at - now).total_seconds(), _SHORTEST_WAIT)

    async def _drain(self) -> int:
        if not await self._wake_waiting():
            return 0
        hand = _Hand()
        try:
            while True:
                self._begin(hand)
                if not hand.busy:
                    if hand.failure is not None:
                        raise hand.failure
                    return hand.sent
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_AGAIN):
                        await hand.news.wait()
                hand.news.clear()
                self._take_in(hand)
        finally:
            for task in hand.busy:
                task.cancel()
            await asyncio.gather(*hand.busy, return_exceptions=True)
            await self._release(hand.held)

    def _begin(self, hand: _Hand) -> None:
        """Begin all that can be done at the same time: places, one record, and one lease ahead."""
        if self._may_begin(hand):
            free = min(self._at_once - len(hand.places), len(hand.held))
            hand.places.update(hand.start(self._send_on(hand)) for _ in range(free))
        if hand.outcomes and hand.recording is None:
            hand.recording = hand.start(self._record_all(hand))
        ending = self._stopping or hand.failure is not None
        if not hand.held and hand.leasing is None and hand.may_be_more and not ending:
            hand.size = self._next_size(hand)
            hand.may_be_more = False  # but for what is written while we look
            hand.leasing = hand.start(self._lease(hand.size, hand.unrecorded))

    def _may_begin(self, hand: _Hand) -> bool:
        """Whether another letter may be begun."""
        ending = self._stopping or hand.failure is not None
        few = len(hand.unrecorded) < _UNRECORDED * self._at_once
        return bool(hand.held) and few and not ending

    async def _send_on(self, hand: _Hand) -> None:
        """Send one letter after another, while there are any and what was sent is recorded."""
        while self._may_begin(hand):
            letter = hand.held.popleft()
            if self._outlasts_a_try(letter):
                hand.unrecorded.add(letter.id)
                hand.news.set()  # where it was the last, more can be leased
                outcome = await self._try(letter)
                hand.outcomes.append(outcome)  # after the await: a record takes the list away
                hand.may_be_more = True
                hand.news.set()

    def _next_size(self, hand: _Hand) -> int:
        """Ask for twice as many while they are soon gone: whoever holds much holds it up."""
        if asyncio.get_running_loop().time() > hand.leased_at + _SOON:
            return _FEW * self._at_once
        return min(2 * hand.size, _MANY * self._at_once)

    def _take_in(self, hand: _Hand) -> None:
        """Take in what has ended; where nothing has for long, others may have written meanwhile."""
        if asyncio.get_running_loop().time() > hand.leased_at + _LOOK_AGAIN:
            hand.may_be_more = True
        for place in [task for task in hand.places if task.done()]:
            hand.places.remove(place)
            place.result()
        if hand.leasing is not None and hand.leasing.done():
            leasing, hand.leasing = hand.leasing, None
            hand.failure = leasing.exception()
            leased = [] if hand.failure else leasing.result()
            hand.held.extend(leased)
            hand.leased_at = asyncio.get_running_loop().time()
            hand.may_be_more = hand.may_be_more or bool(leased)
        if hand.recording is not None and hand.recording.done():
            recording, hand.recording = hand.recording, None
            recording.result()

    async def _wake_waiting(self) -> bool:
        """Make due what waited for members who are known now; say whether anything is due."""
        now = self._clock()
        async with self._database.looking() as session:
            if not await letters.known_by_now(session):
                at = await letters.next_try(session, now)
                return at is not None and at <= now
        async with self._database.session() as session:
            await letters.wake_waiting(session, now)
            await session.commit()
        return True

    async def _lease(self, limit: int, in_hand: Collection[int]) -> list[Letter]:
        now = self._clock()
        async with self._database.session() as session:
            leased = await lease(
                session,
                now=now,
                until=now + _LEASE,
                limit=limit,
                pace=self._pace,
                in_hand=list(in_hand),
            )
            await session.commit()
        return leased

    async def _release(self, held: Iterable[Letter]) -> None:
        held = [letter for letter in held if self._outlasts_a_try(letter)]
        if held:
            async with self._database.session() as session:
                await letters.release(session, held)
                await session.commit()

    def _outlasts_a_try(self, letter: Letter) -> bool:
        """Whether our lease holds until a try begun now is over and written down."""
        try_ends = self._clock() + timedelta(seconds=_SEND_SECONDS)
        return try_ends + _TO_RECORD < letter.leased_until

    async def _try(self, letter: Letter) -> Outcome:
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                busy_until = await self._busy_until(letter)
                if busy_until is not None:
                    return Outcome(letter, busy_until=busy_until)
                reference = await self._sender.send(
                    letter.workspace_id,
                    user_id=letter.user_id,
                    channel_id=letter.channel_id,
                    view=View.from_json(letter.view_json),
                    dedupe_key=letter.dedupe_key,
                    update_of=letter.update_of,
                )
        except SendFailed as failure:
            return Outcome(letter, failure=failure)
        except TimeoutError:
            return Outcome(letter, failure=SendFailed("no answer in time"))
        except ValidationError:
            return Outcome(letter, failure=SendFailed("unreadable message", permanent=True))
        except Exception:  # noqa: BLE001  # a bug in one message must not hold up the others
            _log.exception("letter %s could not be sent", letter.id)
            return Outcome(letter, failure=SendFailed("internal error"))
        return Outcome(letter, reference)

    async def _busy_until(self, letter: Letter) -> datetime | None:
        """Give until when a nudge's reader is not to be disturbed; answers are never held back."""
        if self._attention is None or letter.rank == 0 or letter.user_id is None:
            return None
        now = self._clock()
        until = await self._attention.busy_until(letter.workspace_id, letter.user_id, now)
        return min(until, now + _LONGEST_SILENCE) if until is not None and until > now else None

    async def _record_all(self, hand: _Hand) -> None:
        """Write down what ended so far, and what ends meanwhile."""
        while hand.outcomes:
            outcomes, hand.outcomes = hand.outcomes, []
            await self._record(outcomes)
            hand.unrecorded.difference_update(one.letter.id for one in outcomes)
            hand.sent += sum(one.fate is Fate.SENT for one in outcomes)
            hand.may_be_more = True

    async def _record(self, outcomes: list[Outcome]) -> None:
        """Write down what became of tries.

        While the database is away this goes on trying: what is forgotten would be sent again.
        """
        for attempt in range(1, _RECORDINGS + 1):
            now = self._clock()
            try:
                async with self._database.session() as session:
                    await record(session, outcomes, now)
                    await session.commit()
                break
            except (SQLAlchemyError, OSError):
                if attempt == _RECORDINGS:
                    raise
                _log.exception("what was sent could not be recorded; trying again")
                await asyncio.sleep(_RECORD_AGAIN_SECONDS)
        self._count(outcomes, now)

    def _count(self, outcomes: list[Outcome], now: datetime) -> None:
        for one in outcomes:
            if one.fate is Fate.SENT:
                late = max((now - one.letter.due_at).total_seconds(), 0)
                self._meter.sent(one.letter.kind, late)
            elif one.fate is not Fate.BUSY:
                self._meter.failed(one.letter.kind, one.fate.value)
            if one.fate is Fate.PERMANENT:
                self._database.outbox_written.set()
