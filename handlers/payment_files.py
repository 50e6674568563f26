"""A payments file that comes back with the days on which it was paid."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from domain.errors import Refused
from domain.roles import Permission, can
from domain.written_days import Order, read_day
from handlers.context import Context
from handlers.effects import Effect, Reply
from handlers.events import FileShared
from handlers.exporting import amount
from handlers.payments import mark_paid
from handlers.views.payments import Marked, marked_note
from storage.spreadsheets import open_sheet, opened

_PAYMENT, _PAID_ON, _AMOUNT = "payment", "paid on", "amount"
_MONTH_FIRST = frozenset({"US", "PH"})  # countries that write the month first


async def take_payments(context: Context, event: FileShared) -> list[Effect] | None:
    """Mark as paid what a payments file says; None where it is none, or not the sender's to send.

    Rows without a day are left open; a row whose sum was changed is given back with the reason.
    """
    if not can(context.role, Permission.PAY):
        return None
    read = await asyncio.to_thread(_read, event)
    if read is None:
        return None
    rows, wrong = read
    days: dict[str, date] = {}
    for row in rows:
        reference, written = row[_PAYMENT].strip().upper(), row[_PAID_ON].strip()
        day = read_day(written, _order(context)) if written else None
        if not reference or not written:
            continue
        if day is None or day > context.today:
            wrong[reference] = f"“{written[:20]}” is no day on which it can have been paid."
        else:
            days[reference] = day
    wrong.update(await _changed_sums(context, {row[_PAYMENT].strip().upper(): row for row in rows}))
    marked = await mark_paid(context, {ref: day for ref, day in days.items() if ref not in wrong})
    refused = (*wrong.items(), *marked.wrong)
    return [Reply(marked_note(Marked(marked.paid, marked.already, refused)))]


def _read(event: FileShared) -> tuple[list[dict[str, str]], dict[str, str]] | None:
    """Read rows by heading, and lines that are none with the reason; None for any other file."""
    with opened(event.content) as file:
        try:
            sheet = open_sheet(file, event.name, _score)
        except Refused:
            return None
        headings = [heading.strip().lower() for heading in sheet.headings]
        if not {_PAYMENT, _PAID_ON} <= set(headings):
            return None
        rows: list[dict[str, str]] = []
        broken: dict[str, str] = {}
        for batch in sheet.batches():
            cells = zip(*batch.columns, strict=True)
            rows += [dict(zip(headings, row, strict=True)) for row in cells]
            broken |= {f"Line {each.line}": each.why for each in batch.broken}
        return rows, broken


async def _changed_sums(context: Context, rows: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Find rows whose sum is not any more what was drawn up."""
    changed = {}
    for reference, payout in (await context.work.ledger.payouts(rows.keys())).items():
        written = rows[reference].get(_AMOUNT, "").strip()
        drawn_up = amount(payout.amount_minor, payout.currency)
        try:
            same = not written or Decimal(written.replace(",", "")) == drawn_up
        except InvalidOperation:
            same = False
        if not same:
            changed[reference] = f"The sum reads {written[:20]}, but {drawn_up} was drawn up."
    return changed


def _score(cells: Sequence[str]) -> int:
    return len({cell.strip().lower() for cell in cells} & {_PAYMENT, _PAID_ON, _AMOUNT})


def _order(context: Context) -> Order:
    return Order.MONTH_FIRST if context.rules.country in _MONTH_FIRST else Order.DAY_FIRST
