"""`import` and `export`: files in, files out."""

from __future__ import annotations

import asyncio
import json
import sys
from argparse import Namespace
from pathlib import Path

from bot.cli.opening import Desk, opened
from bot.cli.wrong_usage import WrongUsage
from bot.settings import Settings
from domain.columns import Kind
from domain.errors import Refused
from domain.written_days import Order
from handlers.exporting import export, table
from handlers.import_file import Progress, import_file
from handlers.import_results import ImportResult, write_rejects
from handlers.import_wishes import Wishes
from handlers.roster import knowing_people
from handlers.views.importing import named_above, names_none

_NOTHING_READ = 2


async def take_in(arguments: Namespace, settings: Settings) -> int:
    """Import a file and say what came of it; rejected rows go to FILE.rejects.csv.

    0 even where rows were rejected, 2 where nothing could be read.
    """
    path = Path(arguments.file)
    wishes = Wishes(
        kind=Kind(arguments.kind) if arguments.kind else None,
        mapping=dict(_pair(text, "--map") for text in arguments.map),
        where=[_pair(text, "--where") for text in arguments.where],
        order=Order(arguments.date_order) if arguments.date_order else None,
        fill_down=arguments.fill_down,
    )
    if not await asyncio.to_thread(path.is_file):
        print(f"There is no file {path}.", file=sys.stderr)
        return _NOTHING_READ
    async with opened(settings, arguments.workspace) as desk:
        result = await knowing_people(
            desk.app.slack.directory,
            desk.workspace_id,
            lambda: _taken_in(desk, path, wishes, arguments),
        )
    if result is None:
        return _NOTHING_READ
    rejects = Path(f"{path}.rejects.csv")
    if result.rejected and not arguments.dry_run:
        await asyncio.to_thread(write_rejects, rejects, result)
    _say(result, rejects, arguments)
    return 0


async def _taken_in(
    desk: Desk, path: Path, wishes: Wishes, arguments: Namespace
) -> ImportResult | None:
    """Import a file in one unit of work; where nothing can be read say why, and give None."""
    async with desk.app.database.workspace(desk.workspace_id) as work:
        try:
            result = await import_file(
                work,
                await work.workspaces.rules(),
                desk.app.clock(),
                desk.app.slack.directory,
                name=path.name,
                source=path,
                wishes=wishes,
                dry_run=arguments.dry_run,
                progress=None if arguments.json else _progress(),
            )
        except Refused as refusal:
            print(refusal.sentence, file=sys.stderr)
            return None
        except OSError as error:
            print(f"{path}: {error.strerror}.", file=sys.stderr)
            return None
        if not arguments.dry_run:
            await work.commit()
        return result


async def give_out(arguments: Namespace, settings: Settings) -> int:
    """Export a report to a file, or to the screen."""
    async with (
        opened(settings, arguments.workspace) as desk,
        desk.app.database.reading(desk.workspace_id) as work,
    ):
        rules, now = await work.workspaces.rules(), desk.app.clock()
        if arguments.json:
            headings, rows = await table(work, rules, now, arguments.report)
            listed = [dict(zip(headings, row, strict=True)) for row in rows]
            content = json.dumps(listed, ensure_ascii=False, default=str).encode() + b"\n"
        else:
            _, content = await export(work, rules, now, arguments.report, arguments.format)
    await write_out(content, arguments.out)
    return 0


async def write_out(content: bytes, file: str | None) -> None:
    """Write to a file, or to the screen where none is named."""
    if file:
        await asyncio.to_thread(Path(file).write_bytes, content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def _pair(text: str, option: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left.strip():
        raise WrongUsage(f"{option} takes NAME=VALUE, not “{text}”.")
    return left.strip(), right.strip()


def _progress() -> Progress | None:
    """Show on a terminal how far a long file has got; elsewhere say nothing."""
    if not sys.stderr.isatty():
        return None
    return lambda rows: print(f"\r{rows:,} rows read", end="", file=sys.stderr, flush=True)


def _say(result: ImportResult, rejects: Path, arguments: Namespace) -> None:
    figures = {
        "rows": result.rows,
        "taken": result.taken,
        "new": result.new,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "duplicates": result.duplicates,
        "skipped": result.skipped,
        "rejected": len(result.rejected),
    }
    columns = {c.heading: c.field for c in result.columns}
    if arguments.json:
        found = [{"line": bad.line, "reason": bad.why} for bad in result.rejected]
        told: dict[str, object] = {
            "kind": result.kind.value,
            **figures,
            "filled_down": result.below if result.filled_down else 0,
            "columns": columns,
            "rejects": found,
            "notes": result.notes,
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    counted = ", ".join(f"{count:,} {what}" for what, count in figures.items() if count)
    print(f"{result.kind.value}: {counted or 'no rows'}")
    for heading, field in columns.items():
        print(f"  {heading} → {field or 'left out'}")
    for note in result.notes:
        print(f"  {note}")
    if result.filled_down and result.below:
        print(f"  {named_above(result.below, 'take')}")
    if result.may_be_grouped:
        print(f"  {names_none(result.below, 'say --fill-down')}")
    for asked in result.questions:
        print(f"  {asked.heading}: “{asked.example}” can be read two ways; say --date-order")
    for pair in result.near:
        print(f"  “{pair.new}” is nearly “{pair.known}”: two accounts, unless you rename one")
    if result.rejected and not arguments.dry_run:
        print(f"  The rejected rows are in {rejects}: mend them there and import that file.")
    if arguments.dry_run:
        print("  Nothing was written: this was a dry run.")
