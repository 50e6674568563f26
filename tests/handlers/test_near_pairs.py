"""D1: accounts that are nearly called alike are made one, or left two, by a manager."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from sqlmodel import col, select

from domain.account_life import State
from handlers.views.elements import Buttons, View
from jobs.context import JobContext
from jobs.table import run_job
from storage.merging import Merging
from storage.near_names import Near
from storage.tables import Account, AuditEntry, Loss, Outbox, Visit
from tests.handlers.files import take_in
from tests.handlers.screens import press, seen
from tests.handlers.test_importing import drop, text_of, view_of
from tests.people import ADA, MAX, WORKSPACE, Desk, reply_of

KNOWN = "Account,External id,Tier\nGlobex Trading,C-1,Gold\nVehement Capital,,\n"
NEW = (
    "Account,Account id,Reason,Last day,Value,Tier,External id\n"
    "Globbex Trading,C-2,Price,2025-03-01,1200,Silver,D-1\n"
    "Vehemant Capital,C-3,Price,2025-04-01,900,,D-2\n"
    "Zed,,Price,2025-04-01,900,,D-3\n"
)
"""Two that are nearly called like known ones; one says another tier, one has what nobody knew."""


async def accounts(desk: Desk) -> dict[str, Account]:
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(Account).order_by(col(Account.id)))
        return {row.name: row for row in rows}


async def losses(desk: Desk) -> list[Loss]:
    async with desk.database.reading(WORKSPACE) as work:
        return list(await work.session.exec(select(Loss).order_by(col(Loss.id))))


async def audited(desk: Desk) -> list[tuple[str, str, str]]:
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
        return [(row.action, row.subject, row.detail) for row in rows]


def asked(view: View) -> list[Mapping[str, str]]:
    """What the buttons "Same customer" of a message know."""
    rows = [element for element in view.elements if isinstance(element, Buttons)]
    return [b.payload for row in rows for b in row.buttons if b.label == "Same customer"]


async def letters(desk: Desk) -> dict[str, View]:
    """What waits to be sent, by its key."""
    async with desk.database.reading(WORKSPACE) as work:
        rows = list(await work.session.exec(select(Outbox).order_by(col(Outbox.id))))
    assert {row.member_id for row in rows} <= {desk.ids[MAX]}
    return {row.dedupe_key: View.from_json(row.view_json) for row in rows}


async def told_apart(desk: Desk) -> set[tuple[int, int]]:
    async with desk.database.reading(WORKSPACE) as work:
        return await Merging(work.session, WORKSPACE).told_apart()


async def near(desk: Desk, pair: Mapping[str, str]) -> Near:
    """What an import says of a pair."""
    names = {account.id: name for name, account in (await accounts(desk)).items()}
    new, known = int(pair["new"]), int(pair["known"])
    return Near(new, names[new], known, names[known])


async def imported(desk: Desk) -> list[Mapping[str, str]]:
    """Take both files in by chat; give the pairs that are asked about."""
    await take_in(desk, KNOWN)
    desk.now = desk.now.replace(hour=17)
    preview = await drop(desk, MAX, NEW)
    assert "Once they are in I ask whether they are the same" in text_of(preview)
    await desk.presses(MAX, "import.confirm", file="1")
    return asked((await letters(desk))["near:1"])


async def test_d1_the_same_customer_becomes_one_account(desk: Desk) -> None:
    pairs = await imported(desk)
    assert len(pairs) == 2
    effects = await desk.presses(MAX, "near.same", **pairs[0])
    assert "Globbex Trading is part of Globex Trading now" in text_of(effects)
    [still] = asked(view_of(effects))
    assert still == {**pairs[1], "left": still["left"]}
    found = await accounts(desk)
    assert "Globbex Trading" not in found
    kept = found["Globex Trading"]
    assert (kept.external_id, kept.tier, kept.value_minor) == ("C-1", "Gold", 120_000)
    assert (kept.state, kept.reason, kept.lost_on) == (State.CODE_99, "price", date(2025, 3, 1))
    assert (await losses(desk))[0].account_id == kept.id
    assert (await audited(desk))[-1] == (
        "accounts merged",
        "Globex Trading",
        "Globbex Trading, losses: 1; it said external_id C-2, tier Silver",
    )


async def test_d1_what_the_kept_one_did_not_know_is_filled_in(desk: Desk) -> None:
    pairs = await imported(desk)
    await desk.presses(MAX, "near.same", **pairs[1])
    kept = (await accounts(desk))["Vehement Capital"]
    assert (kept.external_id, kept.value_minor, kept.currency) == ("C-3", 90_000, "USD")


async def test_d1_files_find_one_customer_by_either_name(desk: Desk) -> None:
    for pair in await imported(desk):
        await desk.presses(MAX, "near.same", **pair)
    before = await accounts(desk)
    again = await take_in(desk, NEW)
    assert (again.new, again.rejected, again.near) == (0, [], [])
    plain = await take_in(desk, "Account,Region\nGlobbex Trading,West\nVehemant Capital,East\n")
    assert (plain.new, plain.changed) == (0, 2)
    after = await accounts(desk)
    assert list(after) == list(before)
    assert len(await losses(desk)) == 3
    assert (after["Globex Trading"].region, after["Globex Trading"].tier) == ("West", "Silver")


async def test_d1_an_account_without_losses_goes_over_too(desk: Desk) -> None:
    await take_in(desk, "Account,Region\nGlobex Trading,West\n")
    desk.now = desk.now.replace(hour=17)
    result = await take_in(desk, "Account,Sector\nGlobbex Trading,Retail\n")
    [pair] = result.near
    payload = {"new": str(pair.new_id), "known": str(pair.known_id), "left": ""}
    effects = await desk.presses(MAX, "near.same", **payload)
    assert "That was all" in text_of(effects)
    [kept] = (await accounts(desk)).values()
    assert (kept.region, kept.sector) == ("West", "Retail")


async def test_d1_different_ones_stay_two_and_are_not_asked_about_again(desk: Desk) -> None:
    pairs = await imported(desk)
    effects = await desk.presses(MAX, "near.different", **pairs[0])
    assert "Two customers, then." in text_of(effects)
    assert len(asked(view_of(effects))) == 1
    assert "Globbex Trading" in await accounts(desk)
    assert (await audited(desk))[-1][:2] == (
        "accounts told apart",
        "Globex Trading and Globbex Trading",
    )
    assert (await take_in(desk, NEW)).near == [await near(desk, pairs[1])]
    assert (await take_in(desk, KNOWN)).near == [await near(desk, pairs[1])]
    [other] = asked(view_of(await desk.presses(MAX, "near.different", **pairs[0])))
    assert other["new"] == pairs[1]["new"]
    effects = await desk.presses(MAX, "near.different", **pairs[1])
    assert "That was all" in text_of(effects)
    assert (await take_in(desk, NEW)).near == []


async def test_d1_that_two_were_told_apart_goes_with_either(desk: Desk) -> None:
    pairs = await imported(desk)
    for pair in pairs:
        await desk.presses(MAX, "near.different", **pair)
    assert len(await told_apart(desk)) == 2
    await desk.presses(MAX, "near.same", **pairs[0])
    assert "Globbex Trading" not in await accounts(desk)
    [left] = await told_apart(desk)
    assert left == (int(pairs[1]["known"]), int(pairs[1]["new"]))
    effects = await desk.presses(MAX, "near.different", **pairs[0])
    assert "Those two are one already." in text_of(effects)
    assert await told_apart(desk) == {left}


async def test_l1_a_loss_taken_back_takes_its_account_along_though_told_apart(desk: Desk) -> None:
    await take_in(desk, "Account\nGlobex Trading\n")
    desk.now = desk.now.replace(hour=17)
    logged = await desk.types(ADA, "Initech, price")
    found = await accounts(desk)
    ids = {"known": str(found["Globex Trading"].id), "new": str(found["Initech"].id)}
    await desk.presses(MAX, "near.different", **ids, left="")
    assert len(await told_apart(desk)) == 1
    await press(desk, ADA, seen(logged), "Not right? Undo")
    assert list(await accounts(desk)) == ["Globex Trading"]
    assert await told_apart(desk) == set()


async def test_d1_an_old_button_finds_them_one_already(desk: Desk) -> None:
    pairs = await imported(desk)
    await desk.presses(MAX, "near.same", **pairs[0])
    effects = await desk.presses(MAX, "near.same", **pairs[0])
    assert "Those two are one already." in text_of(effects)
    assert len(await losses(desk)) == 3


async def test_d1_an_account_that_was_dealt_is_left_alone(desk: Desk) -> None:
    pairs = await imported(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        new = await work.accounts.named("Globbex Trading")
        assert new is not None
        new.state, new.holder_id = State.ASSIGNED, desk.ids[ADA]
        await work.commit()
    said = reply_of(await desk.presses(MAX, "near.same", **pairs[0]))
    assert "/lost undo" in said
    assert "Globbex Trading" in await accounts(desk)


async def test_d1_an_account_with_a_past_is_left_alone(desk: Desk) -> None:
    pairs = await imported(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        work.session.add(
            Visit(
                workspace_id=WORKSPACE,
                account_id=int(pairs[0]["new"]),
                member_id=desk.ids[ADA],
                visited_on=date(2026, 3, 2),
                who_was_met="Dana",
                met_decision_maker=True,
                what_happened="We talked.",
                logged_at=desk.now,
            )
        )
        await work.commit()
    assert "worked on" in reply_of(await desk.presses(MAX, "near.same", **pairs[0]))


async def test_d6_a_contact_who_was_forgotten_stays_so(desk: Desk) -> None:
    await take_in(desk, "Account,Decision maker\nGlobex Trading,Dana Reed\n")
    async with desk.database.workspace(WORKSPACE) as work:
        known = await work.accounts.named("Globex Trading")
        assert known is not None
        await work.forgetting.forget(known, ["Dana Reed"])
        await work.commit()
    desk.now = desk.now.replace(hour=17)
    result = await take_in(desk, "Account,Decision maker\nGlobbex Trading,Dana Reed\n")
    [pair] = result.near
    payload = {"new": str(pair.new_id), "known": str(pair.known_id), "left": ""}
    await desk.presses(MAX, "near.same", **payload)
    [kept] = (await accounts(desk)).values()
    assert kept.decision_maker is None
    assert "Dana" not in str(await audited(desk))


async def test_d1_the_worker_asks_about_a_long_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.importing.AT_ONCE", 2)
    await take_in(desk, KNOWN)
    desk.now = desk.now.replace(hour=17)
    await drop(desk, MAX, NEW)
    await desk.presses(MAX, "import.confirm", file="1")
    assert await run_job("imports", JobContext(desk.database, desk.now, desk.now)) == 1
    assert set(await letters(desk)) == {"import:1", "near:1"}


async def test_d1_many_pairs_come_up_a_few_at_a_time(desk: Desk) -> None:
    names = ("Northwind", "Contoso", "Initech", "Umbrella", "Starkville", "Waynetown", "Acmeland")
    await take_in(desk, "Account\n" + "".join(f"{name} Trading\n" for name in names))
    desk.now = desk.now.replace(hour=17)
    await drop(desk, MAX, "Account\n" + "".join(f"{name}s Trading\n" for name in names))
    await desk.presses(MAX, "import.confirm", file="1")
    question = (await letters(desk))["near:1"]
    assert len(asked(question)) == 5
    assert "2 more come after these" in question.to_json()
