"""D1: Excel files, new and old, read as tables."""

from __future__ import annotations

import datetime as dt
import io
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from python_calamine import PasswordError

from domain.errors import Refused
from tests.storage.old_excel import old_excel
from tests.storage.sheets import broken_of, excel, lines_of, opened, rows_of


def test_d1_excel_cells_become_what_a_csv_would_say() -> None:
    content = excel(
        [
            ["Lost customers", None, None, None],
            [],
            ["Account", "Value", "Last day", "Preventable"],
            ["Acme", 1200, dt.datetime.fromisoformat("2025-03-01"), True],
            [],
            ["Bolt", 12.5, dt.datetime.fromisoformat("2025-03-02T08:30"), False],
            [42, None, dt.date(2025, 3, 3), None],
        ]
    )
    sheet = opened(content, "file.xlsx")
    assert sheet.header_line == 3
    assert rows_of(sheet) == [
        ["Acme", "1200", "2025-03-01", "yes"],
        ["Bolt", "12.5", "2025-03-02T08:30:00", "no"],
        ["42", "", "2025-03-03", ""],
    ]
    assert lines_of(sheet) == [4, 6, 7]


def test_d1_the_sheet_with_the_headings_is_read_and_the_others_named() -> None:
    sheet = opened(
        excel([["Read me"], ["first"]], [["Account", "Reason"], ["Acme", "x"]]), "a.xlsx"
    )
    assert rows_of(sheet) == [["Acme", "x"]]
    assert sheet.notes == ["I read the sheet “Sheet1” and left out “Sheet”."]


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lost(*names: str) -> list[list[object]]:
    rows: list[list[object]] = [[name, "x"] for name in names]
    return [["Account", "Reason"], *rows]


def test_d1_sheets_alike_are_one_table_that_says_where_each_row_stands() -> None:
    book = load_workbook(
        io.BytesIO(excel(lost("A", "B"), lost("C"), lost("D"), [["Reason", "Owner"], ["x", "y"]]))
    )
    book["Sheet2"].sheet_state = "hidden"
    book["Sheet1"].insert_rows(1, 2)
    book["Sheet1"]["A1"] = "February"
    sheet = opened(saved(book), "a.xlsx")
    assert sheet.headings == ["Account", "Reason", "Sheet"]
    assert rows_of(sheet) == [["A", "x", "Sheet"], ["B", "x", "Sheet"], ["C", "x", "Sheet1"]]
    assert lines_of(sheet) == [2, 3, 8]
    assert sheet.notes[-1] == (
        "I read the sheets “Sheet”, “Sheet1” as one table, each below the last"
        " and left out “Sheet3”, “Sheet2”."
    )


def test_d1_rows_of_several_sheets_that_are_none_come_back_with_their_sheet() -> None:
    first, second = lost(*"ABCDEF"), lost(*"GHIJKL")
    second.append(["M", "x", "y"])
    [broken] = broken_of(opened(excel(first, second), "a.xlsx"))
    assert (broken.line, broken.cells) == (16, ["M", "x", "y", "Sheet1"])


def test_d1_sheets_of_which_only_one_has_headings_stay_apart() -> None:
    sheet = opened(excel([["Acme", 5]], [["Bolt", 7]], [["Cora", 7]]), "a.xlsx")
    assert len(rows_of(sheet)) == 1


def test_d1_what_is_merged_downwards_holds_for_each_row_but_for_sums() -> None:
    book = load_workbook(
        io.BytesIO(
            excel(
                [
                    ["Account", "Product", "Value", "Lost on"],
                    ["Acme", "Gold", 1200, dt.date(2025, 3, 4)],
                    [None, "Tin", None, None],
                    [None, "Zinc", None, None],
                    ["Bolt", "Gold", 7, dt.date(2025, 3, 5)],
                ]
            )
        )
    )
    for cells in ("A2:A4", "C2:C4", "D2:D4", "A5:B5"):
        book["Sheet"].merge_cells(cells)
    assert rows_of(opened(saved(book), "a.xlsx")) == [
        ["Acme", "Gold", "1200", "2025-03-04"],
        ["Acme", "Tin", "", "2025-03-04"],
        ["Acme", "Zinc", "", "2025-03-04"],
        ["Bolt", "", "7", "2025-03-05"],
    ]


def test_d1_a_cell_far_away_does_not_take_all_memory() -> None:
    book = load_workbook(io.BytesIO(excel(lost("Acme"))))
    book["Sheet"]["XFD1048576"] = " "
    with pytest.raises(Refused, match="a cell far away from its table"):
        opened(saved(book), "a.xlsx")


def test_d1_nor_does_one_in_a_row_whose_cells_do_not_say_their_places() -> None:
    cell = '<c t="inlineStr"><is><t>x</t></is></c>'
    rows = f'<row r="1">{cell * 2}</row><row r="1048576">{cell * 16_384}</row>'
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    changed = io.BytesIO()
    with ZipFile(io.BytesIO(excel(lost("Acme")))) as before, ZipFile(changed, "w") as after:
        for part in before.namelist():
            own = before.read(part)
            if part.startswith("xl/worksheets/"):
                own = f"{sheet}<sheetData>{rows}</sheetData></worksheet>".encode()
            after.writestr(part, own)
    with pytest.raises(Refused, match="a cell far away from its table"):
        opened(changed.getvalue(), "a.xlsx")


def test_d1_the_widest_sheet_is_read_in_small_batches() -> None:
    wide: list[list[object]] = [["Account", "Reason", *[None] * 16_381, "Value"]]
    wide += [[f"A{i}", "x"] for i in range(60)]
    sheet = opened(excel(wide), "a.xlsx")
    assert len(sheet.headings) == 16_384
    assert [len(batch.lines) for batch in sheet.batches()][:2] == [23, 24]
    assert len(rows_of(sheet)) == 60


def test_d1_a_workbook_that_upsets_its_reader_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """What the reader raises where it did not expect what it found."""

    def upset(error: BaseException) -> object:
        def from_filelike(_: object) -> None:
            raise error

        return from_filelike

    content = excel([["Account"], ["Acme"]])
    read = "storage.excel_sheets.CalamineWorkbook.from_filelike"
    monkeypatch.setattr(read, upset(PanicException()))
    with pytest.raises(Refused, match="is damaged"):
        opened(content, "a.xlsx")
    monkeypatch.setattr(read, upset(PasswordError()))
    with pytest.raises(Refused, match="locked with a password"):
        opened(content, "a.xlsx")
    monkeypatch.setattr(read, upset(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        opened(content, "a.xlsx")


@pytest.mark.parametrize("limit", ["_MOST_BYTES", "_MOST_UNPACKED_BYTES"])
def test_d1_a_workbook_far_too_large_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(f"storage.excel_sheets.{limit}", 10)
    with pytest.raises(Refused, match="too large for an Excel file"):
        opened(excel([["Account"], ["Acme"]]), "a.xlsx")


def test_d1_an_empty_workbook_is_said_to_be_empty() -> None:
    with pytest.raises(Refused, match=r"a\.xlsx is empty"):
        opened(excel([]), "a.xlsx")


def test_d1_old_excel_is_read() -> None:
    content = old_excel([["Account", "Value"], ["Müller & Co", 1200.0], ["Łódź", 7.5]])
    sheet = opened(content, "file.xls")
    assert rows_of(sheet) == [["Müller & Co", "1200"], ["Łódź", "7.5"]]
