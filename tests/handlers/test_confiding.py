"""L8, S3: a complaint about a member's own conduct reaches their manager, and nobody else."""

from __future__ import annotations

import logging

import pytest
from sqlmodel import select

from domain.account_life import State
from domain.roles import Role
from handlers.effects import Effect
from handlers.exporting import REPORTS, table
from storage.tables import Complaint, Member
from tests.handlers.losing import audit, change, decide, fills, losses_of, the_account
from tests.handlers.reaching import all_that_is_said_to
from tests.handlers.screens import buttons, press, read, seen
from tests.handlers.winning import told
from tests.people import (
    ADA,
    BEN,
    CHANNEL,
    CHI,
    EVE,
    FAY,
    MAX,
    OTTO,
    WORKSPACE,
    Desk,
    errors_of,
    reply_of,
)

SECRET = "He shouted at our buyer"
OTHERS = (ADA, BEN, CHI, EVE, FAY, OTTO)


async def _logs(desk: Desk, user: str = ADA, **changes: str) -> list[Effect]:
    """A loss of Acme, told in confidence about Ben."""
    values = {
        "account": "new:Acme",
        "reason": "service",
        "what_happened": SECRET,
        "lost_by": str(desk.ids[BEN]),
        "confidence": "yes",
    }
    return await fills(desk, user, await desk.types(user, ""), {**values, **changes})


async def _set(desk: Desk, user: str, **values: object) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        member = await work.members.by_id(desk.ids[user])
        assert member is not None
        for key, value in values.items():
            setattr(member, key, value)
        await work.commit()


async def _told(desk: Desk) -> list[int]:
    """Whom it was written down for."""
    async with desk.database.reading(WORKSPACE) as work:
        return [row.told_id for row in await work.session.exec(select(Complaint))]


async def test_l8_the_manager_is_told_and_reads_it_on_the_card(desk: Desk) -> None:
    card = read(seen(await _logs(desk)))
    assert SECRET not in card
    assert "What you wrote about Ben Ruiz went to Max Lind alone." in card
    [letter] = await told(desk, MAX)
    assert letter.summary == "Something in confidence, for you alone"
    text = read(letter)
    assert "Acme left, and what they said is about how Ben Ruiz behaved. Ada Fox wrote" in text
    assert f"“{SECRET}”" in text
    assert "Reason stated: Service or delivery failure." in text
    shown = read(seen(await desk.types(MAX, "show Acme")))
    assert "In confidence" in shown
    assert f"about Ben Ruiz · Service or delivery failure\n“{SECRET}”" in shown


async def test_l8_the_loss_itself_says_neither_why_nor_what(desk: Desk) -> None:
    await _logs(desk)
    [loss] = await losses_of(desk, "Acme")
    assert (loss.reason, loss.what_happened, loss.lost_by_id) == ("unknown", None, desk.ids[BEN])
    assert (await the_account(desk, "Acme")).reason == "unknown"


@pytest.mark.parametrize("holder", [None, BEN, CHI])
async def test_l8_s3_it_reaches_nobody_else_by_any_way(
    desk: Desk, holder: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await decide(desk, team_channel=CHANNEL)
    await _logs(desk)
    if holder:
        await change(desk, "Acme", state=State.ASSIGNED, holder_id=desk.ids[holder])
    [loss] = await losses_of(desk, "Acme")
    ids = {"account": str(loss.account_id), "loss": str(loss.id), "line": "Acme, price"}
    ids |= {"page": "0", "query": "", "sort": "", "member": str(desk.ids[BEN])}
    said = await all_that_is_said_to(desk, OTHERS, ("", "Acme", "Acme, price", "Ben"), ids)
    async with desk.database.reading(WORKSPACE) as work:
        rules = await work.workspaces.rules()
        files = [await table(work, rules, desk.now, report) for report in REPORTS]
    assert SECRET not in f"{said} {files} {await audit(desk)} {caplog.text}"


async def test_l8_whom_it_is_about_and_what_was_said_are_needed(desk: Desk) -> None:
    own = await _logs(desk, lost_by=str(desk.ids[ADA]))
    assert "Whom is it about?" in errors_of(own)["lost_by"]
    assert "Whom is it about?" in errors_of(await _logs(desk, MAX, lost_by=""))["lost_by"]
    assert "What did they say?" in errors_of(await _logs(desk, what_happened=""))["what_happened"]
    wrong = errors_of(await _logs(desk, value="much"))
    assert set(wrong) == {"value"}
    assert await _told(desk) == []


async def test_l8_the_manager_who_logs_it_needs_no_message(desk: Desk) -> None:
    await _logs(desk, MAX)
    assert await told(desk, MAX) == []
    assert SECRET in read(seen(await desk.types(MAX, "show Acme")))


async def test_l8_without_a_manager_somebody_who_leads_hears_it(desk: Desk) -> None:
    await _set(desk, BEN, manager_id=None)
    await _logs(desk)
    assert await _told(desk) == [desk.ids[MAX]]


@pytest.mark.parametrize("about_manager", [True, False])
async def test_l8_of_who_leads_no_other_manager_hears(desk: Desk, about_manager: bool) -> None:
    await _set(desk, CHI, role=Role.MANAGER)
    if about_manager:
        await _logs(desk, lost_by=str(desk.ids[MAX]))
        assert await _told(desk) == [desk.ids[EVE]]
    else:
        await _set(desk, MAX, active=False)
        await _logs(desk)
        assert await _told(desk) == [desk.ids[CHI]]


async def test_l8_where_nobody_could_hear_it_the_form_says_so(desk: Desk) -> None:
    of_herself = await _logs(desk, lost_by=str(desk.ids[EVE]))
    assert "nobody here who could hear it" in errors_of(of_herself)["confidence"]
    await _set(desk, EVE, active=False)
    about = {"lost_by": str(desk.ids[MAX])}
    assert "nobody here who could hear it" in errors_of(await _logs(desk, **about))["confidence"]
    async with desk.database.workspace(WORKSPACE) as work:
        owner = Member(
            workspace_id=WORKSPACE,
            platform_user_id="U0OWN",
            name="Ola Owner",
            name_key="ola owner",
            platform_admin=True,
            joined_at=desk.now,
        )
        work.session.add(owner)
        await work.commit()
        owner_id = owner.id
    await _logs(desk, **about)
    assert await _told(desk) == [owner_id]


async def test_l8_a_loss_taken_back_takes_it_along(desk: Desk) -> None:
    view = seen(await _logs(desk))
    assert [button.label for button in buttons(view)] == ["Edit", "Not right? Undo"]
    await press(desk, ADA, view, "Not right?")
    assert await _told(desk) == []
    assert "Acme" in reply_of(await desk.types(MAX, "show Acme"))
