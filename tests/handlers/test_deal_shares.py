"""Who gets what in a deal: turns, weights, caps, regions, value, and who takes none."""

from __future__ import annotations

from datetime import date, timedelta

from domain.account_life import State
from storage.tables import Absence, Account, Loss
from tests.handlers.dealt import (
    button,
    buttons_of,
    change,
    deals,
    decide,
    drawer,
    held,
    holders,
    letters_to,
    rows,
    text_of,
    turns,
    view_of,
)
from tests.people import ADA, BEN, CHI, MAX, WORKSPACE, Desk, reply_of


async def test_the_turn_goes_on_where_it_stopped(desk: Desk) -> None:
    """A2: nothing but rows remembers it."""
    for names in (["Acme"], ["Bolt"], ["Cora", "Dune"]):
        await drawer(desk, *names)
        await deals(desk, MAX)
    ada, ben, chi = (desk.ids[user] for user in (ADA, BEN, CHI))
    assert await holders(desk) == {"Acme": ada, "Bolt": ben, "Cora": chi, "Dune": ada}


async def test_who_is_away_takes_none_and_is_not_flooded_on_return(desk: Desk) -> None:
    """A3."""
    async with desk.database.workspace(WORKSPACE) as work:
        days = (date(2026, 3, 2), date(2026, 3, 12))
        work.session.add(
            Absence(workspace_id=WORKSPACE, member_id=desk.ids[ADA], from_on=days[0], to_on=days[1])
        )
        await work.commit()
    await drawer(desk, *(f"A{i}" for i in range(6)))
    text = text_of(view_of(await desk.types(MAX, "deal")))
    assert "Not in this deal: Ada Fox is away until Thu 12 Mar." in text
    assert "A0, $6,000: next after Ada Fox, who is away until Thu 12 Mar" in text
    await deals(desk, MAX)
    desk.now += timedelta(days=20)
    await drawer(desk, "B0", "B1", "B2")
    await deals(desk, MAX)
    counts = await held(desk)
    assert counts == {desk.ids[ADA]: 1, desk.ids[BEN]: 4, desk.ids[CHI]: 4}


async def test_with_catch_up_who_was_away_makes_up_for_it(desk: Desk) -> None:
    """A3, the setting."""
    await decide(desk, catch_up=True)
    await drawer(desk, "A0", "A1", "A2")
    await deals(desk, MAX)
    await change(desk, ADA, weight=0)
    await drawer(desk, *(f"B{i}" for i in range(4)))
    await deals(desk, MAX)
    await change(desk, ADA, weight=100)
    await drawer(desk, "C0", "C1")
    await deals(desk, MAX)
    assert await held(desk) == {desk.ids[user]: 3 for user in (ADA, BEN, CHI)}


async def test_who_left_takes_none(desk: Desk) -> None:
    """A3: deactivated in the platform."""
    await drawer(desk, "Acme", "Bolt")
    await deals(desk, MAX)
    await change(desk, ADA, active=False)
    await drawer(desk, "Cora", "Dune", "Echo")
    await deals(desk, MAX)
    assert (await held(desk))[desk.ids[ADA]] == 1
    assert desk.ids[ADA] not in await turns(desk)


async def test_a_cap_leaves_the_rest_in_the_drawer_and_says_so(desk: Desk) -> None:
    """A2, A3."""
    await decide(desk, open_accounts_cap=1)
    await drawer(desk, "Acme", "Bolt", "Cora", "Dune", "Echo")
    text = text_of(view_of(await desk.types(MAX, "deal")))
    assert "2 accounts stay in the drawer" in text
    assert "Dune, Echo: everyone who could take it holds 1 account, the most you allow" in text
    await deals(desk, MAX)
    text = text_of(view_of(await desk.types(MAX, "deal")))
    assert "Ada Fox holds 1 account, the most you allow" in text
    assert "deal.confirm" not in [b.action for b in buttons_of(await desk.types(MAX, "deal"))]


async def test_what_everybody_lost_stays_unless_the_manager_insists(desk: Desk) -> None:
    """A4, A5."""
    for user in (BEN, CHI):
        await change(desk, user, role="colleague")
    await drawer(desk, "Acme", lost_by=ADA)
    effects = await desk.types(MAX, "deal")
    assert "Acme: Ada Fox lost it" in text_of(view_of(effects))
    insisting = await desk.presses(MAX, "deal.page", **button(effects, "deal.page").payload)
    assert "nobody else could take it, though Ada Fox lost it" in text_of(view_of(insisting))
    await desk.presses(MAX, "deal.confirm", **button(insisting, "deal.confirm").payload)
    assert await holders(desk) == {"Acme": desk.ids[ADA]}


async def test_regions_are_dealt_to_their_own(desk: Desk) -> None:
    """A10."""
    await decide(desk, deal_by_region=True)
    await change(desk, ADA, region="East")
    await change(desk, BEN, region="West")
    await drawer(desk, "Acme", "Bolt", region="east")
    await drawer(desk, "Cora", region="North")
    await drawer(desk, "Dune")
    text = text_of(view_of(await desk.types(MAX, "deal")))
    assert "Cora: no rep covers North" in text
    await deals(desk, MAX)
    found = await holders(desk)
    assert (found["Acme"], found["Bolt"], found["Cora"]) == (desk.ids[ADA], desk.ids[ADA], None)
    assert found["Dune"] in {desk.ids[BEN], desk.ids[CHI]}


async def test_value_can_be_balanced_as_well(desk: Desk) -> None:
    """A2."""
    await decide(desk, deal_by_value=True)
    await drawer(desk, *(f"A{i:02}" for i in range(30)))
    effects = await desk.types(MAX, "deal")
    assert "keeps the value even" in text_of(view_of(effects))
    await deals(desk, MAX)
    worth: dict[int, int] = {}
    for account in await rows(desk, Account):
        worth[account.holder_id] = worth.get(account.holder_id, 0) + account.value_minor
    assert max(worth.values()) - min(worth.values()) <= 0.05 * sum(worth.values()) / 3
    assert set((await held(desk)).values()) == {10}


async def test_half_time_gets_half(desk: Desk) -> None:
    """A2."""
    await change(desk, ADA, weight=50)
    await drawer(desk, *(f"A{i:02}" for i in range(25)))
    assert "next in turn at 50 %" in text_of(view_of(await desk.types(MAX, "deal")))
    await deals(desk, MAX)
    assert await held(desk) == {desk.ids[ADA]: 5, desk.ids[BEN]: 10, desk.ids[CHI]: 10}


async def test_legal_hold_and_let_go_are_never_dealt(desk: Desk) -> None:
    """L10."""
    await drawer(desk, "Acme", state=State.LEGAL_HOLD)
    await drawer(desk, "Bolt", state=State.LET_GO)
    assert "The drawer is empty" in reply_of(await desk.types(MAX, "deal"))


async def test_who_asked_to_be_left_alone_sleeps_until_then(desk: Desk) -> None:
    """L5: a lost deal with a day on which to wake it."""
    acme, bolt = await drawer(desk, "Acme", "Bolt")
    async with desk.database.workspace(WORKSPACE) as work:
        for account_id, wake_on in ((acme, date(2027, 1, 4)), (bolt, date(2026, 3, 2))):
            work.session.add(
                Loss(
                    workspace_id=WORKSPACE,
                    account_id=account_id,
                    kind="deal",
                    lost_on=date(2026, 2, 2),
                    wake_on=wake_on,
                    logged_at=desk.now,
                )
            )
        await work.commit()
    text = text_of(view_of(await desk.types(MAX, "deal")))
    assert "Acme: asked to be left alone until Mon 4 Jan 2027" in text
    await deals(desk, MAX)
    assert await holders(desk) == {"Acme": None, "Bolt": desk.ids[ADA]}


async def test_what_somebody_who_left_still_holds_is_shown_and_put_back(desk: Desk) -> None:
    await drawer(desk, "Acme", "Bolt")
    await deals(desk, MAX)
    await change(desk, ADA, active=False)
    effects = await desk.types(MAX, "deal")
    assert "Ada Fox has left and still holds 1 account." in text_of(view_of(effects))
    anew = await desk.presses(MAX, "deal.free", **button(effects, "deal.free").payload)
    assert view_of(anew).summary == "1 account for 1 rep"
    assert "deal.free" not in [one.action for one in buttons_of(anew)]
    refused = await desk.presses(MAX, "deal.free", member=str(desk.ids[BEN]))
    assert "They are in the team" in reply_of(refused)


async def test_a_new_loss_is_dealt_at_once_where_that_is_wanted(desk: Desk) -> None:
    """A8: to the next in turn who did not lose it."""
    await desk.types(ADA, "Acme Corp, price")
    assert await held(desk) == {}
    await decide(desk, deal_new_losses=True)
    await desk.types(ADA, "Bolt Ltd, price")
    await desk.types(ADA, "Cora, price")
    assert await held(desk) == {desk.ids[BEN]: 1, desk.ids[CHI]: 1}
    for user in (BEN, CHI):
        await change(desk, user, role="colleague")
    await desk.types(ADA, "Dune, price")
    [letter] = await letters_to(desk, desk.ids[MAX])
    assert "Dune: Ada Fox lost it" in text_of(letter)
