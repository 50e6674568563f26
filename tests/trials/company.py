"""The company that plays: the people and files of a real CRM export, taken in through the chat."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import select

from domain.pace import UNPACED
from handlers.effects import Effect, ReplaceSource, Reply
from handlers.events import FileShared
from handlers.ports import Profile
from handlers.views.elements import Buttons, Chart, Element, Facts, Table, View, in_plain_words
from jobs.context import JobContext
from jobs.outbox import Delivery
from jobs.table import run_all_due
from storage.tables import Account, Member
from tests.handlers.files import CRM
from tests.jobs.senders import Post
from tests.people import CHANNEL, MAX, OTTO, WORKSPACE, Desk, PhoneBook

BEGINS = datetime(2027, 1, 4, 15, 0, tzinfo=UTC)
"""A Monday, at an hour that is the same day for everybody."""

_ZONES = ("America/New_York", "America/Chicago", "Europe/Berlin", "Asia/Kolkata")
_TIERS = ("biggest", "most profitable", "longest held")


class Company:
    """A desk with a company on it, what is sent to its people, and its clock."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.post = Post()
        self.delivery = Delivery(desk.database, self.post, lambda: desk.now, pace=UNPACED)

    async def open(self) -> None:
        """Take in the team, its customers and what was lost, file by file, in a DM."""
        desk = self.desk
        desk.now = BEGINS
        names: dict[str, None] = {}
        with (CRM / "sales_teams.csv").open(newline="") as file:
            for row in csv.DictReader(file):
                names |= {row["sales_agent"]: None, row["manager"]: None}
        profiles = [
            Profile(f"U1CRM{n:02}", name, time_zone=_ZONES[n % len(_ZONES)])
            for n, name in enumerate(names)
        ]
        desk.book = PhoneBook(Profile(OTTO, "Otto Outside"), *profiles)
        await desk.types(MAX, f"settings team_channel={CHANNEL} time_zone=America/New_York")
        for name in ("sales_teams.csv", "accounts.csv", "sales_pipeline.csv"):
            await self.take_in(name, (CRM / name).read_bytes())
        customers = await self.customers()
        rows = [f"{one.name},{_TIERS[n % 3]}" for n, one in enumerate(customers[::5])]
        await self.take_in("tiers.csv", "\n".join(["Account,Tier", *rows]).encode())

    async def take_in(self, name: str, content: bytes) -> None:
        """Drop a file into the manager's DM with the bot, and press Import."""
        shared = FileShared(self.desk.origin(MAX), name, content)
        preview = view_of(await self.desk.dispatcher.handle(shared))
        payload = pressable(preview, "import.confirm")
        assert payload is not None, as_text(preview)
        await self.desk.presses(MAX, "import.confirm", **payload)
        await self.tick()

    async def tick(self) -> int:
        """Do what the clock asks for now and send what is due; give how many messages went out."""
        now = self.desk.now
        await run_all_due(JobContext(self.desk.database, now, deliver_at=now))
        return await self.delivery.drain()

    async def customers(self) -> Sequence[Account]:
        """Every account as it is now, in a fixed order."""
        async with self.desk.database.reading(WORKSPACE) as work:
            return list(await work.session.exec(select(Account).order_by(Account.name_key)))

    async def people(self) -> dict[int, Member]:
        """Every member who can be reached, by id."""
        async with self.desk.database.reading(WORKSPACE) as work:
            members = await work.session.exec(select(Member).order_by(Member.name_key))
            return {m.id or 0: m for m in members if m.platform_user_id}


def view_of(effects: Sequence[Effect]) -> View:
    """Give the one message among the effects."""
    [message] = [one for one in effects if isinstance(one, Reply | ReplaceSource)]
    return message.view


def pressable(view: View, action: str) -> dict[str, str] | None:
    """Give what the button for an action carries; None where the message has none."""
    for element in view.elements:
        for button in element.buttons if isinstance(element, Buttons) else ():
            if button.action == action:
                return dict(button.payload)
    return None


def as_text(view: View) -> str:
    """Write a message as its readers see it, tables in columns, without its buttons."""
    return "\n".join(line for element in view.elements for line in _lines(element))


def _lines(element: Element) -> list[str]:
    match element:
        case Table():
            rows = [element.columns, *element.rows]
            widths = [max(len(row[n]) for row in rows) for n in range(len(element.columns))]
            cells = [list(zip(row, widths, strict=True)) for row in rows]
            return ["  ".join(text.ljust(width) for text, width in row).rstrip() for row in cells]
        case Facts():
            return [f"{label}: {in_plain_words(text)}" for label, text in element.rows]
        case Chart() | Buttons():
            return []
        case _:
            said = getattr(element, "text", ())
            return [said if isinstance(said, str) else in_plain_words(said)]
