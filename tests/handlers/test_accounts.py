"""What is in my hands, and all that is known of one account."""

from __future__ import annotations

from datetime import date

import pytest

from domain.account_life import State
from domain.deadlines import Rung, Step
from storage.tables import Loss, Visit
from tests.handlers.screens import buttons, labels, read, seen
from tests.handlers.winning import a_visit, an_account
from tests.people import ADA, BEN, CHI, EVE, FAY, MAX, OTTO, WORKSPACE, Desk, reply_of


async def due(desk: Desk, account: int, step: Step, day: date, note: str | None = None) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        assignment = await work.dealing.open_assignment(account)
        assert assignment is not None
        await work.deadlines.set_all([(assignment, Rung(step, day), None, note)])
        await work.commit()


async def worth(desk: Desk, account: int, minor: int | None) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        row = await work.accounts.by_id(account)
        assert row is not None
        row.value_minor = minor
        await work.commit()


async def test_nothing_in_hand_says_what_happens_next(desk: Desk) -> None:
    assert "The drawer is empty too." in reply_of(await desk.types(ADA, "mine"))
    await an_account(desk, holder=None, state=State.CODE_99)
    assert "Your manager deals the drawer out" in reply_of(await desk.types(ADA, "mine"))


async def test_the_late_and_the_big_come_first(desk: Desk) -> None:
    """L6: what is due by today, then what is flagged, then by value."""
    late = await an_account(desk, "Late", state=State.ASSIGNED)
    await worth(desk, late, None)
    await due(desk, late, Step.CONTACT, date(2026, 2, 27))
    await an_account(desk, "Plain", state=State.MET)
    flagged = await an_account(desk, "Flagged", state=State.ASSIGNED, tier="biggest")
    await worth(desk, flagged, 100)
    await due(desk, flagged, Step.NEXT_STEP, date(2026, 3, 6), "send the letter")
    big = await an_account(desk, "Big", state=State.UNDERSTOOD)
    await worth(desk, big, 9_000_000)
    await an_account(desk, "Not mine", holder=BEN)
    view = seen(await desk.types(ADA, "mine"))
    said = read(view)
    places = [said.index(name) for name in ("Late", "Flagged", "Big", "Plain")]
    assert "Not mine" not in said
    assert view.summary.startswith("4 accounts in your hands. First Late: Overdue since Fri 27 Feb")
    assert places[1:] == sorted(places[1:])
    assert "make first contact" in said
    assert "By Fri 6 Mar: send the letter" in said
    assert "Next: win them back, and claim it" in said
    assert labels(view) == ["Log visit", "Show"] * 4
    assert buttons(view)[0].payload == {"account": str(late)}


async def test_a_long_list_has_pages(desk: Desk) -> None:
    for number in range(12):
        await an_account(desk, f"Shop {number:02}", state=State.ASSIGNED)
    first = seen(await desk.types(ADA, "mine"))
    assert "Page 1 of 2" in read(first)
    assert labels(first)[-1] == "More"
    second = seen(await desk.presses(ADA, "mine.page", **buttons(first)[-1].payload))
    assert "Shop 10" in read(second)
    assert labels(second)[-1] == "Back"
    again = seen(await desk.presses(ADA, "mine.page", page="99"))
    assert read(again) == read(second)


async def test_one_account_in_hand_is_one(desk: Desk) -> None:
    await an_account(desk, state=State.MET)
    view = seen(await desk.types(ADA, "mine"))
    assert view.summary == "1 account in your hands. First Acme Corp: Next: find out why they left"


async def test_the_holder_sees_everything_and_can_go_on(desk: Desk) -> None:
    """W10, W1."""
    await desk.types(BEN, "Acme Corp, price, went to Globex, $12k, they were furious")
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.named("Acme")
        assert account is not None
        assert account.id is not None
        account.state, account.holder_id = State.UNDERSTOOD, desk.ids[ADA]
        account.why_verified = "billing"
        await work.commit()
    await a_visit(desk, account.id, why="billing")
    view = seen(await desk.types(ADA, "show acme, inc."))
    said = read(view)
    assert "is in your hands (understood)" in said
    assert "Billing error (verified); Price (stated)" in said
    assert "they were furious" in said
    assert "They told us" in said
    assert "Road Runner" in said
    assert "No sales pitch" in said
    assert "Lost by" not in said
    assert labels(view) == ["Log visit", "They came back: claim it", "Hand over"]


async def test_other_reps_see_no_private_notes(desk: Desk) -> None:
    await desk.types(BEN, "Acme Corp, price, went to Globex, they were furious")
    async with desk.database.reading(WORKSPACE) as work:
        account = await work.accounts.named("Acme")
        assert account is not None
        assert account.id is not None
    await a_visit(desk, account.id)
    view = seen(await desk.types(CHI, "show Acme"))
    said = read(view)
    assert "waiting for the next deal" in said
    assert "to Globex" in said
    assert "furious" not in said
    assert "They told us" not in said
    assert "Road Runner" not in said
    assert "Ben Ruiz" not in said
    assert labels(view) == []


async def test_the_one_who_logged_it_may_edit_and_those_who_lead_see_who_lost_it(
    desk: Desk,
) -> None:
    await desk.types(BEN, "Acme Corp, price, they were furious")
    assert labels(seen(await desk.types(BEN, "show Acme"))) == ["Edit the loss"]
    leading = ["Ask an executive", "Edit the loss", "Legal hold", "Forget the contact"]
    for user, expected in ((MAX, leading), (EVE, [])):
        view = seen(await desk.types(user, "show Acme"))
        assert "Lost by: Ben Ruiz" in read(view)
        assert "furious" in read(view)
        assert labels(view) == expected


async def test_a_card_of_an_account_in_other_hands_says_whose(desk: Desk) -> None:
    account = await an_account(desk, state=State.ASSIGNED)
    await due(desk, account, Step.CONTACT, date(2026, 3, 2))
    said = reply_of(await desk.presses(MAX, "account.show", account=str(account)))
    assert "in Ada Fox's hands (assigned)" in said
    assert "By today: make first contact" in said


async def test_an_active_account_offers_to_log_its_loss(desk: Desk) -> None:
    await an_account(desk, holder=None, state=State.ACTIVE)
    view = seen(await desk.types(ADA, "show Acme Corp"))
    assert " is active." in read(view)
    assert labels(view) == ["Log a loss"]


async def test_only_the_latest_of_a_long_history_are_listed(desk: Desk) -> None:
    account = await an_account(desk, state=State.MET)
    for _ in range(7):
        await a_visit(desk, account, by=ADA, met=False, why=None)
    said = reply_of(await desk.types(ADA, "show Acme"))
    assert "Visits (5 of 7)" in said


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("show", "Or write its name: /lost show Acme"),
        ("show Nobody", "I know no account called “Nobody”. If a customer of that name left"),
        ("show Acmee", "Did you mean:"),
        ('show "acme corp."', "Acme Corp"),
    ],
)
async def test_the_account_that_is_meant_is_never_assumed(
    desk: Desk, line: str, answer: str
) -> None:
    await an_account(desk)
    assert answer in read(seen(await desk.types(ADA, line)))


async def test_an_id_of_another_system_finds_the_account(desk: Desk) -> None:
    account = await an_account(desk, holder=None)
    async with desk.database.workspace(WORKSPACE) as work:
        row = await work.accounts.by_id(account)
        assert row is not None
        row.external_id = "CRM-17"
        await work.commit()
    assert "Acme Corp" in reply_of(await desk.types(ADA, "show CRM-17"))


async def test_outsiders_see_no_account(desk: Desk) -> None:
    account = await an_account(desk)
    for user in (FAY, OTTO):
        for effects in (
            await desk.types(user, "mine"),
            await desk.types(user, "show Acme"),
            await desk.presses(user, "mine.page", page="0"),
            await desk.presses(user, "account.show", account=str(account)),
        ):
            assert "That one is for" in reply_of(effects)


async def test_a_card_tells_how_each_loss_and_visit_went(desk: Desk) -> None:
    """L4, L5, W3: the kind of loss, stated and verified reason, the apology."""
    account = await an_account(desk, state=State.MET)
    async with desk.database.workspace(WORKSPACE) as work:
        work.session.add(
            Loss(
                workspace_id=WORKSPACE,
                account_id=account,
                kind="deal",
                reason="price",
                verified_reason="billing",
                lost_on=date(2026, 2, 2),
                logged_at=desk.now,
            )
        )
        work.session.add(
            Visit(
                workspace_id=WORKSPACE,
                account_id=account,
                member_id=desk.ids[ADA],
                visited_on=date(2026, 3, 1),
                who_was_met="Jo Park",
                met_decision_maker=False,
                what_happened="x" * 400,
                apologised=True,
                logged_at=desk.now,
            )
        )
        await work.commit()
    said = read(seen(await desk.types(ADA, "show Acme")))
    assert "Mon 2 Feb · a deal was lost · Price · verified: Billing error" in said
    assert "Sun 1 Mar · Ada Fox · Jo Park · no decision maker · apologised" in said
    assert f"“{'x' * 279}…”" in said


async def test_a_card_shows_who_won_them_back(desk: Desk) -> None:
    """W10."""
    account = await an_account(desk, state=State.UNDERSTOOD)
    await a_visit(desk, account)
    await desk.sends(
        ADA,
        "claim.send",
        {"value": "12000", "how": "I listened", "story": "", "product": "", "won_on": ""},
        {"account": str(account)},
    )
    said = read(seen(await desk.types(MAX, "show Acme")))
    assert "Win-backs\ntoday · Ada Fox · $12,000 · waits for a decision" in said
