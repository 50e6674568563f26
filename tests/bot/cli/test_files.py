"""Files in and files out, from a script (D1, D4)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.cli.arguments import REPORTS
from tests.bot.cli.conftest import ADA, MAX, Terminal

ACCOUNTS = (
    "Account,Region,Value,Last day\nAcme,East,1200,2026-01-05\nBörje & Söhne,West,50,2026-01-06\n"
)
LOSSES = (
    "Account,Reason,Lost by,Last day,Stage\n"
    "Acme,Price,Ada Fox,2026-02-01,Lost\n"
    ",Price,Ada Fox,2026-02-01,Lost\n"
    "Borealis,Price,Ada Fox,31/31/2026,Lost\n"
    "Cassiopeia,Billing error,Ada Fox,2026-02-03,Won\n"
)


def test_d1_accounts_come_in_once_and_go_out_again(bot: Terminal) -> None:
    name = bot.file("accounts.csv", ACCOUNTS)
    first = bot("import", name, "--as", "accounts", "--json").data()
    assert {k: first[k] for k in ("kind", "rows", "taken", "new", "rejected")} == {
        "kind": "accounts",
        "rows": 2,
        "taken": 2,
        "new": 2,
        "rejected": 0,
    }
    again = bot("import", name, "--as", "accounts", "--json").data()
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)
    out = list(csv.DictReader(io.StringIO(bot("export", "drawer").text)))
    assert [(row["Account"], row["State"], row["Holder"]) for row in out] == [
        ("Acme", "code 99", ""),
        ("Börje & Söhne", "code 99", ""),
    ]
    assert not list(bot.folder.glob("*.rejects.csv"))


def test_d1_bad_rows_are_given_back_with_line_and_reason(bot: Terminal) -> None:
    name = bot.file("losses.csv", LOSSES)
    ran = bot("import", name, "--as", "losses", "--where", "Stage=Lost")
    assert (ran.code, ran.err) == (0, "")
    assert "losses: 4 rows, 1 taken, 1 new, 1 skipped, 2 rejected" in ran.text
    assert "losses.csv.rejects.csv" in ran.text
    with (bot.folder / "losses.csv.rejects.csv").open(newline="") as file:
        given_back = list(csv.DictReader(file))
    assert [row["Line"] for row in given_back] == ["3", "4"]
    assert given_back[0]["Why"] == "No account is named."
    assert "31/31/2026" in given_back[1]["Why"]
    assert given_back[1]["Account"] == "Borealis"
    told = bot("import", name, "--as", "losses", "--where", "Stage=Lost", "--json").data()
    assert [one["line"] for one in told["rejects"]] == [3, 4]


def test_d1_mended_rejects_can_be_imported_alone(bot: Terminal) -> None:
    bot("import", bot.file("losses.csv", LOSSES), "--as", "losses", "--where", "Stage=Lost")
    given_back = (bot.folder / "losses.csv.rejects.csv").read_text()
    mended = given_back.replace("31/31/2026", "2026-02-02")
    told = bot("import", bot.file("mended.csv", mended), "--as", "losses", "--json").data()
    assert (told["new"], [one["line"] for one in told["rejects"]]) == (1, [3])


def test_d1_names_are_filled_down_where_a_script_says_so(bot: Terminal) -> None:
    name = bot.file("losses.csv", "Account,Reason,Stage\nAcme,Price,Lost\n,Service,Lost\n,,Won\n")
    ran = bot("import", name, "--dry-run")
    assert "1 row names no account. If it is about the one above it, say --fill-down" in ran.text
    assert "--fill-down" not in bot("import", name, "--fill-down", "--dry-run").text
    told = bot("import", name, "--fill-down", "--json").data()
    assert (told["new"], told["filled_down"], told["rejects"]) == (2, 1, [])
    assert "1 row takes the account named above it." in bot("import", name, "--fill-down").text


def test_d1_a_date_that_reads_two_ways_is_named(bot: Terminal) -> None:
    name = bot.file("losses.csv", "Account,Left\nAcme,3/4/2025\n")
    assert "Left: “3/4/2025” can be read two ways; say --date-order" in bot("import", name).text


def test_d1_a_dry_run_says_what_would_happen_and_leaves_nothing(bot: Terminal) -> None:
    name = bot.file("losses.csv", LOSSES)
    ran = bot("import", name, "--dry-run")
    assert ran.code == 0
    assert "dry run" in ran.text
    assert bot("export", "losses", "--json").data() == []
    assert [path.name for path in bot.folder.glob("*.csv")] == ["losses.csv"]


def test_d1_columns_are_told_by_hand(bot: Terminal) -> None:
    name = bot.file("odd.csv", "Wer,Wann,Gebiet\nAcme,05/01/2026,Ost\n")
    words = ["--as", "accounts", "--map", "Wer=Account", "--map", "Wann=Last day"]
    told = bot(
        "import", name, *words, "--map", "Gebiet=Region", "--date-order", "day first", "--json"
    )
    assert told.data()["columns"] == {"Wer": "account", "Wann": "last_day", "Gebiet": "region"}
    [row] = bot("export", "accounts", "--json").data()
    assert (row["Account"], row["Last day"], row["Region"]) == ("Acme", "2026-01-05", "Ost")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_d1_every_usual_encoding_is_read(bot: Terminal, encoding: str) -> None:
    name = bot.file("customers.csv", ACCOUNTS.encode(encoding))
    assert bot("import", name, "--as", "accounts", "--json").data()["taken"] == 2
    assert "Börje & Söhne" in bot("export", "accounts").text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n  \n",
        b"\xef\xbb\xbf",
        b"Account,Reason\n",
        b"\x00\x01\x02\x03" * 2000,
        b"%PDF-1.7 x",
    ],
    ids=["empty", "blank", "a mark alone", "headings alone", "bytes", "a PDF"],
)
def test_d1_what_is_no_table_ends_with_2_and_one_sentence(bot: Terminal, content: bytes) -> None:
    bot("import", bot.file("x.csv", content), "--as", "accounts").says(2, "x.csv")
    assert bot("export", "accounts", "--json").data() == []


def test_d1_a_file_that_is_not_there_ends_with_2(bot: Terminal) -> None:
    bot("import", "nothing.csv").says(2, "nothing.csv")
    (bot.folder / "folder").mkdir()
    bot("import", "folder").says(2, "folder")


def test_d1_a_file_that_may_not_be_read_ends_with_2(
    bot: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "x.csv")

    name = bot.file("x.csv", ACCOUNTS)
    monkeypatch.setattr(Path, "open", refuse)
    bot("import", name).says(2, "x.csv", "Permission denied")


@pytest.mark.parametrize(
    "words", ["--map Account", "--where =x", "--map Account=Nonsense", "--where Shoe=42"]
)
def test_d1_conditions_that_make_no_sense_end_with_2(bot: Terminal, words: str) -> None:
    bot("import", bot.file("a.csv", ACCOUNTS), "--as", "accounts", *words.split()).says(2)


def test_d1_text_from_people_stays_text(bot: Terminal) -> None:
    names = ["<!channel>", "=1+1", 'The "Q", Ltd', "two\nlines", "שלום", "🛟 Lifebuoy", "x" * 3000]
    out = io.StringIO()
    csv.writer(out).writerows([["Account"], *[[name] for name in names]])
    told = bot("import", bot.file("n.csv", out.getvalue()), "--as", "accounts", "--json").data()
    assert told["taken"] + told["rejected"] == len(names)
    assert told["taken"] >= len(names) - 1
    kept = {row["Account"] for row in bot("export", "accounts", "--json").data()}
    assert {"<!channel>", "=1+1", 'The "Q", Ltd', "שלום", "🛟 Lifebuoy"} <= kept


@pytest.mark.parametrize("report", REPORTS)
def test_d4_every_report_goes_to_the_screen_or_into_a_file(bot: Terminal, report: str) -> None:
    bot("team", "add", ADA)
    bot("import", bot.file("losses.csv", LOSSES), "--as", "losses")
    shown = bot("export", report)
    assert (shown.code, shown.err) == (0, "")
    headings = next(csv.reader(io.StringIO(shown.text)))
    into = bot("export", report, "--out", "report.csv")
    assert (into.out, into.err) == (b"", "")
    assert (bot.folder / "report.csv").read_bytes() == shown.out
    rows = bot("export", report, "--json").data()
    assert all(list(row) == headings for row in rows)
    assert bot("export", report, "--format", "xlsx", "--out", "report.xlsx").code == 0
    book = CalamineWorkbook.from_path(str(bot.folder / "report.xlsx"))
    assert book.get_sheet_by_index(0).to_python()[0] == headings
    assert bot("export", report, "--format", "xlsx").out.startswith(b"PK")


def test_d4_a_place_that_cannot_be_written_is_one_line(bot: Terminal) -> None:
    bot("export", "drawer", "--out", "no/such/folder.csv").says(1, "no/such/folder.csv")


def test_d1_members_are_found_in_slack_by_name(bot: Terminal) -> None:
    people = "Name,Manager,Region\nAda Fox,Max Lind,East\nNobody Known,Max Lind,West\n"
    told = bot("import", bot.file("team.csv", people), "--as", "members", "--json").data()
    assert (told["taken"], told["new"]) == (2, 2)
    team = {line["name"]: line for line in bot("team", "list", "--json").data()}
    assert (team["Ada Fox"]["slack_id"], team["Ada Fox"]["manager"]) == (ADA, "Max Lind")
    assert (team["Max Lind"]["slack_id"], team["Max Lind"]["role"]) == (MAX, "manager")
    assert team["Nobody Known"]["slack_id"] == ""
