"""What holds in the rows whatever a team does: deals, departures, arrivals, absences, undos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from string import ascii_lowercase

import pytest

from domain.account_life import IN_HAND, State
from domain.rotation import Turn
from handlers.idle import return_idle
from storage.dealing import Ended
from storage.tables import Account, Assignment, Deadline, Deal
from tests.handlers.dealt import (
    buttons_of,
    change,
    decide,
    drawer,
    rep,
    rows,
    text_of,
    view_of,
    visited,
)
from tests.people import ADA, BEN, CHI, MAX, WORKSPACE, Desk, reply_of

REPS = (ADA, BEN, CHI)
_MONTH = timedelta(days=40)  # longer than deadlines and grace


@dataclass
class Rows:
    """What the rows say at one moment."""

    turns: Mapping[int, Turn]
    accounts: list[Account]
    assignments: list[Assignment]
    deals: list[Deal]

    def unequal(self) -> Iterator[tuple[int, int]]:
        """Give each pair of equals of whom the first is more than one ahead of the second."""
        for one, own in self.turns.items():
            for other, place in self.turns.items():
                alike = (own.weight, own.pool) == (place.weight, place.pool)
                if alike and own.taken > place.taken + 1:
                    yield one, other

    def barred(self, account_id: int, member_id: int) -> bool:
        """Say whether somebody lost an account, passed it on or let it lie."""
        [account] = [a for a in self.accounts if a.id == account_id]
        return account.lost_by_id == member_id or any(
            a.ended_as in {Ended.HANDED_OVER, Ended.RETURNED}
            for a in self.assignments
            if (a.account_id, a.member_id) == (account_id, member_id)
        )


class Office:
    """A team at work, driven by a dice.

    `lost_by_them`: the reps lost what lies in the drawer. `steady`: Ada and Ben never sit out and
    pass nothing on, so that what came to them can be counted.
    """

    def __init__(self, desk: Desk, dice: Random, *, lost_by_them: bool, steady: bool) -> None:
        self.desk, self.dice = desk, dice
        self.lost_by_them, self.steady = lost_by_them, steady
        self.names = 0
        self.void: set[int] = set()  # assignments that an undo made as if they had not been
        self.began: dict[int, Rows] = {}  # what each deal found

    async def act(self, act: Callable[[Office], Awaitable[None]]) -> None:
        """Act, and see that nothing comes to be that the law forbids."""
        before = await self.look()
        await act(self)
        after = await self.look()
        for deal in after.deals[len(before.deals) :]:
            known = {m: turn for m, turn in before.turns.items() if m in after.turns}
            self.began[deal.id or 0] = replace(before, turns=known)
        standing = [deal.id or 0 for deal in before.deals if not deal.undone_at]
        undone = [deal.id or 0 for deal in after.deals if deal.undone_at and deal.id in standing]
        if undone:
            assert undone == standing[-1:]
            self.is_as_it_was(undone[0], before, after)
        else:
            await self.is_no_less_even(before, after)
        self.is_sound(after)
        await self.is_due(after)

    async def fill(self) -> None:
        names = [self.name() for _ in range(self.dice.randint(1, 6))]
        await drawer(self.desk, *names, lost_by=self.loser() if self.lost_by_them else "")

    async def lose(self) -> None:
        """A loss comes in, and is dealt at once where that is wished."""
        await self.desk.types(self.loser() if self.lost_by_them else MAX, f"{self.name()}, price")

    async def decide_about_losses(self) -> None:
        await decide(self.desk, deal_new_losses=self.dice.random() < 0.5)

    def name(self) -> str:
        """Give a name that is like no other."""
        return "".join(self.dice.choices(ascii_lowercase, k=12)).title()

    def loser(self) -> str:
        return self.dice.choice(REPS)

    def mover(self) -> str:
        """Give one who may sit out."""
        return CHI if self.steady else self.dice.choice(REPS)

    async def deal(self) -> None:
        """Preview and confirm; the same press twice deals once."""
        shown = await self.desk.types(MAX, "deal")
        for button in buttons_of(shown):
            if button.action == "deal.confirm":
                done = await self.desk.presses(MAX, "deal.confirm", **button.payload)
                again = await self.desk.presses(MAX, "deal.confirm", **button.payload)
                assert view_of(done).summary.startswith("Dealt: ")
                assert "already" in text_of(view_of(again))

    async def hand_over(self) -> None:
        untouched = {self.desk.ids[ADA], self.desk.ids[BEN]} if self.steady else set()
        held = [
            account
            for account in await rows(self.desk, Account)
            if account.holder_id is not None and account.holder_id not in untouched
        ]
        if held:
            await self.desk.types(MAX, f"pass {self.dice.choice(held).name}")

    async def undo(self) -> None:
        await self.desk.types(MAX, "undo")

    async def undo_an_older_one(self) -> None:
        """A deal before the latest is not taken back, whenever somebody presses its button."""
        standing = [deal for deal in await rows(self.desk, Deal) if deal.undone_at is None]
        if len(standing) > 1:
            older = self.dice.choice(standing[:-1])
            said = reply_of(await self.desk.presses(MAX, "deal.undo", deal=str(older.id)))
            assert "another deal since" in said

    async def visit(self) -> None:
        held = [a for a in await rows(self.desk, Account) if a.state == State.ASSIGNED]
        if held:
            await visited(self.desk, self.dice.choice(held).id)

    async def let_lie(self) -> None:
        """A month goes by, and what nobody visited goes back."""
        self.desk.now += _MONTH
        async with self.desk.database.workspace(WORKSPACE) as work:
            await return_idle(work, self.desk.now, await work.workspaces.rules())
            await work.commit()

    async def go_away(self) -> None:
        await self.desk.types(self.mover(), "away today to friday")

    async def come_back(self) -> None:
        who = self.mover()
        for button in buttons_of(await self.desk.types(who, "away")):
            await self.desk.presses(who, button.action, **button.payload)

    async def arrive(self) -> None:
        await rep(self.desk, f"Rep {self.name()}")

    async def leave(self) -> None:
        await change(self.desk, self.mover(), active=False)

    async def rejoin(self) -> None:
        await change(self.desk, self.mover(), active=True)

    async def work_less(self) -> None:
        await change(self.desk, self.mover(), weight=self.dice.choice((100, 50)))

    async def look(self) -> Rows:
        async with self.desk.database.reading(WORKSPACE) as work:
            turns = await work.dealing.turns()
        return Rows(
            turns,
            await rows(self.desk, Account),
            await rows(self.desk, Assignment),
            await rows(self.desk, Deal),
        )

    def is_as_it_was(self, deal_id: int, before: Rows, after: Rows) -> None:
        """After an undo each place is what the deal found, and what they keep counts."""
        first = min(a.id or 0 for a in after.assignments if a.deal_id == deal_id)
        since = [a for a in after.assignments if (a.id or 0) >= first]
        kept = [a for a in since if a.ended_at is None]
        self.void |= {a.id or 0 for a in since if a.ended_at is not None}
        keeps = Counter(a.member_id for a in kept)
        states = {account.id: account.state for account in after.accounts}
        assert all(states[a.account_id] == State.CONTACTED for a in kept)
        found = self.began[deal_id].turns
        for member in before.turns.keys() & found.keys():
            own = after.turns[member]
            known = (own.pool, own.weight) == (found[member].pool, found[member].weight)
            assert not known or own.taken == found[member].taken + keeps[member]
        if not kept:
            apart = {pair for pair in after.unequal() if found.keys() >= set(pair)}
            assert apart <= set(self.began[deal_id].unequal())

    async def is_no_less_even(self, before: Rows, after: Rows) -> None:
        """Nobody gets further ahead of an equal but by what is barred to that one."""
        async with self.desk.database.reading(WORKSPACE) as work:
            away = await work.due.absences(list(after.turns), self.desk.now.date())
        came = after.assignments[len(before.assignments) :]
        for one, other in set(after.unequal()) - set(before.unequal()):
            levelled = {one, other} & away.keys() or {one, other} - before.turns.keys()
            assert levelled or any(after.barred(a.account_id, other) for a in came)
        for one, other in after.unequal():
            if other not in away:
                assert all(after.barred(a.account_id, other) for a in came if a.member_id == one)

    def is_sound(self, now: Rows) -> None:
        """Each account lies in the drawer or in one hand; what came to people is what counts."""
        held = {a.account_id: a for a in now.assignments if a.ended_at is None}
        assert len(held) == sum(a.ended_at is None for a in now.assignments)
        for account in now.accounts:
            own = held.get(account.id or 0)
            assert account.holder_id == (own.member_id if own else None)
            assert (State(account.state) in IN_HAND) is (own is not None)
            assert own is None or own.member_id != account.lost_by_id
        if self.steady:
            came = Counter(a.member_id for a in now.assignments if a.id not in self.void)
            ada, ben = self.desk.ids[ADA], self.desk.ids[BEN]
            counted = {m: now.turns[m].taken if m in now.turns else 0 for m in (ada, ben)}
            assert came[ada] - came[ben] == counted[ada] - counted[ben]

    async def is_due(self, now: Rows) -> None:
        due = {one.assignment_id for one in await rows(self.desk, Deadline) if not one.closed_at}
        assert due == {a.id for a in now.assignments if a.ended_at is None}


_OFTEN = (Office.fill, Office.deal, Office.hand_over, Office.undo)
_NOW_AND_THEN = (
    *(Office.lose, Office.decide_about_losses, Office.visit, Office.let_lie),
    *(Office.undo_an_older_one, Office.go_away, Office.come_back, Office.arrive),
    *(Office.leave, Office.rejoin, Office.work_less),
)
ACTS = 3 * _OFTEN + _NOW_AND_THEN


@pytest.mark.parametrize("steady", [False, True])
@pytest.mark.parametrize("lost_by_them", [False, True])
async def test_turns_stay_even_and_every_account_is_in_one_place(
    desk: Desk, lost_by_them: bool, steady: bool
) -> None:
    """A2, A3, A4, A6, A7, A8, A9."""
    dice = Random(1)  # noqa: S311  # the same team every time
    office = Office(desk, dice, lost_by_them=lost_by_them, steady=steady)
    for _ in range(40):
        await office.act(dice.choice(ACTS))
