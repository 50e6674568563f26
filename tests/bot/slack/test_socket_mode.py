"""The same bot over a socket of its own."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox.faults import Fault
from bot.slack.edge import SlackEdge
from domain.errors import Refused
from handlers.effects import OpenForm, Reply
from handlers.events import Command, FileShared
from handlers.views.elements import say
from storage.database import Database
from tests.bot.slack.acts import FORM, submit
from tests.bot.slack.conftest import House, opened
from tests.people import ADA, CHANNEL, MAX, NOW


async def test_a_command_is_answered_in_its_ack(wired: House) -> None:
    """L1"""
    assert wired.edge.ready
    wired.scripted.answer = [Reply(say("Written down."))]
    assert (await wired.page("command", channel=CHANNEL, command="/found", text="Acme"))["ok"]
    [answer] = wired.messages(CHANNEL)
    assert (answer.text, answer.only_for) == ("Written down.", ADA)
    [event] = wired.scripted.heard
    assert isinstance(event, Command)
    assert (event.name, event.text) == ("found", "Acme")


async def test_a_form_goes_there_and_back(wired: House) -> None:
    """L2"""
    wired.scripted.answer = [OpenForm(FORM)]
    await wired.page("command", channel=CHANNEL, command="/lost")
    [view] = await wired.until(lambda: wired.sandbox.parts.views.stack(ADA))
    wired.scripted.answer = [Reply(say("Sent."))]
    assert (await submit(wired, view, "x"))["result"] == "closed"
    await wired.until(lambda: wired.messages(CHANNEL))


async def test_a_redelivered_event_opens_home_again_without_harm(wired: House) -> None:
    wired.sandbox.parts.faults.add(Fault("event", "duplicate"))
    await wired.page("home/open")
    await wired.until(lambda: len(wired.scripted.heard) == 2)
    first, second = wired.scripted.heard
    assert first.origin.envelope_id == second.origin.envelope_id


async def test_a_file_dropped_in_the_dm_is_fetched_and_answered(wired: House) -> None:
    """D1"""
    wired.scripted.answer = [Reply(say("120 accounts, nothing left out."))]
    await drop(wired, "accounts.csv", b"Account\nAcme\n")
    [*_, answer] = await wired.until(lambda: [m for m in wired.messages(wired.dm()) if m.bot])
    assert answer.text == "120 accounts, nothing left out."
    [event] = wired.scripted.heard
    assert isinstance(event, FileShared)
    assert (event.name, event.content) == ("accounts.csv", b"Account\nAcme\n")
    assert event.origin.user_id == ADA


async def test_a_file_in_a_channel_is_none_of_our_business(wired: House) -> None:
    await drop(wired, "cats.png", b"x", channel=CHANNEL)
    await wired.page("home/open")
    await wired.until(lambda: wired.scripted.heard)
    assert [type(e).__name__ for e in wired.scripted.heard] == ["HomeOpened"]


async def test_a_file_that_is_too_large_is_refused_kindly(
    wired: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.files.MOST_BYTES", 10)
    await drop(wired, "huge.csv", b"x" * 11)
    told = await wired.until(lambda: [m for m in wired.messages(wired.dm()) if m.bot])
    assert "larger than 20 MB" in told[0].text
    assert wired.scripted.heard == []


async def test_a_file_that_cannot_be_fetched_is_asked_for_again(wired: House) -> None:
    wired.sandbox.parts.faults.add(Fault("files.info", "fail"))
    await drop(wired, "a.csv", b"x")
    told = await wired.until(lambda: [m for m in wired.messages(wired.dm()) if m.bot])
    assert "drop it again" in told[0].text


async def test_a_fault_on_a_file_is_told_with_a_reference(wired: House) -> None:
    wired.scripted.fault = ValueError("broken")
    await drop(wired, "a.csv", b"x")
    told = await wired.until(lambda: [m for m in wired.messages(wired.dm()) if m.bot])
    assert "name the reference" in told[0].text


async def test_a_person_who_is_deactivated_is_known_to_be(database: Database) -> None:
    """A3"""
    async with opened(database, socket_mode=True, scripted=False) as house:
        for person in (ADA, MAX):
            await house.page("command", person, channel=CHANNEL, command="/lost", text="help")
        await house.page("person", ADA, deleted=True)

        async def active() -> list[bool]:
            async with house.database.reading("T0LOST") as work:
                people = [await work.members.by_platform_id(p) for p in (ADA, MAX)]
                return [p.active for p in people if p is not None]

        async with asyncio.timeout(5):
            while await active() != [False, True]:
                await asyncio.sleep(0.02)


async def test_an_app_that_is_removed_forgets_the_workspace(wired: House) -> None:
    await wired.page("uninstall")

    async def active() -> bool:
        async with wired.database.reading("T0LOST") as work:
            workspace = await work.workspaces.get()
            return workspace is not None and workspace.active

    async with asyncio.timeout(5):
        while await active():
            await asyncio.sleep(0.02)


async def test_slack_may_recycle_the_connection(wired: House) -> None:
    wired.scripted.answer = [Reply(say("Written down."))]
    await wired.page("refresh")
    async with asyncio.timeout(10):
        while len(wired.called("apps.connections.open")) < 2 or not await answered(wired):
            await asyncio.sleep(0.05)


async def test_a_connection_that_fails_at_first_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.socket_mode._PING", 0.1)
    monkeypatch.setattr("bot.slack.socket_mode._TO_CONNECT", 0.05)
    async with opened(database, socket_mode=True) as house:
        house.sandbox.parts.faults.add(Fault("apps.connections.open", "fail", times=2))
        edge = SlackEdge(house.edge._settings, database, lambda: NOW)
        edge.listen(house.scripted)
        await edge.start()
        assert not edge.ready
        await house.until(lambda: edge.ready)
        await edge.stop()


async def test_n5_it_is_counted_how_long_slack_waited(database: Database) -> None:
    took: list[float] = []
    async with opened(database, socket_mode=True) as house:
        await house.edge.stop()
        edge = SlackEdge(house.edge._settings, database, lambda: NOW, answered=took.append)
        edge.listen(house.scripted)
        await edge.start()
        assert await answered(house)
        await house.until(lambda: took)
        await edge.stop()
    assert 0 < took[0] < 3


async def test_a_wrong_app_token_is_a_clear_refusal(wired: House, database: Database) -> None:
    settings = wired.edge._settings
    wrong = type(settings)(
        slack_bot_token=settings.slack_bot_token,
        slack_app_token="xapp-wrong",
        slack_api_url=settings.slack_api_url,
    )
    edge = SlackEdge(wrong, database, lambda: NOW)
    edge.listen(wired.scripted)
    with pytest.raises(Refused, match="SLACK_APP_TOKEN: Slack does not accept"):
        await edge.start()
    await edge.stop()


async def answered(house: House) -> bool:
    tried = await house.page("command", channel=CHANNEL, command="/lost", text="x")
    return bool(tried["ok"])


async def drop(house: House, name: str, content: bytes, channel: str = "") -> Any:
    form = aiohttp.FormData()
    form.add_field("person", ADA)
    form.add_field("channel", channel or house.dm())
    form.add_field("file", content, filename=name)
    async with house.session.post(f"{house.sandbox.address}/sandbox/upload", data=form) as answer:
        assert answer.status == 200, await answer.text()
