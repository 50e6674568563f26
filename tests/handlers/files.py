"""Files to take in, and the hand that takes them in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from sqlmodel import col, select

from handlers.import_file import Progress, import_file
from handlers.import_results import ImportResult, rejects_as_csv
from handlers.import_wishes import Wishes
from storage.tables import Account, Loss, Member
from tests.people import WORKSPACE, Desk

CRM = Path(__file__).resolve().parents[3] / "shared" / "data" / "crm"
needs_crm = pytest.mark.skipif(not CRM.is_dir(), reason="the CRM sample is not beside the project")


async def take_in(
    desk: Desk,
    source: Path | str | bytes,
    *,
    dry_run: bool = False,
    workspace: str = WORKSPACE,
    progress: Progress | None = None,
    **wishes: object,
) -> ImportResult:
    """Take a file in and keep it, as the command line does."""
    content = source.encode() if isinstance(source, str) else source
    name = source.name if isinstance(source, Path) else "customers.csv"
    await desk.book.everyone(workspace)
    async with desk.database.workspace(workspace) as work:
        rules = await work.workspaces.rules()
        result = await import_file(
            work,
            rules,
            desk.now,
            desk.book,
            name=name,
            source=content,
            wishes=Wishes(**wishes),  # type: ignore[arg-type]  # tests name what they wish
            dry_run=dry_run,
            progress=progress,
        )
        await work.commit()
    return result


def figures(result: ImportResult) -> tuple[int, int, int, int, int]:
    """New, changed, unchanged, skipped and rejected rows."""
    return (
        *(result.new, result.changed, result.unchanged, result.skipped),
        len(result.rejected),
    )


def rejects(result: ImportResult) -> list[dict[str, str]]:
    """The rejects file, read as a script would."""
    return list(csv.DictReader(io.StringIO(rejects_as_csv(result))))


async def told(desk: Desk) -> tuple[str, ...]:
    """Each loss in a line: account, kind, reason, value, currency, day and who lost it."""
    async with desk.database.reading(WORKSPACE) as work:
        statement = select(Loss, Account).where(Loss.account_id == Account.id)
        rows = list(await work.session.exec(statement.order_by(col(Loss.id))))
        names = {m.id: m.name for m in await work.session.exec(select(Member))}
    return tuple(
        " ".join(
            (
                *(account.name, loss.kind, loss.reason),
                "-" if loss.value_minor is None else f"{loss.value_minor / 100:.2f}",
                *(loss.currency or "-", str(loss.lost_on), names.get(loss.lost_by_id, "-")),
            )
        )
        for loss, account in rows
    )


def counted(result: ImportResult) -> bool:
    """Whether each row was taken, left out or given back."""
    return result.rows == result.taken + result.skipped + len(result.rejected)
