"""Reports as files, under the headings that an import takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from domain.account_life import DEALABLE, IN_HAND, State
from domain.columns import FIELDS, Field, Kind
from domain.errors import Refused
from domain.leaderboard import standings
from domain.names import name_key
from domain.periods import read_period, words_for
from domain.rules import Rules
from handlers.reasons import label_of
from storage.exporting import Exporting
from storage.spreadsheet_files import Value, as_csv
from storage.unit_of_work import UnitOfWork

Table = tuple[Sequence[str], list[Sequence[Value]]]

_PARTS_OF_THE_NAME = frozenset({"first_name", "last_name"})
_OF_THE_ACCOUNT = frozenset({"stage", "tier", "region", "sector"})  # fields no loss has of its own


async def export(
    work: UnitOfWork,
    rules: Rules,
    now: datetime,
    report: str,
    file_format: str = "csv",
    *,
    only: Collection[int] | None = None,
) -> tuple[str, bytes]:
    """Write a report as `csv` or `xlsx`; give the file's name and its bytes.

    Of the drawer's accounts it has `only` those with these ids. Raises `Refused` where there is no
    such report.
    """
    headings, rows = await table(work, rules, now, report, only=only)
    today = now.astimezone(ZoneInfo(rules.time_zone)).date()
    name = f"{report}-{today}.{file_format}"
    if file_format == "xlsx":
        from storage.workbooks import as_xlsx  # noqa: PLC0415  # takes long to load, and few ask

        return name, await asyncio.to_thread(as_xlsx, report.capitalize(), headings, rows)
    return name, await asyncio.to_thread(as_csv, headings, rows)


async def table(
    work: UnitOfWork,
    rules: Rules,
    now: datetime,
    report: str,
    *,
    only: Collection[int] | None = None,
) -> Table:
    """Give a report's headings and rows. Raises `Refused` where there is no such report."""
    if report not in REPORTS:
        raise Refused(f"There is no report called {report}. There are: {', '.join(REPORTS)}.")
    exporting = Exporting(work.session, work.workspace_id)
    made = _Export(work, exporting, rules, now, await exporting.namesakes(), only)
    return await REPORTS[report](made)


@dataclass(frozen=True, slots=True)
class _Export:
    """What a report is made from."""

    work: UnitOfWork
    exporting: Exporting
    rules: Rules
    now: datetime
    namesakes: set[str]
    only: Collection[int] | None

    async def drawer(self) -> Table:
        """Give the whole programme: what waits to be dealt, and what is in whose hand."""
        return await self._accounts(DEALABLE | IN_HAND)

    async def accounts(self) -> Table:
        return await self._accounts(frozenset(State))

    async def _accounts(self, states: frozenset[State]) -> Table:
        return _by_field(
            FIELDS[Kind.ACCOUNTS],
            [
                {
                    "account": a.name,
                    "account_id": a.external_id,
                    "tier": a.tier,
                    "region": a.region,
                    "sector": a.sector,
                    "value": amount(a.value_minor, a.currency),
                    "currency": a.currency,
                    "product": a.product,
                    "decision_maker": a.decision_maker,
                    "lost_by": self._who(a, "lost_by"),
                    "last_day": a.lost_on,
                    "reason": self._reason(a.reason),
                    "competitor": a.competitor,
                    "state": a.state,
                    "holder": self._who(a, "holder"),
                    "verified": self._reason(a.why_verified),
                }
                for a in await self.exporting.accounts(states)
                if self.only is None or a.id in self.only
            ],
        )

    async def losses(self) -> Table:
        return _by_field(
            [field for field in FIELDS[Kind.LOSSES] if field.key not in _OF_THE_ACCOUNT],
            [
                {
                    "account": x.account,
                    "reason": self._reason(x.reason),
                    "what_happened": x.what_happened,
                    "competitor": x.competitor,
                    "competitor_won_by": x.competitor_won_by,
                    "value": amount(x.value_minor, x.currency),
                    "currency": x.currency,
                    "last_day": x.last_day_on,
                    "lost_on": x.lost_on,
                    "decision_maker": x.decision_maker,
                    "lost_by": self._who(x, "lost_by"),
                    "product": x.product,
                    "kind": x.kind,
                    "wake_on": x.wake_on,
                    "preventable": x.preventable,
                    "external_id": x.fingerprint,
                    "account_id": x.account_id_there,
                    "verified": self._reason(x.verified_reason),
                }
                for x in await self.exporting.losses()
            ],
        )

    async def members(self) -> Table:
        return _by_field(
            [field for field in FIELDS[Kind.MEMBERS] if field.key not in _PARTS_OF_THE_NAME],
            [
                {
                    "name": m.name,
                    "manager": self._who(m, "manager"),
                    "region": m.region,
                    "role": m.role,
                    "email": m.email,
                    "platform_id": m.platform_user_id,
                    "time_zone": m.time_zone,
                    "weight": m.weight,
                }
                for m in await self.exporting.members()
            ],
        )

    async def ledger(self) -> Table:
        return _under(
            [
                *("Line", "At", "Member", "Account", "Claim", "Entry", "From", "To"),
                *("Amount", "Currency", "By", "Note"),
            ],
            [
                (
                    *(line.id, line.at, self._who(line, "member"), line.account, line.claim_id),
                    *(line.entry, line.source, line.target),
                    *(amount(line.amount_minor, line.currency), line.currency),
                    *(self._who(line, "by"), line.note),
                )
                for line in await self.exporting.ledger()
            ],
        )

    async def leaderboard(self) -> Table:
        zone = ZoneInfo(self.rules.time_zone)
        today = self.now.astimezone(zone).date()
        period = read_period("", today, self.rules.leaderboard_period)
        start, end = period.instants(zone)
        counted = await self.work.board.counted(
            start, end, first_day=period.start, currency=self.rules.currency
        )
        currency = self.rules.currency
        return _under(
            ["Rank", "Name", "Points", "Wins", "Value", "Currency", "Visits", "Whys", "Period"],
            [
                (
                    *(each.rank, each.tally.name, each.tally.points, _part(each.tally.wins)),
                    *(amount(each.tally.value_minor, currency), currency),
                    *(each.tally.visits, each.tally.whys, words_for(period)),
                )
                for each in standings(counted, self.rules)
            ],
        )

    async def audit(self) -> Table:
        return _under(
            ["At", "Who", "What", "About", "Detail"],
            [
                (line.at, self._who(line, "by"), line.action, line.subject, line.detail)
                for line in await self.exporting.audit()
            ],
        )

    def _reason(self, key: str | None) -> str | None:
        return label_of(key, self.rules) if key else None

    def _who(self, row: Any, part: str) -> str | None:
        """Name a person so that an import finds them: by name, unless somebody else has it too."""
        name, email, user = (
            getattr(row, f"{part}_{key}") for key in ("name", "email", "platform_user_id")
        )
        if name is None:
            return None
        shared = name_key(name) in self.namesakes
        return str((user or email or name) if shared else name)


REPORTS: dict[str, Callable[[_Export], Awaitable[Table]]] = {
    "drawer": _Export.drawer,
    "accounts": _Export.accounts,
    "losses": _Export.losses,
    "members": _Export.members,
    "ledger": _Export.ledger,
    "leaderboard": _Export.leaderboard,
    "audit": _Export.audit,
}
"""The reports by name."""

IMPORTED = frozenset({"drawer", "accounts", "losses", "members"})
"""Those that an import takes."""


def amount(minor: int | None, currency: str | None) -> Decimal | None:
    """Give a sum in whole currency units, as files have it."""
    if minor is None or currency is None:
        return None
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def _by_field(fields: Sequence[Field], rows: list[dict[str, Value]]) -> Table:
    """Put each field's values under its heading."""
    return _under([field.label for field in fields], [[row[f.key] for f in fields] for row in rows])


def _part(wins: Fraction) -> Value:
    """Give a count of wins, of shared ones their part."""
    return wins.numerator if wins.denominator == 1 else Decimal(f"{float(wins):.2f}")


def _under(headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> Table:
    """Put rows under headings, instants in UTC."""
    in_utc: list[Sequence[Value]] = [
        [each.astimezone(UTC) if isinstance(each, datetime) else each for each in row]
        for row in rows
    ]
    return headings, in_utc
