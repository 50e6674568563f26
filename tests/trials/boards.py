"""The board counted again, from bare rows and by the rule that stands beneath it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlmodel import select

from domain.money import Money
from handlers.money import show_money
from handlers.views.elements import Table, View
from storage.tables import Claim, LedgerLine, Member, Visit
from tests.people import CHI, WORKSPACE
from tests.trials.books import parts_of
from tests.trials.company import as_text, view_of
from tests.trials.play import Play

_HERE = ZoneInfo("America/New_York")
_WIN, _FOOTHOLD, _VISIT, _WHY = 10, 5, 1, 3
_PLACES = 20

Row = tuple[int, str, int, str, str, int, int]
"""Rank, name, points, wins, value won back, visits and whys, as a board has them."""


async def check_board(play: Play, asked: str, first: date, end: date) -> str:
    """Ask for a board as a rep would, check every place on it, and give it as text."""
    view = view_of(await play.act(play.desk.types(CHI, f"board {asked}")))
    counted = await _recounted(play, first, end)
    assert _places_on(view) == counted[:_PLACES], (_places_on(view), counted)
    return as_text(view)


def _places_on(view: View) -> list[Row]:
    table = next(one for one in view.elements if isinstance(one, Table))
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [
        (
            *(int(row["#"]), row["Who"], int(row["Points"])),
            *(row.get("Wins", ""), row.get("Won back", "")),
            *(int(row.get("Visits") or 0), int(row.get("Whys") or 0)),
        )
        for row in rows
    ]


async def _recounted(play: Play, first: date, end: date) -> list[Row]:
    """Count what was approved and logged from one day up to another, each at its own hour here."""
    async with play.desk.database.reading(WORKSPACE) as work:
        claims = list(await work.session.exec(select(Claim).where(Claim.state == "approved")))
        lines = list(
            await work.session.exec(select(LedgerLine).where(LedgerLine.entry == "approved"))
        )
        visits = list(await work.session.exec(select(Visit)))
        members = {one.id or 0: one for one in await work.session.exec(select(Member))}
    points: Counter[int] = Counter()
    value: Counter[int] = Counter()
    wins: dict[int, Fraction] = defaultdict(Fraction)
    for claim in claims:
        if not _within(claim.decided_at, first, end):
            continue
        weights = _weights(claim, lines)
        whole = claim.extent == "whole"
        counts = whole and claim.currency == play.plans[-1][1]["currency"]
        worth = parts_of(_WIN if whole else _FOOTHOLD, list(weights.values()))
        sums = parts_of(claim.value_minor if counts else 0, list(weights.values()))
        for member, share, point, minor in zip(weights, weights.values(), worth, sums, strict=True):
            points[member] += point
            value[member] += minor
            wins[member] += Fraction(share, sum(weights.values())) if whole else 0
    seen: Counter[int] = Counter()
    whys: dict[int, set[int]] = defaultdict(set)
    for visit in visits:
        if _within(visit.logged_at, first, end):
            seen[visit.member_id] += 1
            if visit.verified_reason:
                whys[visit.member_id].add(visit.account_id)
    for member in set(seen):
        points[member] += seen[member] * _VISIT + len(whys[member]) * _WHY
    named = [member for member in points if points[member] > 0 and _is_named(members[member])]
    named.sort(key=lambda member: (-points[member], members[member].name.lower()))
    return [
        (
            1 + sum(points[other] > points[member] for other in named),
            members[member].name,
            points[member],
            f"{float(wins[member]):.2f}".rstrip("0").rstrip(".") if wins[member] else "",
            _worth(value[member], play) if value[member] else "",
            seen[member],
            len(whys[member]),
        )
        for member in named
    ]


def _weights(claim: Claim, lines: list[LedgerLine]) -> dict[int, int]:
    """Say what each member got of a bounty at its approval, the claimant first."""
    got = {line.member_id: line.amount_minor for line in lines if line.claim_id == claim.id}
    order = sorted(got, key=lambda member: (member != claim.member_id, member))
    return {member: got[member] for member in order} or {claim.member_id: 1}


def _within(instant: datetime | None, first: date, end: date) -> bool:
    since, until = (datetime.combine(day, time(), _HERE) for day in (first, end))
    return instant is not None and since <= instant < until


def _is_named(member: Member) -> bool:
    return member.active and member.on_board


def _worth(minor: int, play: Play) -> str:
    return show_money(Money(minor, play.plans[-1][1]["currency"]))
