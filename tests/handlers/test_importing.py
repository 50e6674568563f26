"""D1 in chat: a file dropped into the DM is shown, put right, and taken in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlmodel import col, select

from handlers.effects import Effect, ReplaceSource, Reply, SendFile
from handlers.events import FileShared
from handlers.views.elements import Buttons, View
from handlers.views.forms import ChoiceField
from jobs.context import JobContext
from jobs.table import run_job
from storage.tables import Account, Loss, Outbox, PendingImport
from tests.people import (
    ADA,
    BEN,
    EVE,
    FAY,
    MAX,
    OTTO,
    WORKSPACE,
    Desk,
    errors_of,
    form_of,
    reply_of,
)

LOSSES = """Client;Why;When;Amount;Rep
Acme Corp;too pricey;03/04/2025;€1.200,50;Ada Fox
Bolt & Co;Price;05/06/2025;900;Cleo New
;Price;05/06/2025;900;Ada Fox
Cora;their cat died;07/08/2025;abc;Ada Fox
Dune;too pricey;01/02/2025;;
"""


async def drop(desk: Desk, user: str, content: str | bytes, name: str = "lost.csv") -> list[Effect]:
    data = content.encode() if isinstance(content, str) else content
    return await desk.dispatcher.handle(FileShared(desk.origin(user), name, data))


def view_of(effects: list[Effect]) -> View:
    [view] = [e.view for e in effects if isinstance(e, Reply | ReplaceSource)]
    return view


def text_of(effects: list[Effect]) -> str:
    return view_of(effects).to_json()


def buttons_of(effects: list[Effect]) -> dict[str, Mapping[str, str]]:
    rows = [e for e in view_of(effects).elements if isinstance(e, Buttons)]
    return {button.label: button.payload for row in rows for button in row.buttons}


def fields_of(effects: list[Effect]) -> dict[str, ChoiceField]:
    fields = form_of(effects).form.fields
    return {f.name: f for f in fields if isinstance(f, ChoiceField)}


async def accounts(desk: Desk) -> list[str]:
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(Account).order_by(Account.name_key))
        return [row.name for row in rows]


async def pressed(desk: Desk, effects: list[Effect], label: str, action: str) -> list[Effect]:
    return await desk.presses(MAX, action, **buttons_of(effects)[label])


async def test_d1_a_file_is_shown_before_anything_is_written(desk: Desk) -> None:
    effects = await drop(desk, MAX, LOSSES)
    text = text_of(effects)
    for words in ("Client", "Account", "Acme Corp", "No account is named", "Line 4", "Lost by"):
        assert words in text
    assert await accounts(desk) == []
    async with desk.database.reading(WORKSPACE) as work:
        assert await work.members.by_name("Cleo New") == []


async def test_d4_what_the_deal_decides_is_said_not_to_be_imported(desk: Desk) -> None:
    file = "Account,Value,State,Holder\nAcme,900,assigned,Ada Fox\n"
    text = text_of(await drop(desk, MAX, file))
    assert "State and Holder: not imported, the deal decides." in text


async def test_d1_dates_that_read_both_ways_are_asked_about(desk: Desk) -> None:
    effects = await drop(desk, MAX, LOSSES)
    assert "Import" not in buttons_of(effects)
    assert "03/04/2025" in text_of(effects)
    answered = await pressed(desk, effects, "The day comes first", "import.order")
    assert "Import" in buttons_of(answered)
    await pressed(desk, answered, "Import", "import.confirm")
    async with desk.database.reading(WORKSPACE) as work:
        acme = await work.accounts.named("Acme")
        assert acme is not None
        assert str(acme.lost_on) == "2025-04-03"


async def test_d1_names_are_filled_down_where_a_manager_says_so(desk: Desk) -> None:
    file = "Account,Reason,Product\nAcme,Price,Gold\n,Service,Tin\nBolt,Price,Gold\n"
    effects = await drop(desk, MAX, file)
    assert (
        "1 row names no account. If it is about the one above it, fill down the names."
        in text_of(effects)
    )
    filled = await pressed(desk, effects, "Fill down the names", "import.names")
    assert "1 row takes the account named above it." in text_of(filled)
    left = await pressed(desk, filled, "Leave them blank", "import.names")
    assert view_of(left) == view_of(effects)
    more = await drop(desk, MAX, file + ",Delay,Tin\n")
    assert "2 rows name no account. If each is about the one above it" in text_of(more)
    filled = await pressed(desk, more, "Fill down the names", "import.names")
    assert "2 rows take the account named above them." in text_of(filled)
    done = await pressed(desk, filled, "Import", "import.confirm")
    assert "2 rows took the account named above them." in text_of(done)
    async with desk.database.reading(WORKSPACE) as work:
        assert len(list(await work.session.exec(select(Loss)))) == 4
    assert await accounts(desk) == ["Acme", "Bolt"]


async def test_d1_confirmed_rows_are_in_and_the_others_come_back_as_a_file(desk: Desk) -> None:
    effects = await drop(desk, MAX, LOSSES)
    answered = await pressed(desk, effects, "The month comes first", "import.order")
    done = await pressed(desk, answered, "Import", "import.confirm")
    assert await accounts(desk) == ["Acme Corp", "Bolt & Co", "Dune"]
    [file] = [e for e in done if isinstance(e, SendFile)]
    assert file.name == "lost.csv.rejects.csv"
    rows = file.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Line,Why,Client,Why (2),When,Amount,Rep".replace(" (2)", "")
    assert rows[1].startswith("4,No account is named.,,Price")
    assert "abc" in rows[2]
    again = await pressed(desk, done, "Give me the rejects", "import.rejects")
    assert again == [file]
    async with desk.database.reading(WORKSPACE) as work:
        log = await work.workspaces.audit_log()
        losses = list(await work.session.exec(select(Loss).order_by(col(Loss.id))))
    assert "file imported" in {entry.action for entry in log}
    assert [x.logged_by_id for x in losses] == [desk.ids[MAX]] * 3


async def test_d1_mended_rejects_are_taken_alone_and_keep_their_lines(desk: Desk) -> None:
    effects = await drop(desk, MAX, LOSSES)
    answered = await pressed(desk, effects, "The month comes first", "import.order")
    done = await pressed(desk, answered, "Import", "import.confirm")
    [file] = [e for e in done if isinstance(e, SendFile)]
    mended = file.content.decode("utf-8-sig").replace("abc", "77").encode("utf-8-sig")
    effects = await drop(desk, MAX, mended, "lost.csv.rejects.csv")
    assert "Line 4: No account is named." in text_of(effects)
    await pressed(desk, effects, "Import", "import.confirm")  # the order was said with the file
    assert await accounts(desk) == ["Acme Corp", "Bolt & Co", "Cora", "Dune"]


async def test_d1_two_presses_take_a_file_in_once(desk: Desk) -> None:
    effects = await drop(desk, MAX, "Account\nAcme\n")
    await pressed(desk, effects, "Import", "import.confirm")
    again = await pressed(desk, effects, "Import", "import.confirm")
    assert "taken in already" in text_of(again)
    assert await accounts(desk) == ["Acme"]


async def test_d1_a_file_that_is_in_can_no_longer_be_read_otherwise(desk: Desk) -> None:
    effects = await drop(desk, MAX, LOSSES)
    payload = buttons_of(effects)["Change columns"]
    answered = await pressed(desk, effects, "The month comes first", "import.order")
    await pressed(desk, answered, "Import", "import.confirm")
    for action in ("import.columns", "import.reasons"):
        said = await desk.presses(MAX, action, **payload)
        assert "taken in already" in text_of(said)
        said = await desk.sends(MAX, action, {}, {**payload, "kind": "losses"})
        assert "taken in already" in text_of(said)
    said = await pressed(desk, effects, "The day comes first", "import.order")
    assert "taken in already" in text_of(said)
    said = await pressed(desk, effects, "Not now", "import.drop")
    assert "taken in already" in text_of(said)


async def test_d1_columns_can_be_changed_and_are_remembered(desk: Desk) -> None:
    content = "Kontrahent,Powód,Reszta\nAcme,Price,x\nBolt,Billing error,y\n"
    effects = await drop(desk, MAX, content)
    assert "None of them names an account" in text_of(effects)
    form = await pressed(desk, effects, "Say what they are", "import.columns")
    assert set(fields_of(form)) == {"kind", "column0", "column1", "column2", "order"}
    opened = form_of(form).form
    other = await desk.sends(MAX, "import.columns", {"kind": "losses"}, opened.context)
    assert ("reason", "Reason") in fields_of(other)["column1"].options
    values = {"kind": "losses", "column0": "account", "column1": "account", "column2": "-"}
    context = form_of(other).form.context
    errors = errors_of(await desk.sends(MAX, "import.columns", values, context))
    assert set(errors) == {"column0", "column1"}
    values["column1"] = "reason"
    shown = await desk.sends(MAX, "import.columns", values, context)
    await pressed(desk, shown, "Import", "import.confirm")
    assert await accounts(desk) == ["Acme", "Bolt"]
    next_one = await drop(desk, MAX, content.replace("Acme", "Cora"))
    assert "1" in text_of(next_one)
    assert "Import" in buttons_of(next_one)


async def test_d1_wordings_of_reasons_are_asked_once_and_remembered(desk: Desk) -> None:
    content = "Account,Reason\nAcme,too pricey\nBolt,Too pricey\nCora,their cat died\n"
    effects = await drop(desk, MAX, content)
    assert "not clear to me" in text_of(effects)
    form = await pressed(desk, effects, "Say what reasons mean", "import.reasons")
    fields = fields_of(form)
    assert len(fields) == 3
    values = {name: "price" if "pricey" in f.label.lower() else "" for name, f in fields.items()}
    shown = await desk.sends(MAX, "import.reasons", values, form_of(form).form.context)
    await pressed(desk, shown, "Import", "import.confirm")
    async with desk.database.reading(WORKSPACE) as work:
        losses = list(await work.session.exec(select(Loss).order_by(col(Loss.id))))
    assert [x.reason for x in losses] == ["price", "price", "other"]
    assert losses[2].what_happened == "their cat died"
    later = await drop(desk, MAX, "Account,Reason\nDune,TOO PRICEY\n")
    assert "not clear to me" not in text_of(later)


async def test_d1_not_now_forgets_the_file(desk: Desk) -> None:
    effects = await drop(desk, MAX, "Account\nAcme\n")
    assert "forgotten" in text_of(await pressed(desk, effects, "Not now", "import.drop"))
    assert "no longer have that file" in text_of(
        await pressed(desk, effects, "Import", "import.confirm")
    )
    assert await accounts(desk) == []


async def test_d1_a_file_waits_three_days(desk: Desk) -> None:
    effects = await drop(desk, MAX, "Account\nAcme\n")
    assert "Acme" in text_of(await desk.types(MAX, "import"))
    desk.now += timedelta(days=3, seconds=1)
    assert "Drop a CSV or Excel file" in reply_of(await desk.types(MAX, "import"))
    for action in ("import.confirm", "import.columns", "import.reasons", "import.rejects"):
        payload = buttons_of(effects)["Import"]
        assert "no longer" in text_of(await desk.presses(MAX, action, **payload))
    order = await desk.presses(MAX, "import.order", order="day first", **payload)
    assert "no longer" in text_of(order)
    names = await desk.presses(MAX, "import.names", names="fill down", **payload)
    assert "no longer" in text_of(names)
    for form in ("import.columns", "import.reasons"):
        assert "no longer" in text_of(
            await desk.sends(MAX, form, {}, {**payload, "kind": "losses"})
        )
    await drop(desk, MAX, "Account\nBolt\n")
    async with desk.database.reading(WORKSPACE) as work:
        assert len(list(await work.session.exec(select(PendingImport)))) == 1


async def test_d1_another_manager_cannot_press_for_it(desk: Desk) -> None:
    effects = await drop(desk, MAX, "Account\nAcme\n")
    async with desk.database.workspace(WORKSPACE) as work:
        ben = await work.members.by_platform_id(BEN)
        assert ben is not None
        ben.role = "manager"
        await work.commit()
    answer = await desk.presses(BEN, "import.confirm", **buttons_of(effects)["Import"])
    assert "no longer have that file" in text_of(answer)
    assert await accounts(desk) == []


async def test_d1_a_long_file_is_taken_in_by_the_worker(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.importing.AT_ONCE", 2)
    effects = await drop(desk, MAX, "Account,Value\nAcme,1\nBolt,2\nCora,x\n")
    answer = await pressed(desk, effects, "Import", "import.confirm")
    assert "3 rows" in text_of(answer)
    assert await accounts(desk) == []
    assert "taken in already" in text_of(await pressed(desk, effects, "Import", "import.confirm"))
    assert await run_job("imports", JobContext(desk.database, desk.now, desk.now)) == 1
    assert await run_job("imports", JobContext(desk.database, desk.now, desk.now)) == 0
    assert await accounts(desk) == ["Acme", "Bolt"]
    async with desk.database.reading(WORKSPACE) as work:
        [letter] = list(await work.session.exec(select(Outbox)))
    assert letter.member_id == desk.ids[MAX]
    assert "import.rejects" in letter.view_json
    [file] = await desk.presses(MAX, "import.rejects", **buttons_of(effects)["Import"])
    assert isinstance(file, SendFile)
    assert b"Cora" in file.content


@pytest.mark.parametrize("user", [ADA, EVE, FAY, OTTO])
async def test_d1_files_of_others_are_refused_kindly(desk: Desk, user: str) -> None:
    answer = reply_of(await drop(desk, user, LOSSES))
    assert "Thank you for lost.csv" in answer
    assert "managers and admins" in answer
    assert "managers and admins" in reply_of(await desk.types(user, "import"))
    async with desk.database.reading(WORKSPACE) as work:
        assert list(await work.session.exec(select(PendingImport))) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a picture"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nor this", "not an Excel file"),
        (b"<html><table></table></html>", "a web page"),
        (bytes(range(256)) * 20, "lost.csv"),
        (b"Account,Reason\n", "no rows below"),
    ],
)
async def test_d1_what_is_no_table_is_said_in_one_sentence(
    desk: Desk, content: bytes, says: str
) -> None:
    answer = reply_of(await drop(desk, MAX, content))
    assert says in answer
    async with desk.database.reading(WORKSPACE) as work:
        assert list(await work.session.exec(select(PendingImport))) == []
