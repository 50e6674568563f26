"""A smaller "yes" first (W6)."""

from __future__ import annotations

from domain.account_life import State
from tests.handlers.winning import an_account, claims, ledger, the_account, told
from tests.people import ADA, MAX, WORKSPACE, Desk, form_of


async def test_a_foothold_pays_its_part_and_the_account_stays_in_hand(desk: Desk) -> None:
    account_id = await an_account(desk)
    await desk.types(ADA, "Acme Corp, 3000, foothold, Lite", "found")
    [claim] = await claims(desk)
    assert (claim.extent, claim.product, claim.bounty_minor) == ("foothold", "Lite", 15_000)
    assert "claims a foothold" in (await told(desk, MAX))[0].to_json()
    await desk.presses(MAX, "claim.approve", claim=str(claim.id))
    assert "A foothold at Acme Corp" in (await told(desk, ADA))[0].to_json()
    account = await the_account(desk, account_id)
    assert (account.state, account.holder_id) == (State.FOOTHOLD, desk.ids[ADA])
    async with desk.database.reading(WORKSPACE) as work:
        assert await work.dealing.open_assignment(account_id) is not None


async def test_the_whole_win_pays_what_the_foothold_did_not(desk: Desk) -> None:
    account_id = await an_account(desk)
    await desk.types(ADA, "Acme Corp, a foothold, 3000", "found")
    await desk.presses(MAX, "claim.approve", claim=str((await claims(desk))[0].id))
    form = form_of(await desk.types(ADA, "Acme Corp", "found")).form
    assert "extent" not in [field.name for field in form.fields]
    await desk.types(ADA, "Acme Corp, 12000", "found")
    whole = (await claims(desk))[1]
    assert whole.bounty_minor == 240_000 - 15_000
    assert "less $150 for the foothold" in whole.rule
    await desk.presses(MAX, "claim.approve", claim=str(whole.id))
    assert (await the_account(desk, account_id)).state == State.WON_BACK
    assert sum(line[3] for line in await ledger(desk) if line[0] == "approved") == 240_000


async def test_the_form_asks_how_far_they_are_back(desk: Desk) -> None:
    account_id = await an_account(desk)
    values = {"value": "3000", "extent": "foothold"}
    await desk.sends(ADA, "claim.send", values, {"account": str(account_id)})
    assert (await claims(desk))[0].extent == "foothold"


async def test_a_foothold_counts_no_win_on_the_board(desk: Desk) -> None:
    from tests.people import reply_of

    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 3000, foothold", "found")
    await desk.presses(MAX, "claim.approve", claim=str((await claims(desk))[0].id))
    board = reply_of(await desk.types(ADA, "board"))
    assert "1 foothold" in board
