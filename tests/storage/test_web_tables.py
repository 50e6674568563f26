"""D1: web pages and Excel's old XML, which many programs name .xls, are read as tables."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from storage import marked_tables
from tests.storage.sheets import lines_of, opened, rows_of

SALESFORCE = """<html>
<head><meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1"/>
<style>td > b {x: "<td>"}</style></head><body><table border="1">
<tr><th>Account Name</th><th>Loss Reason</th><th>Amount</th></tr>
<tr><td>M&uuml;ller &amp; S\xf6hne</td><td>Price &ndash; too high</td><td>&euro; 1.200,50</td></tr>
<tr><td>Bolt &lt;West&gt;</td><td>Service</td><td></td></tr>
</table></body></html>"""


def page(rows: str) -> str:
    return f"<table><tr><th>Account</th><th>Reason</th><th>Value</th></tr>{rows}</table>"


def test_d1_a_report_named_xls_that_is_a_web_page_is_read() -> None:
    sheet = opened(SALESFORCE.encode("cp1252"), "report.xls")
    assert sheet.headings == ["Account Name", "Loss Reason", "Amount"]
    assert rows_of(sheet) == [
        ["Müller & Söhne", "Price – too high", "€ 1.200,50"],
        ["Bolt <West>", "Service", ""],
    ]
    assert (lines_of(sheet), sheet.notes) == ([2, 3], [])


REST = "</td><td>x</td><td>5</td></tr>"


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        ("<tr><td>Acme<td>x<td>5", "Acme"),  # without the marks that HTML lets one leave out
        ("<TR><TD NOWRAP title='a > b'>Acme</TD><TD>x</TD><TD>5</TD></TR>", "Acme"),
        (f"<tr><td title=it's>Acme{REST}", "Acme"),
        (f"<tr><td><b>Ac<i>me</i></b>{REST}", "Acme"),
        (f"<tr><td>Acme<br>Corp<p>West{REST}", "Acme\nCorp\nWest"),
        (f"<tr><td> Ac\n\t me&nbsp;{REST}", "Ac me"),
        (f"<tr><td><![CDATA[a < b & c]]>{REST}", "a < b & c"),
        (f"<tr><!-- <td>no</td> --><td>Acme<script>'<td>'</script>{REST}", "Acme"),
        (f"<tr><td><table><tr><td>Acme</td></tr></table>{REST}", "Acme"),
        (f"<tr><td>A &lt; B &amp;amp; &#243; &unknown;{REST}", "A < B &amp; ó &unknown;"),
        (f"<tr></tr><tr><td/>{REST}", ""),
        ("<td>Acme<td>x<td>5", "Acme"),
    ],
)
def test_d1_marks_in_cells_are_no_text(rows: str, read: list[str]) -> None:
    assert rows_of(opened(page(rows), "a.xls")) == [[read, "x", "5"]]


def test_d1_a_cell_that_reaches_over_columns_stands_in_the_first() -> None:
    sheet = opened(page("<tr><td colspan=2>Acme</td><td>5</td></tr>"), "a.xls")
    assert rows_of(sheet) == [["Acme", "", "5"]]


def test_d1_cells_that_reach_down_hold_for_each_row_but_for_sums() -> None:
    rows = "<tr><td rowspan=2>Acme<td>Price<td rowspan=2>5</tr><tr><td>Service</tr>"
    sheet = opened(page(rows + "<tr><td>Bolt<td>x<td rowspan=9>7</tr>"), "a.xls")
    assert rows_of(sheet) == [["Acme", "Price", "5"], ["Acme", "Service", ""], ["Bolt", "x", "7"]]


def test_d1_of_several_tables_the_one_with_the_headings_is_read_and_its_like() -> None:
    menu = "<table><tr><td>Home</td><td>Help</td></tr></table>"
    more = page("<tr><td>Bolt<td>x<td>7</tr>")
    sheet = opened(f"<html>{menu}{page('<tr><td>Acme<td>y<td>5</tr>')}{more}", "a.xls")
    assert rows_of(sheet) == [["Acme", "y", "5"], ["Bolt", "x", "7"]]
    assert lines_of(sheet) == [2, 4]
    assert sheet.notes == ["I read the 2 tables with these headings as one and left out 1 more."]
    alone = opened(menu + page("<tr><td>Acme<td>y<td>5</tr>"), "a.xls")
    assert alone.notes == [
        "I read the largest table with these headings as one and left out 1 more."
    ]


EXCEL_2003 = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<!DOCTYPE x [<!ENTITY lol "lol"><!ENTITY lots "&lol;&lol;&lol;">]>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:x">
<Styles><Style ss:ID="Default"><Font/></Style></Styles>{sheets}</Workbook>"""
SHEET = """<Worksheet ss:Name="{name}"><ss:Table><Column/>
<Row><Cell><Data ss:Type="String">Account</Data></Cell><Cell><Data>Lost on</Data></Cell>
<Cell><Data>Reason</Data></Cell><Cell ss:Index="5"><Data>Preventable</Data></Cell></Row>
<Row ss:Index="4"><Cell ss:MergeDown="1"><Data ss:Type="String">{name} &amp;&#10;Co &lots;</Data>
<Comment><Data>seen</Data></Comment></Cell>
<Cell><Data ss:Type="DateTime">2025-03-14T00:00:00.000</Data></Cell><Cell/>
<Cell ss:Index="5"><Data ss:Type="Boolean">1</Data></Cell></Row>
<Row><Cell ss:Index="3"><Data ss:Type="String">Price</Data></Cell><Cell/><Cell>
<Data ss:Type="Boolean">0</Data></Cell></Row></ss:Table></Worksheet>"""


def test_d1_excels_xml_of_2003_is_read_and_expands_nothing() -> None:
    sheets = SHEET.format(name="May") + SHEET.format(name="June")
    sheet = opened(EXCEL_2003.format(sheets=sheets), "a.xls")
    assert rows_of(sheet)[:2] == [
        ["May &\nCo &lots;", "2025-03-14", "", "", "yes", "May"],
        ["May &\nCo &lots;", "", "Price", "", "no", "May"],
    ]
    assert lines_of(sheet) == [4, 5, 9, 10]
    assert sheet.notes == ["I read the sheets “May”, “June” as one table, each below the last."]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("cp1250", "windows-1250"), ("utf-8", ""), ("utf-8-sig", "x-none"), ("utf-16", "utf-16"),
     ("cp1254", "ISO-8859-9"), ("utf-8", "windows-1252")],
)  # fmt: skip
def test_d1_a_page_is_read_in_the_encoding_it_names(encoding: str, said: str) -> None:
    name = "Güneş" if encoding == "cp1254" else "Łódź"
    text = f'<!-- x --><html><meta charset="{said}">' + page(f"<tr><td>{name}<td>x<td>5")
    sheet = opened(text.encode(encoding), "a.xls")
    assert (rows_of(sheet)[0][0], sheet.notes) == (name, [])


def test_d1_a_page_that_names_no_encoding_is_guessed_and_said() -> None:
    sheet = opened(page("<tr><td>Müller<td>x<td>5").encode("cp1252"), "a.xls")
    assert rows_of(sheet)[0][0] == "Müller"
    assert "CP1252" in sheet.notes[0]


@pytest.mark.parametrize(
    "text",
    ["<html><body>Please sign in</body></html>", "<?xml version='1.0'?><a><b>x</b></a>",
     "<html><table><td>x" + "<table>" * 200, "<html><table><tr><td>" + "<!-- " + "x" * (1 << 25)],
)  # fmt: skip
def test_d1_pages_without_a_table_are_refused(text: str) -> None:
    with pytest.raises(Refused, match="web page"):
        opened(text, "a.xls")


def test_d1_a_page_far_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.web_tables._MOST_BYTES", 10)
    with pytest.raises(Refused, match="too large"):
        opened(page(""), "a.xls")


def test_d1_of_very_many_tables_the_first_ones_are_read() -> None:
    rows = [f"<table><tr><td>Account<td>Reason<tr><td>Acme {i}<td>x</table>" for i in range(1_002)]
    sheet = opened("".join(rows), "a.xls")
    assert rows_of(sheet)[-1] == ["Acme 999", "x"]
    assert sheet.notes == ["I read the 1000 tables with these headings as one."]


def test_d1_tables_alike_are_read_in_their_order_also_one_around_another() -> None:
    def rows(name: str) -> str:
        return "".join(f"<tr><td>{name} {i}</td><td>x</td></tr>" for i in range(60))

    head = "<table><tr><td>Account<td>Reason</tr>"
    around = f"{head}{rows('B')}<tr><td>C</td><td>{head}{rows('D')}</table></td></tr></table>"
    sheet = opened(f"{head}{rows('A')}</table>{around}{head}{rows('E')}</table>", "a.xls")
    names = [row[0] for row in rows_of(sheet)]
    assert [name.split()[0] for name in names[::60]] == ["A", "B", "C", "D", "E"]
    assert len(names) == 60 + 61 + 60 + 60
    assert rows_of(sheet) == rows_of(sheet)


def test_d1_a_long_page_takes_little_memory() -> None:
    rows = "".join(f"<tr><td>Account {i}</td><td>x</td><td>{i}</td></tr>" for i in range(8_000))
    rows += f"<tr><td>{'x' * 4_000_000}</td><td>x</td><td>5</td></tr>"
    content = page(rows).encode()
    tracemalloc.start()
    count = sum(len(batch.lines) for batch in opened(content, "a.xls").batches())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 8_001
    assert peak < 12 << 20


@pytest.mark.parametrize(
    "piece", ["<td x='", "<a ", "<", "&", "<!", "<script ", "<td rowspan=65000 colspan=1000>a"]
)
def test_d1_marks_without_end_take_no_longer_the_more_there_are(piece: str) -> None:
    sheet = opened(page("<tr><td>Acme<td>x<td>5</tr>") + "<table>" + piece * 3_000, "a.xls")
    assert rows_of(sheet)[0] == ["Acme", "x", "5"]


PIECES = (
    *(
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<td rowspan=2>",
        "<th colspan='3'>",
    ),
    *("<td ss:Index=4>", "Acme", "&amp;", "&", "<", ">", "<!--", "-->", "<br>", "<script>", " "),
    *("</script>", "<![CDATA[", "]]>", "<p>", "\n", "Account", "5", "</tr><tr><td>x</td></tr>"),
)
MARKS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(deadline=None)
@given(MARKS, st.integers(1, 30))
def test_d1_any_page_is_read_alike_however_it_is_cut(marks: str, block: int) -> None:
    text = f"<table><tr><td>Account<td>Reason<td>Value<tr><td>x<td>y<td>1</tr>{marks}"
    whole = rows_of(opened(text, "a.xls"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marked_tables, "_BLOCK", block)
        assert rows_of(opened(text, "a.xls")) == whole
    assert all(len(row) == len(whole[0]) for row in whole)
