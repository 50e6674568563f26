"""Where the headings of a table stand, and what each column is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.cell_words import is_figure
from domain.columns import folded

Score = Callable[[Sequence[str]], int]

HEADER_ROWS = 50  # where the row of headings is looked for
_OWN = ("Line", "Why")
_SHOWN = 60  # characters of what stands above the headings


def find_header(rows: Sequence[Sequence[str]], heading_score: Score) -> int | None:
    """Give the index of the row of headings, None where the rows begin without one.

    It is the row of most known headings, or those of a whole table above it. A single one, with as
    full a row above it, is rather a value; then the first full row holds the headings, unless
    figures or dates stand in it.
    """
    top = [(i, row) for i, row in enumerate(rows[:HEADER_ROWS]) if _filled(row)]
    best, row = max(top, key=lambda each: (heading_score(each[1]), -each[0]))
    known = heading_score(row)
    widest = max(_filled(row) for _, row in top)
    full = next(i for i, row in top if _filled(row) == widest)
    if known > 1:
        tables = (i for i in range(best) if _ends_above(rows[i:best], heading_score))
        return next(tables, best)
    if known and (best <= full or widest == 1):
        return best
    return None if any(map(is_figure, rows[full])) else full


def heads_a_table(row: Sequence[str], heading_score: Score) -> bool:
    """Say whether a row below others holds headings: several known ones, the first among them."""
    filled = [cell for cell in row if cell.strip()]
    if not heading_score(filled[:1]):
        return False
    known = heading_score(filled)
    return known > 1 and 2 * known >= len(filled)


def _ends_above(rows: Sequence[Sequence[str]], heading_score: Score) -> bool:
    """Say whether rows begin with headings, go on with a row of theirs, and have an empty one."""
    first, *others = rows
    return (
        bool(others and _filled(others[0]) > 1)
        and not all(map(_filled, others))
        and heads_a_table(first, heading_score)
        and not heads_a_table(others[0], heading_score)
    )


def stands_on_its_side(rows: Sequence[Sequence[str]], heading_score: Score) -> bool:
    """Say whether the headings run down the first column, so that the columns are the rows."""
    down = [row[0] for row in rows if row and row[0].strip()]
    known = heading_score(down)
    across = max(map(heading_score, rows))
    return known > max(2, across) and 2 * known > len(down) and max(map(_filled, rows)) > 2


def distinct(headings: Sequence[str]) -> list[str]:
    """Give every column a heading of its own, so that each can be spoken of."""
    given: dict[str, None] = {}
    for number, heading in enumerate(headings, 1):
        named = heading or f"Column {number}"
        while named in given:
            named = f"{heading or 'Column'} ({number})"
        given[named] = None
    return list(given)


def same_headings(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether two rows hold the same headings in the same order, however they are spelt."""
    ours, theirs = (" / ".join(map(folded, row)).rstrip(" /") for row in (one, other))
    return ours == theirs


def own_columns(headings: Sequence[str]) -> int:
    """Count the columns that we put before a file's own when we gave rows of it back."""
    begins = [heading.strip().lower() for heading in headings[: len(_OWN)]]
    return len(_OWN) if begins == [each.lower() for each in _OWN] else 0


def given_back(headings: Sequence[str]) -> list[str]:
    """Give the headings under which rows of a file are given back."""
    return [*_OWN, *headings[own_columns(headings) :]]


def note_on(rows: Sequence[Sequence[str]], header: int | None) -> list[str]:
    """Say what of the first rows was not taken for rows, where that was more than the headings."""
    if header is None:
        return ["I found no row of headings, and took the first line for a row."]
    above = [cell.strip() for row in rows[:header] for cell in row if cell.strip()]
    if not above:
        return []
    words = " ".join(" ".join(above).split())
    shown = words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
    return [f"I left out what stands above the headings: “{shown}”."]


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)
