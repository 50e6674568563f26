"""A manager looks into the drawer (D2)."""

from __future__ import annotations

from datetime import date

import pytest

from domain.account_life import State
from domain.names import name_key
from handlers.views.elements import Bullets, View, in_plain_words
from storage.tables import Account
from tests.handlers.screens import labels, read, seen
from tests.handlers.screens import press as pressed
from tests.people import ADA, BEN, EVE, FAY, MAX, OTTO, WORKSPACE, Desk, reply_of


async def fill(desk: Desk, count: int = 25) -> None:
    """Shops lost by Ada and Ben in turn, each worth more than the one before."""
    async with desk.database.workspace(WORKSPACE) as work:
        work.session.add_all(
            Account(
                workspace_id=WORKSPACE,
                name=f"Shop {number:03}",
                name_key=name_key(f"Shop {number:03}"),
                state=State.CODE_99,
                region="Central" if number % 5 else "East",
                value_minor=number * 100_00,
                currency="USD",
                lost_by_id=desk.ids[ADA if number % 2 else BEN],
                lost_on=date(2026, 1, 1 + number % 28),
                reason="price" if number % 2 else "billing",
                competitor="Globex" if number == 24 else None,
                created_at=desk.now,
                touched_at=desk.now,
            )
            for number in range(count)
        )
        await work.commit()


def names(view: View) -> list[str]:
    [bullets] = [e for e in view.elements if isinstance(e, Bullets)]
    return [in_plain_words(item).split(" · ")[0] for item in bullets.items]


async def press(desk: Desk, view: View, label: str) -> View:
    return seen(await pressed(desk, MAX, view, label))


async def test_the_biggest_come_first_ten_to_a_page(desk: Desk) -> None:
    await fill(desk)
    view = seen(await desk.types(MAX, "drawer"))
    assert view.summary == "Code 99 drawer: 25 accounts. First: Shop 024"
    assert names(view) == [f"Shop {n:03}" for n in range(24, 14, -1)]
    said = read(view)
    assert "· $2,400 · Billing error · to Globex · lost Sun 25 Jan · by Ben Ruiz · Central" in said
    assert "1–10 of 25 · biggest first" in said


async def test_pages_turn_both_ways(desk: Desk) -> None:
    await fill(desk)
    first = seen(await desk.types(MAX, "drawer"))
    assert "Back" not in labels(first)
    second = await press(desk, first, "More")
    assert "11–20 of 25" in read(second)
    third = await press(desk, second, "More")
    assert names(third) == [f"Shop {n:03}" for n in range(4, -1, -1)]
    assert "21–25 of 25" in read(third)
    assert "More" not in labels(third)
    back = await press(desk, third, "Back")
    assert (names(back), "11–20 of 25" in read(back)) == (names(second), True)
    assert names(await press(desk, back, "Back")) == names(first)


async def test_the_order_is_one_press_away(desk: Desk) -> None:
    await fill(desk)
    view = await press(desk, seen(await desk.types(MAX, "drawer by name")), "Oldest first")
    assert names(view)[0] == "Shop 000"
    assert names(await press(desk, view, "Biggest first"))[0] == "Shop 024"


async def test_filters_combine_and_are_said_back(desk: Desk) -> None:
    await fill(desk)
    line = "drawer price, older than 30, lost by ada, in central, by name"
    view = seen(await desk.types(MAX, line))
    said = read(view)
    assert "Fits: Price, older than 30 days, lost by Ada Fox, in central" in said
    wanted = [n for n in range(25) if n % 2 and n % 5 and date(2026, 1, 1 + n) < date(2026, 1, 31)]
    assert names(view) == [f"Shop {n:03}" for n in wanted]
    assert names(seen(await desk.types(MAX, "drawer shop 007"))) == ["Shop 007"]


async def test_nothing_that_fits_is_said_with_what_there_is(desk: Desk) -> None:
    await fill(desk)
    said = reply_of(await desk.types(MAX, "drawer tier A, in the north"))
    assert "Nothing in the drawer fits: tier A, in the north." in said
    assert "Regions in the drawer: Central, East." in said
    assert "Regions" not in reply_of(await desk.types(MAX, 'drawer "price"'))
    said = reply_of(await desk.types(MAX, "drawer lost by Zoë"))
    assert "nobody called “Zoë”. In the team are Ada Fox, Ben Ruiz," in said


async def test_among_very_many_it_is_said_that_names_are_found_by_their_beginning(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(desk)
    monkeypatch.setattr("storage.accounts.MANY", 3)
    assert "25 accounts" in reply_of(await desk.types(MAX, "drawer shop"))
    assert "I look for names that begin" in reply_of(await desk.types(MAX, "drawer hop 01"))


async def test_an_empty_drawer_says_how_to_fill_it(desk: Desk) -> None:
    assert "drawer is empty" in reply_of(await desk.types(MAX, "drawer"))


async def test_a_page_that_was_dealt_away_gives_the_first(desk: Desk) -> None:
    await fill(desk, 12)
    first = seen(await desk.types(MAX, "drawer"))
    async with desk.database.workspace(WORKSPACE) as work:
        for name in ("Shop 000", "Shop 001"):
            account = await work.accounts.named(name)
            assert account is not None
            account.state = State.ASSIGNED
        await work.commit()
    view = await press(desk, first, "More")
    assert names(view)[0] == "Shop 011"
    assert "1–10 of 10" in read(view)


async def test_one_account_is_one_account(desk: Desk) -> None:
    await fill(desk, 1)
    assert "Code 99 drawer: 1 account." in seen(await desk.types(MAX, "drawer")).summary


async def test_thousands_are_counted_up_to_a_point(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(desk)
    monkeypatch.setattr("storage.drawer.COUNTED", 15)
    said = reply_of(await desk.types(MAX, "drawer in central"))
    assert "more than 15 accounts" in said
    assert "1–10 of more than 15" in said
    monkeypatch.setattr("storage.drawer.MANY", 20)
    monkeypatch.setattr("storage.accounts.MANY", 20)
    assert "more than 20 accounts" in reply_of(await desk.types(MAX, "drawer"))


async def test_a_filter_that_is_too_long_is_refused(desk: Desk) -> None:
    assert "longer than 300" in reply_of(await desk.types(MAX, f"drawer {'x' * 301}"))


async def test_only_those_who_lead_see_the_drawer(desk: Desk) -> None:
    await fill(desk, 1)
    for user in (ADA, FAY, OTTO):
        assert "That one is for" in reply_of(await desk.types(user, "drawer"))
        assert "That one is for" in reply_of(await desk.presses(user, "drawer.page"))
    assert "Shop 000" in reply_of(await desk.types(EVE, "drawer"))


async def test_who_may_deal_is_told_how(desk: Desk) -> None:
    await fill(desk, 1)
    assert "Deal them out: /lost deal" in read(seen(await desk.types(MAX, "drawer")))
    assert "/lost deal" not in read(seen(await desk.types(EVE, "drawer")))
