"""In what order a rep works (L6)."""

from __future__ import annotations

from datetime import date

from domain.work_order import Work, work_order

TODAY = date(2026, 3, 2)


def test_late_before_flagged_before_dear_before_soon_before_name() -> None:
    ordered = [
        Work(date(2026, 3, 2), True, 5, "due and flagged"),
        Work(date(2026, 2, 1), False, 9, "late and dear"),
        Work(date(2026, 2, 1), False, 0, "late"),
        Work(date(2026, 4, 1), True, 1, "flagged"),
        Work(date(2026, 4, 1), False, 9, "dear, soon"),
        Work(None, False, 9, "dear"),
        Work(None, False, 0, "a"),
        Work(None, False, 0, "b"),
    ]
    keys = [work_order(work, TODAY) for work in ordered]
    assert keys == sorted(keys)
