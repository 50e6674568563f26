"""D1: columns of text are read at once as each of their cells would be."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.cells import Bad, read_lines
from domain.columns import FIELDS, Kind
from domain.names import name_key, name_keys, tidy
from domain.row_reading import Habits, RowReader
from domain.safe_cells import as_written

ACCOUNT = FIELDS[Kind.ACCOUNTS][0]
NAME = st.text(max_size=30).map(tidy).filter(bool)


@given(st.lists(NAME, max_size=8))
@example(["The Acme Corp.", "A.B.C. Ltd", "Inc", "L’Oréal & Co", "🙂", "Ünïcode GmbH", "ﬁne ½"])
@example(["the", "O'Neil's", "a\u0301b", "ΑΣ", "İstanbul AS", "_x_ SA", "'"])
def test_d1_names_folded_together_are_folded_as_each_alone(names: list[str]) -> None:
    assert name_keys(names) == [name_key(name) for name in names]


@given(st.lists(st.text(max_size=12), max_size=8))
@example(["Acme (https://notion.example/a-1?pvs=21)", "[Bolt](https://b.example)", "A (http)"])
@example(
    ["  Acme  ", "O'Brien", "'=x", "a  b", "N/A", "n/a", "x" * 300, "tab\tbed", "\u00a0", "\u200b"]
)
def test_d1_a_column_of_lines_is_read_as_each_cell_alone(column: list[str]) -> None:
    together = read_lines(ACCOUNT, column)
    alone = [read_lines(ACCOUNT, [cell])[0] for cell in column]
    assert together == alone
    for cell, value in zip(column, together, strict=True):
        if isinstance(value, Bad):
            assert len(tidy(as_written(cell))) > 200
        else:
            shown = tidy(as_written(cell))
            assert value in {shown, None} or "](http" in shown or " (http" in shown


def test_d1_a_link_behind_a_name_is_not_part_of_it() -> None:
    column = ["Acme (https://notion.example/a-1?pvs=21)", "[Bolt](https://b.example)", "A (http)"]
    assert read_lines(ACCOUNT, column) == ["Acme", "Bolt", "A (http)"]


@pytest.mark.parametrize("key", [field.key for field in FIELDS[Kind.LOSSES]])
def test_d1_a_cell_of_a_million_characters_is_told_in_a_short_sentence(key: str) -> None:
    habits = Habits("USD", lambda _: 2)
    reader = RowReader(Kind.LOSSES, {"account": 0, key: 1}, habits, [])
    endless = "x" * 1_000_000
    _, _, bad = reader.read([2], [["Acme"], [endless]])
    assert len(bad) == (key not in {"stage"})
    assert all(len(each.why) < 200 for each in bad)
