"""N5, N6: what was said to be overdue says in its place what became of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.deadlines import Rung, Step
from handlers.views.elements import Buttons, View
from jobs.outbox import Delivery
from jobs.table import run_job
from storage.tables import Account
from tests.handlers.screens import labels, read
from tests.jobs.files import VISIT, at, hand_out
from tests.jobs.senders import Post
from tests.people import ADA, BEN, MAX, NOW, Desk

DEALT_ON = date(2026, 2, 9)
DUE = date(2026, 3, 2)


class Told:
    """Ada and Max were told that accounts of hers are overdue; what they read since."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.post = desk, Post()
        self.accounts: dict[str, Account] = {}

    async def of(self, *names: str) -> Told:
        rungs = [Rung(Step.OVERDUE, DUE)]
        for name in names:
            self.accounts[name] = await hand_out(
                self.desk, ADA, name, DEALT_ON, tell_at=NOW, rungs=rungs
            )
        await run_job("deadlines", at(NOW, self.desk))
        await self.send()
        return self

    async def send(self) -> None:
        self.desk.now += timedelta(minutes=1)
        await Delivery(self.desk.database, self.post, lambda: self.desk.now).drain()

    async def last(self, user: str) -> View:
        """What the overdue message of somebody says now."""
        await self.send()
        sent = [one for one in self.post.to(user) if one.dedupe_key.startswith("overdue")]
        assert [one.update_of is None for one in sent] == [True] + [False] * (len(sent) - 1)
        return sent[-1].view


async def test_put_off_it_says_until_when_and_has_no_buttons(desk: Desk) -> None:
    told = await Told(desk).of("Acme")
    assert labels(await told.last(ADA)) == ["Log visit", "Snooze", "Hand over"]
    await desk.types(ADA, "snooze Acme friday")
    own, managers = await told.last(ADA), await told.last(MAX)
    assert (read(own), labels(own)) == ("Acme: put off to Fri 6 Mar.", [])
    assert (read(managers), labels(managers)) == ("Acme (@Ada Fox): put off to Fri 6 Mar.", [])
    assert own.summary == "Overdue no more: Acme"


async def test_what_is_overdue_yet_stays_with_its_buttons_above_what_was_seen_to(
    desk: Desk,
) -> None:
    told = await Told(desk).of("Acme", "Bolt", "Cove")
    await desk.sends(ADA, "visit", VISIT, {"account": str(told.accounts["Bolt"].id)})
    await desk.types(ADA, "snooze Cove friday")
    own, managers = await told.last(ADA), await told.last(MAX)
    for view, buttons in ((own, 3), (managers, 2)):
        text = read(view)
        assert text.index("Acme") < text.index("Bolt") < text.index("Cove")
        assert "seen to." in text
        assert len(labels(view)) == buttons
        assert isinstance(view.elements[2], Buttons)
    assert own.summary == "Overdue: Acme"


async def test_each_says_what_became_of_it(desk: Desk) -> None:
    told = await Told(desk).of("Acme", "Bolt", "Cove", "Dune")
    await desk.types(ADA, "pass Acme")
    hold = {"why": "Court"}
    await desk.sends(MAX, "hold", hold, {"account": str(told.accounts["Bolt"].id)})
    await desk.types(ADA, "snooze Cove friday")
    await desk.sends(ADA, "visit", VISIT, {"account": str(told.accounts["Cove"].id)})
    text = read(await told.last(ADA))
    assert "Acme: handed over." in text
    assert "Bolt: on legal hold." in text
    assert "Cove: seen to." in text
    assert "\nDune\n" in text


async def test_a7_what_went_back_to_the_drawer_is_said_to_have_gone_back(desk: Desk) -> None:
    told = await Told(desk).of("Acme")
    desk.now = NOW + timedelta(days=8)
    await run_job("deadlines", at(desk.now, desk))
    assert read(await told.last(ADA)) == "Acme: back in the drawer."


async def test_alike_they_share_a_line(desk: Desk) -> None:
    told = await Told(desk).of("Acme", "Bolt", "Cove")
    await desk.types(ADA, "snooze Bolt friday")
    await desk.types(ADA, "snooze Acme friday")
    assert read(await told.last(ADA)).endswith("\nAcme, Bolt: put off to Fri 6 Mar.")
    assert read(await told.last(MAX)).endswith("\nAcme, Bolt (@Ada Fox): put off to Fri 6 Mar.")


async def test_with_whom_it_is_stands_once_or_beside_each(desk: Desk) -> None:
    """The manager's message names a rep alone above all, several each beside theirs."""
    await hand_out(desk, BEN, "Bolt", DEALT_ON, tell_at=NOW, rungs=[Rung(Step.OVERDUE, DUE)])
    told = await Told(desk).of("Acme")
    assert "Overdue in your team. It is not written down yet what happened at:\n" in (
        several := read(await told.last(MAX))
    )
    assert ("Acme, with @Ada Fox" in several, "Bolt, with @Ben Ruiz" in several) == (True, True)
    await desk.types(ADA, "snooze Acme friday")
    await told.send()
    assert "Overdue with @Ben Ruiz." in read(await told.last(MAX))


async def test_what_becomes_of_it_later_is_said_too(desk: Desk) -> None:
    told = await Told(desk).of("Acme", "Bolt")
    await desk.types(ADA, "snooze Acme friday")
    assert "Acme: put off to Fri 6 Mar." in read(await told.last(ADA))
    await desk.types(ADA, "pass Acme")
    await desk.types(ADA, "snooze Bolt friday")
    assert read(await told.last(ADA)) == "Acme: handed over.\nBolt: put off to Fri 6 Mar."


async def test_what_somebody_else_has_overdue_is_left_as_it_is(desk: Desk) -> None:
    await hand_out(desk, BEN, "Bolt", DEALT_ON, tell_at=NOW, rungs=[Rung(Step.OVERDUE, DUE)])
    told = await Told(desk).of("Acme")
    await desk.types(ADA, "snooze Acme friday")
    await told.send()
    assert len(told.post.to(BEN)) == 1
    text = read(await told.last(MAX))
    assert "Overdue with @Ben Ruiz. It is not written down yet what happened at:\nBolt" in text
    assert "Acme (@Ada Fox): put off" in text


@pytest.mark.parametrize("later", [timedelta(days=1), timedelta(days=3)])
async def test_what_is_told_anew_leaves_the_older_message_as_it_was(
    desk: Desk, later: timedelta
) -> None:
    told = await Told(desk).of("Acme")
    await desk.types(ADA, "snooze Acme tomorrow")
    await told.send()
    desk.now = datetime(2026, 3, 2, 15, 0, tzinfo=UTC) + later
    await run_job("deadlines", at(desk.now, desk))
    await told.send()
    first, moved, anew = [m for m in told.post.to(ADA) if m.dedupe_key.startswith("overdue")]
    assert (first.update_of, moved.update_of, anew.update_of) == (None, f"{ADA}/1", None)


async def test_of_very_many_the_first_are_shown_and_the_rest_counted(desk: Desk) -> None:
    told = await Told(desk).of(*(f"Account {n:02}" for n in range(17)))
    for user, buttons in ((ADA, 45), (MAX, 30)):
        view = await told.last(user)
        assert len(labels(view)) == buttons
        assert "And 2 more" in read(view)
        assert view.summary.endswith("Account 00 and 16 more")
    await desk.types(ADA, "snooze Account 00 friday")
    text = read(await told.last(ADA))
    assert "And 1 more" in text
    assert text.endswith("Account 00: put off to Fri 6 Mar.")
