"""A member's own ledger (B4, B6)."""

from __future__ import annotations

from datetime import date

from domain.ledger import Entry, Pot, claimed, moved
from domain.money import Money
from handlers.effects import Effect, Reply
from handlers.views.bounties import ShownLine, Standing, everyones_bounties, statement
from handlers.views.elements import Facts, Table
from tests.handlers.reaching import all_that_is_said_to
from tests.handlers.winning import an_account, claims
from tests.people import ADA, BEN, CHI, FAY, MAX, OTTO, WORKSPACE, Desk, reply_of


def _table(effects: list[Effect]) -> tuple[tuple[str, ...], ...]:
    [reply] = [effect for effect in effects if isinstance(effect, Reply)]
    [table] = [e for e in reply.view.elements if isinstance(e, Table)]
    return table.rows


def _totals(effects: list[Effect]) -> dict[str, str]:
    [reply] = [effect for effect in effects if isinstance(effect, Reply)]
    [facts] = [e for e in reply.view.elements if isinstance(e, Facts)]
    return {label: "".join(getattr(s, "text", "") for s in text) for label, text in facts.rows}


async def test_without_claims_it_says_how_to_begin(desk: Desk) -> None:
    assert "No bounties yet" in reply_of(await desk.types(ADA, "bounties"))


async def test_each_claim_shows_what_it_pays_and_where_that_stands(desk: Desk) -> None:
    for name in ("Acme", "Beta", "Cora"):
        await an_account(desk, name)
        await desk.types(ADA, f"{name}, 12000", "found")
    first, second, _ = await claims(desk)
    await desk.presses(MAX, "claim.approve", claim=str(first.id))
    await desk.sends(MAX, "claim.decline", {"reason": "No order"}, {"claim": str(second.id)})
    shown = await desk.types(ADA, "bounties")
    assert [row[:3] for row in _table(shown)] == [
        ("Cora", "$2,400", "waiting for approval"),
        ("Beta", "none", "declined"),
        ("Acme", "$2,400", "held until Wed 1 Apr"),
    ]
    assert _totals(shown) == {"Waiting for approval": "$2,400", "Held": "$2,400"}


async def test_s3_what_somebody_earns_reaches_no_other_rep_by_any_way(desk: Desk) -> None:
    account_id = await an_account(desk, "Acme")
    await desk.types(ADA, "Acme, 12345", "found")
    [claim] = await claims(desk)
    await desk.presses(MAX, "claim.approve", claim=str(claim.id))
    assert "$2,469" in reply_of(await desk.types(ADA, "bounties"))
    ids = {"account": str(account_id), "claim": str(claim.id), "member": str(desk.ids[ADA])}
    lines = ("", "Acme", "Ada", "all", f"<@{ADA}>")
    said = await all_that_is_said_to(desk, (BEN, CHI, OTTO), lines, {**ids, "page": "0"})
    assert "2,469" not in said
    assert "2469" not in said


async def test_b6_the_ledger_of_who_left_is_still_read_by_name(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    async with desk.database.workspace(WORKSPACE) as work:
        ada = await work.members.by_id(desk.ids[ADA])
        assert ada is not None
        ada.active = False
        await work.commit()
    for line in ("bounties Ada", "bounties ada fox", f"bounties <@{ADA}>"):
        for user in (MAX, FAY):
            assert "Acme Corp" in reply_of(await desk.types(user, line))
        assert "That one is for managers" in reply_of(await desk.types(BEN, line))
    assert "is not in the team" in reply_of(await desk.types(MAX, "bounties Zoe"))


async def test_b6_the_totals_of_more_than_a_hundred_claims_are_whole(desk: Desk) -> None:
    account_id = await an_account(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        for _ in range(120):
            claim = await work.bounties.add(
                account_id=account_id,
                member_id=desk.ids[ADA],
                value_minor=100,
                bounty_minor=10,
                currency="USD",
                rule="r",
                claimed_at=desk.now,
                won_on=desk.now.date(),
            )
            bounty = Money(10, "USD")
            lines = claimed(bounty, {desk.ids[ADA]: 1})
            lines += moved(lines, Entry.APPROVED, Pot.CLAIMED, Pot.HELD)
            await work.bounties.change(claim.id or 0, state="approved", decided_at=desk.now)
            await work.ledger.write(claim.id or 0, lines, now=desk.now, by=None)
        await work.commit()
    assert _totals(await desk.types(ADA, "bounties")) == {"Held": "$12"}


async def test_nothing_open_is_said_in_words(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    [claim] = await claims(desk)
    await desk.sends(MAX, "claim.decline", {"reason": "No order"}, {"claim": str(claim.id)})
    assert _totals(await desk.types(ADA, "bounties")) == {
        "Nothing open": "all your claims are settled"
    }


async def test_nobody_sees_anyone_elses_ledger(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    for user in (BEN, MAX):
        assert "Acme Corp" not in reply_of(await desk.types(user, "bounties"))
    for line in ("bounties all", "bounties Ada", f"bounties <@{ADA}>"):
        assert "That one is for managers, executives" in reply_of(await desk.types(BEN, line))
    lines = {"member": str(desk.ids[ADA])}
    for action in ("bounties.lines", "bounties.file"):
        refused = reply_of(await desk.presses(BEN, action, **lines))
        assert "That one is for managers, executives" in refused
    assert "That one is for reps" in reply_of(await desk.types(OTTO, "bounties"))


def test_long_lists_say_how_much_more_there_is() -> None:
    usd = Money(100, "USD")
    day = date(2026, 3, 2)
    lines = [
        ShownLine(day, f"Customer {n}", "claimed", Pot.DESK, Pot.CLAIMED, usd, "")
        for n in range(51)
    ]
    shown = statement("Ada", lines, day, 1, corrects=False).to_json()
    assert "The latest 50 of 51" in shown
    assert "Customer 50" in shown
    assert '"Customer 0"' not in shown
    crowd = [Standing(n, f"Rep {n}", {Pot.HELD: [usd, Money(5, "EUR")]}) for n in range(52)]
    everyone = everyones_bounties(crowd, pays=False).to_json()
    assert "And 2 more" in everyone
    assert "$1 + €0.05" in everyone
