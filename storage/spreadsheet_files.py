"""Tables into CSV files that are safe to open."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

from domain.safe_cells import as_safe

Value = str | int | Decimal | date | datetime | None
Rows = Iterable[Sequence[Value]]


def as_csv(headings: Sequence[str], rows: Rows) -> bytes:
    """Write a table as CSV: UTF-8, commas, ISO days, instants in UTC, no formula can run."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([_as_text(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def _as_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, str):
        return as_safe(value)
    return value.isoformat() if isinstance(value, date) else str(value)
