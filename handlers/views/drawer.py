"""The Code 99 drawer, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.drawer_filter import DrawerFilter, Sort
from domain.rules import Rules
from handlers.days import show_day
from handlers.money import show_money
from handlers.reasons import label_of
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Code,
    Element,
    Heading,
    Note,
    Paragraph,
    Strong,
    Text,
    View,
    in_plain_words,
    words,
)
from handlers.views.losses import money_of
from storage.tables import Account, Member

_ORDERS = {Sort.VALUE: "Biggest first", Sort.AGE: "Oldest first", Sort.NAME: "By name"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the drawer, of at most `size` accounts; `count` fit, or with `more` above that.

    `before`: how many accounts come before it. `people`: the names that "lost by" was found to
    mean. `deals`: whether its reader may deal the drawer out.
    """

    accounts: Sequence[Account]
    lost_by: Mapping[int, Member]
    count: int
    more: bool
    size: int
    before: int
    earlier: bool
    later: bool
    filter: str
    wanted: DrawerFilter
    sort: Sort
    people: Sequence[str]
    deals: bool


def empty_drawer() -> View:
    """Say that nobody waits."""
    text = words(
        "The Code 99 drawer is empty. Log a loss with ",
        Code("/lost Acme, price"),
        ", or bring a list in with ",
        Code("/lost import"),
        ".",
    )
    return View(in_plain_words(text), (Paragraph(text),))


def nothing_fits(
    wanted: DrawerFilter,
    people: Sequence[str],
    regions: Sequence[str],
    rules: Rules,
    *,
    by_beginning: bool,
) -> View:
    """Say that no account fits, and how the filter was read."""
    text = words(f"Nothing in the drawer fits: {_read_as(wanted, people, rules)}.")
    elements: list[Element] = [Paragraph(text)]
    if regions:
        elements.append(Note(words(f"Regions in the drawer: {', '.join(regions[:20])}.")))
    if by_beginning:
        elements.append(
            Note(words("Among so many accounts I look for names that begin like that."))
        )
    return View(in_plain_words(text), (*elements, _hint()))


def drawer_page(page: Page, rules: Rules, today: date) -> View:
    """Show one page: each account with why, worth, since when; below, the ways on."""
    count = f"{'more than ' if page.more else ''}{page.count:,}"
    title = f"Code 99 drawer: {count} account{'' if page.count == 1 else 's'}"
    about = _read_as(page.wanted, page.people, rules)
    elements: list[Element] = [Heading(title)]
    if about:
        elements.append(Note(words(f"Fits: {about}")))
    elements += [
        Bullets(tuple(_line(account, page, rules, today) for account in page.accounts)),
        *_order(page, count),
        Buttons(_as_files(page)),
        _hint(),
    ]
    if page.deals:
        elements.append(Note(words("Deal them out: ", Code("/lost deal"))))
    return View(f"{title}. First: {page.accounts[0].name}", tuple(elements))


def _order(page: Page, count: str) -> list[Element]:
    """Say what is shown of how many and in which order; one alone has none."""
    if page.count == 1:
        return []
    where = f"{page.before + 1:,}–{page.before + len(page.accounts):,} of {count}"
    return [Note(words(f"{where} · {_ORDERS[page.sort].lower()}")), Buttons(_ways_on(page))]


def _line(account: Account, page: Page, rules: Rules, today: date) -> Text:
    lost_by = page.lost_by.get(account.lost_by_id or 0)
    parts = [
        account.tier or "",
        show_money(money_of(account, rules)) if account.value_minor is not None else "",
        label_of(account.reason, rules),
        f"to {account.competitor}" if account.competitor else "",
        f"lost {show_day(account.lost_on, today)}" if account.lost_on else "",
        f"by {lost_by.name}" if lost_by else "",
        account.region or "",
    ]
    return words(Strong(account.name), "".join(f" · {part}" for part in parts if part))


def _ways_on(page: Page) -> tuple[Button, ...]:
    def turn(label: str, **more: str) -> Button:
        return Button(label, "drawer.page", {"filter": page.filter, "sort": page.sort, **more})

    first, last = page.accounts[0], page.accounts[-1]
    buttons: list[Button] = []
    if page.earlier:
        before = str(max(0, page.before - page.size))
        buttons.append(turn("Back", way="back", beside=str(first.id), before=before))
    if page.later:
        before = str(page.before + len(page.accounts))
        buttons.append(turn("More", way="on", beside=str(last.id), before=before))
    buttons += [turn(says, sort=sort) for sort, says in _ORDERS.items() if sort is not page.sort]
    return tuple(buttons)


def _as_files(page: Page) -> tuple[Button, ...]:
    return tuple(
        Button(label, "report.give", {"report": "drawer", "format": kind, "filter": page.filter})
        for label, kind in (("For Excel", "xlsx"), ("As CSV", "csv"))
    )


def _hint() -> Note:
    return Note(
        words(
            "Narrow it: ",
            Code("/lost drawer price, older than 30, lost by Ada, in Central"),
            ". One of them: ",
            Code("/lost show Acme"),
        )
    )


def _read_as(wanted: DrawerFilter, people: Sequence[str], rules: Rules) -> str:
    """Say how a filter was read."""
    parts = [
        " or ".join(label_of(key, rules) for key in wanted.reasons),
        f"tier {wanted.tier}" if wanted.tier else "",
        f"older than {wanted.older_than} days" if wanted.older_than is not None else "",
        f"lost by {' or '.join(people)}" if people else "",
        f"in {wanted.region}" if wanted.region else "",
        f"named “{wanted.name}”" if wanted.name else "",
    ]
    return ", ".join(part for part in parts if part)
