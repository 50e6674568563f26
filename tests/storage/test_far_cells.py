"""D1: a workbook with a cell far away is refused before its reader makes all cells up to there."""

from __future__ import annotations

import io
import struct
from zipfile import ZipFile

import pytest

from domain.errors import Refused
from storage.far_cells import cells_held
from storage.old_workbooks import old_cells_held
from tests.storage.old_excel import old_excel
from tests.storage.packed import binary_excel, cell, open_document, row
from tests.storage.sheets import opened, rows_of

HELD = [(0, 0, "Account"), (0, 1, "Reason"), (1, 0, "Acme"), (1, 1, "Price")]
TOP = (row(cell("Account"), cell("Reason")), row(cell("Acme"), cell("Price")))
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def held(content: bytes) -> int:
    with ZipFile(io.BytesIO(content)) as folder:
        return max(cells_held(folder, part) for part in folder.infolist())


@pytest.mark.parametrize(
    "content",
    [
        binary_excel([*HELD, (2, 0, 12.0), (3, 1, "a story of many words " * 20), (4, 0, "end")]),
        binary_excel([*HELD, (2, 0, 12.0), (4, 1, "y"), (_LAST_ROW - 1, _LAST_COLUMN - 1, None)]),
        open_document(*TOP, row(cell(times=2), cell("x"), cell(times=4)), row(cell(times=9))),
        open_document(*TOP, row(cell(times=_LAST_COLUMN), times=_LAST_ROW - 3)),
    ],
    ids=["xlsb", "xlsb with formats far away", "ods", "ods with empty rows to the end"],
)
def test_d1_a_sheet_is_read_whatever_is_empty_around_it(content: bytes) -> None:
    assert rows_of(opened(content, "file"))[0][:2] == ["Acme", "Price"]


FAR = {
    "xlsb": binary_excel([*HELD, (_LAST_ROW - 1, _LAST_COLUMN - 1, " ")]),
    "xlsb, a column beyond all": binary_excel([*HELD, (2, 2_000_000_000, 1.0)]),
    "ods": open_document(
        *TOP, row(cell(), times=_LAST_ROW - 3), row(cell(times=_LAST_COLUMN - 1), cell("x"))
    ),
    "ods, one cell many times": open_document(*TOP, row(cell("x", 1_000), times=100_000)),
    "ods, cells with nothing in them": open_document(
        *TOP, *[row(cell(times=16_000), cell())] * 600
    ),
}


@pytest.mark.parametrize("content", FAR.values(), ids=FAR.keys())
def test_d1_a_cell_far_away_is_refused_however_it_is_written(content: bytes) -> None:
    with pytest.raises(Refused, match="has a cell far away from its table"):
        opened(content, "file")


def test_d1_a_long_sheet_of_records_is_counted_to_its_end() -> None:
    names = [(i, 0, "A name of an account " * 5) for i in range(6_000)]  # over a block
    assert held(binary_excel([*names, (6_000, 6, 1.0)])) == 6_001 * 7


def test_d1_only_what_is_laid_out_counts() -> None:
    assert held(open_document(*TOP, row(cell(times=9), times=99))) == 4 * 4
    assert held(open_document(*TOP, row(cell(times=9), times=97), row(cell("x")))) == 4 * 200


@pytest.mark.parametrize("small", [False, True])
def test_d1_a_cell_far_away_in_old_excel_is_refused_too(small: bool) -> None:
    content = old_excel([["Account", "Value"], ["Acme", 1200.0], ["Bolt", 7.0]], small=small)
    assert rows_of(opened(content, "a.xls")) == [["Acme", "1200"], ["Bolt", "7"]]
    near, far = (struct.pack("<HHHd", *place, 0, 7.0) for place in ((2, 1), (65_535, 65_535)))
    with pytest.raises(Refused, match="has a cell far away from its table"):
        opened(content.replace(near, far), "a.xls")


def test_d1_what_old_excel_hides_is_left_to_its_reader() -> None:
    content = old_excel([["Account", "Value"], ["Acme", 1200.0]])
    assert old_cells_held(content) == 4
    assert old_cells_held(content[:700]) == 0
    assert old_cells_held(content.replace("Workbook".encode("utf-16-le"), b"B\0" * 8)) == 0
    globals_begin = content.index(struct.pack("<HH", 0x85, 14))
    locked = content[:globals_begin] + struct.pack("<H", 0x2F) + content[globals_begin + 2 :]
    assert old_cells_held(locked) == 0


def test_d1_numbers_of_one_row_in_one_record_count_each() -> None:
    content = old_excel([["Account", "Value"], ["Acme", 1200.0]])
    number, many = struct.pack("<HHHHHd", 0x0203, 14, 1, 1, 0, 1200.0), b"\xbd\0\x0e\0"
    assert old_cells_held(content.replace(number, many + number[4:])) == 2 * 2
    sectors = bytearray(content)
    sectors[512 + 4 : 512 + 8] = struct.pack("<I", 1)  # the folder goes in circles
    assert old_cells_held(bytes(sectors)) == 4


def test_d1_a_document_that_breaks_off_is_refused() -> None:
    with pytest.raises(Refused, match="damaged"):
        opened(open_document(*TOP, "<table:table-row>"), "a.ods")
