"""D4: reports asked for in the chat, which come as files."""

from __future__ import annotations

import csv
import io

import pytest

from domain.errors import Refused
from handlers.effects import Effect, SendReport
from handlers.exporting import REPORTS
from handlers.reports import PERMISSIONS
from storage.tables import AuditEntry
from tests.handlers.dealt import deals, drawer, rows
from tests.handlers.screens import buttons, labels, press, read, seen
from tests.people import ADA, EVE, FAY, MAX, OTTO, WORKSPACE, Desk, reply_of


def promised(effects: list[Effect]) -> SendReport:
    [report] = [effect for effect in effects if isinstance(effect, SendReport)]
    return report


async def names_in(desk: Desk, report: SendReport) -> set[str]:
    file = await desk.dispatcher.report(WORKSPACE, report)
    assert file.name == f"{report.report}-2026-03-02.{report.file_format}"
    return {row["Account"] for row in csv.DictReader(io.StringIO(file.content.decode()))}


def test_every_report_says_who_may_have_it() -> None:
    assert PERMISSIONS.keys() == REPORTS.keys()


@pytest.mark.parametrize(
    ("line", "report"),
    [
        ("drawer", SendReport("drawer", "csv")),
        ("Losses as Excel", SendReport("losses", "xlsx")),
        ("the audit, xlsx", SendReport("audit", "xlsx")),
        ("ledger csv", SendReport("ledger", "csv")),
    ],
)
async def test_a_report_is_promised_in_one_line(desk: Desk, line: str, report: SendReport) -> None:
    effects = await desk.types(MAX, f"export {line}")
    assert promised(effects) == report
    assert "It comes to our messages." in reply_of(effects)
    [entry] = await rows(desk, AuditEntry)
    assert (entry.action, entry.subject) == ("exported", report.report)


async def test_without_a_name_one_is_chosen(desk: Desk) -> None:
    view = seen(await desk.types(MAX, "export"))
    assert labels(view) == [report.capitalize() for report in REPORTS] * 2
    [excel, plain] = [button for button in buttons(view) if button.label == "Ledger"]
    for button, file_format in ((excel, "xlsx"), (plain, "csv")):
        pressed = await desk.presses(MAX, button.action, **button.payload)
        assert promised(pressed) == SendReport("ledger", file_format)


async def test_each_is_offered_what_is_theirs(desk: Desk) -> None:
    offered = {who: labels(seen(await desk.types(who, "export"))) for who in (FAY, EVE)}
    assert offered[FAY] == ["Ledger", "Leaderboard"] * 2
    assert offered[EVE] == ["Drawer", "Accounts", "Losses", "Ledger", "Leaderboard"] * 2


@pytest.mark.parametrize(
    ("who", "report"), [(FAY, "losses"), (EVE, "audit"), (EVE, "members"), (ADA, "drawer")]
)
async def test_nobody_gets_what_is_not_theirs(desk: Desk, who: str, report: str) -> None:
    for effects in (
        await desk.types(who, f"export {report}"),
        await desk.presses(who, "report.give", report=report, format="csv"),
    ):
        assert "That one is for" in reply_of(effects)
        assert not any(isinstance(effect, SendReport) for effect in effects)
    assert "That one is for" in reply_of(await desk.types(OTTO, f"export {report}"))


@pytest.mark.parametrize("line", ["nonsense", "drawer losses", "drawer price"])
async def test_what_is_no_report_is_said(desk: Desk, line: str) -> None:
    said = reply_of(await desk.types(MAX, f"export {line}"))
    assert f"There is no report called {line}. There are: drawer, accounts, losses" in said


async def test_a_page_of_the_drawer_comes_as_a_file_of_all_that_fits(desk: Desk) -> None:
    """The filter goes along, and what is in somebody's hands is left out."""
    await drawer(desk, "In Hand")
    await deals(desk, MAX)
    await drawer(desk, *(f"Shop {number}" for number in range(12)))
    await desk.types(MAX, "Kiosk, neglect")
    page = seen(await desk.types(MAX, "drawer neglect"))
    assert await names_in(desk, promised(await press(desk, MAX, page, "As CSV"))) == {"Kiosk"}
    page = seen(await desk.types(MAX, "drawer"))
    all_of_it = {f"Shop {number}" for number in range(12)} | {"Kiosk"}
    assert await names_in(desk, promised(await press(desk, MAX, page, "As CSV"))) == all_of_it
    whole = promised(await desk.types(MAX, "export drawer"))
    assert await names_in(desk, whole) == all_of_it | {"In Hand"}


async def test_a_file_for_excel_opens_there(desk: Desk) -> None:
    await drawer(desk, "Acme")
    page = seen(await desk.types(MAX, "drawer"))
    report = promised(await press(desk, MAX, page, "For Excel"))
    file = await desk.dispatcher.report(WORKSPACE, report)
    assert file.content.startswith(b"PK")
    assert file.says == "Drawer, as of now. An import takes it again."


async def test_very_many_are_for_the_command_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.accounts.MANY", 2)
    await drawer(desk, "Acme", "Bolt", "Cora")
    with pytest.raises(Refused, match="python -m bot export drawer --format csv"):
        await desk.dispatcher.report(WORKSPACE, SendReport("drawer", "csv"))
    file = await desk.dispatcher.report(WORKSPACE, SendReport("ledger", "csv"))
    assert file.name.startswith("ledger-")


async def test_an_executive_sees_the_files_of_the_drawer_too(desk: Desk) -> None:
    await drawer(desk, "Acme")
    page = seen(await desk.types(EVE, "drawer"))
    assert [b.label for b in buttons(page) if b.action == "report.give"] == ["For Excel", "As CSV"]
    assert "Deal them out" not in read(page)
