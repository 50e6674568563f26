"""When a member may be nudged: their own choice over the workspace's rules."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.calendar import Absent, Hours
from domain.rules import Rules
from storage.due import Reader
from storage.tables import Absence, Member


def hours_of(member: Member | Reader, rules: Rules, absences: Iterable[Absence] = ()) -> Hours:
    """Give a member's hours; a pause counts as time away."""
    away = [Absent(absence.from_on, absence.to_on) for absence in absences]
    if member.paused_until is not None:
        away.append(Absent(date.min, member.paused_until))
    return Hours(
        zone=known_zone(member.time_zone, rules.time_zone),
        digest_time=member.digest_time or rules.digest_time,
        working_days=(member.working_days or rules.working_days).split(","),
        quiet_from=rules.quiet_from,
        quiet_to=rules.quiet_to,
        holidays=public_holidays(member.country or rules.country) if rules.public_holidays else (),
        absences=tuple(away),
    )


@lru_cache(maxsize=300)
def public_holidays(country: str) -> Container[date]:
    """Give the public holidays of a country (ISO code) in any year; none for one nobody lists."""
    import holidays  # noqa: PLC0415  # takes long to load, and few commands ask

    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return frozenset()


def has_holidays(country: str) -> bool:
    """Say whether a country's public holidays are known."""
    import holidays  # noqa: PLC0415  # takes long to load, and few commands ask

    return country in holidays.list_supported_countries()


def known_zone(*names: str | None) -> ZoneInfo:
    """Give the first of these time zones that exists, UTC where none does."""
    for name in names:
        try:
            return ZoneInfo(name or "")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")
