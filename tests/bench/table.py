"""A row of the bench's table, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: ours and its floor in `unit`, and the goal their ratio is held against.

    `at_most` says which way the goal points.
    """

    what: str
    ours: float
    floor: float
    unit: str
    goal: float
    at_most: bool = True

    @property
    def ratio(self) -> float:
        return self.ours / self.floor if self.floor else float("inf")

    @property
    def reached(self) -> bool:
        return self.ratio <= self.goal if self.at_most else self.ratio >= self.goal


def as_table(rows: list[Row]) -> str:
    """Write rows as a table of Markdown."""
    lines = ["| what | ours | floor | ratio | goal | reached |", "|---|---|---|---|---|---|"]
    for row in rows:
        sign = "≤" if row.at_most else "≥"
        lines.append(
            f"| {row.what} | {row.ours:,.2f} {row.unit} | {row.floor:,.2f} {row.unit} "
            f"| {row.ratio:.2f} | {sign} {row.goal} | {'yes' if row.reached else 'no'} |"
        )
    return "\n".join(lines)
