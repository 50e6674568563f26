"""Bounty plans over time (B1, B5)."""

from __future__ import annotations

from datetime import timedelta

from domain.account_life import State
from handlers.views.elements import Bullets, in_plain_words
from tests.handlers.winning import an_account, claims, the_account
from tests.people import ADA, BEN, MAX, OTTO, WORKSPACE, Desk, errors_of, form_of, reply_of


async def test_the_plan_in_force_at_the_deal_applies(desk: Desk) -> None:
    await an_account(desk, "Early")
    desk.now += timedelta(days=1)
    await desk.types(MAX, "settings bounty_kind=fixed bounty_fixed=700")
    desk.now += timedelta(days=1)
    await an_account(desk, "Later")
    await desk.types(ADA, "Early, 12000", "found")
    await desk.types(ADA, "Later, 12000", "found")
    early, later = await claims(desk)
    assert (early.bounty_minor, early.rule[:6]) == (240_000, "double")
    assert (later.bounty_minor, later.rule) == (70_000, "a fixed $700")
    assert early.plan_id != later.plan_id


async def test_every_change_keeps_the_plans_before_it(desk: Desk) -> None:
    for fixed in (100, 200):
        await desk.types(MAX, f"settings bounty_kind=fixed bounty_fixed={fixed}")
        desk.now += timedelta(days=1)
    await desk.types(MAX, "settings contact_days 2")
    async with desk.database.reading(WORKSPACE) as work:
        plans = await work.plans.all()
    assert ["commission" in plan.terms_json for plan in plans] == [True, True, True]
    assert [('"fixed"' in plan.terms_json) for plan in plans] == [True, True, False]
    assert [plan.set_by_id for plan in plans] == [desk.ids[MAX], desk.ids[MAX], None]


async def test_a_plan_changed_while_a_claim_waits_changes_nothing_of_it(desk: Desk) -> None:
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    desk.now += timedelta(hours=1)
    await desk.types(MAX, "settings bounty_kind=fixed hold_days=0")
    [claim] = await claims(desk)
    await desk.presses(MAX, "claim.approve", claim=str(claim.id))
    [claim] = await claims(desk)
    assert claim.bounty_minor == 240_000
    assert claim.release_at == desk.now + timedelta(days=30)


async def test_a_claim_of_an_older_plan_is_written_in_that_plans_currency(desk: Desk) -> None:
    account = await an_account(desk)
    desk.now += timedelta(days=1)
    await desk.types(MAX, "settings currency EUR")
    values = {"value": "12000", "extent": "whole", "won_on": desk.now.date().isoformat()}
    await desk.sends(ADA, "claim.send", values, {"account": str(account)})
    [claim] = await claims(desk)
    assert (claim.value_minor, claim.currency) == (1_200_000, "USD")
    answer = {"answer": "It was less.", "value": "6000"}
    await desk.sends(ADA, "claim.answer", answer, {"claim": str(claim.id)})
    [claim] = await claims(desk)
    assert (claim.value_minor, claim.currency) == (600_000, "USD")


async def test_a_claim_put_right_is_not_counted_against_its_own_cap(desk: Desk) -> None:
    desk.now -= timedelta(hours=1)
    await desk.types(MAX, "settings bounty_member_cap 3000")
    desk.now += timedelta(hours=1)
    await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    [claim] = await claims(desk)
    answer = {"answer": "It was a little less.", "value": "11000"}
    await desk.sends(ADA, "claim.answer", answer, {"claim": str(claim.id)})
    [claim] = await claims(desk)
    assert claim.bounty_minor == 220_000


async def test_tier_and_quick_win_multiply_and_a_cap_holds(desk: Desk) -> None:
    desk.now -= timedelta(hours=1)
    await desk.types(
        MAX, "settings bounty_tiers=biggest 1.5 bounty_early=14 days 2 bounty_cap=5000"
    )
    desk.now += timedelta(hours=1)
    await an_account(desk, tier="biggest")
    await desk.types(ADA, "Acme Corp, 12000", "found")
    [claim] = await claims(desk)
    assert claim.rule == (
        "double commission: 2 × 10\xa0% of $12,000, × 1.5 (biggest), × 2 (back by 2026-03-16), "
        "at most $5,000 a claim"
    )
    assert claim.bounty_minor == 500_000


async def test_a_member_earns_no_more_than_the_plan_lets_them(desk: Desk) -> None:
    desk.now -= timedelta(hours=1)
    await desk.types(MAX, "settings bounty_member_cap 3000")
    desk.now += timedelta(hours=1)
    for name in ("One", "Two"):
        await an_account(desk, name)
        await desk.types(ADA, f"{name}, 12000", "found")
    assert [claim.bounty_minor for claim in await claims(desk)] == [240_000, 60_000]


async def test_the_members_own_rate_counts(desk: Desk) -> None:
    await an_account(desk)
    assert "the usual 10 %" in reply_of(await desk.types(MAX, "settings commission Ada"))
    assert "12.5 % from the next" in reply_of(
        await desk.types(MAX, f"settings commission <@{ADA}> 12.5")
    )
    assert "Ada Fox has 12.5 %" in reply_of(await desk.types(MAX, "settings commission ada"))
    await desk.types(ADA, "Acme Corp, 12000", "found")
    assert (await claims(desk))[0].bounty_minor == 300_000
    assert "the usual rate" in reply_of(await desk.types(MAX, "settings commission Ada Fox none"))


async def test_a_commission_is_refused_where_it_makes_no_sense(desk: Desk) -> None:
    for line, says in (
        ("commission", "Write it like"),
        ("commission Ada lots", "percentage from 0 to 100"),
        ("commission Max 50", "Four eyes"),
        ("commission Nobody 5", "not in the team"),
    ):
        assert says in reply_of(await desk.types(MAX, f"settings {line}"))
    assert "That one is for managers" in reply_of(
        await desk.types(BEN, "settings commission Ben 9")
    )


async def test_a_worked_example_is_shown_before_a_plan_is_put_in_force(desk: Desk) -> None:
    form = form_of(await desk.presses(MAX, "settings.change", group="Bounty plan")).form
    values = {field.name: getattr(field, "value", "") for field in form.fields}
    values |= {
        "bounty_tiers": "biggest 1.5",
        "bounty_early": "14 days 2",
        "bounty_window_days": "60",
    }
    wrong = await desk.sends(MAX, form.id, {**values, "bounty_early": "soon"}, form.context)
    assert "14 days 1.5" in errors_of(wrong)["bounty_early"]
    example = form_of(await desk.sends(MAX, form.id, values, form.context)).form
    [bullets] = [element for element in example.intro if isinstance(element, Bullets)]
    shown = [in_plain_words(item) for item in bullets.items]
    assert shown[0] == "$2,000: double commission: 2 × 10\xa0% of $10,000"
    assert shown[1].startswith("$500: ")
    assert shown[2].endswith("× 1.5 (biggest)")
    assert "× 2 (back by" in shown[3]
    assert shown[4].startswith("$0: no bounty")
    async with desk.database.reading(WORKSPACE) as work:
        assert await work.plans.all() == []
    saved = await desk.sends(MAX, example.id, {}, example.context)
    assert "bounty_tiers" in reply_of(saved)
    async with desk.database.reading(WORKSPACE) as work:
        assert len(await work.plans.all()) == 2


async def test_only_who_sets_the_rules_puts_a_plan_in_force(desk: Desk) -> None:
    for user in (ADA, OTTO):
        sent = await desk.sends(user, "settings.plan", {}, {"bounty_kind": "fixed"})
        assert "That one is for managers" in errors_of(sent)[""]


async def test_the_account_shows_its_plan_and_what_runs_out_when(desk: Desk) -> None:
    desk.now -= timedelta(hours=1)
    await desk.types(MAX, "settings bounty_early=14 days 2 bounty_window_days=60")
    desk.now += timedelta(hours=1)
    account_id = await an_account(desk)
    card = reply_of(await desk.types(ADA, "show Acme Corp"))
    assert "double commission (2 × 10\xa0%)" in card
    assert "its window closes Fri 1 May" in card
    assert "the early rate holds until Mon 16 Mar" in card
    desk.now += timedelta(days=70)
    card = reply_of(await desk.types(ADA, "show Acme Corp"))
    assert "its window closed Fri 1 May" in card
    assert "early rate" not in card
    assert (await the_account(desk, account_id)).holder_id == desk.ids[ADA]


async def test_an_account_in_the_drawer_shows_no_bounty(desk: Desk) -> None:
    await an_account(desk, state=State.CODE_99, holder=None)
    assert "double commission" not in reply_of(await desk.types(MAX, "show Acme Corp"))


async def test_an_ended_plan_carries_no_bounty(desk: Desk) -> None:
    desk.now -= timedelta(hours=1)
    await desk.types(MAX, "settings bounty_ends_on 2026-03-01")
    desk.now += timedelta(hours=1)
    await an_account(desk)
    assert "none: the plan ended on Sun 1 Mar" in reply_of(await desk.types(ADA, "show Acme Corp"))
    await desk.types(ADA, "Acme Corp, 12000", "found")
    assert (await claims(desk))[0].bounty_minor == 0


async def test_a_value_in_another_currency_than_the_plans_is_refused(desk: Desk) -> None:
    account_id = await an_account(desk)
    desk.now += timedelta(days=1)
    await desk.types(MAX, "settings currency EUR")
    assert "reckoned in USD" in reply_of(await desk.types(ADA, "Acme Corp, €500", "found"))
    sent = await desk.sends(ADA, "claim.send", {"value": "€500"}, {"account": str(account_id)})
    assert "reckoned in USD" in errors_of(sent)["value"]
    await desk.types(ADA, "Acme Corp, $500", "found")
    assert (await claims(desk))[0].currency == "USD"
