"""S1: App Home shows my day, my accounts, my bounties, and to who leads the desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import SQLModel

from bot.slack.blocks import blocks_of
from handlers.effects import UpdateHome
from handlers.events import HomeOpened
from jobs.table import run_job
from storage.tables import Claim, Outbox
from tests.handlers.screens import press, seen
from tests.handlers.winning import an_account
from tests.jobs.files import at, hand_out, member
from tests.people import ADA, BEN, CHI, EVE, MAX, NOW, OTTO, WORKSPACE, Desk

MONDAY = date(2026, 3, 2)


async def home(desk: Desk, user: str, page: int | None = None) -> tuple[str, int]:
    """What a person's page says, and how many elements it has."""
    if page is None:
        effects = await desk.dispatcher.handle(HomeOpened(desk.origin(user)))
    else:
        effects = await desk.presses(user, "home.page", page=str(page))
    [update] = effects
    assert isinstance(update, UpdateHome)
    return update.view.to_json(), len(update.view.elements)


async def test_a_rep_sees_their_day_and_their_accounts(desk: Desk) -> None:
    await hand_out(desk, ADA, "Late Ltd", MONDAY - timedelta(days=4))
    await hand_out(desk, ADA, "Soon AG", MONDAY)
    await hand_out(desk, ADA, "Far Off", MONDAY + timedelta(days=9))
    await hand_out(desk, BEN, "Not Mine", MONDAY)
    text, _ = await home(desk, ADA)
    for part in ("Overdue", "Late Ltd", "Coming up", "Soon AG", "My accounts (3)", "Far Off"):
        assert part in text
    assert "Not Mine" not in text
    assert "The desk" not in text
    assert "My bounties" not in text


async def test_nothing_due_is_said(desk: Desk) -> None:
    text, _ = await home(desk, ADA)
    assert "Nothing is due" in text
    assert "no account in hand" in text


async def test_many_accounts_come_in_pages_within_what_slack_takes(desk: Desk) -> None:
    for number in range(25):
        await hand_out(desk, MAX, f"Account {number:02}", MONDAY - timedelta(days=30))
    text, elements = await home(desk, MAX)
    assert "Page 1 of 3" in text
    assert "And 15 more" in text
    assert elements < 95
    middle, _ = await home(desk, MAX, 1)
    assert "Page 2 of 3" in middle
    assert '"Back"' in middle
    last, _ = await home(desk, MAX, 99)
    assert "Page 3 of 3" in last
    assert '"More"' not in last


async def test_a_manager_sees_the_desk(desk: Desk) -> None:
    account = await hand_out(desk, ADA, "Stuck Inc", MONDAY - timedelta(days=30), tell_at=NOW)
    await run_job("deadlines", at(NOW, desk))
    await member(desk, BEN, muted="overdue")
    async with desk.database.workspace(WORKSPACE) as work:
        assert account.id is not None
        await work.accounts.add(name="Waits", state="code 99", created_at=NOW, touched_at=NOW)
        work.session.add(
            Claim(
                workspace_id=WORKSPACE,
                account_id=account.id,
                member_id=desk.ids[ADA],
                value_minor=100,
                bounty_minor=10,
                currency="USD",
                rule="r",
                claimed_at=NOW,
                won_on=MONDAY,
            )
        )
        await work.commit()
    text, _ = await home(desk, MAX)
    assert "My accounts" not in text
    for part in ("The desk", "Stuck Inc", "overdue since Sat 21 Feb", "Ben Ruiz"):
        assert part in text


async def test_very_many_accounts_are_counted_up_to_a_point(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        for name in ("Acme", "Bolt", "Cora"):
            await work.accounts.add(name=name, state="code 99", created_at=NOW, touched_at=NOW)
        await work.commit()
    for many, says in ((3, "3"), (2, "more than 2")):
        monkeypatch.setattr("storage.accounts.MANY", many)
        monkeypatch.setattr("handlers.views.today.MANY", many)
        text, _ = await home(desk, MAX)
        assert f'["In the drawer",[{{"text":"{says}"' in text


@pytest.mark.parametrize("decider", [MAX, EVE])
async def test_who_decides_sees_the_claims_of_others_and_decides_from_there(
    desk: Desk, decider: str
) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    effects = await desk.dispatcher.handle(HomeOpened(desk.origin(decider)))
    [update] = effects
    assert isinstance(update, UpdateHome)
    assert "Claims to decide (1)" in update.view.to_json()
    assert "Ada Fox claims $2,400" in update.view.to_json()
    assert "Claims to decide" not in (await home(desk, ADA))[0]
    shown = seen(await press(desk, decider, update.view, "Decide"))
    await press(desk, decider, shown, "Approve")
    assert "Claims to decide" not in (await home(desk, decider))[0]
    late = seen(await press(desk, decider, update.view, "Decide"))
    assert "Acme Corp: approved" in late.to_json()


async def test_a_manager_sees_whom_messages_did_not_reach_and_sends_them_again(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        for recipient in ({"member_id": desk.ids[BEN]}, {"channel_id": "C0GONE"}):
            for number in range(2):
                work.session.add(
                    Outbox(
                        workspace_id=WORKSPACE,
                        kind="digest",
                        view_json="{}",
                        dedupe_key=f"{recipient}{number}",
                        created_at=NOW,
                        dead_at=NOW,
                        **recipient,
                    )
                )
        await work.commit()
    text, _ = await home(desk, MAX)
    for part in ("Messages that did not arrive", "2 messages to ", "Ben Ruiz", "C0GONE"):
        assert part in text
    assert "did not arrive" not in (await home(desk, ADA))[0]
    async with desk.database.reading(WORKSPACE) as work:
        first, second = await work.outbox.undelivered()
    for one in (first, second):
        await desk.presses(MAX, "letter.resend", letter=str(one.letter_id))
    assert "did not arrive" not in (await home(desk, MAX))[0]


async def test_the_fullest_page_of_a_manager_fits_into_what_slack_takes(desk: Desk) -> None:
    for number in range(40):
        dealt_on = MONDAY - timedelta(days=22)
        account = await hand_out(desk, MAX, f"Account {number:02}", dealt_on, tell_at=NOW)
        async with desk.database.workspace(WORKSPACE) as work:
            work.session.add_all(_troubles(desk, account.id or 0, number))
            await work.commit()
    await run_job("deadlines", at(NOW, desk))
    for user in (ADA, BEN, CHI):
        await member(desk, user, muted="overdue")
    for page in (None, 1):
        effects = await (
            desk.dispatcher.handle(HomeOpened(desk.origin(MAX)))
            if page is None
            else desk.presses(MAX, "home.page", page=str(page))
        )
        [update] = effects
        assert isinstance(update, UpdateHome)
        blocks = blocks_of(update.view, "home")
        assert 80 < len(blocks) <= 100
        assert "left out" not in str(blocks)
    assert "overdue since" in str(blocks)


def _troubles(desk: Desk, account_id: int, number: int) -> list[SQLModel]:
    """A claim to decide and a message that did not arrive."""
    claim = Claim(
        workspace_id=WORKSPACE,
        account_id=account_id,
        member_id=desk.ids[ADA],
        value_minor=100,
        bounty_minor=10,
        currency="USD",
        rule="r",
        claimed_at=NOW,
        won_on=MONDAY,
    )
    lost = Outbox(
        workspace_id=WORKSPACE,
        channel_id=f"C0GONE{number}",
        kind="board",
        view_json="{}",
        dedupe_key=f"lost {number}",
        created_at=NOW,
        dead_at=NOW,
    )
    return [claim, lost]


async def test_my_bounties_are_summed_up(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    text, _ = await home(desk, ADA)
    for part in ("My bounties", "Waiting for approval", "$2,400"):
        assert part in text


async def test_an_outsider_is_greeted_and_shown_nothing(desk: Desk) -> None:
    await hand_out(desk, ADA, "Acme", MONDAY)
    text, _ = await home(desk, OTTO)
    assert "Otto Outside" in text
    assert "Acme" not in text
    assert "/lost help" in text
