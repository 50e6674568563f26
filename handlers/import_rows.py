"""A file's rows on their way in: read in batches, filtered, turned into values, counted."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import compress

from domain.cell_words import Stage, is_of_a_deal, read_stage
from domain.columns import WHO, Kind
from domain.grouped_rows import GroupedRows
from domain.matching import Match, column_called
from domain.row_reading import BadRow, RowReader, Values
from storage.csv_records import Records
from storage.headings import own_columns
from storage.spreadsheets import Sheet

Batch = tuple[Sequence[int], Values]


class RowFilter:
    """Which rows are meant: those that meet the conditions given and, of deals, the lost ones.

    A condition on the column of stages takes the place of that rule. Values are compared without
    regard to case and white space around them.
    """

    def __init__(self, match: Match, where: Sequence[tuple[str, str]]) -> None:
        self.skipped: Counter[str] = Counter()
        """Stages, as written, of the rows left out because they are not lost."""
        self._wanted: dict[int, set[str]] = {}
        headings = [column.heading for column in match.columns]
        for heading, value in where:
            at = column_called(heading, headings)
            self._wanted.setdefault(at, set()).add(value.strip().casefold())
        stage = match.positions().get("stage")
        self._stage = stage if stage not in self._wanted else None
        self._stage_heading = headings[stage] if stage is not None else ""
        self._lost: dict[str, bool] = {}

    def __call__(self, read: Records) -> Records:
        """Give the rows that are meant."""
        meant = read
        for at, values in self._wanted.items():
            meant = _where(meant, [c.strip().casefold() in values for c in meant.columns[at]])
        if self._stage is not None:
            meant = _where(meant, list(map(self._is_lost, meant.columns[self._stage])))
        return meant

    def _is_lost(self, stage: str) -> bool:
        lost = self._lost.get(stage)
        if lost is None:
            lost = self._lost[stage] = read_stage(stage, self._stage_heading) is Stage.LOST
        if not lost:
            self.skipped[stage.strip() or "(none)"] += 1
        return lost


class Rows:
    """All rows of a file that are meant, as values; what is not is counted and kept.

    `batches()` may be gone through again after `settled` was False.
    """

    def __init__(
        self,
        sheet: Sheet,
        reader: RowReader,
        chosen: RowFilter,
        progress: Callable[[int], None] | None = None,
        *,
        fill_down: bool = False,
    ) -> None:
        self.reader = reader
        self.chosen = chosen
        self.sheet = sheet
        self._progress = progress or (lambda _: None)
        self._own = own_columns(sheet.headings)
        self._fill_down = fill_down
        self._begin()

    @property
    def of_deals(self) -> bool:
        """Say whether the rows are deals, by the stages of the first ones."""
        at = self.reader.positions.get("stage")
        return at is not None and any(is_of_a_deal(row[at]) for row in self.sheet.sample)

    def _begin(self) -> None:
        self.seen = 0
        self.skipped = 0
        self.dayless = 0
        self.below = 0
        """Rows that name nobody, below one that does."""
        self._below_now: frozenset[int] = frozenset()
        self.rejected: list[BadRow] = []
        self.chosen.skipped.clear()
        self.reader.unsure.clear()

    async def batches(self) -> AsyncIterator[Batch]:
        """Give the lines and values of the rows that can be taken, batch by batch."""
        self._begin()
        batches = self._read()
        while (read := await asyncio.to_thread(next, batches, None)) is not None:
            meant = self.chosen(read)
            taken, values, bad = await asyncio.to_thread(
                self.reader.read, meant.lines, meant.columns
            )
            self.seen += len(read.lines) + len(read.broken)
            self.skipped += len(read.lines) - len(meant.lines)
            self.below += len(self._below_now.intersection(meant.lines))
            broken = (BadRow(each.line, each.why, each.cells) for each in read.broken)
            self.give_back(*bad, *broken)
            self._progress(self.seen)
            if taken:
                self.dayless += _dayless(values, len(taken))
                yield taken, values

    def _read(self) -> Iterator[Records]:
        """Give the file's rows, if so wished with the names filled down."""
        if self._own or self.reader.kind is Kind.MEMBERS:  # what was given back misses rows between
            yield from self.sheet.batches()
            return
        positions = self.reader.positions
        grouped = GroupedRows([positions[key] for key in WHO[self.reader.kind] if key in positions])
        for read in self.sheet.batches():
            lines, columns = grouped.fill_down(read.lines, read.columns)
            self._below_now = grouped.below
            yield Records(lines, columns, read.broken) if self._fill_down else read

    def give_back(self, *bad: BadRow) -> None:
        """Keep rows that cannot be taken; of rows given back before, by the line they had then."""
        for row in bad:
            own_line = row.cells[0].strip() if self._own and row.cells else ""
            line = int(own_line) if own_line.isascii() and own_line.isdigit() else row.line
            self.rejected.append(BadRow(line, row.why, row.cells))

    async def give_back_lines(self, refused: Sequence[tuple[int, str]]) -> None:
        """Give back rows that were taken already, by their lines; the file is read once more."""
        why = dict(refused)
        for read in self._read() if why else ():
            for i, line in enumerate(read.lines):
                if line in why:
                    self.give_back(BadRow(line, why[line], [c[i] for c in read.columns]))
            await asyncio.sleep(0)


def _dayless(values: Values, count: int) -> int:
    """Count the rows that do not say when the customer left."""
    days = [values[key] for key in ("last_day", "lost_on") if key in values]
    if len(days) == 1:
        return days[0].count(None)
    return [*zip(*days, strict=True)].count((None, None)) if days else count


def _where(read: Records, keep: list[bool]) -> Records:
    if all(keep):
        return read
    columns = [list(compress(column, keep)) for column in read.columns]
    return Records(list(compress(read.lines, keep)), columns, read.broken)
