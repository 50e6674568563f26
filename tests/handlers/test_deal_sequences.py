"""What holds in the rows whatever a team does: deals, departures, arrivals, absences, undos."""

from __future__ import annotations

from random import Random

import pytest

from domain.account_life import State
from storage.tables import Account, Deadline
from tests.handlers.dealt import (
    buttons_of,
    change,
    drawer,
    open_assignments,
    rep,
    rows,
    text_of,
    turns,
    view_of,
)
from tests.people import ADA, BEN, CHI, MAX, Desk

REPS = (ADA, BEN, CHI)
ACTS = ("fill", "fill", "deal", "deal", "pass", "undo", "away", "back", "arrive", "leave", "return")


class Office:
    """A team at work, driven by a dice."""

    def __init__(self, desk: Desk, dice: Random, *, barred: bool) -> None:
        self.desk, self.dice, self.barred = desk, dice, barred
        self.names = 0

    async def fill(self) -> None:
        count = self.dice.randint(1, 9)
        names = [f"Shop {self.names + number}" for number in range(count)]
        self.names += count
        await drawer(self.desk, *names, lost_by=self.dice.choice(REPS) if self.barred else "")

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
        held = [a for a in await rows(self.desk, Account) if a.holder_id is not None]
        if held:
            await self.desk.types(MAX, f"pass {self.dice.choice(held).name}")

    async def undo(self) -> None:
        await self.desk.types(MAX, "undo")

    async def act(self, act: str) -> None:
        who = self.dice.choice(REPS)
        match act:
            case "fill":
                await self.fill()
            case "deal":
                await self.deal()
            case "pass":
                await self.hand_over()
            case "undo":
                await self.undo()
            case "away":
                await self.desk.types(who, "away today to friday")
            case "back":
                for button in buttons_of(await self.desk.types(who, "away")):
                    await self.desk.presses(who, button.action, **button.payload)
            case "arrive":
                self.names += 1
                await rep(self.desk, f"Rep {self.names}")
            case "leave":
                await change(self.desk, who, active=False)
            case _:
                await change(self.desk, who, active=True)

    async def is_sound(self) -> None:
        """Each account lies in the drawer or in one hand, and the turns are even."""
        held = {one.account_id: one for one in await open_assignments(self.desk)}
        assert len(held) == len(await open_assignments(self.desk))
        for account in await rows(self.desk, Account):
            own = held.get(account.id)
            assert account.holder_id == (own.member_id if own else None)
            assert account.state == (State.ASSIGNED if own else State.CODE_99)
            assert own is None or own.member_id != account.lost_by_id
        due = {one.assignment_id for one in await rows(self.desk, Deadline) if not one.closed_at}
        assert due == {one.id for one in held.values()}
        taken = [place[0] for place in (await turns(self.desk)).values()]
        assert self.barred or max(taken, default=0) - min(taken, default=0) <= 1


@pytest.mark.parametrize("barred", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
async def test_every_account_is_in_one_place_and_turns_stay_even(
    desk: Desk, seed: int, barred: bool
) -> None:
    """A2, A3, A4, A6, A9."""
    dice = Random(seed)  # noqa: S311  # the same team every time
    office = Office(desk, dice, barred=barred)
    for _ in range(30):
        await office.act(dice.choice(ACTS))
        await office.is_sound()
