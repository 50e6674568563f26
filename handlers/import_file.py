"""One file taken in, whole or not at all: read, matched, checked, staged, written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from babel.numbers import get_currency_precision

from domain.columns import FIELDS, Kind, Reads
from domain.matching import Column, Match, Unmatched, heading_score, match_columns
from domain.row_reading import Habits, RowReader
from domain.rules import Rules
from domain.written_days import Order
from domain.written_sums import Unit, unit_in
from handlers.import_members import take_members
from handlers.import_results import ImportResult, Question
from handlers.import_rows import RowFilter, Rows
from handlers.import_staged import take_accounts, take_losses
from handlers.import_wishes import Wishes, signature
from handlers.ports import Directory
from handlers.reasons import all_reasons_of
from handlers.roster import people_of
from handlers.views.forgetting import contacts_left_out
from storage.headings import distinct, given_back, own_columns
from storage.spreadsheets import Sheet, open_sheet, opened
from storage.unit_of_work import UnitOfWork

_MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})  # countries that write the month first

_digits = cache(get_currency_precision)

Progress = Callable[[int], None]


async def import_file(
    work: UnitOfWork,
    rules: Rules,
    now: datetime,
    directory: Directory,
    *,
    name: str,
    source: Path | bytes,
    wishes: Wishes | None = None,
    by: int | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Take a file in; the caller commits. With `dry_run` nothing is left of it afterwards.

    What was wished for the last file with these headings is wished for this one, too, unless
    `wishes` say otherwise. `by` is the member who sends it; `progress` is told the rows read so
    far. Raises `Refused` where the file cannot be read at all; rows that cannot be taken are in
    the result.
    """
    with opened(source) as file:
        sheet = await asyncio.to_thread(open_sheet, file, name, heading_score)
        importing = _Import(work, rules, now, directory, by)
        async with work.session.begin_nested() as savepoint:
            result = await importing.run(sheet, wishes or Wishes(), progress)
            if dry_run:
                await savepoint.rollback()
    return result


async def columns_of(
    work: UnitOfWork, rules: Rules, name: str, source: bytes, wishes: Wishes
) -> Match:
    """Give a file's columns as an import would match them; without fields where it would not.

    Raises `Refused` where the file cannot be read at all.
    """
    with opened(source) as file:
        sheet = await asyncio.to_thread(open_sheet, file, name, heading_score)
    known = await work.import_memory.columns(signature(sheet.headings))
    wishes = wishes.over(Wishes.from_json(known)) if known else wishes
    try:
        return _matched(sheet, wishes, rules)
    except Unmatched:
        samples = [tuple(row[i] for row in sheet.sample[:3]) for i in range(len(sheet.headings))]
        columns = zip(sheet.headings, samples, strict=True)
        return Match(wishes.kind or Kind.ACCOUNTS, tuple(Column(*each) for each in columns))


def _matched(sheet: Sheet, wishes: Wishes, rules: Rules) -> Match:
    reasons = all_reasons_of(rules)  # a file may be of the time before one was retired
    return match_columns(sheet.headings, sheet.sample, wishes.kind, wishes.mapping, reasons)


@dataclass(frozen=True, slots=True)
class _Import:
    """One run: where the rows go, by whose rules, when, and who sends them."""

    work: UnitOfWork
    rules: Rules
    now: datetime
    directory: Directory
    by: int | None

    async def run(self, sheet: Sheet, wishes: Wishes, progress: Progress | None) -> ImportResult:
        headings, memory = signature(sheet.headings), self.work.import_memory
        known = await memory.columns(headings)
        wishes = wishes.over(Wishes.from_json(known)) if known else wishes
        found = _matched(sheet, wishes, self.rules)
        if found.kind is Kind.MEMBERS or "lost_by" in found.positions():
            people_of(self.directory, self.work.workspace_id)  # now, for it may have to begin anew
        if wishes.worth_remembering:
            kept = Wishes(found.kind, wishes.mapping, order=wishes.order)
            await memory.remember_columns(headings, kept.to_json())
        wishes = replace(wishes, meanings={**await memory.reasons(), **wishes.meanings})
        habits = self._habits(wishes, found)
        own = own_columns(sheet.headings)
        reader = RowReader(found.kind, found.positions(), habits, sheet.sample, own)
        chosen = RowFilter(found, wishes.where)
        rows = Rows(sheet, reader, chosen, progress, fill_down=wishes.fill_down)
        notes = list(sheet.notes)
        result = ImportResult(found.kind, found.columns, filled_down=wishes.fill_down, notes=notes)
        match found.kind:
            case Kind.ACCOUNTS:
                await take_accounts(self.work, self.directory, rows, result, now=self.now)
            case Kind.LOSSES:
                await take_losses(
                    *(self.work, self.directory, rows, result),
                    rules=self.rules,
                    now=self.now,
                    by=self.by,
                )
            case Kind.MEMBERS:
                await take_members(self.work, self.directory, rows, result, now=self.now)
        if again := await self.work.forgetting.keep_out():
            result.notes.append(contacts_left_out(again))
        _sum_up(result, rows)
        if result.rejected:
            given = distinct(given_back(sheet.headings))
            as_read = _as_read(found, given, rows, wishes.order)
            await memory.remember_columns(signature(given), as_read.to_json())
        return result

    def _habits(self, wishes: Wishes, found: Match) -> Habits:
        month_first = self.rules.country in _MONTH_FIRST
        value = found.positions().get("value")
        return Habits(
            currency=self.rules.currency,
            digits=_digits,
            order=Order.MONTH_FIRST if month_first else Order.DAY_FIRST,
            orders=dict.fromkeys(found.positions(), wishes.order) if wishes.order else {},
            reasons=all_reasons_of(self.rules),
            meanings=wishes.meanings,
            unit=Unit() if value is None else unit_in(found.columns[value].heading),
        )


def _as_read(found: Match, given: list[str], rows: Rows, order: Order | None) -> Wishes:
    """Say how a file was read, so that its rows given back under `given` are read the same."""
    own = own_columns(given)
    theirs = found.columns[own - len(given) :]
    mapping = {h: c.field or "-" for h, c in zip(given[own:], theirs, strict=True)}
    orders = {decision.order for decision in rows.reader.decisions().values() if decision.evident}
    return Wishes(found.kind, mapping, order=order or (orders.pop() if len(orders) == 1 else None))


def _sum_up(result: ImportResult, rows: Rows) -> None:
    """Put the figures and what there is to say about them into the result."""
    result.rows, result.skipped = rows.seen, rows.skipped
    result.rejected = sorted(rows.rejected, key=lambda bad: bad.line)
    result.taken = result.rows - result.skipped - len(result.rejected)
    result.unsure = dict(rows.reader.unsure.most_common())
    result.questions = [
        Question(result.columns[rows.reader.positions[key]].heading, decision.example)
        for key, decision in rows.reader.decisions().items()
        if not decision.certain
    ]
    result.notes += rows.reader.remarks()
    result.below = rows.below
    decided = [
        field.label
        for field in FIELDS[result.kind]
        if field.reads is Reads.NOTHING and field.key in rows.reader.positions
    ]
    if decided:
        result.notes.append(f"{' and '.join(decided)}: not imported, the deal decides.")
    if result.kind is Kind.LOSSES and rows.dayless:
        counted = "1 row" if rows.dayless == 1 else f"{rows.dayless:,} rows"
        result.notes.append(f"Counted as lost today, for want of a date: {counted}.")
    if rows.chosen.skipped:
        stages = ", ".join(f"{stage} {n}" for stage, n in rows.chosen.skipped.most_common(6))
        result.notes.append(f"Left out because their stage is not lost: {stages}.")
