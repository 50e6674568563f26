"""Which account is meant: by its name, by a few words of it, by an id, or asked about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.account_life import State
from handlers.views.forms import DateField, Form, TextField
from storage.accounts import Accounts
from storage.tables import Claim
from tests.handlers.dealt import change, deals, drawer, holders, rows, text_of
from tests.handlers.screens import buttons, labels, press, read, seen
from tests.people import ADA, BEN, MAX, WORKSPACE, Desk, form_of, reply_of

TOWN = ("Metro Bike Share", "Larkspur Florists", "Metro Tiles", "Harbor Hotels")


@pytest.fixture
async def ada(desk: Desk) -> Desk:
    """All of the town in Ada's hands, but for one."""
    for other in (name for name in desk.ids if name not in {ADA, BEN, MAX}):
        await change(desk, other, active=False)
    await change(desk, BEN, active=False)
    await drawer(desk, *TOWN[:3])
    await deals(desk, MAX)
    await drawer(desk, TOWN[3])
    await change(desk, BEN, active=True)
    return desk


@pytest.mark.parametrize("typed", ["metro bike", "Bike", "share metro", "mét bik", "larkspur"])
async def test_a_few_words_name_an_account_in_ones_own_hands(ada: Desk, typed: str) -> None:
    shown = read(seen(await ada.types(ADA, f"show {typed}")))
    assert ("Larkspur Florists" if typed == "larkspur" else "Metro Bike Share") in shown
    opened = form_of(await ada.types(ADA, f"visit {typed}"))
    assert opened.form.context["account"] in {"1", "2"}


@pytest.mark.parametrize("typed", ["metro", "ha", "hotels", "bikes share"])
async def test_words_that_leave_it_open_are_asked_about(ada: Desk, typed: str) -> None:
    """Two have them, they are too few, it is not in one's hands, or they are not its words."""
    view = seen(await ada.types(ADA, f"pass {typed}"))
    assert f"I know no account called {typed}" in read(view).replace("“", "").replace("”", "")
    assert await holders(ada) == dict.fromkeys(TOWN[:3], ada.ids[ADA]) | {TOWN[3]: None}


async def test_another_persons_words_mean_nothing_to_me(ada: Desk) -> None:
    assert "I know no account called Bike" in read(seen(await ada.types(BEN, "show Bike")))


async def test_a_near_name_comes_with_a_button_that_goes_on(ada: Desk) -> None:
    asked = seen(await ada.types(ADA, "show Larkspurr Florist"))
    assert labels(asked) == ["Larkspur Florists"]
    assert asked.summary == "Which account is Larkspurr Florist?"
    assert "Larkspur Florists" in read(seen(await press(ada, ADA, asked, "Larkspur")))
    asked = seen(await ada.types(ADA, "visit Larkspurr Florist"))
    assert form_of(await press(ada, ADA, asked, "Larkspur")).form.context == {"account": "2"}
    asked = seen(await ada.types(ADA, "pass Larkspurr Florist"))
    sure = seen(await press(ada, ADA, asked, "Larkspur"))
    assert "Is it you, and not Larkspur Florists?" in text_of(sure)
    await press(ada, ADA, sure, "Pass it on")
    assert (await holders(ada))["Larkspur Florists"] == ada.ids[BEN]


async def test_a_day_after_a_few_words_is_the_day(ada: Desk) -> None:
    said = reply_of(await ada.types(ADA, "snooze bike next friday"))
    assert "Metro Bike Share" in said
    assert "Fri 6 Mar" in said


async def test_a_day_after_a_near_name_is_kept_for_the_form(ada: Desk) -> None:
    asked = seen(await ada.types(ADA, "snooze Larkspurr Florist 2026-03-13"))
    assert "I know no account called Larkspurr Florist." in read(asked)
    form = form_of(await press(ada, ADA, asked, "Larkspur")).form
    [day] = [field for field in form.fields if isinstance(field, DateField)]
    assert day.value == "2026-03-13"


async def test_a_few_words_claim_the_account_in_ones_hands(ada: Desk) -> None:
    assert "Good news about Metro Bike Share!" in reply_of(await ada.types(ADA, "bike", "found"))


async def test_a_claim_before_the_visit_comes_with_its_button(ada: Desk) -> None:
    asked = seen(await ada.types(ADA, "Larkspur Florists", "found"))
    assert "Write it down, then claim it again." in read(asked)
    assert form_of(await press(ada, ADA, asked, "Log visit")).form.context == {"account": "2"}


@pytest.mark.parametrize(("line", "goes_on"), [("show", "account.show"), ("snooze", "snooze.open")])
async def test_without_a_name_those_in_hand_are_offered(ada: Desk, line: str, goes_on: str) -> None:
    view = seen(await ada.types(ADA, line))
    assert labels(view) == ["Larkspur Florists", "Metro Bike Share", "Metro Tiles"]
    assert {button.action for button in buttons(view)} == {goes_on}
    assert f"Or write its name: /lost {line} Acme" in read(view)
    assert f"You have no account in hand now. Write which you mean: /lost {line} Acme" in read(
        seen(await ada.types(BEN, line))
    )


@pytest.mark.parametrize("when", ["yesterday or so", "4/5", "31.2."])
async def test_a_day_that_cannot_be_read_is_what_is_said(ada: Desk, when: str) -> None:
    said = read(seen(await ada.types(ADA, f"snooze bike {when}")))
    assert f"“{when}” is not a day I can read." in said


async def test_what_was_heard_stands_in_the_form_of_a_visit(ada: Desk) -> None:
    form = form_of(await ada.types(ADA, "visit bike, met Julien, they want a lock")).form
    assert heard_in(form) == "met Julien, they want a lock"
    asked = seen(await ada.types(ADA, "visit Larkspurr Florist, all is well"))
    assert heard_in(form_of(await press(ada, ADA, asked, "Larkspur")).form) == "all is well"


async def test_an_account_with_a_comma_in_its_name_is_visited(ada: Desk) -> None:
    await drawer(ada, "Smith, Jones")
    await deals(ada, MAX)
    form = form_of(await ada.types(MAX, "visit Smith, Jones")).form
    assert heard_in(form) == ""


async def test_words_behind_a_dash_or_a_name_in_quotes_were_heard(ada: Desk) -> None:
    await drawer(ada, "Smith, Jones")
    await deals(ada, MAX)
    for line in ("visit bike - a lock", 'visit "Smith, Jones", a lock', "visit Smith, Jones"):
        form = form_of(await ada.types(MAX if "Smith" in line else ADA, line)).form
        assert heard_in(form) == ("a lock" if "a lock" in line else "")


async def test_a_name_is_asked_for_where_the_line_begins_with_a_comma(ada: Desk) -> None:
    view = seen(await ada.types(ADA, "visit , all is well"))
    assert labels(view) == ["Larkspur Florists", "Metro Bike Share", "Metro Tiles"]


async def test_a_name_known_whole_goes_before_a_shorter_one_and_a_day(ada: Desk) -> None:
    await drawer(ada, "Metro", "Metro Tiles Friday")
    assert "Nothing is due on Metro Tiles Friday" in read(
        seen(await ada.types(ADA, "snooze Metro Tiles Friday"))
    )
    assert "Metro Tiles is put off" in reply_of(await ada.types(ADA, "snooze Metro Tiles monday"))
    assert form_of(await ada.types(ADA, "snooze Metro Tiles")).form.context["account"] == "3"


@pytest.mark.parametrize(
    "line", ["visit bike, met him, twice", "snooze bike share in 2 weeks", "snooze bike some time"]
)
async def test_a_line_is_looked_up_once(
    ada: Desk, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look for all the names it may begin with, and one at what is in hand."""
    asked: list[str] = []
    for look in ("known_as", "held_by", "named", "near"):
        real = getattr(Accounts, look)

        def counted(*args: object, look: str = look, real: Callable[..., object] = real) -> object:
            asked.append(look)
            return real(*args)

        monkeypatch.setattr(Accounts, look, counted)
    await ada.types(ADA, line)
    assert asked == ["known_as", "held_by"]


@pytest.mark.parametrize(("line", "product"), [("bike 12000", ""), ("bike 12000, locks", "locks")])
async def test_a_claim_needs_no_comma_before_a_figure(ada: Desk, line: str, product: str) -> None:
    async with ada.database.workspace(WORKSPACE) as work:
        account = await work.accounts.by_id(1)
        assert account is not None
        account.state, account.why_verified = State.UNDERSTOOD, "price"
        await work.commit()
    assert "Metro Bike Share is back" in read(seen(await ada.types(ADA, line, "found")))
    [claim] = await rows(ada, Claim)
    assert (claim.value_minor, claim.product or "") == (1_200_000, product)


def heard_in(form: Form) -> str:
    return next(f.value for f in form.fields if isinstance(f, TextField) and f.long)
