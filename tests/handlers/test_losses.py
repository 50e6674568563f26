"""A customer left, and somebody types one line."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain.account_life import State
from domain.names import name_key
from handlers.views.forms import ChoiceField, LookupField
from storage.accounts import Accounts
from storage.tables import Account, Assignment
from tests.handlers.losing import (
    account_named,
    announced,
    audit,
    change,
    count_accounts,
    decide,
    filled,
    losses_of,
    the_account,
)
from tests.handlers.screens import buttons, labels, press, read, seen
from tests.handlers.winning import an_account, told
from tests.people import ADA, BEN, CHANNEL, CHI, EVE, FAY, MAX, NOW, OTTO, Desk, form_of, reply_of

LINE = "Acme Corp, price, went to Globex"


async def test_one_line_is_understood_and_written_down(desk: Desk) -> None:
    """L1, L7: account, reason and competitor; the account lies in the drawer."""
    view = seen(await desk.types(ADA, LINE))
    assert read(view).splitlines() == [
        "Acme Corp is written down. It lies in the Code 99 drawer and goes out with the next deal.",
        "Reason: Price",
        "Competitor: Globex",
    ]
    assert labels(view) == ["Edit", "Not right? Undo"]
    account = await the_account(desk, "acme")
    assert (account.name, account.state) == ("Acme Corp", State.CODE_99)
    assert (account.reason, account.competitor) == ("price", "Globex")
    assert account.lost_by_id == desk.ids[ADA]
    [loss] = await losses_of(desk, "Acme Corp")
    assert (loss.logged_by_id, loss.lost_by_id) == (desk.ids[ADA], desk.ids[ADA])
    assert await audit(desk) == [("loss logged", "Acme Corp", "customer: price")]


async def test_a_sum_and_the_rest_are_kept(desk: Desk) -> None:
    view = seen(await desk.types(ADA, "Acme - too expensive - $12k - they called twice, in vain"))
    assert "Value: $12,000" in read(view)
    assert "What happened: they called twice, in vain" in read(view)
    account = await the_account(desk, "Acme")
    assert (account.value_minor, account.currency) == (1_200_000, "USD")


async def test_a_sum_that_is_none_stays_among_the_words(desk: Desk) -> None:
    view = seen(await desk.types(ADA, "Acme, price, 20 SKU, and more"))
    assert "What happened: 20 SKU, and more" in read(view)


async def test_a_loss_has_a_day_to_reconnect(desk: Desk) -> None:
    """L11."""
    await desk.types(ADA, LINE)
    account = await the_account(desk, "Acme")
    assert account.reconnect_on == NOW.date() + timedelta(days=180)


async def test_an_unknown_reason_asks_the_visit_to_find_out(desk: Desk) -> None:
    """L11: "unknown why" is a task."""
    assert "The visit will find out." in read(seen(await desk.types(ADA, "Acme, ?")))


async def test_who_leads_is_not_taken_for_the_one_who_lost_it(desk: Desk) -> None:
    await desk.types(MAX, LINE)
    assert (await the_account(desk, "Acme")).lost_by_id is None


@pytest.mark.parametrize(
    "name",
    [
        "🦊 Füchse & Söhne",
        "شركة النور",
        "<!channel>",
        "<@U0ADA> *bold* `code`",
        "Tom's “Best” <b>Shop</b>",
        "=HYPERLINK()",
        "x" * 200,
    ],
)
async def test_any_name_stays_text(desk: Desk, name: str) -> None:
    await desk.types(ADA, f"{name}, price")
    assert (await the_account(desk, name)).name == name


async def test_a_name_may_hold_a_comma_or_equal_a_command(desk: Desk) -> None:
    await desk.types(ADA, '"Acme, Inc.", price')
    await desk.types(ADA, "“mine”, price")
    assert (await the_account(desk, "acme")).name == "Acme, Inc."
    assert (await the_account(desk, "mine")).state == State.CODE_99


async def test_a_known_account_is_matched_despite_its_spelling(desk: Desk) -> None:
    await an_account(desk, "Acme Corporation", holder=None, state=State.ACTIVE)
    said = reply_of(await desk.types(ADA, "ACME corp., billing"))
    assert "Acme Corporation" in said
    account = await the_account(desk, "Acme")
    assert (account.state, account.reason, account.name) == (
        State.CODE_99,
        "billing",
        "Acme Corporation",
    )
    assert await count_accounts(desk) == 1


class TestAlike:
    """A near match is asked about, never assumed."""

    async def test_nothing_is_written_before_the_answer(self, desk: Desk) -> None:
        await an_account(desk, "Acme Corporation", holder=None, state=State.ACTIVE)
        view = seen(await desk.types(ADA, "Acmme, price, went to Globex"))
        assert "I know no Acmme, but I know Acme Corporation. Is that the one?" in read(view)
        assert labels(view) == ["Yes, Acme Corporation", "No, it is a new account"]
        assert await losses_of(desk, "Acme Corporation") == []

    async def test_yes_takes_the_known_one_and_the_words(self, desk: Desk) -> None:
        await an_account(desk, "Acme Corporation", holder=None, state=State.ACTIVE)
        asked = seen(await desk.types(ADA, "Acmme, price, went to Globex"))
        view = seen(await press(desk, ADA, asked, "Yes"))
        assert "Acme Corporation is written down" in read(view)
        [loss] = await losses_of(desk, "Acme Corporation")
        assert (loss.reason, loss.competitor) == ("price", "Globex")
        assert await account_named(desk, "Acmme") is None

    async def test_no_makes_a_new_one_once(self, desk: Desk) -> None:
        await an_account(desk, "Acme Corporation", holder=None, state=State.ACTIVE)
        asked = seen(await desk.types(ADA, "Acmme, price"))
        assert "Acmme is written down" in read(seen(await press(desk, ADA, asked, "No")))
        again = seen(await press(desk, ADA, asked, "No"))
        assert "lies in the Code 99 drawer already" in read(again)
        assert len(await losses_of(desk, "Acmme")) == 1

    async def test_several_are_offered(self, desk: Desk) -> None:
        for name in ("Acme North", "Acme South"):
            await an_account(desk, name, holder=None, state=State.ACTIVE)
        view = seen(await desk.types(ADA, "Acme, price"))
        assert "Is it one of these?" in read(view)
        assert len(labels(view)) == 3

    async def test_a_line_too_long_for_a_button_goes_into_the_form(self, desk: Desk) -> None:
        await an_account(desk, "Acme Corporation", holder=None, state=State.ACTIVE)
        story = "they told us a long story " * 60
        form = form_of(await desk.types(ADA, f"Acmme, price, {story}")).form
        values = filled(form)
        assert (values["account"], values["reason"]) == ("new:Acmme", "price")
        assert values["what_happened"] == story.strip()

    async def test_shops_that_differ_by_number_are_different(self, desk: Desk) -> None:
        for number in range(12):
            said = reply_of(await desk.types(ADA, f"Shop {number}, price"))
            assert "is written down" in said
        assert await count_accounts(desk) == 12

    async def test_an_outsider_cannot_answer(self, desk: Desk) -> None:
        account = await an_account(desk, "Acme Corporation", holder=None, state=State.ACTIVE)
        for user in (OTTO, FAY):
            for action in ("loss.known", "loss.new", "loss.another", "loss.add", "loss.open"):
                effects = await desk.presses(
                    user, action, account=str(account), line="Acmme, price"
                )
                assert "That one is for reps" in reply_of(effects)
        assert await losses_of(desk, "Acme Corporation") == []


class TestLostAlready:
    """What is lost already is said kindly, and no words are dropped."""

    async def test_in_the_drawer(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, price")
        view = seen(await desk.types(BEN, "Acme, billing, they were cross"))
        assert "Acme lies in the Code 99 drawer already" in read(view)
        assert "Logged: Price, lost today." in read(view)
        assert len(await losses_of(desk, "Acme")) == 1

    async def test_what_was_heard_is_added(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, ?, first words")
        asked = seen(await desk.types(BEN, "Acme, billing, went to Globex"))
        assert "Added to the loss of Acme." in read(seen(await press(desk, BEN, asked, "Add")))
        [loss] = await losses_of(desk, "Acme")
        assert loss.what_happened == ("first words\nBen Ruiz heard: Acme, billing, went to Globex")
        assert (loss.reason, loss.competitor) == ("billing", "Globex")
        account = await the_account(desk, "Acme")
        assert (account.reason, account.competitor) == ("billing", "Globex")
        assert account.lost_by_id == desk.ids[ADA]

    async def test_what_was_known_stays_when_words_are_added(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, price, went to Globex")
        asked = seen(await desk.types(BEN, "Acme, billing, went to Initech"))
        await press(desk, BEN, asked, "Add")
        [loss] = await losses_of(desk, "Acme")
        assert (loss.reason, loss.competitor) == ("price", "Globex")
        assert loss.what_happened == "Ben Ruiz heard: Acme, billing, went to Initech"

    async def test_it_may_be_another_loss(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, price")
        asked = seen(await desk.types(BEN, "Acme, billing"))
        view = seen(await press(desk, BEN, asked, "It is another loss"))
        assert "lies in the Code 99 drawer" in read(view)
        assert [loss.reason for loss in await losses_of(desk, "Acme")] == ["billing", "price"]
        account = await the_account(desk, "Acme")
        assert (account.reason, account.lost_by_id) == ("billing", desk.ids[BEN])

    async def test_in_somebodys_hands_the_holder_hears(self, desk: Desk) -> None:
        account = await an_account(desk, "Acme", holder=ADA, state=State.MET)
        await change(desk, "Acme", why_verified="service")
        asked = seen(await desk.types(BEN, "Acme, billing, they were cross"))
        assert "Ada Fox has it in hand" in read(asked)
        assert labels(asked) == ["It is another loss"]
        assert "Ada Fox has it in hand and goes on" in read(
            seen(await press(desk, BEN, asked, "It is another"))
        )
        now = await the_account(desk, "Acme")
        assert (now.id, now.state, now.why_verified) == (account, State.MET, "service")
        asked = seen(await desk.types(BEN, "Acme, billing, and louder"))
        assert "Told Ada Fox too." in read(seen(await press(desk, BEN, asked, "Add")))
        news = [read(view) for view in await told(desk, ADA)]
        assert ["they were cross" in text for text in news] == [True, False]
        assert "Acme: Ben Ruiz heard something" in news[1]
        assert "and louder" in news[1]

    async def test_the_holder_is_not_told_their_own_words(self, desk: Desk) -> None:
        await an_account(desk, "Acme", holder=ADA, state=State.MET)
        asked = seen(await desk.types(ADA, "Acme, billing"))
        await press(desk, ADA, asked, "It is another loss")
        assert await told(desk, ADA) == []

    async def test_let_go_stays_let_go(self, desk: Desk) -> None:
        await an_account(desk, "Acme", holder=None, state=State.LET_GO)
        asked = seen(await desk.types(ADA, "Acme, billing"))
        assert "is lost already and now let go" in read(asked)
        view = seen(await press(desk, ADA, asked, "It is another loss"))
        assert "It stays as it was: let go." in read(view)
        assert (await the_account(desk, "Acme")).state == State.LET_GO

    async def test_a_long_line_goes_into_the_form(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, price")
        form = form_of(await desk.types(BEN, f"Acme, billing, {'cross ' * 300}")).form
        account = await the_account(desk, "Acme")
        assert filled(form)["account"] == str(account.id)

    async def test_words_for_a_loss_that_was_taken_back_make_a_new_one(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, price")
        await change(desk, "Acme", created_at=NOW - timedelta(days=9))
        asked = seen(await desk.types(BEN, "Acme, billing"))
        [loss] = await losses_of(desk, "Acme")
        await desk.presses(ADA, "loss.undo", loss=str(loss.id), was="active")
        assert "Acme is written down" in read(seen(await press(desk, BEN, asked, "Add")))

    @pytest.mark.parametrize("state", [State.AT_RISK, State.WON_BACK])
    async def test_who_came_back_can_be_lost_again(self, desk: Desk, state: State) -> None:
        await an_account(desk, "Acme", holder=None, state=state)
        await change(desk, "Acme", why_verified="service")
        await desk.types(ADA, "Acme, billing")
        account = await the_account(desk, "Acme")
        assert (account.state, account.why_verified) == (State.CODE_99, None)


class TestUnclear:
    """What leaves account or reason unclear opens the form, filled in as far as it was clear."""

    async def test_bare_lost_opens_the_empty_form(self, desk: Desk) -> None:
        """L2."""
        form = form_of(await desk.types(ADA, "  ")).form
        assert [field.name for field in form.fields] == [
            "account",
            "reason",
            "what_happened",
            "competitor",
            "won_by",
            "value",
            "last_day",
            "decision_maker",
            "preventable",
            "kind",
            "wake_on",
            "lost_by",
            "confidence",
        ]
        values = filled(form)
        assert {k: v for k, v in values.items() if v} == {
            "kind": "customer",
            "lost_by": str(desk.ids[ADA]),
        }
        assert form.intro == ()
        assert filled(form_of(await desk.types(MAX, "")).form)["lost_by"] == ""

    async def test_an_unclear_reason_becomes_what_happened(self, desk: Desk) -> None:
        form = form_of(await desk.types(ADA, "Acme, because of aliens, $5k, chose Globex")).form
        values = filled(form)
        assert (values["account"], values["reason"]) == ("new:Acme", "")
        assert values["what_happened"] == "because of aliens"
        assert (values["competitor"], values["value"]) == ("Globex", "5000.00 USD")
        assert "not sure of the reason" in str(form.intro)

    async def test_a_misspelt_reason_is_chosen_already(self, desk: Desk) -> None:
        form = form_of(await desk.types(ADA, "Acme, pirce")).form
        [reason] = [f for f in form.fields if f.name == "reason"]
        assert isinstance(reason, ChoiceField)
        assert reason.value == "price"
        assert len(reason.options) in range(5, 14)

    async def test_a_known_account_is_chosen_already(self, desk: Desk) -> None:
        account = await an_account(desk, "Price Brothers", holder=None, state=State.ACTIVE)
        form = form_of(await desk.types(ADA, "price brothers")).form
        assert isinstance(form.fields[0], LookupField)
        assert (form.fields[0].value, form.fields[0].shown) == (str(account), "Price Brothers")

    async def test_without_commas_a_guess_is_made(self, desk: Desk) -> None:
        values = filled(form_of(await desk.types(ADA, "Acme Corp billing")).form)
        assert (values["account"], values["reason"]) == ("new:Acme Corp", "billing")

    async def test_only_a_reason_leaves_the_account_open(self, desk: Desk) -> None:
        form = form_of(await desk.types(ADA, ", price")).form
        assert (filled(form)["account"], filled(form)["reason"]) == ("", "price")
        assert form.intro == ()

    @pytest.mark.parametrize("line", ["x" * 3000, f"{'x' * 201}, price", "ab " * 1000])
    async def test_a_name_too_long_is_a_clear_sentence(self, desk: Desk, line: str) -> None:
        view = seen(await desk.types(ADA, line))
        assert "An account's name takes up to 200 characters" in read(view)
        assert line[:100] in read(view)
        assert await count_accounts(desk) == 0

    async def test_a_story_too_long_is_a_clear_sentence(self, desk: Desk) -> None:
        view = seen(await desk.types(ADA, f"Acme, price, {'x' * 3001}"))
        assert "What happened takes up to 3,000 characters" in read(view)


class TestNearCommands:
    """A name that is nearly right is answered with the nearest ones."""

    async def test_one_word(self, desk: Desk) -> None:
        view = seen(await desk.types(MAX, "drawr"))
        assert "“drawr” is not one of my commands" in read(view)
        assert "/lost drawer [FILTER]" in read(view)
        assert labels(view) == ["Log a loss of “drawr”"]
        form = form_of(await press(desk, MAX, view, "Log")).form
        assert filled(form)["account"] == "new:drawr"

    async def test_with_its_words(self, desk: Desk) -> None:
        assert "/lost show Acme Corp" in read(seen(await desk.types(ADA, "shwo Acme Corp")))

    async def test_only_those_the_asker_may_use(self, desk: Desk) -> None:
        assert filled(form_of(await desk.types(ADA, "drawr")).form)["account"] == "new:drawr"

    async def test_a_known_account_of_that_name_is_meant(self, desk: Desk) -> None:
        await an_account(desk, "Mien", holder=None, state=State.ACTIVE)
        assert form_of(await desk.types(ADA, "mien")).form.id == "loss"

    async def test_with_a_comma_it_is_a_loss(self, desk: Desk) -> None:
        await desk.types(MAX, "drawr, price")
        assert (await the_account(desk, "drawr")).reason == "price"


class TestAnnouncing:
    """L12: no loss is silent, and nobody is blamed."""

    async def test_a_respectful_note(self, desk: Desk) -> None:
        await decide(desk, team_channel=CHANNEL)
        await desk.types(ADA, "Acme Corp, neglect, $12k, Ada never called")
        [note] = await announced(desk)
        assert read(note) == (
            "We lost Acme Corp as a customer. One of us will visit them to find out why. "
            "No sales pitch: we want to learn."
        )

    async def test_once_and_only_for_what_enters_the_drawer(self, desk: Desk) -> None:
        await decide(desk, team_channel=CHANNEL)
        await desk.types(ADA, "Acme, price")
        asked = seen(await desk.types(BEN, "Acme, price"))
        await press(desk, BEN, asked, "It is another loss")
        assert len(await announced(desk)) == 1

    @pytest.mark.parametrize("rules", [{}, {"team_channel": CHANNEL, "announce_losses": "false"}])
    async def test_not_where_it_is_not_wanted(self, desk: Desk, rules: dict[str, str]) -> None:
        await decide(desk, **rules)
        await desk.types(ADA, "Acme, price")
        assert await announced(desk) == []

    async def test_a_mistake_is_put_right(self, desk: Desk) -> None:
        await decide(desk, team_channel=CHANNEL)
        view = seen(await desk.types(ADA, "Acme, price"))
        await press(desk, ADA, view, "Not right")
        assert "Good news: Acme was not lost." in read((await announced(desk))[1])
        desk.now += timedelta(minutes=1)
        await desk.types(ADA, "Acme, price")
        assert len(await announced(desk)) == 3


class TestUndo:
    async def test_it_is_as_if_it_had_never_been(self, desk: Desk) -> None:
        view = seen(await desk.types(ADA, LINE))
        assert "Taken back: the loss of Acme Corp." in read(
            seen(await press(desk, ADA, view, "Not right"))
        )
        assert await count_accounts(desk) == 0
        assert "not here any more" in reply_of(await press(desk, ADA, view, "Not right"))
        assert [action for action, _, _ in await audit(desk)] == ["loss logged", "loss taken back"]

    async def test_a_known_account_goes_back_to_where_it_was(self, desk: Desk) -> None:
        await an_account(desk, "Acme", holder=None, state=State.AT_RISK)
        await change(desk, "Acme", created_at=NOW - timedelta(days=9))
        view = seen(await desk.types(ADA, "Acme, price"))
        assert "It is at risk again." in read(seen(await press(desk, ADA, view, "Not right")))
        account = await the_account(desk, "Acme")
        assert (account.state, account.reason, account.lost_on) == (State.AT_RISK, None, None)

    async def test_the_loss_before_counts_again(self, desk: Desk) -> None:
        await desk.types(ADA, "Acme, price")
        asked = seen(await desk.types(BEN, "Acme, billing"))
        view = seen(await press(desk, BEN, asked, "It is another loss"))
        await press(desk, BEN, view, "Not right")
        account = await the_account(desk, "Acme")
        assert (account.reason, account.lost_by_id) == ("price", desk.ids[ADA])
        assert account.state == State.CODE_99

    async def test_an_account_with_a_history_stays(self, desk: Desk) -> None:
        view = seen(await desk.types(ADA, "Acme, price"))
        account = await the_account(desk, "Acme")
        async with desk.database.workspace(account.workspace_id) as work:
            work.session.add(
                Assignment(
                    workspace_id=account.workspace_id,
                    account_id=account.id or 0,
                    member_id=desk.ids[BEN],
                    why="in turn",
                    assigned_at=desk.now,
                    assigned_on=desk.now.date(),
                    ended_at=desk.now,
                )
            )
            await work.commit()
        await press(desk, ADA, view, "Not right")
        assert (await the_account(desk, "Acme")).state == State.ACTIVE

    async def test_not_once_somebody_acts_on_it(self, desk: Desk) -> None:
        view = seen(await desk.types(ADA, "Acme, price"))
        await change(desk, "Acme", state=State.ASSIGNED, holder_id=desk.ids[BEN])
        assert "is assigned by now" in reply_of(await press(desk, ADA, view, "Not right"))
        assert len(await losses_of(desk, "Acme")) == 1

    async def test_not_after_the_hour(self, desk: Desk) -> None:
        view = seen(await desk.types(ADA, "Acme, price"))
        desk.now += timedelta(minutes=61)
        assert "more than 60 minutes ago" in reply_of(await press(desk, ADA, view, "Not right"))

    async def test_only_by_the_one_who_logged_it_or_who_leads(self, desk: Desk) -> None:
        view = seen(await desk.types(ADA, "Acme, price"))
        for user in (BEN, EVE):
            for label in ("Not right", "Edit"):
                said = reply_of(await press(desk, user, view, label))
                assert "Only the one who logged a loss, or a manager" in said
        assert "That one is for" in reply_of(await press(desk, OTTO, view, "Not right"))
        await press(desk, MAX, view, "Not right")
        assert await account_named(desk, "Acme") is None


async def test_a_name_taken_in_the_same_instant_is_that_account(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL lets two write at once; the later of them finds the account of the earlier."""
    entered = Accounts.enter

    async def too_late(accounts: Accounts, account: Account) -> bool:
        await entered(accounts, account.model_copy(update={"name": "ACME"}))
        return await entered(accounts, account)

    monkeypatch.setattr(Accounts, "enter", too_late)
    assert "ACME is written down" in read(seen(await desk.types(ADA, "Acme, price")))
    assert len(await losses_of(desk, "Acme")) == 1


async def test_a_repeated_envelope_logs_once(desk: Desk) -> None:
    await desk.types(ADA, "Acme, price", envelope="E1")
    assert await desk.types(ADA, "Acme, price", envelope="E1") == []
    assert len(await losses_of(desk, "Acme")) == 1


async def test_two_who_log_the_same_at_once_make_one_account(desk: Desk) -> None:
    await asyncio.gather(*(desk.types(user, "Acme, price") for user in (ADA, BEN, MAX)))
    assert await count_accounts(desk) == 1
    assert name_key("Acme") == (await the_account(desk, "Acme")).name_key


async def test_a_colleague_may_not_log(desk: Desk) -> None:
    for user in (OTTO, FAY):
        assert "That one is for reps" in reply_of(await desk.types(user, "Acme, price"))
        assert "That one is for reps" in reply_of(await desk.types(user, ""))
    assert await account_named(desk, "Acme") is None


async def test_the_card_can_be_pressed(desk: Desk) -> None:
    view = seen(await desk.types(ADA, LINE))
    assert [button.action for button in buttons(view)] == ["loss.edit", "loss.undo"]


class TestDealtAtOnce:
    """A8: where the workspace wants it, a new loss does not wait for the next deal."""

    async def test_a_new_account_goes_to_the_next_in_turn(self, desk: Desk) -> None:
        await decide(desk, deal_new_losses="true", team_channel=CHANNEL)
        view = seen(await desk.types(ADA, "Acme, price"))
        account = await the_account(desk, "Acme")
        assert account.state == State.ASSIGNED
        assert account.holder_id in {desk.ids[BEN], desk.ids[CHI]}
        assert "Acme is written down and dealt at once: " in read(view)
        assert len(await announced(desk)) == 1
        assert "is assigned by now" in reply_of(await press(desk, ADA, view, "Not right"))

    async def test_a_known_account_does_too(self, desk: Desk) -> None:
        await decide(desk, deal_new_losses="true")
        await an_account(desk, "Acme", holder=None, state=State.ACTIVE)
        await desk.types(BEN, "Acme, price")
        assert (await the_account(desk, "Acme")).holder_id in {desk.ids[ADA], desk.ids[CHI]}
