"""D1: files as people have them, read as tables."""

from __future__ import annotations

import csv
import io
from itertools import chain
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from storage.csv_records import OPEN_QUOTE, TOO_LONG, Broken
from storage.table_body import NOTE
from tests.storage.sheets import broken_of, lines_of, opened, rows_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how an old Excel file begins
TABLE = "Account,Reason,Value\nMüller & Söhne,Preis – zu hoch,1200\nŁódź Ltd,Price,5\n"
WESTERN = "Account,Reason,Value\nMüller & Söhne,too dear – “really”,1200\nCafé Crème,Price,€5\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_d1_unicode_in_any_form_is_read(encoding: str) -> None:
    sheet = opened(TABLE.encode(encoding))
    assert sheet.headings == ["Account", "Reason", "Value"]
    assert rows_of(sheet)[0] == ["Müller & Söhne", "Preis – zu hoch", "1200"]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_d1_western_text_that_is_not_unicode_is_read(encoding: str) -> None:
    text = WESTERN if encoding == "cp1252" else "Account,Reason\nMüller & Söhne,zu spät\n"
    sheet = opened(text.encode(encoding))
    assert rows_of(sheet)[0][0] == "Müller & Söhne"
    assert "CP1252" in sheet.notes[0]


def test_d1_a_late_accent_decides_the_encoding_of_a_long_file() -> None:
    lines = "".join(f"Customer {i},price\n" for i in range(120_000))
    sheet = opened(("Account,Reason\n" + lines + "Café,price\n").encode("cp1252"))
    assert rows_of(sheet)[-1] == ["Café", "price"]


def test_d1_cyrillic_text_that_is_not_unicode_is_read() -> None:
    text = "Account,Reason\n" + "Рога и копыта,цена слишком высокая\nСеверный ветер,цена\n" * 20
    assert rows_of(opened(text.encode("cp1251")))[0][0] == "Рога и копыта"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_d1_any_usual_delimiter_and_line_end(delimiter: str, end: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_NONNUMERIC)
    table = [["Account", "Reason"], ["Acme, Inc; Ltd|x\ty", 'say "no"'], ["Bolt", "a\nb"]]
    writer.writerows(table)
    assert rows_of(opened(out.getvalue())) == table[1:]


def test_d1_the_delimiter_a_spreadsheet_program_names_is_taken() -> None:
    sheet = opened("sep=^\nAccount^Reason\nAcme, Inc^price\n")
    assert (sheet.headings, sheet.header_line) == (["Account", "Reason"], 2)
    assert rows_of(sheet) == [["Acme, Inc", "price"]]
    assert lines_of(sheet) == [3]


def test_d1_commas_within_decimals_do_not_make_columns() -> None:
    sheet = opened("Kunde;Wert;Datum\nAcme;1,50;01.02.2025\nBolt;2,75;03.02.2025\n")
    assert sheet.headings == ["Kunde", "Wert", "Datum"]


def test_d1_single_quotes_and_backslashes_quote_too() -> None:
    assert rows_of(opened("'Account','Reason'\n'Acme, Inc','price'\n")) == [["Acme, Inc", "price"]]
    escaped = opened('Account,Reason\n"The \\"Best\\", Inc",price\n')
    assert rows_of(escaped) == [['The "Best", Inc', "price"]]


def test_d1_headings_are_found_below_title_lines() -> None:
    title = "Lost customers 2025\nExported by Ada,on Monday\n\n"
    text = f"{title}Account,Reason\nAcme,price\n\n ,\nBolt,x\n"
    sheet = opened(text)
    assert (sheet.headings, sheet.header_line) == (["Account", "Reason"], 4)
    assert (rows_of(sheet), lines_of(sheet)) == ([["Acme", "price"], ["Bolt", "x"]], [5, 8])


def test_d1_every_column_has_a_heading_of_its_own() -> None:
    assert opened("Account,,Notes,Notes,\nAcme,1,2,3,4\n").headings == [
        *("Account", "Column 2", "Notes", "Notes (4)", "Column 5")
    ]


def test_d1_short_rows_are_filled_and_long_ones_given_back() -> None:
    sheet = opened("Account,Reason,Value\nAcme\nBolt,price,1,,\nCora, Inc,price,7\nDune,x,2\n")
    assert rows_of(sheet) == [["Acme", "", ""], ["Bolt", "price", "1"], ["Dune", "x", "2"]]
    [broken] = broken_of(sheet)
    assert (broken.line, broken.cells) == (4, ["Cora", " Inc", "price", "7"])
    assert "4 cells under 3 headings" in broken.why


def test_d1_lines_are_those_an_editor_shows() -> None:
    sheet = opened('Account,Reason\nAcme,"one\ntwo\nthree"\nBolt,price\n')
    assert lines_of(sheet) == [2, 5]


def test_d1_a_quote_never_closed_costs_its_own_line_alone() -> None:
    text = 'Account,Reason\nAcme,price\nBad,"never closed\nBolt,price\nCora,"fine, this"\nDune,x\n'
    sheet = opened(text)
    assert [row[0] for row in rows_of(sheet)] == ["Acme", "Bolt", "Cora", "Dune"]
    assert broken_of(sheet) == [Broken(3, OPEN_QUOTE, ['Bad,"never closed'])]


def test_d1_a_quote_never_closed_far_from_the_end_keeps_all_that_follows() -> None:
    rows = "".join(f"Customer {i},price\n" for i in range(20_000))
    sheet = opened('Account,Reason\nBad,"open\n' + rows)
    assert len(rows_of(sheet)) == 20_000
    assert [broken.line for broken in broken_of(sheet)] == [2]


def test_d1_cells_over_many_lines_cross_batches_unharmed() -> None:
    lines = 3
    rows = "".join(f'Customer {i},"a\nb\nc"\n' for i in range(9_000))
    sheet = opened("Account,Reason\n" + rows)
    assert rows_of(sheet) == [[f"Customer {i}", "a\nb\nc"] for i in range(9_000)]
    assert lines_of(sheet) == [2 + lines * i for i in range(9_000)]


def test_d1_headings_repeated_in_the_middle_are_no_row() -> None:
    sheet = opened("Account,Reason\nAcme,x\nAccount,Reason\nBolt,y\n")
    assert [row[0] for row in rows_of(sheet)] == ["Acme", "Bolt"]


def test_d1_batches_can_be_gone_through_again() -> None:
    sheet = opened(TABLE)
    assert rows_of(sheet) == rows_of(sheet)


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as folder:
        for name in names:
            folder.writestr(name, "x")
    return out.getvalue()


def test_d1_a_file_far_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.spreadsheets._MOST_BYTES", 10)
    with pytest.raises(Refused, match="Split it and send the parts"):
        opened("Account,Reason\nAcme,x\n")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (packed("Index/Document.iwa"), "a Numbers document. In Numbers choose File, Export To"),
        (packed("word/document.xml"), "a text document"),
        (packed("lost.csv"), "a packed file. Unpack it"),
        (packed("xl/workbook.xml"), "not an Excel file I can read"),
        (OLE + "EncryptedPackage".encode("utf-16-le") * 99, "locked with a password"),
        (OLE + b"x" * 600, "not an Excel file I can read"),
        (b'[{"account": "Acme"}]', "JSON, not a table"),
        (b'\xef\xbb\xbf{\n  "accounts": []\n}', "JSON, not a table"),
        (b"MIME-Version: 1.0\r\n", "a web archive"),
        (b"RIFF0000WEBP" + bytes(range(256)), "a picture or a sound"),
        (bytes(range(1, 256)) * 4, "not a text I can read"),
        (b"<table><tr><td> </td></tr></table>", "a web page without a table"),
        (b"Account,Acme,Bolt\nReason,Price,x\nValue,1,2\n", "its headings in the first column"),
    ],
)
def test_d1_files_that_are_no_tables_are_called_what_they_are(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        opened(content, "lost.xlsx")


@pytest.mark.parametrize(
    ("text", "headings", "first"),
    [
        ("Wer,Was\nBolt,Service\nCora,x\n", ["Wer", "Was"], ["Bolt", "Service"]),
        ("Lost in 2025\nAccount\nAcme\n", ["Account"], ["Acme"]),
        ("Account,2024,2025\nAcme,1,2\n", ["Account", "2024", "2025"], ["Acme", "1", "2"]),
        (
            "Acme Corp,Price,2025-03-04,12000\nBolt,Service,2025-03-24,8500\n",
            ["Column 1", "Column 2", "Column 3", "Column 4"],
            ["Acme Corp", "Price", "2025-03-04", "12000"],
        ),
    ],
)
def test_d1_headings_are_not_looked_for_among_values(
    text: str, headings: list[str], first: list[str]
) -> None:
    sheet = opened(text)
    assert (sheet.headings, rows_of(sheet)[0]) == (headings, first)


def test_d1_what_stands_around_the_headings_is_said() -> None:
    assert opened("Acme,5\nBolt,6\n").notes == [
        "I found no row of headings, and took the first line for a row."
    ]
    assert opened(f"{'Lost ' * 20}\nAccount,Reason\nAcme,x\n").notes == [
        f"I left out what stands above the headings: “{('Lost ' * 12)[:59]}…”."
    ]


def test_d1_notes_below_the_rows_and_between_them_are_given_back() -> None:
    rows = 'Acme,price,"one\ntwo\n"\nDune,,\nBolt,x,2\nEllo,x,2\nFox,x,2\nGum,x,2\n'
    sheet = opened(f"Account,Reason,Notes\n{rows}\nWEST,,\nStill,,\nCora,x,3\nNote: draft,,\n")
    names = ["Acme", "Dune", "Bolt", "Ello", "Fox", "Gum", "Cora"]
    assert [row[0] for row in rows_of(sheet)] == names
    assert [(each.line, each.why) for each in broken_of(sheet)] == [
        *((11, NOTE), (12, NOTE), (14, NOTE)),
    ]


def test_d1_a_list_of_mere_names_is_a_list_of_accounts() -> None:
    sheet = opened("Account,Reason,Value\nAcme,,\n\nBolt,,\n\nCora,x,\n")
    assert [row[0] for row in rows_of(sheet)] == ["Acme", "Bolt", "Cora"]
    assert len(rows_of(opened("Account\nAcme\n\nPage 1 of 2\n"))) == 2


def test_d1_a_note_may_open_the_next_batch() -> None:
    rows = "".join(f"Customer {i},price,{i}\n" for i in range(60_000))
    notes = "\nWEST,,\n"
    sheet = opened("Account,Reason,Value\n" + rows + notes + rows)
    assert [each.cells[0] for each in broken_of(sheet)] == ["WEST"]
    assert len(rows_of(sheet)) == 120_000


@pytest.mark.parametrize("quote", ["", '"'])
def test_d1_a_cell_of_megabytes_costs_its_own_line_alone(quote: str) -> None:
    cell = quote + "x " * (1 << 20) + quote
    sheet = opened(f"Account,Reason\nAcme,{cell}\nBolt,price\n")
    assert rows_of(sheet) == [["Bolt", "price"]]
    [broken] = broken_of(sheet)
    assert (broken.line, broken.why) == (2, TOO_LONG)
    assert len(broken.cells[0]) == 32_767


def test_d1_a_line_of_endless_cells_is_refused() -> None:
    with pytest.raises(Refused, match="more than 16,384 columns"):
        opened("Account,Reason," + "abc," * 100_000)


def test_d1_what_shows_nothing_is_taken_out() -> None:
    parts = "Account,Reason,Value\nAc\0me,Pr\0ice,12\0\n", "Account,Reason,Value\nBolt,Price,5\n"
    sheet = opened("\ufeff" + "\ufeff".join(parts))
    assert rows_of(sheet) == [["Acme", "Price", "12"], ["Bolt", "Price", "5"]]


def test_d1_remarks_and_rulers_of_programmers_are_no_rows() -> None:
    rows = "|Account|Reason|Value|\n|---|:--:|--:|\n|Acme|Price|5|\n|Bolt|x|6|\n"
    assert [row[1] for row in rows_of(opened(rows))] == ["Acme", "Bolt"]
    psql = " account | reason | value\n---------+--------+------\n Acme | Price | 5\n(1 row)\n"
    assert [row[0].strip() for row in rows_of(opened(psql))] == ["Acme"]
    assert [each.cells[0] for each in broken_of(opened(psql))] == ["(1 row)"]
    remarks = "Account,Reason,Value\n# Q1\nAcme,Price,5\n// later\n#1 Paint,x,6\nBolt,x,7\n"
    sheet = opened(remarks)
    assert [row[0] for row in rows_of(sheet)] == ["Acme", "#1 Paint", "Bolt"]
    assert [each.line for each in broken_of(sheet)] == [2, 4]


def test_d1_a_stray_null_does_not_make_two_bytes_a_letter() -> None:
    sheet = opened(b"Account,Reason\nAc\0me,price\n" + b"Bolt,price\n" * 20)
    assert len(rows_of(sheet)) == 21


CELL = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n"), max_size=12
).map(str.strip)


@given(
    st.lists(st.tuples(CELL.filter(bool), CELL, CELL), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_d1_what_a_csv_writer_wrote_is_read_back(
    table: list[tuple[str, str, str]], delimiter: str, encoding: str
) -> None:
    header = ["Account", "Reason", "Competitor"]
    rows = [list(row) for row in table]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    sheet = opened(out.getvalue().encode(encoding))
    assert (rows_of(sheet), broken_of(sheet)) == (rows, [])


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_d1_any_bytes_are_read_or_refused_in_one_sentence(content: bytes) -> None:
    refused = None
    try:
        sheet = opened(content)
    except Refused as refusal:
        refused = refusal.sentence
    if refused is None:
        assert all(len(row) == len(sheet.headings) for row in rows_of(sheet))
    else:
        assert refused.startswith("file.csv ")


LINE = st.lists(st.sampled_from(["", "a", "b c", " ", '"', 'x"y', "é"]), max_size=5).map(",".join)


@given(st.lists(LINE, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_d1_lines_parted_together_are_parted_as_each_alone(
    lines: list[str], end: str, closed: bool
) -> None:
    quiet = [line for line in lines if '"' not in line]
    sheet = opened(end.join(["Account,Reason,Value", "first,x,1", *quiet]) + end * closed)
    expected, broken = [["first", "x", "1"]], 0
    for line in quiet:
        cells = line.split(",")
        if any(cell.strip() for cell in cells[3:]):
            broken += 1
        elif any(cell.strip() for cell in cells):
            expected.append(cells[:3] + [""] * (3 - len(cells)))
    notes = [each.cells for each in broken_of(sheet) if each.why == NOTE]
    assert sorted(rows_of(sheet) + notes) == sorted(expected)
    assert len(broken_of(sheet)) == broken + len(notes)
    numbers = [2, *(3 + i for i, line in enumerate(quiet))]
    assert set(lines_of(sheet)) <= set(numbers)


@given(st.lists(LINE, max_size=12))
def test_d1_no_line_is_lost_whatever_quotes_are_in_it(lines: list[str]) -> None:
    sheet = opened("\n".join(["Account,Reason,Value", "first,x,1", *lines]))
    seen = "".join(chain.from_iterable(rows_of(sheet)))
    seen += "".join(chain.from_iterable(broken.cells for broken in broken_of(sheet)))
    assert seen.count("é") == "".join(lines).count("é")
