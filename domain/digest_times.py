"""When a member's digest falls due: once a worked day, at their hour or as soon after as it can."""

from __future__ import annotations

from datetime import date, datetime

from domain.calendar import Hours, next_allowed, next_digest


def is_time(now: datetime, hours: Hours) -> bool:
    """Say whether today's digest may go out: its hour has come, and nobody is disturbed."""
    return hours.allow(now) and hours.digest_at(hours.local(now).date()) <= now


def due_first(now: datetime, hours: Hours, last: date | None, joined_at: datetime) -> datetime:
    """Give when the digest of somebody without a date falls due; `last` is their last one's day.

    Today's where the hour is still to come, or where it came and went unnoticed. Who joined today
    after the hour begins on their next worked day.
    """
    today = hours.local(now).date()
    due_at = hours.digest_at(today)
    begun = last or hours.local(joined_at).date()
    if last == today or not hours.works_on(today) or (due_at <= now and begun >= today):
        return next_digest(today, hours)
    return due_at


def due_next(now: datetime, hours: Hours) -> datetime:
    """Give when the digest after now falls due: today's where it may still go out later today."""
    today = hours.local(now).date()
    if hours.works_on(today) and not is_time(now, hours):
        later = max(hours.digest_at(today), next_allowed(now, hours))
        if hours.local(later).date() == today:
            return later
    return next_digest(today, hours)
