"""`/lost export [REPORT] [excel]`: a report as a file, which an import takes again."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.drawer_filter import read_filter
from domain.errors import Refused
from domain.roles import Permission, can
from domain.rules import Rules
from handlers.context import Context
from handlers.drawer import sought_by
from handlers.effects import Effect, Reply, SendFile, SendReport
from handlers.events import Action, Command
from handlers.exporting import IMPORTED, REPORTS, export
from handlers.reasons import all_reasons_of
from handlers.views.reports import on_its_way, which_report
from storage.accounts import MANY
from storage.unit_of_work import UnitOfWork

PERMISSIONS = {
    "drawer": Permission.SEE_DRAWER,
    "accounts": Permission.READ_REPORTS,
    "losses": Permission.READ_REPORTS,
    "members": Permission.MANAGE_TEAM,
    "ledger": Permission.READ_LEDGER,
    "leaderboard": Permission.ASK,
    "audit": Permission.CHANGE_SETTINGS,
}
_LONG = frozenset({"drawer", "accounts", "losses"})  # a row for each account, or more
_EXCEL = frozenset({"excel", "xlsx", "xls"})
_FILLERS = frozenset({"as", "the", "csv", "to", "a", "an", "file"})


async def export_report(context: Context, event: Command) -> list[Effect]:
    """Promise the report that is named; without a name, offer those the actor may have."""
    words = event.text.lower().replace(",", " ").split()
    named = [word for word in words if word not in _EXCEL | _FILLERS]
    if not named:
        may = [report for report in REPORTS if can(context.role, PERMISSIONS[report])]
        return [Reply(which_report(may))]
    if len(named) > 1 or named[0] not in REPORTS:
        raise Refused(
            f"There is no report called {' '.join(named)[:40]}. There are: {', '.join(REPORTS)}."
        )
    return _promise(context, SendReport(named[0], "xlsx" if _EXCEL & set(words) else "csv"))


async def give_report(context: Context, event: Action) -> list[Effect]:
    """Promise the report whose button was pressed."""
    payload = event.payload
    return _promise(
        context, SendReport(payload["report"], payload["format"], payload.get("filter"))
    )


async def made(work: UnitOfWork, rules: Rules, now: datetime, promised: SendReport) -> SendFile:
    """Make a report that was promised.

    Raises `Refused` where it would be longer than a chat's own process should hold.
    """
    if promised.report in _LONG and await work.accounts.are_many():
        raise Refused(
            f"There are more than {MANY:,} accounts, too many to make a file of here. Who runs "
            f"me can: `python -m bot export {promised.report} --format {promised.file_format}`."
        )
    only = None
    if promised.filter is not None:
        today = now.astimezone(ZoneInfo(rules.time_zone)).date()
        wanted = read_filter(promised.filter, all_reasons_of(rules))
        sought, _ = await sought_by(work, wanted, today)
        found = await work.drawer.find(sought, wanted.sort)
        only = {account.id or 0 for account in (await work.drawer.leaf(found, MANY)).accounts}
    name, content = await export(work, rules, now, promised.report, promised.file_format, only=only)
    again = " An import takes it again." if promised.report in IMPORTED else ""
    return SendFile(name, content, f"{promised.report.capitalize()}, as of now.{again}")


def _promise(context: Context, report: SendReport) -> list[Effect]:
    context.require(PERMISSIONS[report.report])
    context.work.workspaces.audit(
        "exported",
        report.report,
        by=context.actor_id,
        now=context.now,
        detail=report.file_format if report.filter is None else f"{report.file_format}, filtered",
    )
    return [Reply(on_its_way(report.report)), report]
