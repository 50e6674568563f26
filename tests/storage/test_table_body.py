"""D1: what stands below the headings and is no row of the table."""

from __future__ import annotations

import pytest

from storage.table_body import OF_ANOTHER
from tests.storage.sheets import broken_of, excel, lines_of, opened, rows_of

LOST = "Account,Reason,Value\nAcme,price,1\nBolt,price,2\n"
ANOTHER = {
    "a summary": "\nReason,Count,Value\nprice,2,3\n",
    "below a title": "\nThe team\nRep,Region\nAda,North\n",
    "a wider one": "\nAccount,Reason,Value,Region,Owner\nCora,price\n",
    "set in": "\n,Account,Tier\n,Cora,gold\n",
    "and the first once more": "\n\nName,Role,Email\nAda,Rep,\n\nAccount,Reason,Value\nDune,x,1\n",
}


@pytest.mark.parametrize("another", ANOTHER.values(), ids=ANOTHER.keys())
def test_d1_a_second_table_below_the_first_comes_back_whole(another: str) -> None:
    sheet = opened(LOST + another)
    assert [row[0] for row in rows_of(sheet)] == ["Acme", "Bolt"]
    assert sheet.sample == rows_of(sheet)
    rows = [line for line in another.splitlines() if line not in {"", "Account,Reason,Value"}]
    theirs = [each for each in broken_of(sheet) if each.why == OF_ANOTHER]
    assert [",".join(each.cells).rstrip(",") for each in theirs] == [r.rstrip(",") for r in rows]


def test_d1_a_second_table_with_the_same_headings_goes_on_with_the_first() -> None:
    sheet = opened(LOST + "\nQ2 2025\n\nACCOUNT,reason,Value (USD)\nCora,price,3\n")
    assert [row[0] for row in rows_of(sheet)] == ["Acme", "Bolt", "Cora"]
    assert [each.cells[0] for each in broken_of(sheet)] == ["Q2 2025"]


def test_d1_a_second_table_on_a_sheet_of_excel_comes_back_too() -> None:
    rows: list[list[object]] = [["Account", "Reason"], ["Acme", "price"], [], []]
    sheet = opened(excel([*rows, [None, "Rep", "Region"], [None, "Ada", "North"]]), "a.xlsx")
    assert [row[:2] for row in rows_of(sheet)] == [["Acme", "price"]]
    assert [each.line for each in broken_of(sheet)] == [5, 6]


def test_d1_names_between_two_tables_are_no_titles_of_the_second() -> None:
    sheet = opened("Account,Reason\nAcme,price\n\nBolt,\nCora,\n\nDune\n\nReason,Value\nprice,2\n")
    assert [row[0] for row in rows_of(sheet)] == ["Acme", "Bolt", "Cora", "Dune"]


def test_d1_rows_whose_words_may_head_a_column_are_rows() -> None:
    rows = "\nAcme,Competitor,Service\n\nClient,Acme Ltd,\nBolt,Reason,x\n"
    assert len(rows_of(opened("Account,Reason,Product\nCora,Price,\n" + rows))) == 4


def test_d1_a_second_table_longer_than_a_batch_comes_back_to_its_end() -> None:
    rows = "".join(f"Rep {i},North,1\n" for i in range(120_000))
    sheet = opened(LOST + "\nRep,Region,Value\n" + rows)
    assert lines_of(sheet) == [2, 3]
    assert len(broken_of(sheet)) == 120_001


def test_d1_rows_of_a_second_table_come_back_again_unless_somebody_says_otherwise() -> None:
    why = f'"{OF_ANOTHER}"'
    sheet = opened(f"Line,Why,Account,Reason\n5,{why},Rep,Region\n6,{why},Ada,North\n6,,Cora,x\n")
    assert [row[2] for row in rows_of(sheet)] == ["Cora"]
    assert [each.cells[2] for each in broken_of(sheet)] == ["Rep", "Ada"]
