"""The form for a loss: sent, asked back, put right (L2)."""

from __future__ import annotations

from datetime import date
from typing import cast

import pytest

from domain.account_life import State
from domain.losses import Kind
from handlers.effects import Effect
from handlers.views.forms import LookupField
from tests.handlers.losing import (
    account_named,
    announced,
    audit,
    change,
    decide,
    fills,
    losses_of,
    the_account,
)
from tests.handlers.screens import labels, press, read, seen
from tests.handlers.winning import an_account, told
from tests.people import ADA, BEN, CHANNEL, FAY, MAX, OTTO, Desk, errors_of, form_of, reply_of

FULL = {
    "account": "new:Acme Corp",
    "reason": "product_gap",
    "what_happened": "They asked for exports\nthree times.",
    "competitor": "Globex",
    "won_by": "feature",
    "value": "€12,500.50",
    "last_day": "2026-02-27",
    "decision_maker": "Jo Park",
    "preventable": "yes",
    "kind": "customer",
    "wake_on": "",
    "lost_by": "",
}


async def sends(desk: Desk, user: str, **changes: str) -> list[Effect]:
    return await fills(desk, user, await desk.types(user, ""), {**FULL, **changes})


async def test_all_that_is_asked_is_kept(desk: Desk) -> None:
    """L2, L7."""
    view = seen(await sends(desk, ADA))
    assert read(view).splitlines() == [
        "Acme Corp is written down. It lies in the Code 99 drawer and goes out with the next deal.",
        "Reason: Product gap",
        "Competitor: Globex",
        "How they won: A feature",
        "Value: €12,500.50",
        "What happened: They asked for exports",
        "three times.",
        "Last day: Fri 27 Feb",
        "Decision maker: Jo Park",
        "Preventable: Yes",
    ]
    [loss] = await losses_of(desk, "Acme")
    assert (loss.lost_on, loss.last_day_on) == (date(2026, 2, 27), date(2026, 2, 27))
    assert (loss.value_minor, loss.currency) == (1_250_050, "EUR")
    account = await the_account(desk, "Acme")
    assert (account.decision_maker, account.value_minor) == ("Jo Park", 1_250_050)
    assert account.lost_by_id == desk.ids[ADA]


async def test_the_form_may_say_who_lost_it(desk: Desk) -> None:
    await sends(desk, ADA, lost_by=str(desk.ids[BEN]))
    account = await the_account(desk, "Acme")
    assert account.lost_by_id == desk.ids[BEN]
    [loss] = await losses_of(desk, "Acme")
    assert loss.logged_by_id == desk.ids[ADA]


async def test_a_last_day_to_come_counts_from_today(desk: Desk) -> None:
    await sends(desk, ADA, last_day="2026-06-30")
    [loss] = await losses_of(desk, "Acme")
    assert (loss.lost_on, loss.last_day_on) == (date(2026, 3, 2), date(2026, 6, 30))


async def test_a_lost_deal_wakes_up_next_year(desk: Desk) -> None:
    """L5, L11."""
    await decide(desk, team_channel=CHANNEL)
    view = seen(await sends(desk, ADA, kind="deal", wake_on="2027-01-04"))
    assert "Kind: A deal was lost" in read(view)
    assert "Wakes up: Mon 4 Jan 2027" in read(view)
    account = await the_account(desk, "Acme")
    assert (account.state, account.reconnect_on) == (State.CODE_99, date(2027, 1, 4))
    [note] = await announced(desk)
    assert "We lost a deal with Acme Corp." in read(note)


async def test_who_ebbs_is_at_risk_and_nothing_is_announced(desk: Desk) -> None:
    """L5."""
    await decide(desk, team_channel=CHANNEL)
    view = seen(await sends(desk, ADA, kind="ebbing"))
    assert "is marked as at risk. Talk to them soon" in read(view)
    assert (await the_account(desk, "Acme")).state == State.AT_RISK
    assert await announced(desk) == []


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("account", "", "Which customer left?"),
        ("account", "new:\u200b", "Which customer left?"),
        ("account", f"new:{'x' * 201}", "up to 200 characters"),
        ("account", "4711", "not here any more"),
        ("reason", "", "Not known yet"),
        ("reason", "aliens", "Choose one of the list."),
        ("what_happened", "x" * 3001, "takes up to 3,000 characters; this has 3,001"),
        ("competitor", "x" * 201, "takes up to 200 characters"),
        ("won_by", "magic", "Choose one of the list."),
        ("value", "a lot", "not an amount I can read"),
        ("value", "9" * 16, "too large"),
        ("last_day", "2026-02-31", "not a day"),
        ("last_day", "2126-02-01", "too far ahead"),
        ("decision_maker", "x" * 201, "takes up to 200 characters"),
        ("preventable", "maybe", "Choose one of the list."),
        ("kind", "party", "Choose one of the list."),
        ("wake_on", "2026-03-01", "That day is over."),
        ("wake_on", "next year", "not a day"),
        ("lost_by", "4711", "Choose somebody of the list."),
        ("lost_by", "ada", "Choose somebody of the list."),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    desk: Desk, field: str, value: str, says: str
) -> None:
    errors = errors_of(await sends(desk, ADA, **{field: value}))
    assert list(errors) == [field]
    assert says in errors[field]
    assert await account_named(desk, "Acme") is None


async def test_all_mistakes_are_said_at_once(desk: Desk) -> None:
    errors = errors_of(await sends(desk, ADA, reason="", value="?", last_day="?"))
    assert set(errors) == {"reason", "value", "last_day"}


async def test_a_name_longer_than_an_option_is_kept_whole(desk: Desk) -> None:
    name = "Acme " * 39 + "Corp"
    opened = await desk.types(ADA, f"{name}, because of aliens")
    field = form_of(opened).form.fields[0]
    assert len(cast(LookupField, field).value) == 150
    await fills(desk, ADA, opened, {"reason": "price"})
    assert (await the_account(desk, name)).name == name


async def test_a_new_name_that_is_known_is_that_account(desk: Desk) -> None:
    await an_account(desk, "Acme Corporation", holder=None, state=State.ACTIVE)
    await sends(desk, ADA, account="new:ACME Inc.")
    assert (await the_account(desk, "Acme")).state == State.CODE_99


async def test_a_name_that_is_nearly_known_is_asked_about_once(desk: Desk) -> None:
    known = await an_account(desk, "Acme Corporation", holder=None, state=State.ACTIVE)
    opened = await sends(desk, ADA, account="new:Acmme", lost_by=str(desk.ids[BEN]))
    form = form_of(opened).form
    assert "I know Acme Corporation. If that is the one, choose it" in str(form.intro)
    values = {field.name: field.value for field in form.fields}
    asked = {"account": "new:Acmme", "lost_by": str(desk.ids[BEN]), "confidence": ""}
    assert values == {**FULL, **asked}
    assert cast(LookupField, form.fields[-2]).shown == "Ben Ruiz"
    assert await account_named(desk, "Acmme") is None
    await fills(desk, ADA, opened, {})
    assert (await the_account(desk, "Acmme")).state == State.CODE_99
    opened = await sends(desk, ADA, account="new:Accme")
    await fills(desk, ADA, opened, {"account": str(known)})
    assert (await the_account(desk, "Acme Corporation")).state == State.CODE_99


async def test_what_is_lost_already_is_asked_about_once(desk: Desk) -> None:
    await sends(desk, ADA)
    account = await the_account(desk, "Acme")
    opened = await sends(desk, BEN, account=str(account.id), reason="price")
    assert "Acme Corp is already logged (code 99)" in str(form_of(opened).form.intro)
    await fills(desk, BEN, opened, {})
    assert [loss.reason for loss in await losses_of(desk, "Acme")] == ["price", "product_gap"]


async def test_another_loss_in_somebodys_hands_is_told(desk: Desk) -> None:
    account = await an_account(desk, "Acme", holder=ADA, state=State.ASSIGNED)
    opened = await sends(desk, BEN, account=str(account))
    assert "Acme is already in Ada Fox's hands" in str(form_of(opened).form.intro)
    await fills(desk, BEN, opened, {"what_happened": ""})
    [news] = await told(desk, ADA)
    assert "Another loss: Product gap." in read(news)


async def test_outsiders_cannot_send_it(desk: Desk) -> None:
    for user in (OTTO, FAY):
        errors = errors_of(await desk.sends(user, "loss", FULL))
        assert "That one is for reps" in errors[""]
    assert await account_named(desk, "Acme") is None


class TestCorrecting:
    async def opened(self, desk: Desk, user: str = ADA) -> list[Effect]:
        [loss] = await losses_of(desk, "Acme")
        return await desk.presses(user, "loss.edit", loss=str(loss.id))

    async def test_it_opens_as_it_was_written(self, desk: Desk) -> None:
        await sends(desk, ADA, kind="deal", wake_on="2027-01-04")
        form = form_of(await self.opened(desk)).form
        values = {field.name: field.value for field in form.fields}
        assert values == {
            **{key: value for key, value in FULL.items() if key != "account"},
            "kind": "deal",
            "wake_on": "2027-01-04",
            "value": "12500.50 EUR",
            "lost_by": str(desk.ids[ADA]),
        }
        assert "Acme Corp" in str(form.intro)

    async def test_a_bare_loss_opens_bare(self, desk: Desk) -> None:
        await desk.types(MAX, "Acme, price, $5")
        form = form_of(await self.opened(desk, MAX)).form
        values = {field.name: field.value for field in form.fields}
        assert {key: value for key, value in values.items() if value} == {
            "reason": "price",
            "value": "5.00",
            "kind": "customer",
        }

    async def test_saving_puts_it_right_and_keeps_what_it_said(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, price, they were cross")
        changes = {
            "reason": "billing",
            "competitor": "Globex",
            "value": "100",
            "last_day": "2026-02-01",
            "lost_by": str(desk.ids[BEN]),
            "what_happened": "They were very cross",
            "decision_maker": "Jo Park",
        }
        view = seen(await fills(desk, ADA, await self.opened(desk), changes))
        assert read(view).startswith("Saved: the loss of Acme.\nReason: Billing error")
        assert labels(view) == ["Edit"]
        account = await the_account(desk, "Acme")
        assert (account.reason, account.competitor) == ("billing", "Globex")
        assert (account.lost_by_id, account.lost_on) == (desk.ids[BEN], date(2026, 2, 1))
        assert (account.value_minor, account.decision_maker) == (100_00, "Jo Park")
        [_, (action, subject, detail)] = await audit(desk)
        assert (action, subject) == ("loss corrected", "Acme")
        assert "reason: price → billing" in detail
        assert "competitor: None → Globex" in detail
        assert "cross" not in detail
        assert "Park" not in detail

    async def test_saving_without_a_change_changes_nothing(self, desk: Desk) -> None:
        await sends(desk, ADA)
        await fills(desk, ADA, await self.opened(desk), {})
        assert len(await audit(desk)) == 1

    @pytest.mark.parametrize(
        ("first", "then", "state"),
        [
            (Kind.CUSTOMER, Kind.EBBING, State.AT_RISK),
            (Kind.EBBING, Kind.CUSTOMER, State.CODE_99),
            (Kind.CUSTOMER, Kind.DEAL, State.CODE_99),
        ],
    )
    async def test_another_kind_moves_the_account(
        self, desk: Desk, first: Kind, then: Kind, state: State
    ) -> None:
        await sends(desk, ADA, kind=first)
        await fills(desk, ADA, await self.opened(desk), {"kind": then})
        assert (await the_account(desk, "Acme")).state == state

    async def test_an_earlier_loss_does_not_speak_for_the_account(self, desk: Desk) -> None:
        await sends(desk, ADA, last_day="2026-01-01")
        asked = seen(await desk.types(ADA, "Acme, billing"))
        await press(desk, ADA, asked, "It is another loss")
        _, earlier = await losses_of(desk, "Acme")
        opened = await desk.presses(ADA, "loss.edit", loss=str(earlier.id))
        await fills(desk, ADA, opened, {"reason": "price"})
        assert (await the_account(desk, "Acme")).reason == "billing"
        assert [loss.reason for loss in await losses_of(desk, "Acme")] == ["billing", "price"]

    async def test_an_earlier_loss_logged_late_does_not_either(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, billing")
        opened = await sends(desk, BEN, account="new:Acme", last_day="2026-01-01")
        await fills(desk, BEN, opened, {})
        account = await the_account(desk, "Acme")
        assert (account.reason, account.lost_by_id) == ("billing", desk.ids[ADA])

    async def test_mistakes_are_said_at_the_field(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, price")
        errors = errors_of(await fills(desk, ADA, await self.opened(desk), {"value": "?"}))
        assert list(errors) == ["value"]

    async def test_only_by_the_one_who_logged_it_or_who_leads(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, price")
        opened = await self.opened(desk)
        for user in (BEN, OTTO):
            errors = errors_of(await fills(desk, user, opened, {"reason": "billing"}))
            assert "manager" in errors[""]
            assert "manager" in reply_of(await self.opened(desk, user))
        await fills(desk, MAX, opened, {"reason": "billing"})
        assert (await the_account(desk, "Acme")).reason == "billing"

    async def test_a_loss_taken_back_cannot_be_edited(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, price")
        opened = await self.opened(desk)
        [loss] = await losses_of(desk, "Acme")
        await desk.presses(ADA, "loss.undo", loss=str(loss.id), was="active")
        assert "taken back" in errors_of(await fills(desk, ADA, opened, {}))[""]


async def test_a_button_opens_the_form_for_a_known_name(desk: Desk) -> None:
    account = await an_account(desk, "Acme", holder=None, state=State.ACTIVE)
    await change(desk, "Acme", reason=None)
    field = form_of(await desk.presses(ADA, "loss.open", account="ACME Inc.")).form.fields[0]
    assert cast(LookupField, field).value == str(account)
    field = form_of(await desk.presses(ADA, "loss.open")).form.fields[0]
    assert cast(LookupField, field).value == ""
