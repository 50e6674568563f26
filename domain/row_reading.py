"""From the cells of a file's rows to values, one column at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import chain, compress
from typing import cast

from domain.cells import LINES, READERS, SAYS_NOTHING, Bad, read_lines, short
from domain.columns import FIELDS, WHO, Field, Kind, Reads
from domain.losses import LONGEST_STORY
from domain.names import tidy
from domain.reasons import DEFAULT_REASONS, Reason, match_reason
from domain.safe_cells import as_written
from domain.sum_lines import lines_of_sums
from domain.written_days import DayEvidence, Decision, Order, lacking, read_day, read_period
from domain.written_sums import (
    Mark,
    Sum,
    SumEvidence,
    Unit,
    above_zero,
    in_minor_units,
    read_sum,
)

_REMEMBERED = 100_000  # readings a column keeps, so that memory stays bounded
_READ = frozenset({*READERS, *LINES, Reads.DAY, Reads.SUM, Reads.REASON})
_AROUND_SUMS = " \xa0$€£¥"  # what stands around the dash that bookkeepers write for nothing
_PLAIN = 15  # figures of a sum that nothing parts
_NO_SUM = SAYS_NOTHING | {"none", "nil", "na", "?", "tbd", "unknown", "free", "k.a.", "n.a."}
_NO_DAY = SAYS_NOTHING | {"none", "nil", "na", "?", "0", "0000-00-00", "00/00/0000", "tbd"}

Values = dict[str, list[object]]


@dataclass(frozen=True, slots=True)
class Habits:
    """What to go by where cells leave it open.

    `digits` gives the decimal digits of a currency. `order` is the order of day and
    month where a column fits both; `orders` what a person said of a field. `meanings` are the
    reasons that a person gave for words we were not sure of, by those words in lower case. `unit`
    is what the heading says of sums.
    """

    currency: str
    digits: Callable[[str], int]
    order: Order = Order.MONTH_FIRST
    orders: Mapping[str, Order] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = DEFAULT_REASONS
    meanings: Mapping[str, str] = field(default_factory=dict)
    unit: Unit = field(default_factory=Unit)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: its line, why, and its cells as they were."""

    line: int
    why: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class _Unsure:
    """Words for a reason that match none for certain."""

    words: str


class _Column(dict[str, object]):
    """One column's readings, each distinct cell read once: `column[text]` is its value."""

    def __init__(self, read: Callable[[str], object]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> object:
        value = self._read(text)
        if len(self) < _REMEMBERED:
            self[text] = value
        return value


class RowReader:
    """Reads the rows of one file, whose columns are at `positions` by field.

    Days and sums are read by one order and one decimal mark a column, decided from `sample` and
    reviewed at the end: where `settled` then is False, all rows have to be read once more.
    """

    def __init__(
        self,
        kind: Kind,
        positions: Mapping[str, int],
        habits: Habits,
        sample: Sequence[Sequence[str]],
        own: int = 0,
    ) -> None:
        self.kind = kind
        self.habits = habits
        self._own = own
        self._usual = habits.unit.currency or habits.currency
        self._usual_factor = 10 ** habits.digits(self._usual) * habits.unit.times
        self.unsure: Counter[str] = Counter()
        """Words for a reason that match none for certain, and in how many rows they stand."""
        self._periods: dict[str, tuple[str, date]] = {}
        self.positions = dict(positions)
        self._fields = [f for f in FIELDS[kind] if f.key in positions and f.reads in _READ]
        self._days = {f.key: DayEvidence() for f in self._fields if f.reads is Reads.DAY}
        self._sums = {f.key: SumEvidence() for f in self._fields if f.reads is Reads.SUM}
        self._decided: tuple[dict[str, Order], dict[str, Mark]] | None = None
        for row in sample:
            self._look_at(row)
        self._decide()

    @property
    def settled(self) -> bool:
        """Say whether every cell seen confirms how days and sums were read; else decide anew."""
        before = self._decided
        self._decide()
        return before == self._decided

    def decisions(self) -> dict[str, Decision]:
        """Give how the days of each field are read, and whether that was certain."""
        return self._orders

    def remarks(self) -> list[str]:
        """Say in sentences what of the rows was not read as it stands."""
        named = {each.key: each.label for each in self._fields}
        return [
            *(
                f"{named[key]}: a month or quarter means its last day, “{short(text)}” is {day}."
                for key, (text, day) in self._periods.items()
            ),
            *(
                f"{named[key]}: all sums are below zero. I take them as what was lost."
                for key, mark in self._marks.items()
                if mark.below
            ),
        ]

    def read(
        self, lines: Sequence[int], columns: Sequence[Sequence[str]]
    ) -> tuple[Sequence[int], Values, list[BadRow]]:
        """Read columns of cells; give the lines taken, their values and the bad rows."""
        values = {
            each.key: self._read_column(each, columns[self.positions[each.key]])
            for each in self._fields
        }
        bad = self._why_bad(values, columns, len(lines))
        given_back = [
            BadRow(lines[i], " ".join(whys), [column[i] for column in columns])
            for i, whys in bad.items()
        ]
        if bad:
            keep = [i not in bad for i in range(len(lines))]
            values = {key: list(compress(column, keep)) for key, column in values.items()}
            lines = list(compress(lines, keep))
        if "value" in values:
            self._reckon(values)
        if _Unsure in set(map(type, values.get("reason", ()))):
            self._keep_words(values)
        return lines, values, given_back

    def _why_bad(
        self, values: Values, columns: Sequence[Sequence[str]], count: int
    ) -> dict[int, list[str]]:
        """Find the rows that cannot be taken, by their place, and all that speaks against each."""
        bad: defaultdict[int, list[str]] = defaultdict(list)
        for read in values.values():
            if Bad in set(map(type, read)):
                for i, value in enumerate(read):
                    if isinstance(value, Bad):
                        bad[i].append(value.why)
        for i in self._nameless(values, count):
            bad[i].append(_NAMELESS[self.kind])
        for i in self._doubtful(values):
            written = short(columns[self.positions["value"]][i])
            bad[i].append(_DOUBTFUL.format(label="Value", sum=written))
        for i in self._sums_below(columns):
            bad[i].append("This is a line of sums, not of an account.")
        return bad

    def _look_at(self, row: Sequence[str]) -> None:
        for each in self._fields:
            evidence = self._days.get(each.key) or self._sums.get(each.key)
            if evidence:
                evidence.add(row[self.positions[each.key]])

    def _decide(self) -> None:
        """Settle on an order for each column of days and a mark for each of sums."""
        decided = {key: evidence.decide(self.habits.order) for key, evidence in self._days.items()}
        sure = {d.order for d in decided.values() if d.evident}
        if len(sure) == 1:  # one column of days tells the order of the file's others
            order = sure.pop()
            decided = {key: d if d.certain else Decision(order) for key, d in decided.items()}
        said = {key: Decision(o) for key, o in self.habits.orders.items()}
        self._orders = {**decided, **{key: said[key] for key in decided if key in said}}
        self._marks = {key: evidence.decide() for key, evidence in self._sums.items()}
        order_of = {key: decision.order for key, decision in self._orders.items()}
        if (order_of, self._marks) != self._decided:
            self._decided = (order_of, self._marks)
            self._columns = {
                each.key: _Column(self._reader(each))
                for each in self._fields
                if each.reads not in LINES
            }

    def _read_column(self, each: Field, column: Sequence[str]) -> list[object]:
        if each.reads in LINES:
            return read_lines(each, column)
        if each.reads is Reads.SUM and "currency" not in self.positions and _are_plain(column):
            sums = list(map(int, column))  # which are no evidence of a mark
            self._sums[each.key].above |= any(sums)
            return [amount * self._usual_factor for amount in sums]
        return list(map(self._columns[each.key].__getitem__, column))

    def _reader(self, each: Field) -> Callable[[str], object]:
        if each.reads is Reads.DAY:
            return self._day_reader(each, self._orders[each.key].order, self._days[each.key])
        if each.reads is Reads.SUM:
            return self._sum_reader(each, self._marks[each.key], self._sums[each.key])
        if each.reads is Reads.REASON:
            return partial(self._read_reason if each.key == "reason" else self._read_found, each)
        return partial(READERS[each.reads], each)

    def _day_reader(
        self, each: Field, order: Order, evidence: DayEvidence
    ) -> Callable[[str], object]:
        def read(text: str) -> date | Bad | None:
            if text.strip().lower() in _NO_DAY:
                return None
            evidence.add(text)
            day = read_day(text, order)
            if day is None and read_day(text, _the_other(order)):
                return Bad(f"{each.label}: “{short(text)}” is not {order}, as the others are.")
            if day is None and (period := read_period(text)):
                self._periods.setdefault(each.key, (text, period))
                return period
            lacks = "" if day else lacking(text)
            wrong = f"says no {lacks}" if lacks else "is not a date I can read"
            return day or Bad(f"{each.label}: “{short(text)}” {wrong}.")

        return read

    def _sum_reader(
        self, each: Field, mark: Mark, evidence: SumEvidence
    ) -> Callable[[str], object]:
        rows_say = "currency" in self.positions

        def read(text: str) -> Sum | tuple[int, str] | Bad | None:
            if not rows_say and _are_plain([text]):
                evidence.above = evidence.above or int(text) > 0
                return int(text) * self._usual_factor, self._usual
            if text.strip(_AROUND_SUMS).lower() in _NO_SUM:
                return None
            evidence.add(text)
            plain, below = above_zero(text)
            found = read_sum(plain, mark.mark, self.habits.currency)
            if found is None:
                return Bad(f"{each.label}: “{short(text)}” is not an amount I can read.")
            if below and not mark.below and found.amount:
                return Bad(f"{each.label}: “{short(text)}” is below zero.")
            if rows_say:
                return found
            digits = self.habits.digits(found.currency or self._usual)
            if mark.doubts(found, digits):
                return Bad(_DOUBTFUL.format(label=each.label, sum=short(text)))
            return self._minor(found, None)

        return read

    def _read_reason(self, each: Field, text: str) -> str | _Unsure | Bad | None:
        if len(text) > LONGEST_STORY:
            return Bad(f"{each.label} is longer than {LONGEST_STORY} characters.")
        words = tidy(as_written(text))
        if words in SAYS_NOTHING:
            return None
        meant = self.habits.meanings.get(words.lower())
        if meant:
            return meant
        reasons = self.habits.reasons
        reason = match_reason(words, reasons) or match_reason(words.replace("_", " "), reasons)
        return reason.key if reason else _Unsure(words)

    def _read_found(self, each: Field, text: str) -> str | Bad | None:
        """Read a reason that a visit found: one of ours, for there is nothing to be unsure of."""
        found = self._read_reason(each, text)
        if isinstance(found, _Unsure):
            return Bad(f"{each.label}: “{short(text)}” is none of your reasons.")
        return found

    def _minor(self, found: Sum, row: object) -> tuple[int, str]:
        """Give a sum in minor units of the currency beside it, of its row, or the usual."""
        currency = str(found.currency or row or self._usual)
        amount = found.amount * self.habits.unit.times
        return in_minor_units(amount, self.habits.digits(currency)), currency

    def _doubtful(self, values: Values) -> Iterable[int]:
        """Find sums that may be meant a thousand times larger, by the currency of their row."""
        mark, usual = self._marks.get("value"), self._usual
        if "currency" not in values or mark is None or not mark.doubtful:
            return
        for i, (found, row) in enumerate(zip(values["value"], values["currency"], strict=True)):
            if isinstance(found, Sum):
                currency = str(found.currency or row or usual)
                if mark.doubts(found, self.habits.digits(currency)):
                    yield i

    def _reckon(self, values: Values) -> None:
        """Part sums into their minor units and their currency."""
        sums = values.pop("value")
        if set(map(type, sums)) == {int}:  # all are plain; a pair for each would keep Python busy
            values["value_minor"], values["currency"] = sums, [self._usual] * len(sums)
            return
        if "currency" in values:
            sums = [
                self._minor(found, row) if isinstance(found, Sum) else None
                for found, row in zip(sums, values["currency"], strict=True)
            ]
        pairs = cast(list[tuple[int, str] | None], sums)
        values["value_minor"] = [pair and pair[0] for pair in pairs]
        values["currency"] = [pair and pair[1] for pair in pairs]

    def _keep_words(self, values: Values) -> None:
        """Put the words for a reason that we were not sure of before what happened."""
        stories = values.get("what_happened", [None] * len(values["reason"]))
        for i, reason in enumerate(values["reason"]):
            if type(reason) is _Unsure:
                self.unsure[reason.words] += 1
                values["reason"][i] = OTHER
                stories[i] = f"{reason.words}\n{stories[i]}" if stories[i] else reason.words
        values["what_happened"] = stories

    def _nameless(self, values: Values, count: int) -> Iterable[int]:
        named = [values[key] for key in WHO[self.kind] if key in values]
        if any(None not in column for column in named):
            return ()
        return (i for i in range(count) if all(column[i] is None for column in named))

    def _sums_below(self, columns: Sequence[Sequence[str]]) -> Iterable[int]:
        """Find lines such as "Total,,,1200" by what stands where an account is named."""
        named = (self.positions[key] for key in WHO[self.kind] if key in self.positions)
        theirs = columns[self._own :]
        return chain.from_iterable(lines_of_sums(theirs, at - self._own) for at in named)


OTHER = "other"
"""The reason of a loss whose words match none for certain; the words go to what happened."""

_DOUBTFUL = (
    "{label}: “{sum}” may be thousands or a fraction, as the others are written: "
    "write it without a mark for thousands."
)
_NAMELESS = {
    Kind.ACCOUNTS: "No account is named.",
    Kind.LOSSES: "No account is named.",
    Kind.MEMBERS: "Nobody is named.",
}
"""Why a row comes back that is about nobody."""


def _are_plain(sums: Sequence[str]) -> bool:
    """Say whether sums are figures alone, none of them very long."""
    figures = "".join(sums)
    short_enough = max(map(len, sums), default=0) <= _PLAIN
    return short_enough and figures.isascii() and figures.isdecimal() and "" not in sums


def _the_other(order: Order) -> Order:
    return Order.DAY_FIRST if order is Order.MONTH_FIRST else Order.MONTH_FIRST
