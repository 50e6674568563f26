"""What came of an import, and the rows that are given back."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from domain.columns import Kind
from domain.matching import Column
from domain.row_reading import BadRow
from domain.safe_cells import as_safe, as_written
from storage.headings import given_back, own_columns
from storage.near_names import Near

BYTE_ORDER_MARK = "\ufeff"
"""What makes spreadsheet programs read a CSV file as UTF-8."""

_MANY = 0.1  # share of the rows; where fewer name nobody, that is rather a mistake


@dataclass(frozen=True, slots=True)
class Question:
    """A column of days in which each fits both orders: `heading`, and one of its cells."""

    heading: str
    example: str


@dataclass(slots=True)
class ImportResult:
    """An import in figures; `rows` = `taken` + `skipped` + `rejected`.

    `skipped` rows were left out by a condition or because their stage is not lost. `below` rows
    name nobody and stand below one that does, whose name they have if `filled_down`. Of `taken`,
    `new` are written anew, `changed` said something new, `unchanged` said nothing new and
    `duplicates` (among them) repeat another row of the file. `people` are the names of those who
    are known now because the file names them. `unsure` are words for a reason that we were not
    sure of, with how often they stand there. `notes` are whole sentences.
    """

    kind: Kind
    columns: tuple[Column, ...]
    rows: int = 0
    taken: int = 0
    new: int = 0
    changed: int = 0
    duplicates: int = 0
    skipped: int = 0
    below: int = 0
    filled_down: bool = False
    rejected: list[BadRow] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    unsure: dict[str, int] = field(default_factory=dict)
    near: list[Near] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """Rows taken that said nothing new."""
        return self.taken - self.new - self.changed

    @property
    def may_be_grouped(self) -> bool:
        """Say whether so many rows name nobody that each may be about the one above it."""
        return not self.filled_down and self.below > _MANY * (self.taken + self.below)


def rejects_as_csv(result: ImportResult) -> str:
    """Write the rejected rows as CSV: the source's line, why, then the row as it was.

    Mended, the file can be sent again alone; its first two columns are then passed over.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    own = own_columns([column.heading for column in result.columns])
    writer.writerow(given_back([column.heading for column in result.columns]))
    for bad in result.rejected:
        cells = [as_safe(as_written(cell)) for cell in bad.cells[own:]]
        writer.writerow([bad.line, bad.why, *cells])
    return out.getvalue()


def write_rejects(path: Path, result: ImportResult) -> None:
    """Write the rejected rows to a file beside the source."""
    path.write_text(rejects_as_csv(result), encoding="utf-8")
