"""A payments file that comes back with the days on which it was paid."""

from __future__ import annotations

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
    rows = _read(event)
    if rows is None:
        return None
    days: dict[str, date] = {}
    wrong: dict[str, str] = {}
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


def _read(event: FileShared) -> list[dict[str, str]] | None:
    """Read the file's rows by heading; None where it is no payments file."""
    with opened(event.content) as file:
        try:
            sheet = open_sheet(file, event.name, _score)
        except Refused:
            return None
        headings = [heading.strip().lower() for heading in sheet.headings]
        if not {_PAYMENT, _PAID_ON} <= set(headings):
            return None
        return [
            dict(zip(headings, row, strict=True)) for batch in sheet.batches() for row in batch.rows
        ]


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
