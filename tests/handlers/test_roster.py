"""D1: who is named in a file is looked for among the platform's people, and nobody has to wait."""

from __future__ import annotations

import asyncio

from sqlmodel import select

from handlers.ports import Profile
from storage.tables import Member
from tests.handlers.screens import press, seen
from tests.handlers.test_importing import drop
from tests.people import BEN, MAX, WORKSPACE, Desk, PhoneBook

FILE = "Account,Reason,Lost by,Last day\nAcme,Price,Zoe Zimmer,2026-02-01\n"


class SlowBook(PhoneBook):
    """A platform that takes its time; meanwhile somebody logs a loss."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(Profile("U0ZOE", "Zoe Zimmer"))
        self._desk = desk
        self.answered = 0

    async def everyone(self, workspace_id: str) -> list[Profile]:
        async with asyncio.timeout(5):
            await self._desk.types(BEN, "Globex, price")
        self.answered += 1
        return await super().everyone(workspace_id)


async def test_d1_others_write_while_the_platform_is_asked_for_its_people(desk: Desk) -> None:
    book = desk.book = SlowBook(desk)
    await press(desk, MAX, seen(await drop(desk, MAX, FILE)), "Import")
    assert book.answered == 1
    async with desk.database.reading(WORKSPACE) as work:
        assert await work.accounts.named("Globex") is not None
        acme = await work.accounts.named("Acme")
        zoe = (await work.session.exec(select(Member).where(Member.name == "Zoe Zimmer"))).one()
        assert zoe.platform_user_id == "U0ZOE"
        assert acme is not None
        assert acme.lost_by_id == zoe.id


async def test_d1_a_file_that_names_nobody_asks_for_nobody(desk: Desk) -> None:
    book = desk.book = SlowBook(desk)
    preview = seen(await drop(desk, MAX, "Account,Region\nAcme,East\n"))
    await press(desk, MAX, preview, "Import")
    assert book.answered == 0
