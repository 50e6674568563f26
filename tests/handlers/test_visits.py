"""A rep visits, listens, and writes down what they heard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from domain.account_life import State
from domain.deadlines import Rung, Step
from domain.digest import DueItem
from handlers.effects import Effect
from handlers.views.forms import DateField
from storage.tables import Visit
from tests.handlers.screens import labels, seen
from tests.handlers.winning import an_account, the_account
from tests.people import (
    ADA,
    BEN,
    EVE,
    MAX,
    OTTO,
    WORKSPACE,
    Desk,
    errors_of,
    form_of,
    reply_of,
)

HEARD: Mapping[str, str] = {
    "who_was_met": "Jo Park",
    "decision_maker": "yes",
    "what_happened": "Three wrong invoices in a row.",
    "verified_reason": "billing",
    "evidence": "Invoices 17, 18 and 19",
    "apologised": "yes",
    "next_step": "Send the corrected invoice",
    "next_step_on": "2026-03-09",
    "visited_on": "2026-03-02",
}


async def report(desk: Desk, user: str, account: int, **changes: str) -> list[Effect]:
    return await desk.sends(user, "visit", {**HEARD, **changes}, {"account": str(account)})


async def with_ladder(desk: Desk, account: int) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        assignment = await work.dealing.open_assignment(account)
        assert assignment is not None
        steps = (Step.CONTACT, Step.MEETING, Step.OVERDUE)
        await work.deadlines.set_all(
            [(assignment, Rung(step, date(2026, 3, 5)), None, None) for step in steps]
        )
        await work.commit()


async def open_deadlines(desk: Desk, user: str) -> list[DueItem]:
    async with desk.database.reading(WORKSPACE) as work:
        return await work.deadlines.open_for(desk.ids[user])


async def visits_to(desk: Desk, account: int) -> list[Visit]:
    async with desk.database.reading(WORKSPACE) as work:
        return await work.accounts.visits_to(account)


async def test_the_form_says_the_directive_and_what_is_known(desk: Desk) -> None:
    """W1, W3."""
    await an_account(desk, "Acme, Inc.", state=State.ASSIGNED)
    form = form_of(await desk.types(ADA, "visit Acme, Inc.")).form
    assert "No sales pitch" in str(form.intro)
    assert "Known so far: Price" in str(form.intro)
    [today] = [f for f in form.fields if f.name == "visited_on"]
    assert isinstance(today, DateField)
    assert today.value == "2026-03-02"


async def test_a_visit_with_the_decision_maker_and_the_why_opens_the_gate(desk: Desk) -> None:
    """W2, W3: the account is understood, its ladder is met, the next step is due."""
    account = await an_account(desk, state=State.ASSIGNED)
    await with_ladder(desk, account)
    said = reply_of(await report(desk, ADA, account))
    assert "/found Acme Corp" in said
    assert "Next step, Mon 9 Mar: Send the corrected invoice" in said
    now = await the_account(desk, account)
    assert now.state == State.UNDERSTOOD
    assert (now.reason, now.why_verified, now.decision_maker) == ("price", "billing", "Jo Park")
    [step] = await open_deadlines(desk, ADA)
    assert (step.step, step.due_on, step.note) == (
        Step.NEXT_STEP,
        date(2026, 3, 9),
        "Send the corrected invoice",
    )
    [visit] = await visits_to(desk, account)
    assert (visit.member_id, visit.apologised) == (desk.ids[ADA], True)


@pytest.mark.parametrize(
    ("met", "why", "state", "left"),
    [
        ("no", "", State.CONTACTED, {Step.MEETING, Step.OVERDUE, Step.NEXT_STEP}),
        ("no", "billing", State.CONTACTED, {Step.MEETING, Step.OVERDUE, Step.NEXT_STEP}),
        ("yes", "unknown", State.MET, {Step.OVERDUE, Step.NEXT_STEP}),
    ],
)
async def test_half_a_visit_keeps_the_gate_shut(
    desk: Desk, met: str, why: str, state: State, left: set[Step]
) -> None:
    """W2."""
    account = await an_account(desk, state=State.ASSIGNED)
    await with_ladder(desk, account)
    said = reply_of(await report(desk, ADA, account, decision_maker=met, verified_reason=why))
    assert "/found" not in said
    assert (await the_account(desk, account)).state == state
    assert {d.step for d in await open_deadlines(desk, ADA)} == left


async def test_two_visits_together_open_the_gate(desk: Desk) -> None:
    """W2: the meeting on one day, the reason by telephone on another."""
    account = await an_account(desk, state=State.ASSIGNED)
    await report(desk, ADA, account, verified_reason="")
    await report(desk, ADA, account, decision_maker="no")
    assert (await the_account(desk, account)).state == State.UNDERSTOOD
    assert len(await open_deadlines(desk, ADA)) == 1  # the same next step, set anew


async def test_a_visit_shows_where_stated_and_found_differ(desk: Desk) -> None:
    """L4."""
    await desk.types(ADA, "Acme, price")
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.named("Acme")
        assert account is not None
        assert account.id is not None
        account.state, account.holder_id = State.ASSIGNED, desk.ids[BEN]
        await work.commit()
    said = reply_of(await report(desk, BEN, account.id))
    assert "Stated at the loss: Price. Found on the visit: Billing error." in said
    async with desk.database.reading(WORKSPACE) as work:
        [loss] = await work.accounts.losses_of(account.id)
        assert (loss.reason, loss.verified_reason) == ("price", "billing")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("who_was_met", " "),
        ("who_was_met", "x" * 201),
        ("decision_maker", ""),
        ("what_happened", ""),
        ("what_happened", "x" * 3001),
        ("verified_reason", "aliens"),
        ("next_step_on", ""),
        ("next_step_on", "2026-03-01"),
        ("next_step_on", "soon"),
        ("visited_on", "2026-03-03"),
        ("visited_on", "2020-03-03"),
        ("visited_on", "2026-02-31"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(desk: Desk, field: str, value: str) -> None:
    account = await an_account(desk, state=State.ASSIGNED)
    assert list(errors_of(await report(desk, ADA, account, **{field: value}))) == [field]
    assert await visits_to(desk, account) == []


async def test_a_day_without_a_step_is_no_step(desk: Desk) -> None:
    account = await an_account(desk, state=State.ASSIGNED)
    await report(desk, ADA, account, next_step="")
    assert await open_deadlines(desk, ADA) == []


async def test_only_the_holder_or_a_manager_logs_visits(desk: Desk) -> None:
    account = await an_account(desk, state=State.ASSIGNED)
    for user in (BEN, EVE):
        assert "Acme Corp is in Ada Fox's hands" in reply_of(await desk.types(user, "visit Acme"))
        assert "Ada Fox's hands" in str(errors_of(await report(desk, user, account)))
    assert "That one is for" in reply_of(
        await desk.presses(OTTO, "visit.open", account=str(account))
    )
    assert await visits_to(desk, account) == []
    await report(desk, MAX, account)
    [visit] = await visits_to(desk, account)
    assert visit.member_id == desk.ids[ADA]


async def test_an_account_in_the_drawer_has_no_visits(desk: Desk) -> None:
    await an_account(desk, holder=None, state=State.CODE_99)
    said = reply_of(await desk.types(ADA, "visit Acme Corp"))
    assert "in nobody's hands" in said
    assert "waits in the drawer" in said


async def test_a_name_that_is_nearly_right_is_offered(desk: Desk) -> None:
    await an_account(desk, "Acme Corporation", state=State.ASSIGNED)
    said = reply_of(await desk.types(ADA, "visit Acmme"))
    assert "Did you mean:" in said
    assert "Acme Corporation" in said


async def test_bare_visit_finds_the_account_in_hand(desk: Desk) -> None:
    assert "no account in hand" in reply_of(await desk.types(ADA, "visit"))
    acme = await an_account(desk, state=State.ASSIGNED)
    assert form_of(await desk.types(ADA, "visit")).form.context == {"account": str(acme)}
    for number in range(11):
        await an_account(desk, f"Shop {number}", state=State.ASSIGNED)
    said = reply_of(await desk.types(ADA, "visit"))
    assert "Which account?" in said
    assert "/lost visit Acme" in said


async def test_a_button_opens_the_form_and_an_old_one_says_so(desk: Desk) -> None:
    account = await an_account(desk, state=State.MET)
    opened = form_of(await desk.presses(ADA, "visit.open", account=str(account)))
    assert opened.form.id == "visit"
    assert "not here any more" in reply_of(await desk.presses(ADA, "visit.open", account="999"))


async def test_a_visit_to_a_foothold_keeps_it(desk: Desk) -> None:
    """W6: who has bought something again is not taken back to the beginning."""
    account = await an_account(desk, state=State.FOOTHOLD)
    said = reply_of(await report(desk, ADA, account, decision_maker="no", verified_reason=""))
    assert "Once they are back whole" in said
    assert (await the_account(desk, account)).state == State.FOOTHOLD


async def test_two_accounts_in_hand_are_two_buttons(desk: Desk) -> None:
    for name in ("Acme", "Globex"):
        await an_account(desk, name, state=State.ASSIGNED)
    assert labels(seen(await desk.types(ADA, "visit"))) == ["Acme", "Globex"]
