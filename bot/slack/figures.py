"""Tables and charts: Slack's own where it shows them, and always the figures as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slackblocks import (
    AxisConfig,
    BarChart,
    Block,
    ColumnSettings,
    DataPoint,
    DataSeries,
    DataVisualizationBlock,
    RawText,
    TableBlock,
)

from bot.slack.rich_text import NOTHING, bullets, facts, paragraph, preformatted
from bot.slack.surfaces import cut, one_line
from handlers.views.elements import Chart, Strong, Table, words

_ROWS = 100  # with the headings
_COLUMNS = 20
_CELL = 300
_TABLE_CHARACTERS = 9_500  # Slack takes 10,000 in all cells together
_CATEGORIES = 20
_LABEL = 20
_TITLE = 50
_NARROW = 28  # characters of a column where the table is text

Json = dict[str, Any]


def table(shown: Table, *, native: bool) -> list[Block | Json]:
    """Show a table; what does not fit is counted under it."""
    if not shown.columns:
        return []
    if not native:
        return [*_table_as_text(shown)]
    rows = [_cells(shown.columns, _CELL)]
    room = _TABLE_CHARACTERS - sum(map(len, rows[0]))
    for row in shown.rows[: _ROWS - 1]:
        cells = _cells((*row, *[""] * len(shown.columns))[: len(shown.columns)], _CELL)
        room -= sum(map(len, cells))
        if room < 0:
            break
        rows.append(cells)
    settings = [
        ColumnSettings(align="right") if i in shown.numeric else ColumnSettings(is_wrapped=True)
        for i in range(len(rows[0]))
    ]
    block = TableBlock([[RawText(cell) for cell in row] for row in rows], settings)
    return [block, *_left_out(len(shown.rows) - len(rows) + 1)]


def chart(shown: Chart, *, native: bool) -> list[Block | Json]:
    """Show bars, and under them what they stand for, in figures."""
    if not shown.bars:
        return []
    figures = facts([(label or NOTHING, words(figure(value))) for label, value in shown.bars])
    title = one_line(shown.title, _TITLE) or one_line(shown.label, _TITLE)
    if not native:
        return [*paragraph(words(Strong(title))), *figures]
    bars = list(_unique(shown.bars[:_CATEGORIES]))
    series = DataSeries(one_line(shown.label, _LABEL) or NOTHING, [DataPoint(*b) for b in bars])
    picture = BarChart([series], AxisConfig([label for label, _ in bars]))
    return [DataVisualizationBlock(title or NOTHING, picture), *figures]


def figure(value: float) -> str:
    """Write a number for reading: 1,234 or 1,234.5."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def table_lines(shown: Table) -> Iterator[str]:
    """Give a table as lines of text, columns under one another."""
    rows = [_cells(r, _NARROW) for r in (shown.columns, *shown.rows)]
    width = len(rows[0])
    rows = [(r + [NOTHING] * width)[:width] for r in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(width)]
    for row in rows:
        cells = [
            cell.rjust(widths[i]) if i in shown.numeric else cell.ljust(widths[i])
            for i, cell in enumerate(row)
        ]
        yield "  ".join(cells).rstrip()


def _table_as_text(shown: Table) -> Iterator[Json]:
    kept = Table(shown.columns, shown.rows[: _ROWS - 1], shown.numeric)
    yield from preformatted(table_lines(kept))
    yield from _left_out(len(shown.rows) - len(kept.rows))


def _left_out(count: int) -> list[Json]:
    if count <= 0:
        return []
    return bullets([words(f"{count} more {'row' if count == 1 else 'rows'} not shown here.")])


def _cells(row: tuple[str, ...], most: int) -> list[str]:
    return [one_line(cell, most) or NOTHING for cell in row[:_COLUMNS]]


def _unique(bars: tuple[tuple[str, float], ...]) -> Iterator[tuple[str, float]]:
    """Give bars whose labels fit and differ: Slack refuses two of the same name."""
    seen: set[str] = set()
    for number, (label, value) in enumerate(bars, start=1):
        shown = one_line(label, _LABEL) or NOTHING
        if shown in seen:
            shown = f"{cut(shown, _LABEL - 4)} ({number})"
        seen.add(shown)
        yield shown, value
