"""N1: what belongs in a digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from domain.deadlines import Step
from domain.digest import Desk, Digest, DueItem, Nudge, digest_of
from domain.money import Money

DAY = date(2026, 3, 3)


def item(account: int, days: int, step: Step = Step.CONTACT, tier: str | None = None) -> DueItem:
    return DueItem(
        account * 10, 1, account, f"Account {account}", tier, step, DAY + timedelta(days=days)
    )


def test_lines_fall_under_overdue_today_and_coming_up() -> None:
    digest = digest_of([item(1, 2), item(2, 0), item(3, -1), item(4, 3), item(5, 4)], DAY)
    assert [line.account_id for line in digest.overdue] == [3]
    assert [line.account_id for line in digest.today] == [2]
    assert [line.account_id for line in digest.coming] == [1, 4]
    assert [line.account_id for line in digest.lines] == [3, 2, 1, 4]


def test_an_account_has_one_line_its_most_pressing_step() -> None:
    steps = [item(1, 3, Step.MEETING), item(1, -2, Step.OVERDUE), item(1, 0)]
    assert [line.step for line in digest_of(steps, DAY).lines] == [Step.CONTACT]
    assert [line.step for line in digest_of(steps[1:2], DAY).lines] == [Step.OVERDUE]


def test_flagged_accounts_go_first() -> None:
    digest = digest_of([item(1, -5), item(2, -1, tier="biggest")], DAY)
    assert [line.account_id for line in digest.overdue] == [2, 1]


def test_of_those_due_on_one_day_the_dearest_goes_first() -> None:
    worth = {1: None, 2: Money(100, "USD"), 3: Money(900, "USD")}
    items = [replace(item(account, -1), worth=worth[account]) for account in worth]
    assert [line.account_id for line in digest_of(items, DAY).overdue] == [3, 2, 1]


def test_muted_kinds_are_left_out() -> None:
    items = [item(1, -1), item(2, 0), item(3, 1)]
    muted = frozenset(Nudge)
    digest = digest_of(items, DAY, muted=muted, desk=Desk(claims=(1,)))
    assert [line.account_id for line in digest.lines] == [1]
    assert digest.desk == Desk()


def test_a_digest_with_nothing_in_it_says_nothing() -> None:
    assert not digest_of([item(1, 9)], DAY).says_something
    assert digest_of([], DAY, desk=Desk(untouched=3)).says_something
    assert not Digest(DAY, since=DAY).says_something
