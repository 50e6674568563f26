"""Claiming a win-back (B2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.account_life import State
from handlers.effects import OpenForm
from handlers.views.elements import Buttons
from tests.handlers.winning import a_visit, an_account, claims, ledger, the_account, told
from tests.people import (
    ADA,
    BEN,
    CHI,
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


async def test_a_line_with_a_value_claims_at_once(desk: Desk) -> None:
    await an_account(desk)
    answer = reply_of(await desk.types(ADA, "acme corp, $12,000, CRM suite, by listening", "found"))
    assert "$2,400" in answer
    assert "double commission: 2 × 10\xa0% of $12,000" in answer
    [claim] = await claims(desk)
    assert (claim.value_minor, claim.bounty_minor, claim.currency) == (1_200_000, 240_000, "USD")
    assert (claim.product, claim.how, claim.state) == ("CRM suite", "by listening", "claimed")
    assert await ledger(desk) == [("claimed", "desk", "claimed", 240_000)]


async def test_the_claimants_manager_is_asked_with_the_facts(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "found Acme Corp, 12000")
    [asked] = await told(desk, MAX)
    text = asked.to_json()
    for fact in ("Ada Fox", "Acme Corp", "$12,000", "$2,400", "Globex", "Price"):
        assert fact in text
    [buttons] = [e for e in asked.elements if isinstance(e, Buttons)]
    assert [button.label for button in buttons.buttons][:2] == ["Approve", "Decline"]
    assert await told(desk, EVE) == []


async def test_no_reader_finds_a_win_of_their_own_tomorrow(desk: Desk) -> None:
    await an_account(desk, holder=CHI)
    desk.now += timedelta(hours=6)  # 02:30 on Tuesday in Kolkata, still Monday in New York
    await desk.types(CHI, "Acme Corp, 12000", "found")
    assert (await claims(desk))[0].won_on == date(2026, 3, 3)
    [asked] = await told(desk, MAX)
    assert "tomorrow" not in asked.to_json()
    assert "tomorrow" not in reply_of(await desk.types(MAX, "show Acme Corp"))


async def test_a_line_without_a_value_opens_the_form_filled_with_what_it_said(desk: Desk) -> None:
    await an_account(desk)
    form = form_of(await desk.types(ADA, "Acme Corp, the new suite, we called back", "found")).form
    filled = {field.name: getattr(field, "value", "") for field in form.fields}
    assert filled["product"] == "the new suite"
    assert filled["how"] == "we called back"
    assert filled["won_on"] == "2026-03-02"
    assert await claims(desk) == []


async def test_the_form_claims(desk: Desk) -> None:
    account_id = await an_account(desk)
    await desk.sends(
        ADA,
        "claim.send",
        {"value": "1.234,56", "won_on": "2026-03-01", "story": " They called us. ", "how": ""},
        {"account": str(account_id)},
    )
    [claim] = await claims(desk)
    assert (claim.value_minor, claim.story, str(claim.won_on)) == (
        123_456,
        "They called us.",
        "2026-03-01",
    )
    assert claim.bounty_minor == 24_691


async def test_bare_found_asks_which_account(desk: Desk) -> None:
    account_id = await an_account(desk)
    form = form_of(await desk.types(ADA, "", "found")).form
    assert form.fields[0].name == "account"
    sent = await desk.sends(
        ADA, "claim.send", {"account": str(account_id), "value": "10", "won_on": ""}
    )
    assert "Acme Corp is back" in reply_of(sent)
    assert errors_of(
        await desk.sends(ADA, "claim.send", {"account": "new:Zeta", "value": "1"})
    ) == {"account": "Pick a customer that is known here."}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "What is it worth?"),
        ("-500", "not an amount"),
        ("0", "above zero"),
        ("9" * 20, "too large"),
        ("€500", "reckoned in USD here"),
        ("lots", "not an amount"),
    ],
)
async def test_a_wrong_value_is_answered_at_its_field(
    desk: Desk, value: str, sentence: str
) -> None:
    account_id = await an_account(desk)
    sent = await desk.sends(ADA, "claim.send", {"value": value}, {"account": str(account_id)})
    assert sentence in errors_of(sent)["value"]
    assert await claims(desk) == []


@pytest.mark.parametrize(
    ("day", "sentence"), [("2026-03-03", "still to come"), ("2026-01-15", "left later")]
)
async def test_a_wrong_day_is_answered_at_its_field(desk: Desk, day: str, sentence: str) -> None:
    account_id = await an_account(desk)
    sent = await desk.sends(
        ADA, "claim.send", {"value": "0", "won_on": day}, {"account": str(account_id)}
    )
    errors = errors_of(sent)
    assert sentence in errors["won_on"]
    assert "above zero" in errors["value"]


async def test_an_unreadable_amount_in_the_line_is_refused(desk: Desk) -> None:
    await an_account(desk)
    assert "not an amount" in reply_of(await desk.types(ADA, "Acme Corp, -12000", "found"))


@pytest.mark.parametrize(
    ("state", "holder", "sentence"),
    [
        (State.ACTIVE, None, "Acme Corp is active, so there is no win to claim. Log the loss"),
        (State.CODE_99, None, "It waits in the drawer"),
        (State.LET_GO, None, "A manager can put it back"),
        (State.LEGAL_HOLD, None, "lift the hold"),
        (State.WON_BACK, BEN, "Acme Corp is back already. If they leave again"),
        (State.UNDERSTOOD, BEN, "is in Ben Ruiz’s hands"),
        (State.UNDERSTOOD, None, "is in nobody’s hands"),
        (State.ASSIGNED, ADA, "I need a meeting with the decision maker and why they left"),
    ],
)
async def test_what_cannot_be_claimed_is_told_with_the_next_step(
    desk: Desk, state: State, holder: str | None, sentence: str
) -> None:
    await an_account(desk, state=state, holder=holder)
    assert sentence in reply_of(await desk.types(ADA, "Acme Corp, 12000", "found"))
    assert await claims(desk) == []


@pytest.mark.parametrize(
    ("met", "why", "sentence"),
    [
        (True, None, "I need why they left"),
        (False, "price", "I need a meeting with the decision maker."),
    ],
)
async def test_what_is_missing_of_the_why_is_named(
    desk: Desk, met: bool, why: str | None, sentence: str
) -> None:
    account_id = await an_account(desk, state=State.CONTACTED)
    await a_visit(desk, account_id, met=met, why=why)
    answer = reply_of(await desk.types(ADA, "Acme Corp, 12000", "found"))
    assert sentence in answer
    assert "visit.open" in answer


async def test_meeting_and_why_on_different_visits_ask_for_both_in_one(desk: Desk) -> None:
    account_id = await an_account(desk, state=State.MET)
    await a_visit(desk, account_id, met=True, why=None)
    await a_visit(desk, account_id, met=False, why="price")
    assert "both in one visit" in reply_of(await desk.types(ADA, "Acme Corp, 12000", "found"))


async def test_one_account_has_one_open_claim(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    assert "You have claimed Acme Corp already" in reply_of(
        await desk.types(ADA, "Acme Corp, 12000", "found")
    )
    assert "Ada Fox has claimed Acme Corp already" in reply_of(
        await desk.types(BEN, "Acme Corp, 12000", "found")
    )
    assert len(await claims(desk)) == 1


async def test_a_near_name_is_asked_about_never_assumed(desk: Desk) -> None:
    account_id = await an_account(desk)
    asked = reply_of(await desk.types(ADA, "Acmme Corp, 12000, suite", "found"))
    assert "Did you mean" in asked
    assert await claims(desk) == []
    await desk.presses(ADA, "claim.meant", account=str(account_id), rest="12000, suite")
    [claim] = await claims(desk)
    assert (claim.value_minor, claim.product) == (1_200_000, "suite")


async def test_an_unknown_name_is_told(desk: Desk) -> None:
    assert "I know no account called “Zyx”" in reply_of(await desk.types(ADA, "Zyx", "found"))


async def test_a_name_with_a_comma_is_found_whole_and_in_quotes(desk: Desk) -> None:
    await an_account(desk, "Smith, Jones")
    assert isinstance((await desk.types(ADA, "Smith, Jones", "found"))[0], OpenForm)
    await desk.types(ADA, '"Smith, Jones", 300', "found")
    [claim] = await claims(desk)
    assert claim.value_minor == 30_000


async def test_the_card_of_an_account_opens_the_form(desk: Desk) -> None:
    account_id = await an_account(desk)
    form = form_of(await desk.presses(ADA, "claim.open", account=str(account_id))).form
    assert form.context == {"account": str(account_id)}
    assert "not here any more" in reply_of(await desk.presses(ADA, "claim.open", account="999"))


async def test_outsiders_and_finance_are_told_who_may(desk: Desk) -> None:
    account_id = await an_account(desk)
    for user in (OTTO, FAY):
        for act in (
            desk.types(user, "Acme Corp, 12000", "found"),
            desk.presses(user, "claim.open", account=str(account_id)),
            desk.presses(user, "claim.meant", account=str(account_id)),
        ):
            assert "That one is for reps, managers" in reply_of(await act)
    assert await claims(desk) == []


async def test_without_anyone_to_approve_the_claimant_is_told_how_to_mend_it(desk: Desk) -> None:
    await an_account(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        for user in (MAX, EVE):
            member = await work.members.by_id(desk.ids[user])
            assert member is not None
            member.active = False
        await work.commit()
    assert "An admin can add a manager" in reply_of(
        await desk.types(ADA, "Acme Corp, 12000", "found")
    )


async def test_an_unreachable_manager_is_passed_over(desk: Desk) -> None:
    """A manager known by name alone, or who is none any more, would never answer."""
    await an_account(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        manager = await work.members.by_id(desk.ids[MAX])
        assert manager is not None
        manager.platform_user_id = None
        await work.commit()
    await desk.types(ADA, "Acme Corp, 12000", "found")
    assert len(await told(desk, EVE)) == 1


async def test_a_claim_does_not_move_the_account_yet(desk: Desk) -> None:
    account_id = await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    assert (await the_account(desk, account_id)).state == State.UNDERSTOOD


async def test_a_value_of_nought_in_the_line_is_refused(desk: Desk) -> None:
    await an_account(desk)
    assert "above zero" in reply_of(await desk.types(ADA, "Acme Corp, 0", "found"))


async def test_a_verified_why_stands_beside_the_stated_one(desk: Desk) -> None:
    account_id = await an_account(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.by_id(account_id)
        assert account is not None
        account.why_verified = "service"
        await work.commit()
    await desk.types(ADA, "Acme Corp, 12000", "found")
    asked = (await told(desk, MAX))[0].to_json()
    assert "Price; verified: Service or delivery failure" in asked
