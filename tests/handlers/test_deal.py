"""The manager deals the drawer out: looked over, pressed, told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.account_life import State
from domain.deadlines import Step
from domain.errors import Refused
from handlers.dealing import carry_out, plan
from storage.tables import Account, Assignment, AuditEntry, Deadline, Deal, Member
from tests.handlers.dealt import (
    button,
    change,
    deals,
    decide,
    drawer,
    held,
    holders,
    letters_to,
    open_assignments,
    rep,
    rows,
    text_of,
    turns,
    view_of,
)
from tests.people import ADA, BEN, CHI, EVE, FAY, MAX, OTTO, WORKSPACE, Desk, reply_of


@pytest.mark.parametrize("user", [ADA, EVE, FAY, OTTO])
async def test_only_leads_deal(desk: Desk, user: str) -> None:
    await drawer(desk, "Acme")
    for text in ("deal", "undo"):
        assert "That one is for managers and admins" in reply_of(await desk.types(user, text))
    for action in ("deal.confirm", "deal.page", "deal.undo", "deal.cancel", "deal.free"):
        assert "That one is for managers" in reply_of(await desk.presses(user, action))
    assert await rows(desk, Deal) == []


async def test_an_empty_drawer_is_said_to_be_empty(desk: Desk) -> None:
    assert "The drawer is empty" in reply_of(await desk.types(MAX, "deal"))


async def test_without_reps_the_manager_is_told_how_to_add_one(desk: Desk) -> None:
    for user in (ADA, BEN, CHI):
        await change(desk, user, role="colleague")
    await drawer(desk, "Acme")
    assert "/lost team add" in reply_of(await desk.types(MAX, "deal"))


async def test_the_preview_says_who_would_get_what_and_why_and_deals_nothing(desk: Desk) -> None:
    """A1."""
    await drawer(desk, "Acme", "Bolt", "Cora", "Dune", lost_by=ADA)
    effects = await desk.types(MAX, "deal")
    text = text_of(view_of(effects))
    assert view_of(effects).summary == "4 accounts for 2 reps"
    assert "0 to 2 each, $10,000 in all" in text
    assert "Acme, $4,000: next after Ada Fox, who lost it" in text
    assert "Ben Ruiz · 2 accounts · $6,000" in text
    assert await held(desk) == {}
    assert await rows(desk, Deal) == []


async def test_one_press_deals_what_was_shown(desk: Desk) -> None:
    """A1, A9: accounts, assignments, deadlines, turns, messages and the audit, all at once."""
    ids = await drawer(desk, "Acme", "Bolt", "Cora", "Dune")
    effects = await deals(desk, MAX)
    assert "Dealt: 4 accounts to 3 reps" in text_of(view_of(effects))
    ada, ben, chi = (desk.ids[user] for user in (ADA, BEN, CHI))
    assert await holders(desk) == {"Acme": ada, "Bolt": ben, "Cora": chi, "Dune": ada}
    assert {account.state for account in await rows(desk, Account)} == {State.ASSIGNED}
    [deal] = await rows(desk, Deal)
    assert (deal.dealt_by_id, deal.dealt_at) == (desk.ids[MAX], desk.now)
    assigned = sorted(await rows(desk, Assignment), key=lambda a: int(a.account_id))
    assert [(a.account_id, a.member_id, a.why, a.deal_id) for a in assigned] == [
        (ids[0], ada, "next in turn", deal.id),
        (ids[1], ben, "next in turn", deal.id),
        (ids[2], chi, "next in turn", deal.id),
        (ids[3], ada, "next in turn", deal.id),
    ]
    assert await turns(desk) == {ada: (2, 4), ben: (1, 2), chi: (1, 3)}
    [entry] = [e for e in await rows(desk, AuditEntry) if e.action == "dealt out"]
    assert (entry.by_id, entry.subject) == (desk.ids[MAX], "4 accounts")


async def test_what_most_accounts_have_as_their_why_is_said_once(desk: Desk) -> None:
    for user in (BEN, CHI):
        await change(desk, user, active=False)
    await drawer(desk, "Acme", "Bolt", "Cora")
    await deals(desk, MAX)
    [letter] = await letters_to(desk, desk.ids[ADA])
    assert text_of(letter).count("Why you") == 1
    assert "Why you: next in turn. Dealt out of" in text_of(letter)
    await change(desk, BEN, active=True)
    await drawer(desk, "Dune", "Echo", "Flux", "Gale", lost_by=ADA)
    await deals(desk, MAX)
    text = text_of((await letters_to(desk, desk.ids[BEN]))[0])
    assert "Why you: next after Ada Fox, who lost it, where nothing else is said. Dealt" in text
    assert text.count("Why you") == 2


async def test_deadlines_follow_the_reps_own_day_and_only_overdue_interrupts(desk: Desk) -> None:
    """N2: at 19:00 UTC it is tomorrow in Kolkata."""
    desk.now = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
    await drawer(desk, "Acme", "Bolt", "Cora")
    await deals(desk, MAX)
    due = {(d.member_id, d.kind): (d.due_on, d.tell_at) for d in await rows(desk, Deadline)}
    ada, chi = desk.ids[ADA], desk.ids[CHI]
    assert len(due) == 9
    assert due[ada, Step.CONTACT] == (date(2026, 3, 5), None)
    assert due[ada, Step.MEETING] == (date(2026, 3, 16), None)
    assert due[chi, Step.CONTACT] == (date(2026, 3, 6), None)
    assert due[ada, Step.OVERDUE] == (
        date(2026, 3, 23),
        datetime(2026, 3, 23, 13, 0, tzinfo=UTC),
    )
    assert due[chi, Step.OVERDUE] == (
        date(2026, 3, 24),
        datetime(2026, 3, 24, 3, 30, tzinfo=UTC),
    )


async def test_nothing_falls_due_on_a_day_that_the_rep_does_not_work(desk: Desk) -> None:
    """N2, N3: a Friday's first contact would be due on Memorial Day in New York."""
    desk.now = datetime(2026, 5, 22, 15, 0, tzinfo=UTC)
    await change(desk, ADA, country="US")
    await change(desk, CHI, country="IN")
    await change(desk, BEN, working_days="monday,tuesday,wednesday,saturday", country="FR")
    await drawer(desk, "Acme", "Bolt", "Cora")
    await deals(desk, MAX)
    due = {(d.member_id, d.kind): d for d in await rows(desk, Deadline)}
    ada, ben, chi = (desk.ids[user] for user in (ADA, BEN, CHI))
    assert due[ada, Step.CONTACT].due_on == date(2026, 5, 26)
    assert due[ben, Step.MEETING].due_on == date(2026, 6, 6)
    assert due[chi, Step.CONTACT].due_on == date(2026, 5, 25)
    overdue = due[ben, Step.OVERDUE]
    assert overdue.due_on == date(2026, 6, 13)
    assert overdue.tell_at == datetime(2026, 6, 13, 7, 0, tzinfo=UTC)
    [letter] = await letters_to(desk, ada)
    assert "by Tue 26 May" in text_of(letter)


async def test_each_rep_gets_one_message_with_the_directive_dearest_first(desk: Desk) -> None:
    """W1."""
    await drawer(desk, *(f"Acct {i:02}" for i in range(36)), decision_maker="Jo Park")
    await deals(desk, MAX)
    [letter] = await letters_to(desk, desk.ids[ADA])
    text = text_of(letter)
    assert letter.summary.startswith("12 accounts to win back: Acct 00, Acct 03, Acct 06")
    assert "Visit, meet the decision maker and find out what happened. No sales pitch." in text
    assert text.index("Acct 00") < text.index("Acct 03") < text.index("Acct 27")
    assert "First step, by Thu 5 Mar: call on the decision maker." in text
    assert "Call on Jo Park." in text
    assert "And 2 more: /lost mine has them." in text
    assert "by @Max Lind" in text
    assert len(letter.elements) <= 40


async def test_an_account_without_a_known_contact_has_a_first_step_too(desk: Desk) -> None:
    await drawer(desk, "Acme", competitor="Globex", value_minor=None, reason=None)
    await deals(desk, MAX)
    [letter] = await letters_to(desk, desk.ids[ADA])
    assert "Acme  ·  now with Globex" in text_of(letter)
    assert "Find out who decides there" in text_of(letter)


async def test_two_presses_deal_once(desk: Desk) -> None:
    await drawer(desk, "Acme", "Bolt")
    payload = button(await desk.types(MAX, "deal"), "deal.confirm").payload
    await desk.presses(MAX, "deal.confirm", **payload)
    again = await desk.presses(MAX, "deal.confirm", **payload)
    assert "That was dealt out already, today by Max Lind." in text_of(view_of(again))
    assert len(await rows(desk, Assignment)) == 2


async def test_concurrent_presses_deal_once(desk: Desk) -> None:
    await drawer(desk, "Acme", "Bolt", "Cora", "Dune")
    payload = button(await desk.types(MAX, "deal"), "deal.confirm").payload
    answers = await asyncio.gather(
        *(desk.presses(MAX, "deal.confirm", **payload) for _ in range(4))
    )
    said = [text_of(view_of(effects)) for effects in answers]
    assert sum("Dealt: 4 accounts" in text for text in said) == 1
    assert sum("dealt out already" in text for text in said) == 3
    assert len(await rows(desk, Deal)) == 1
    assert len(await open_assignments(desk)) == 4


async def test_a_preview_that_is_out_of_date_is_shown_anew_with_what_changed(desk: Desk) -> None:
    await drawer(desk, "Acme", "Bolt")
    payload = button(await desk.types(MAX, "deal"), "deal.confirm").payload
    await drawer(desk, "Cora")
    await rep(desk, "Dee New")
    await change(desk, BEN, role="colleague")
    effects = await desk.presses(MAX, "deal.confirm", **payload)
    text = text_of(view_of(effects))
    assert "Something changed since you looked. 1 more in the drawer" in text
    assert "Dee New takes part now" in text
    assert "one rep fewer takes part" in text
    assert await held(desk) == {}
    await desk.presses(MAX, "deal.confirm", **button(effects, "deal.confirm").payload)
    assert len(await open_assignments(desk)) == 3


@pytest.mark.parametrize("news", [{"value_minor": 5}, {"name": "Zed", "name_key": "zed"}])
async def test_what_changed_can_be_a_value_or_a_name(desk: Desk, news: dict[str, object]) -> None:
    """A1: of two that are worth the same the name decides who gets which."""
    [acme, _] = await drawer(desk, "Acme", "Bolt", value_minor=100_000)
    payload = button(await desk.types(MAX, "deal"), "deal.confirm").payload
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.by_id(acme)
        assert account is not None
        for key, value in news.items():
            setattr(account, key, value)
        await work.commit()
    text = text_of(view_of(await desk.presses(MAX, "deal.confirm", **payload)))
    assert "whose turn it is, a name, or what an account is worth" in text
    assert await held(desk) == {}


async def test_what_changed_can_be_the_name_of_a_rep(desk: Desk) -> None:
    """A1: of two who are level the name decides who is first."""
    await drawer(desk, "Acme")
    payload = button(await desk.types(MAX, "deal"), "deal.confirm").payload
    await change(desk, ADA, name="Zoe Fox", name_key="zoe fox")
    await desk.presses(MAX, "deal.confirm", **payload)
    assert await held(desk) == {}


async def test_not_now_deals_nothing(desk: Desk) -> None:
    await drawer(desk, "Acme")
    assert "Nothing was dealt" in text_of(view_of(await desk.presses(MAX, "deal.cancel")))
    assert await held(desk) == {}


async def test_many_reps_are_paged(desk: Desk) -> None:
    for number in range(17):
        await rep(desk, f"Rep {number:02}")
    await drawer(desk, *(f"A{i:03}" for i in range(160)))
    first = await desk.types(MAX, "deal")
    assert "Page 1 of 3" in text_of(view_of(first))
    assert "and 3 more" in text_of(view_of(first))
    assert "not in Slack yet" in text_of(view_of(await desk.presses(MAX, "deal.page", page="1")))
    last = await desk.presses(MAX, "deal.page", page="9")
    assert "Page 3 of 3" in text_of(view_of(last))
    done = text_of(view_of(await deals(desk, MAX)))
    assert "Not in Slack yet: Rep 00, Rep 01, Rep 02 and 14 more. Their message waits." in done


async def test_many_reasons_to_stay_are_folded(desk: Desk) -> None:
    await decide(desk, deal_by_region=True)
    for number in range(8):
        await drawer(desk, f"A{number}", region=f"Region {number}")
    text = text_of(view_of(await desk.types(MAX, "deal")))
    assert "8 accounts stay in the drawer" in text
    assert "2 more, for other reasons" in text


async def test_sums_of_several_currencies_are_kept_apart(desk: Desk) -> None:
    await drawer(desk, "Acme")
    await drawer(desk, "Bolt", currency="EUR")
    assert "€1,000 + $1,000 in all" in text_of(view_of(await desk.types(MAX, "deal")))


async def test_the_command_line_can_deal_without_a_person(desk: Desk) -> None:
    await drawer(desk, "Acme")
    async with desk.database.workspace(WORKSPACE) as work:
        rules = await work.workspaces.rules()
        planned = await plan(work, rules, desk.now)
        await carry_out(work, rules, desk.now, planned, None)
        await work.commit()
    [letter] = await letters_to(desk, desk.ids[ADA])
    assert "Dealt out of the Code 99 drawer. " in text_of(letter)
    [deal] = await rows(desk, Deal)
    assert deal.dealt_by_id is None


async def test_nothing_is_carried_out_twice_or_out_of_date(desk: Desk) -> None:
    await drawer(desk, "Acme", "Bolt")
    async with desk.database.workspace(WORKSPACE) as work:
        rules = await work.workspaces.rules()
        [acme, bolt] = [
            await plan(work, rules, desk.now, account_ids=[number]) for number in (1, 2)
        ]
        nothing = await plan(work, rules, desk.now, account_ids=[])
        with pytest.raises(Refused, match="nothing to deal"):
            await carry_out(work, rules, desk.now, nothing, None)
        await carry_out(work, rules, desk.now, acme, None)
        with pytest.raises(Refused, match="Somebody dealt at the same moment"):
            await carry_out(work, rules, desk.now, bolt, None)
        current = replace(bolt, turns=await work.dealing.turns())
        with pytest.raises(Refused, match="dealt out already"):
            await carry_out(work, rules, desk.now, replace(current, key=acme.key), None)
        stale = replace(current, outcome=acme.outcome, lots=acme.lots)
        with pytest.raises(Refused, match="The drawer changed just now"):
            await carry_out(work, rules, desk.now, stale, None)


async def test_a_team_too_large_for_a_button_is_dealt_to_all_the_same(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        work.session.add_all(
            Member(
                workspace_id=WORKSPACE,
                name=f"Rep {number}",
                name_key=f"rep {number}",
                role="rep",
                joined_at=desk.now,
            )
            for number in range(200)
        )
        await work.commit()
    await drawer(desk, "Acme")
    payload = button(await desk.types(MAX, "deal"), "deal.confirm").payload
    assert len(str(dict(payload))) < 1500
    await rep(desk, "One More")
    text = text_of(view_of(await desk.presses(MAX, "deal.confirm", **payload)))
    assert "Something changed" in text


async def test_the_longest_names_leave_room_for_the_button(desk: Desk) -> None:
    """A1: a message takes 11,000 characters, and one that is cut loses its end."""
    for number in range(12):
        await rep(desk, f"Rep {number} {'x' * 200}")
    await decide(desk, deal_by_region=True)
    await drawer(desk, *(f"Acct {number:03} {'y' * 190}" for number in range(120)))
    for number in range(8):
        await drawer(desk, *(f"Far {number}{i} {'z' * 190}" for i in range(4)), region="q" * number)
    effects = await desk.types(MAX, "deal")
    assert len(text_of(view_of(effects))) < 10_000
    assert button(effects, "deal.confirm").label == "Deal them out"


async def test_where_everybody_is_away_that_is_the_one_reason(desk: Desk) -> None:
    """A5: whoever lost what makes no difference then."""
    for user in (ADA, BEN, CHI):
        await desk.types(user, "away 2026-03-02 to 2026-03-06")
    await drawer(desk, "Acme", "Bolt", lost_by=ADA)
    await drawer(desk, "Cora", lost_by=BEN)
    effects = await desk.types(MAX, "deal")
    text = text_of(view_of(effects))
    assert view_of(effects).summary == "Nothing can be dealt now"
    assert text.count("Ada Fox is away until Fri 6 Mar; Ben Ruiz is away") == 2  # and who sits out
    assert "lost it" not in text
