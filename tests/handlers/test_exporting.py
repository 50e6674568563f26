"""D4: reports as files that are safe to open, and that an import takes without loss."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import select

from domain.account_life import State
from domain.columns import Kind
from domain.errors import Refused
from domain.safe_cells import as_written
from handlers.exporting import REPORTS, export
from storage.database import Database
from storage.installing import ensure_workspace
from storage.tables import Account, Loss
from tests.handlers.files import CRM, needs_crm, take_in
from tests.people import ADA, NOW, WORKSPACE, Desk

NASTY = """Account,External id,Tier,Region,Value,Reason,Last day,Competitor,Decision maker,State
=HYPERLINK("http://x"),A-1,Gold,+East,"1,200.50",Price,2025-11-02,@SUM(A1),Ms. Ö,code 99
"Quote ""Inc"", Ltd",A-2,,,JPY 5000,billing,2025-12-31,-2+3,,code 99
"'tis, here",A-3,'=x,West,-,,,,,lost
<!channel> & Söhne ✂,A-4,,,12k,,,,,code 99
"""


FRESH = "T0FRESH"


async def given_out(
    desk: Desk, report: str, file_format: str = "csv", workspace: str = WORKSPACE
) -> bytes:
    async with desk.database.reading(workspace) as work:
        rules = await work.workspaces.rules()
        _, content = await export(work, rules, desk.now, report, file_format)
    return content


@pytest.fixture
async def fresh(database: Database) -> str:
    """Another workspace, with nobody and nothing in it."""
    async with database.session() as session:
        await ensure_workspace(session, FRESH, now=NOW)
        await session.commit()
    return FRESH


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
async def test_d4_accounts_make_the_round_trip(desk: Desk, fresh: str, file_format: str) -> None:
    result = await take_in(desk, NASTY, kind=Kind.ACCOUNTS)
    assert result.rejected == []
    first = await given_out(desk, "accounts", file_format)
    again = await take_in(desk, first, workspace=fresh)
    assert (again.kind, again.new, again.rejected) == ("accounts", 4, [])
    assert await given_out(desk, "accounts", workspace=fresh) == await _csv_of(first, file_format)


async def _csv_of(content: bytes, file_format: str) -> bytes:
    if file_format == "csv":
        return content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    from domain.safe_cells import as_safe

    out = io.StringIO()
    for row in sheet.to_python():
        cells = [
            c if isinstance(c, str) else c.isoformat() if isinstance(c, date) else c for c in row
        ]
        csv.writer(out, lineterminator="\n").writerow(
            as_safe(c) if isinstance(c, str) else f"{c:.2f}" for c in cells
        )
    return out.getvalue().replace("5000.00", "5000").encode()


async def test_d4_losses_make_the_round_trip(desk: Desk, fresh: str) -> None:
    await desk.types(ADA, 'Acme Corp, price, went to Globex, said "=1+1"')
    await take_in(
        desk,
        "Account,Reason,Value,Last day,Lost by,What happened,External id,Kind,Wake-up date\n"
        'Borealis,Price,1200,2025-03-01,Ada Fox,"two\nlines",D-1,deal,2026-09-01\n'
        "Borealis,Service or delivery failure,0,2025-02-01,Somebody Else,,,,\n",
    )
    first = await given_out(desk, "losses")
    same = await take_in(desk, first)
    assert (same.new, same.changed, same.unchanged) == (0, 0, 3)
    await take_in(desk, first, workspace=fresh)
    assert await given_out(desk, "losses", workspace=fresh) == first


async def test_d4_verified_reasons_make_the_round_trip(desk: Desk, fresh: str) -> None:
    await desk.types(ADA, "Acme Corp, price")
    async with desk.database.workspace(WORKSPACE) as work:
        acme = (await work.session.exec(select(Account))).one()
        loss = (await work.session.exec(select(Loss))).one()
        acme.why_verified = loss.verified_reason = "service"
        await work.commit()
    for report in ("accounts", "losses"):
        first = await given_out(desk, report)
        assert b"Service or delivery failure" in first
        await take_in(desk, first, workspace=fresh)
        assert await given_out(desk, report, workspace=fresh) == first


@needs_crm
async def test_d4_crm_makes_the_round_trip(desk: Desk, fresh: str) -> None:
    for name in ("sales_teams", "accounts", "sales_pipeline"):
        await take_in(desk, CRM / f"{name}.csv")
    before = [await given_out(desk, report) for report in ("members", "accounts", "losses")]
    for content in before:
        await take_in(desk, content, workspace=fresh)
    after = [
        await given_out(desk, report, workspace=fresh)
        for report in ("members", "accounts", "losses")
    ]
    assert after == before


async def test_d4_the_drawer_report_covers_what_waits_and_what_is_in_whose_hand(desk: Desk) -> None:
    await take_in(desk, NASTY, kind=Kind.ACCOUNTS)
    async with desk.database.workspace(WORKSPACE) as work:
        rows = list(await work.session.exec(select(Account).order_by(Account.name_key)))
        rows[0].state, rows[0].holder_id = State.MET, desk.ids[ADA]
        rows[1].state = State.LET_GO
        await work.commit()
    report = csv.DictReader(io.StringIO((await given_out(desk, "drawer")).decode()))
    told = {as_written(row["Account"]): (row["State"], row["Holder"]) for row in report}
    waiting = dict.fromkeys((row.name for row in rows[2:]), ("code 99", ""))
    assert told == {rows[0].name: ("met", "Ada Fox"), **waiting}


async def test_d4_no_cell_can_run_as_a_formula(desk: Desk) -> None:
    await take_in(desk, NASTY, kind=Kind.ACCOUNTS)
    rows = list(csv.reader(io.StringIO((await given_out(desk, "drawer")).decode())))
    cells = [cell for row in rows for cell in row]
    assert '\'=HYPERLINK("http://x")' in cells
    assert not [c for c in cells if c[:1] in {"=", "+", "-", "@", "\t"}]
    book = CalamineWorkbook.from_filelike(io.BytesIO(await given_out(desk, "drawer", "xlsx")))
    first = book.get_sheet_by_index(0).to_python()
    assert any(row[0] == '=HYPERLINK("http://x")' for row in first)
    value = first[0].index("Value")
    assert {row[value] for row in first[1:]} == {1200.5, 5000.0, 12000.0, ""}


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
async def test_d4_every_report_has_headings_even_when_empty(
    database: Database, report: str, file_format: str
) -> None:
    empty = Desk(database)
    content = await given_out(empty, report, file_format)
    assert content.startswith(b"PK") if file_format == "xlsx" else b"," in content


async def test_d4_a_report_there_is_not_is_refused_by_naming_those_there_are(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"There is no report called tea\. There are: drawer"):
        await given_out(desk, "tea")


async def test_d4_another_workspace_is_in_no_report(desk: Desk, fresh: str) -> None:
    await take_in(desk, NASTY, kind=Kind.ACCOUNTS)
    for report in REPORTS:
        content = await given_out(desk, report, workspace=fresh)
        assert content.decode().count("\n") == 1, report
