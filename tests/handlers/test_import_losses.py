"""D1: losses taken in, each once, and what they do to their accounts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from domain.account_life import State
from domain.columns import Kind
from domain.roles import Role
from handlers.ports import Profile
from storage.tables import Account, Claim, Loss, Member
from tests.handlers.files import figures, rejects, take_in
from tests.people import ADA, BEN, NOW, WORKSPACE, Desk, PhoneBook

HEADER = "Account,Reason,Last day,Value,Lost by,External id\n"


async def losses(desk: Desk) -> list[Loss]:
    async with desk.database.reading(WORKSPACE) as work:
        return list(await work.session.exec(select(Loss).order_by(col(Loss.id))))


async def account(desk: Desk, name: str) -> Account:
    async with desk.database.reading(WORKSPACE) as work:
        found = await work.accounts.named(name)
        assert found is not None
        return found


async def set_state(desk: Desk, name: str, state: State) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        found = await work.accounts.named(name)
        assert found is not None
        found.state = state
        await work.commit()


async def test_d1_a_loss_with_an_id_is_known_again_and_learns(desk: Desk) -> None:
    await take_in(desk, HEADER + "Acme,Price,2025-01-01,5,Ada Fox,D-1\n")
    same = await take_in(desk, HEADER + "Acme,Price,2025-01-01,5,Ada Fox,D-1\n")
    assert figures(same) == (0, 0, 1, 0, 0)
    more = await take_in(desk, HEADER + "Acme,Billing error,,7,,D-1\n")
    assert figures(more) == (0, 1, 0, 0, 0)
    [loss] = await losses(desk)
    assert (loss.reason, loss.value_minor) == ("billing", 700)
    assert (loss.lost_on, loss.lost_by_id) == (date(2025, 1, 1), desk.ids[ADA])
    assert (await account(desk, "Acme")).reason == "billing"


async def test_d1_a_loss_without_an_id_is_known_by_all_it_says(desk: Desk) -> None:
    rows = "Acme,Price,2025-01-01,5,Ada Fox,\nAcme,Price,1/1/2025,$5.00,Ada Fox,\n"
    result = await take_in(desk, HEADER + rows + "Acme,Price,2025-01-02,5,Ada Fox,\n")
    assert (result.new, result.duplicates) == (2, 1)
    again = await take_in(desk, HEADER + rows)
    assert (again.new, again.changed, again.duplicates) == (0, 0, 1)


async def test_d1_of_two_rows_with_one_id_the_later_one_counts(desk: Desk) -> None:
    rows = "Acme,Price,2025-01-01,5,,D-1\nAcme,Billing error,2025-02-01,,,D-1\n"
    result = await take_in(desk, HEADER + rows)
    assert (result.new, result.duplicates) == (1, 1)
    [loss] = await losses(desk)
    assert (loss.reason, loss.lost_on, loss.value_minor) == ("billing", date(2025, 2, 1), 500)
    again = await take_in(desk, HEADER + rows)
    assert (again.new, again.changed) == (0, 0)


async def test_d1_an_account_tells_of_its_latest_loss(desk: Desk) -> None:
    rows = (
        "Acme,Price,2025-03-01,100,Ada Fox,D-1\n"
        "Acme,Billing error,2025-05-01,0,Ben Ruiz,D-2\n"
        "ACME Inc,Neglect (no one called),2025-04-01,300,Ada Fox,D-3\n"
    )
    await take_in(desk, HEADER + rows)
    acme = await account(desk, "Acme")
    assert (acme.reason, acme.lost_on, acme.lost_by_id) == (
        *("billing", date(2025, 5, 1)),
        desk.ids[BEN],
    )
    assert acme.value_minor is None, "a deal of no value says nothing of what they are worth"
    assert acme.reconnect_on == date(2025, 5, 1) + timedelta(days=180)
    assert acme.state == State.CODE_99
    await take_in(desk, HEADER + "Acme,Price,2025-02-01,900,Ada Fox,D-4\n")
    assert (await account(desk, "Acme")).lost_on == date(2025, 5, 1)
    await take_in(desk, HEADER + "Acme,Price,2025-06-01,900,Ada Fox,D-5\n")
    acme = await account(desk, "Acme")
    assert (acme.value_minor, acme.currency, acme.lost_by_id) == (90000, "USD", desk.ids[ADA])


async def test_d1_days_that_are_still_to_come_are_lost_today(desk: Desk) -> None:
    content = (
        "Account,Last day,Lost on,External id\nAcme,2030-01-01,,1\nBolt,2030-01-01,2026-01-01,2\n"
    )
    await take_in(desk, content + "Cora,,,3\n")
    by_id = {x.fingerprint: x for x in await losses(desk)}
    assert [by_id[i].lost_on for i in "123"] == [NOW.date(), date(2026, 1, 1), NOW.date()]
    assert by_id["1"].last_day_on == date(2030, 1, 1)
    desk.now += timedelta(days=9)
    again = await take_in(
        desk, content.replace("Acme,2030-01-01", "Acme,2030-01-01") + "Cora,,,3\n"
    )
    assert {x.fingerprint: x.lost_on for x in await losses(desk)}["3"] == NOW.date()
    assert again.new == 0


async def test_d1_an_ebbing_customer_is_at_risk_and_not_in_the_drawer(desk: Desk) -> None:
    await take_in(desk, "Account,Reason,Kind\nAcme,Price,ebbing\nBolt,Price,deal\n")
    assert (await account(desk, "Acme")).state == State.AT_RISK
    assert (await account(desk, "Bolt")).state == State.CODE_99


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.ACTIVE, State.CODE_99),
        (State.AT_RISK, State.CODE_99),
        (State.ASSIGNED, State.ASSIGNED),
        (State.LET_GO, State.LET_GO),
        (State.LEGAL_HOLD, State.LEGAL_HOLD),
        (State.WON_BACK, State.CODE_99),
    ],
)
async def test_d1_a_loss_moves_only_those_who_are_here(
    desk: Desk, before: State, after: State
) -> None:
    await take_in(desk, "Account\nAcme\n")
    await set_state(desk, "Acme", before)
    await take_in(desk, HEADER + "Acme,Price,2025-01-01,5,,D-1\n")
    assert (await account(desk, "Acme")).state == after


async def test_d1_old_losses_leave_a_customer_who_came_back_since(desk: Desk) -> None:
    await take_in(desk, "Account\nAcme\n")
    await set_state(desk, "Acme", State.WON_BACK)
    acme = await account(desk, "Acme")
    async with desk.database.workspace(WORKSPACE) as work:
        work.session.add(
            Claim(
                workspace_id=WORKSPACE,
                account_id=acme.id or 0,
                member_id=desk.ids[ADA],
                state="approved",
                value_minor=1,
                bounty_minor=1,
                currency="USD",
                rule="",
                claimed_at=datetime(2025, 6, 1, tzinfo=UTC),
                won_on=date(2025, 6, 1),
            )
        )
        await work.commit()
    await take_in(desk, HEADER + "Acme,Price,2025-01-01,5,,D-1\n")
    assert (await account(desk, "Acme")).state == State.WON_BACK
    await take_in(desk, HEADER + "Acme,Price,2025-07-01,5,,D-2\n")
    assert (await account(desk, "Acme")).state == State.CODE_99


async def test_d1_losses_name_their_account_by_id_too(desk: Desk) -> None:
    await take_in(desk, "Account,Account id\nAcme,A-1\nBolt,A-2\n", kind=Kind.ACCOUNTS)
    content = (
        "Account,Account id,Reason\n,A-1,Price\nACME corp,A-1,Billing error\n,A-9,Price\n"
        "Acme,A-7,Price\nBolt,,Price\n"
    )
    result = await take_in(desk, content)
    assert figures(result) == (4, 0, 0, 0, 1)
    [rejected] = rejects(result)
    assert rejected["Line"] == "5"
    assert "already called “Acme” (External id A-1)" in rejected["Why"]
    assert [x.account_id for x in await losses(desk)][:2] == [(await account(desk, "Acme")).id] * 2
    assert (await account(desk, "Account A-9")).external_id == "A-9"


async def test_d1_accounts_are_described_by_the_latest_row_that_does(desk: Desk) -> None:
    rows = "Acme,Price,East,Gold\nAcme,Billing error,,\nAcme,Neglect (no one called),West,\n"
    await take_in(desk, "Account,Reason,Region,Tier\n" + rows)
    acme = await account(desk, "Acme")
    assert (acme.region, acme.tier) == ("West", "Gold")


async def test_d1_whoever_lost_it_is_known_from_now_on(desk: Desk) -> None:
    desk.book = PhoneBook(
        Profile("U0ZOE", "Zoe Unique"), Profile("U1", "Sam"), Profile("U2", "Sam")
    )
    rows = "".join(
        f"Acme,Price,2025-01-0{i},5,{who},D-{i}\n"
        for i, who in enumerate(
            ["Ada Fox", "<@U0BEN>", "Cleo New", "Zoe Unique", "Sam", "unassigned", ""], 1
        )
    )
    result = await take_in(desk, HEADER + rows)
    assert result.people == ["Cleo New", "Zoe Unique", "Sam"]
    async with desk.database.reading(WORKSPACE) as work:
        people = {m.id: m for m in await work.session.exec(select(Member))}
    by = [people.get(x.lost_by_id) for x in await losses(desk)]
    assert [m and m.platform_user_id for m in by] == [ADA, BEN, None, "U0ZOE", None, None, None]
    assert [m and m.role for m in by[2:5]] == [Role.COLLEAGUE] * 3
    assert by[5:] == [None, None]


async def test_d1_of_namesakes_none_is_picked(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        for _ in range(2):
            work.session.add(
                Member(workspace_id=WORKSPACE, name="Sam Lee", name_key="sam lee", joined_at=NOW)
            )
        await work.commit()
    result = await take_in(desk, HEADER + "Acme,Price,2025-01-01,5,Sam Lee,D-1\n")
    assert (await losses(desk))[0].lost_by_id is None
    assert result.notes == ["2 members are called Sam Lee: give their e-mail or Slack id."]


async def test_d1_days_decided_late_are_read_anew_from_the_start(desk: Desk) -> None:
    rows = "".join(f"Customer {i},Price,01/02/2025\n" for i in range(9_000))
    result = await take_in(desk, "Account,Reason,Last day\n" + rows + "Last,Price,13/02/2025\n")
    assert (result.new, result.questions) == (9_001, [])
    assert {x.lost_on for x in await losses(desk)} == {date(2025, 2, 1), date(2025, 2, 13)}


@pytest.mark.parametrize(("country", "day"), [("US", date(2025, 1, 2)), ("DE", date(2025, 2, 1))])
async def test_d1_days_that_read_both_ways_follow_the_country(
    desk: Desk, country: str, day: date
) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        await work.workspaces.decide("country", country)
        await work.commit()
    result = await take_in(desk, "Account,Last day\nAcme,01/02/2025\n")
    assert (await losses(desk))[0].lost_on == day
    assert [(q.heading, q.example) for q in result.questions] == [("Last day", "01/02/2025")]


async def test_d1_reasons_nobody_explained_are_kept_in_their_words(desk: Desk) -> None:
    result = await take_in(
        desk, "Account,Reason\nAcme,their cat died\nBolt,Their cat died\nCora,\n"
    )
    assert result.unsure == {"their cat died": 1, "Their cat died": 1}
    told = [(x.reason, x.what_happened) for x in await losses(desk)]
    assert told == [("other", "their cat died"), ("other", "Their cat died"), ("unknown", None)]


async def test_d1_losses_of_people_logged_in_chat_are_not_doubled_by_an_export(desk: Desk) -> None:
    from handlers.exporting import export

    await desk.types(ADA, "Acme, price")
    async with desk.database.reading(WORKSPACE) as work:
        _, content = await export(work, await work.workspaces.rules(), desk.now, "losses")
    assert figures(await take_in(desk, content)) == (0, 0, 1, 0, 0)
    assert len(await losses(desk)) == 1


async def test_d4_a_file_does_not_overrule_what_a_visit_verified(desk: Desk) -> None:
    file = "Account,Reason,Last day,External id,Verified reason\nAcme,Price,2025-03-01,D-1,{}\n"
    await take_in(desk, file.format("Service or delivery failure"))
    again = await take_in(desk, file.format("Price"))
    [loss] = await losses(desk)
    found = await account(desk, "Acme")
    assert (loss.verified_reason, found.why_verified) == ("service", "service")
    assert figures(again) == (0, 0, 1, 0, 0)


async def test_d4_a_verified_reason_that_is_none_of_ours_comes_back(desk: Desk) -> None:
    result = await take_in(
        desk, "Account,Reason,Last day,Verified reason\nAcme,Price,2025-03-01,the moon\n"
    )
    assert [bad.why for bad in result.rejected] == [
        "Verified reason: “the moon” is none of your reasons."
    ]
