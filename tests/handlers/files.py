"""Files to take in, and the hand that takes them in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from handlers.import_file import Progress, import_file
from handlers.import_results import ImportResult, rejects_as_csv
from handlers.import_wishes import Wishes
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
