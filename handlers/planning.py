"""When settings change, what was planned by the old ones is planned anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from domain.calendar import board_after
from domain.rules import Rules
from handlers.hours import known_zone
from storage.unit_of_work import UnitOfWork

_BOARD = frozenset({"time_zone", "leaderboard_weekday", "leaderboard_time"})
_DIGESTS = frozenset(
    {"time_zone", "digest_time", "working_days", "country", "public_holidays"}
    | {"quiet_from", "quiet_to"}
)


async def plan_anew(
    work: UnitOfWork, changed: Collection[str], rules: Rules, now: datetime
) -> None:
    """Set the due times that depend on settings which changed; `rules` are the new ones."""
    if _BOARD.intersection(changed):
        await work.due.plan_board(board_after(now, rules, known_zone(rules.time_zone)))
    if _DIGESTS.intersection(changed):
        await work.due.forget_digest_plans()
