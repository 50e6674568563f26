"""Held, payable, paid; taken back and put right (B4, B6)."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from sqlmodel import select

from domain.account_life import State
from domain.ledger import Pot
from handlers.effects import Effect, SendFile
from handlers.payment_files import take_payments
from handlers.releasing import release_held
from jobs.context import JobContext
from jobs.ledger import run_some
from storage.tables import Loss, Outbox
from tests.handlers.winning import an_account, claims, ledger, source_of, told
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


async def _won(desk: Desk, name: str = "Acme", value: int = 12_000, user: str = ADA) -> int:
    account_id = await an_account(desk, name, holder=user)
    await desk.types(user, f"{name}, {value}", "found")
    await desk.presses(MAX, "claim.approve", claim=str((await claims(desk))[-1].id))
    return account_id


async def _released(desk: Desk, days: int = 30) -> int:
    desk.now += timedelta(days=days)
    return await run_some(JobContext(desk.database, desk.now, deliver_at=desk.now))


async def _pots(desk: Desk) -> dict[str, int]:
    async with desk.database.reading(WORKSPACE) as work:
        sums: dict[str, int] = {}
        for one in await work.ledger.balances(*Pot):
            sums[one.pot] = sums.get(one.pot, 0) + one.amount.minor
    assert sum(sums.values()) == 0
    return {pot: minor for pot, minor in sums.items() if minor and pot != Pot.DESK}


def _file(effects: list[Effect]) -> list[dict[str, str]]:
    [file] = [effect for effect in effects if isinstance(effect, SendFile)]
    return list(csv.DictReader(StringIO(file.content.decode())))


def _as_file(rows: list[dict[str, str]]) -> bytes:
    out = StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


async def test_what_is_held_turns_payable_by_the_clock_once(desk: Desk) -> None:
    await _won(desk)
    assert await _released(desk, 29) == 0
    assert await _pots(desk) == {"held": 240_000}
    assert await _released(desk, 1) > 0
    assert await _released(desk, 1) == 0
    async with desk.database.workspace(WORKSPACE) as work:
        assert await release_held(work, desk.now) == 0
    assert await _pots(desk) == {"payable": 240_000}
    assert (await ledger(desk))[-1] == ("released", "held", "payable", 240_000)


async def test_without_a_hold_it_is_payable_at_once(desk: Desk) -> None:
    desk.now -= timedelta(hours=1)
    await desk.types(MAX, "settings hold_days 0")
    desk.now += timedelta(hours=1)
    await _won(desk)
    assert await _pots(desk) == {"payable": 240_000}
    assert "payable now" in (await told(desk, ADA))[-1].to_json()
    assert await _released(desk, 1) == 0


async def test_drawing_up_twice_pays_once(desk: Desk) -> None:
    await _won(desk, "Acme")
    await _won(desk, "Beta", 500)
    await _won(desk, "Cora", 1_000, BEN)
    await _released(desk)
    page = reply_of(await desk.presses(FAY, "payment.open"))
    assert "$2,700" in page
    rows = _file(await desk.presses(FAY, "payment.draw"))
    assert [(row["Name"], row["Amount"], row["For"]) for row in rows] == [
        ("Ada Fox", "2500.00", "Acme, Beta"),
        ("Ben Ruiz", "200.00", "Cora"),
    ]
    assert _file(await desk.presses(FAY, "payment.draw")) == rows
    assert await _pots(desk) == {"sent": 270_000}
    assert "Nothing is waiting" in reply_of(await desk.presses(FAY, "payment.open"))


async def test_nothing_payable_is_said(desk: Desk) -> None:
    await _won(desk)
    assert "Nothing is payable now" in reply_of(await desk.presses(FAY, "payment.draw"))


async def test_a_payment_is_marked_as_paid_once_by_form(desk: Desk) -> None:
    await _won(desk)
    await _released(desk)
    await desk.presses(FAY, "payment.draw")
    form = form_of(await desk.presses(FAY, "payment.mark")).form
    values = {field.name: getattr(field, "value", "") for field in form.fields}
    reference = values["references"]
    assert "1 marked as paid" in reply_of(await desk.sends(FAY, form.id, values))
    again = reply_of(
        await desk.sends(FAY, form.id, {**values, "references": f"{reference}, LF-9-9"})
    )
    assert "0 marked as paid" in again
    assert f"Paid before and left alone: {reference}" in again
    assert "LF-9-9: I know no such payment" in again
    assert await _pots(desk) == {"paid": 240_000}
    paid = (await told(desk, ADA))[-1].to_json()
    assert "was paid on 1 April 2026, for Acme" in paid


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"references": " "}, "references"),
        ({"references": "LF-1-1", "paid_on": "2026-12-01"}, "paid_on"),
        ({"references": "LF-1-1", "paid_on": "soon"}, "paid_on"),
    ],
)
async def test_a_wrong_mark_is_answered_at_its_field(
    desk: Desk, values: dict[str, str], field: str
) -> None:
    assert field in errors_of(await desk.sends(FAY, "payment.mark", values))


async def _sends_file(desk: Desk, user: str, content: bytes) -> list[Effect] | None:
    from domain.roles import Role
    from handlers.context import Context
    from handlers.events import FileShared

    async with desk.database.workspace(WORKSPACE) as work:
        actor = await work.members.by_id(desk.ids[user])
        assert actor is not None
        rules = await work.workspaces.rules()
        context = Context(work, actor, Role(actor.role), rules, desk.now, desk.book)
        event = FileShared(desk.origin(user), "payments.csv", content)
        effects = await take_payments(context, event)
        await work.commit()
    return effects


async def test_the_file_sent_back_marks_what_it_says_and_gives_back_the_rest(desk: Desk) -> None:
    for name, user in (("Acme", ADA), ("Beta", BEN), ("Cora", MAX), ("Dora", EVE)):
        account_id = await an_account(desk, name, holder=user)
        await desk.types(user, f"{name}, 1000", "found")
        decider = EVE if user == MAX else MAX
        await desk.presses(decider, "claim.approve", claim=str((await claims(desk))[-1].id))
        assert account_id
    await _released(desk)
    rows = _file(await desk.presses(FAY, "payment.draw"))
    for row, day in zip(rows, ("2026-03-31", "", "2026-03-31", "never"), strict=True):
        row["Paid on"] = day
    rows[2]["Amount"] = "999.00"
    rows[1]["Amount"] = "two hundred"
    rows.append({**rows[0], "Payment": "LF-77-1", "Amount": ""})
    content = _as_file(rows) + b"LF-1-1,too,many,cells,in,this,one,row,to,be,read\n"
    answer = reply_of(await _sends_file(desk, FAY, content) or [])
    assert "1 marked as paid" in answer
    assert "Line 7: This row has 11 cells" in answer
    assert "The sum reads two hundred" in answer
    assert "The sum reads 999.00, but 200.00 was drawn up" in answer
    assert "“never” is no day on which it can have been paid" in answer
    assert "LF-77-1: I know no such payment" in answer
    assert (await _pots(desk))["paid"] == 20_000
    again = reply_of(await _sends_file(desk, FAY, _as_file(rows)) or [])
    assert "0 marked as paid" in again
    assert (await _pots(desk))["paid"] == 20_000


async def test_other_files_and_other_people_are_left_to_the_import(desk: Desk) -> None:
    assert await _sends_file(desk, FAY, b"Account,Reason\nAcme,price\n") is None
    assert await _sends_file(desk, FAY, b"%PDF-1.7") is None
    assert await _sends_file(desk, ADA, b"Payment,Paid on\nLF-1-1,2026-03-01\n") is None


async def test_a_payment_that_bounced_is_payable_again(desk: Desk) -> None:
    await _won(desk)
    await _released(desk)
    reference = _file(await desk.presses(FAY, "payment.draw"))[0]["Payment"]
    await desk.sends(FAY, "payment.mark", {"references": reference})
    form = form_of(await desk.presses(FAY, "payment.return")).form
    unknown = await desk.sends(FAY, form.id, {"references": "LF-9-9"})
    assert "no payment LF-9-9" in errors_of(unknown)["references"]
    assert "references" in errors_of(await desk.sends(FAY, form.id, {"references": ""}))
    back = await desk.sends(FAY, form.id, {"references": reference.lower()})
    assert "1 taken back" in reply_of(back)
    assert "0 taken back" in reply_of(await desk.sends(FAY, form.id, {"references": reference}))
    assert await _pots(desk) == {"payable": 240_000}
    marked = reply_of(await desk.sends(FAY, "payment.mark", {"references": reference}))
    assert "It was taken back. Draw it up again." in marked
    redrawn = _file(await desk.presses(FAY, "payment.draw"))[0]["Payment"]
    assert redrawn != reference
    assert await _pots(desk) == {"sent": 240_000}


@pytest.mark.parametrize("user", [ADA, MAX, EVE, OTTO])
async def test_only_who_pays_handles_payments(desk: Desk, user: str) -> None:
    says = "That one is for admins and finance"
    for action in ("payment.open", "payment.draw", "payment.mark", "payment.return"):
        assert says in reply_of(await desk.presses(user, action))
    for form in ("payment.mark", "payment.return"):
        assert says in errors_of(await desk.sends(user, form, {"references": "LF-1-1"}))[""]


async def _leaves(desk: Desk, name: str = "Acme") -> None:
    await desk.types(MAX, f"{name}, price")


async def test_what_is_held_goes_back_pro_rata_when_they_leave_again(desk: Desk) -> None:
    await _won(desk)
    desk.now += timedelta(days=15)
    await _leaves(desk)
    assert (await ledger(desk))[-1] == ("clawed back", "held", "desk", 200_000)
    message = (await told(desk, ADA))[-1].to_json()
    assert "left again after 15 of 90 days" in message
    assert "$2,000" in message
    await _released(desk, 15)
    assert await _pots(desk) == {"payable": 40_000}


async def test_what_was_paid_comes_off_the_next_payment(desk: Desk) -> None:
    await _won(desk)
    await _won(desk, "Beta", 20_000)
    await _released(desk)
    references = [row["Payment"] for row in _file(await desk.presses(FAY, "payment.draw"))]
    await desk.sends(FAY, "payment.mark", {"references": references[0]})
    desk.now += timedelta(days=30)
    await _leaves(desk)
    assert await _pots(desk) == {"paid": 640_000, "payable": -80_000}
    assert "Nothing is payable now" in reply_of(await desk.presses(FAY, "payment.draw"))
    await _won(desk, "Cora", 10_000)
    await _released(desk)
    [row] = _file(await desk.presses(FAY, "payment.draw"))
    assert (row["Amount"], row["For"]) == ("1200.00", "Acme, Cora")


async def test_who_stayed_long_enough_keeps_it_whole(desk: Desk) -> None:
    await _won(desk)
    desk.now += timedelta(days=90)
    await _leaves(desk)
    assert (await _pots(desk)) == {"held": 240_000}


async def test_leaving_twice_takes_back_once(desk: Desk) -> None:
    account_id = await _won(desk)
    desk.now += timedelta(days=45)
    await _leaves(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.by_id(account_id)
        assert account is not None
        account.state = State.ACTIVE
        await work.commit()
    await _leaves(desk)
    assert [line[0] for line in await ledger(desk)].count("clawed back") == 1


async def test_a_loss_that_is_taken_back_gives_the_bounty_back(desk: Desk) -> None:
    await _won(desk)
    await _released(desk)
    desk.now += timedelta(days=15)
    await _leaves(desk)
    async with desk.database.reading(WORKSPACE) as work:
        loss = (await work.session.exec(select(Loss).order_by(Loss.id.desc()))).first()  # type: ignore[union-attr]  # a column where the type says int
    assert loss is not None
    await desk.presses(MAX, "loss.undo", loss=str(loss.id), was=State.WON_BACK.value)
    assert await _pots(desk) == {"payable": 240_000}
    assert "had not left after all" in (await told(desk, ADA))[-1].to_json()
    await _leaves(desk)
    assert [line[0] for line in await ledger(desk)].count("clawed back") == 2


async def test_what_is_past_its_own_window_is_neither_taken_nor_given_back(desk: Desk) -> None:
    await an_account(desk, "Acme")
    desk.now -= timedelta(days=25)
    await desk.types(ADA, "Acme, 1000, foothold", "found")
    await desk.presses(MAX, "claim.approve", claim=str((await claims(desk))[0].id))
    desk.now += timedelta(days=25)
    await desk.types(ADA, "Acme, 12000", "found")
    await desk.presses(MAX, "claim.approve", claim=str((await claims(desk))[1].id))
    desk.now += timedelta(days=70)
    await _leaves(desk)
    taken = [line for line in await ledger(desk) if line[0] == "clawed back"]
    assert taken == [("clawed back", "held", "desk", 52_222)]
    async with desk.database.workspace(WORKSPACE) as work:
        ada = await work.members.by_id(desk.ids[ADA])
        assert ada is not None
        ada.active = False
        loss = (await work.session.exec(select(Loss).order_by(Loss.id.desc()))).first()  # type: ignore[union-attr]  # a column where the type says int
        await work.commit()
    assert loss is not None
    before = len(await told(desk, ADA))
    await desk.presses(MAX, "loss.undo", loss=str(loss.id), was=State.WON_BACK.value)
    given = [line for line in await ledger(desk) if line[0] == "given back"]
    assert given == [("given back", "desk", "held", 52_222)]
    assert len(await told(desk, ADA)) == before


async def test_every_line_explains_every_figure(desk: Desk) -> None:
    await _won(desk)
    member = {"member": str(desk.ids[ADA])}
    own = reply_of(await desk.presses(ADA, "bounties.lines", **member))
    assert "Bounties of Ada Fox, line by line" in own
    assert "bounties.correct" not in own
    assert "bounties.correct" in reply_of(await desk.types(FAY, "bounties Ada"))
    rows = _file(await desk.presses(ADA, "bounties.file", **member))
    assert [(row["Entry"], row["From"], row["To"], row["Amount"]) for row in rows] == [
        ("claimed", "desk", "claimed", "2400.00"),
        ("approved", "claimed", "held", "2400.00"),
    ]
    assert "Ben Ruiz has no bounties yet" in reply_of(await desk.types(MAX, "bounties ben"))
    assert "not known" in reply_of(await desk.presses(ADA, "bounties.lines", member="99"))


async def test_finance_sees_everyones_bounties_and_goes_on_to_pay(desk: Desk) -> None:
    assert "Nobody has a bounty yet" in reply_of(await desk.types(FAY, "bounties"))
    await _won(desk)
    page = reply_of(await desk.types(FAY, "bounties"))
    assert '["Ada Fox","","$2,400","","",""]' in page
    assert "payment.open" in page
    assert "payment.open" not in reply_of(await desk.types(MAX, "bounties all"))


async def test_a_correction_is_a_line_of_its_own_and_the_member_is_told(desk: Desk) -> None:
    await _won(desk)
    claim = str((await claims(desk))[0].id)
    form = form_of(await desk.presses(FAY, "bounties.correct", member=str(desk.ids[ADA]))).form
    values = {"claim": claim, "way": "less", "amount": "50.50", "why": "Counted twice"}
    assert "Written down" in reply_of(await desk.sends(FAY, form.id, values, form.context))
    values = {**values, "way": "more", "amount": "150.50"}
    await desk.sends(FAY, form.id, values, form.context)
    assert [line[1:] for line in (await ledger(desk))[2:]] == [
        ("desk", "payable", -5_050),
        ("desk", "payable", 15_050),
    ]
    assert "corrected by $150.50: Counted twice" in (await told(desk, ADA))[-1].to_json()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": "", "why": "x", "way": "more"}, "amount"),
        ({"amount": "0", "why": "x", "way": "more"}, "amount"),
        ({"amount": "€5", "why": "x", "way": "more"}, "amount"),
        ({"amount": "lots", "why": "x", "way": "more"}, "amount"),
        ({"amount": "5", "why": "", "way": "more"}, "why"),
        ({"amount": "5", "why": "x", "way": ""}, "way"),
        ({"amount": "5", "why": "x", "way": "more", "claim": "99"}, "claim"),
    ],
)
async def test_a_wrong_correction_is_answered_at_its_field(
    desk: Desk, values: dict[str, str], field: str
) -> None:
    await _won(desk)
    values = {"claim": str((await claims(desk))[0].id), **values}
    sent = await desk.sends(FAY, "bounties.correct", values, {"member": str(desk.ids[ADA])})
    assert field in errors_of(sent)


async def test_a_correction_for_someone_who_left_tells_nobody(desk: Desk) -> None:
    await _won(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        ada = await work.members.by_id(desk.ids[ADA])
        assert ada is not None
        ada.active = False
        await work.commit()
    before = len(await told(desk, ADA))
    claim = str((await claims(desk))[0].id)
    values = {"claim": claim, "way": "more", "amount": "5", "why": "Last pay"}
    sent = await desk.sends(FAY, "bounties.correct", values, {"member": str(desk.ids[ADA])})
    assert "Written down" in reply_of(sent)
    assert len(await told(desk, ADA)) == before


async def test_corrections_need_four_eyes_and_a_claim(desk: Desk) -> None:
    refused = await desk.presses(FAY, "bounties.correct", member=str(desk.ids[BEN]))
    assert "Ben Ruiz has no claim to correct" in reply_of(refused)
    own = await desk.sends(FAY, "bounties.correct", {}, {"member": str(desk.ids[FAY])})
    assert "Four eyes" in errors_of(own)[""]
    for user in (ADA, MAX):
        refused = await desk.presses(user, "bounties.correct", member=str(desk.ids[ADA]))
        assert "That one is for admins and finance" in reply_of(refused)


async def test_who_left_is_paid_and_not_written_to(desk: Desk) -> None:
    await _won(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        ada = await work.members.by_id(desk.ids[ADA])
        assert ada is not None
        ada.active = False
        await work.commit()
    before = len(await told(desk, ADA))
    await _released(desk)
    reference = _file(await desk.presses(FAY, "payment.draw"))[0]["Payment"]
    await desk.sends(FAY, "payment.mark", {"references": reference})
    await _leaves(desk)
    assert len(await told(desk, ADA)) == before
    assert (await _pots(desk))["paid"] == 240_000


async def test_a_claim_of_someone_who_left_can_still_be_decided(desk: Desk) -> None:
    for name in ("Acme", "Beta"):
        await an_account(desk, name)
        await desk.types(ADA, f"{name}, 12000", "found")
    async with desk.database.workspace(WORKSPACE) as work:
        ada = await work.members.by_id(desk.ids[ADA])
        assert ada is not None
        ada.active = False
        await work.commit()
    first, second = await claims(desk)
    assert "Approved by" in source_of(await desk.presses(MAX, "claim.approve", claim=str(first.id)))
    await desk.sends(MAX, "claim.decline", {"reason": "No order"}, {"claim": str(second.id)})
    assert [claim.state for claim in await claims(desk)] == ["approved", "declined"]
    assert await told(desk, ADA) == []


async def test_a_testimonial_is_asked_for_once_where_they_stayed(desk: Desk) -> None:
    await _won(desk)
    await _won(desk, "Beta")
    desk.now += timedelta(days=10)
    await _leaves(desk, "Beta")
    before = len(await told(desk, ADA))
    await _released(desk, 20)
    await _released(desk, 1)
    messages = [view.to_json() for view in (await told(desk, ADA))[before:]]
    assert len(messages) == 1
    assert "Acme" in messages[0]
    assert "has been back for 30 days" in messages[0]


async def test_no_testimonial_where_the_workspace_wants_none_or_they_left_us(desk: Desk) -> None:
    await desk.types(MAX, "settings testimonial_days 0")
    await _won(desk)
    await desk.types(MAX, "settings testimonial_days 5")
    await _won(desk, "Beta", user=BEN)
    async with desk.database.workspace(WORKSPACE) as work:
        ben = await work.members.by_id(desk.ids[BEN])
        assert ben is not None
        ben.active = False
        await work.commit()
    await _released(desk)
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(Outbox).where(Outbox.kind == "testimonial"))
        assert list(rows) == []


async def test_a_story_is_posted_once_in_the_winners_words(desk: Desk) -> None:
    await _won(desk)
    claim = {"claim": str((await claims(desk))[0].id)}
    form = form_of(await desk.presses(ADA, "win.tell", **claim)).form
    values = {field.name: getattr(field, "value", "") for field in form.fields}
    assert values["won_from"] == "Globex"
    assert "story" in errors_of(await desk.sends(ADA, form.id, {"story": ""}, form.context))
    told_ = {"story": "We listened.", "won_from": "Globex"}
    assert "No channel is set" in errors_of(await desk.sends(ADA, form.id, told_, form.context))[""]
    await desk.types(MAX, "settings team_channel C0TEAM")
    for says in ("on its way", "posted already"):
        assert says in reply_of(await desk.sends(ADA, form.id, told_, form.context))
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(Outbox).where(Outbox.kind == "win"))
        [post] = list(rows)
    assert "We listened." in post.view_json
    assert "from Globex." in post.view_json


async def test_a_story_is_the_winners_to_tell(desk: Desk) -> None:
    await an_account(desk, "Acme")
    await desk.types(ADA, "Acme, 12000", "found")
    claim = {"claim": str((await claims(desk))[0].id)}
    assert "no win to tell of yet" in reply_of(await desk.presses(ADA, "win.tell", **claim))
    assert "Ada Fox’s to tell" in reply_of(await desk.presses(BEN, "win.tell", **claim))
    for user in (FAY, OTTO):
        assert "That one is for" in reply_of(await desk.presses(user, "win.tell", **claim))


async def test_a_shared_win_names_who_helped(desk: Desk) -> None:
    await an_account(desk, "Acme")
    await desk.types(ADA, "Acme, 12000", "found")
    claim = {"claim": str((await claims(desk))[0].id)}
    share = {"member1": str(desk.ids[BEN]), "percent1": "50"}
    await desk.sends(ADA, "claim.share", share, claim)
    await desk.presses(MAX, "claim.approve", **claim)
    await desk.types(MAX, "settings team_channel C0TEAM")
    await desk.sends(ADA, "win.tell", {"story": "Together.", "won_from": ""}, claim)
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(Outbox).where(Outbox.kind == "win"))
        [post] = list(rows)
    assert "Ben Ruiz" in post.view_json
    assert "from" not in post.view_json


async def test_a_member_may_leave_the_board_and_come_back(desk: Desk) -> None:
    await _won(desk)
    assert "leaves you out" in reply_of(await desk.types(ADA, "board off"))
    assert "No points yet" in reply_of(await desk.types(BEN, "board"))
    assert "names you" in reply_of(await desk.types(ADA, "board ON"))
    assert "Ada Fox" in reply_of(await desk.types(BEN, "board"))
