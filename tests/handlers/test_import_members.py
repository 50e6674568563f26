"""D1: the team taken in from a file, and linked to the platform's people."""

from __future__ import annotations

import pytest
from sqlmodel import select

from domain.columns import Kind
from domain.roles import Role
from handlers.ports import Profile
from storage.tables import Loss, Member
from tests.handlers.files import figures, rejects, take_in
from tests.people import ADA, BEN, MAX, WORKSPACE, Desk, PhoneBook


async def members(desk: Desk) -> dict[str, Member]:
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(Member).where(Member.active))
        return {row.name: row for row in rows}


async def test_d1_members_are_linked_by_id_address_or_a_name_of_their_own(desk: Desk) -> None:
    desk.book = PhoneBook(
        Profile("U0ZOE", "Zoe Z", "zoe@example.com", "Europe/Rome"),
        Profile("U0YAN", "Yan Y", "YAN@example.com"),
        Profile("U0XIA", "Xia X"),
        Profile("U0SAM", "Sam S"),
        Profile("U1SAM", "Sam S"),
        Profile("U0GONE", "Gone G", active=False),
        Profile("U0BOT", "Bot B", bot=True),
    )
    result = await take_in(
        desk,
        "Name,Email,Slack id\nZoe,,U0ZOE\nYan,yan@example.com,\nXia X,,\nSam S,,\nGone G,,\n"
        "Bot B,,\nZed,,U0ZED\n",
    )
    assert figures(result) == (7, 0, 0, 0, 0)
    found = await members(desk)
    assert {name: found[name].platform_user_id for name in ("Zoe", "Yan", "Xia X", "Zed")} == {
        "Zoe": "U0ZOE",
        "Yan": "U0YAN",
        "Xia X": "U0XIA",
        "Zed": "U0ZED",
    }
    assert {found[name].platform_user_id for name in ("Sam S", "Gone G", "Bot B")} == {None}
    assert (found["Zoe"].email, found["Zoe"].time_zone) == ("zoe@example.com", "Europe/Rome")
    assert "4 of 7 are linked" in " ".join(result.notes)
    again = await take_in(desk, "Name,Email,Slack id\nZoe,,U0ZOE\nYan,yan@example.com,\nXia X,,\n")
    assert figures(again) == (0, 0, 3, 0, 0)


async def test_d1_known_members_keep_what_the_file_does_not_say(desk: Desk) -> None:
    result = await take_in(desk, "Name,Region,Weight,Time zone\nAda Fox,East,50,\nEve Stone,,,\n")
    assert figures(result) == (0, 1, 1, 0, 0)
    found = await members(desk)
    assert (found["Ada Fox"].region, found["Ada Fox"].weight) == ("East", 50)
    assert (found["Ada Fox"].platform_user_id, found["Ada Fox"].role) == (ADA, Role.REP)
    assert found["Ada Fox"].manager_id == desk.ids[MAX]
    assert found["Eve Stone"].role == Role.EXECUTIVE


async def test_d1_roles_are_given_by_the_file_or_by_what_it_tells(desk: Desk) -> None:
    content = (
        "Name,Role,Manager\nNew Rep,,Big Boss\nNew Boss,,\nOther Rep,,New Boss\nFin,finance,\n"
    )
    await take_in(desk, content + "Ada Fox,manager,\nSelf,,Self\n")
    found = await members(desk)
    assert {name: found[name].role for name in ("New Rep", "Big Boss", "New Boss", "Fin")} == {
        "New Rep": Role.REP,
        "Big Boss": Role.MANAGER,
        "New Boss": Role.MANAGER,
        "Fin": Role.FINANCE,
    }
    assert found["Ada Fox"].role == Role.MANAGER
    assert found["Other Rep"].manager_id == found["New Boss"].id
    assert found["Self"].manager_id is None


async def test_d1_a_rep_who_is_named_as_manager_keeps_the_role_they_were_given(desk: Desk) -> None:
    await take_in(desk, "Name,Manager\nNew Rep,Ben Ruiz\n")
    found = await members(desk)
    assert (found["Ben Ruiz"].role, found["New Rep"].manager_id) == (Role.REP, desk.ids[BEN])


async def test_d1_the_same_person_twice_in_a_file_is_one_member(desk: Desk) -> None:
    result = await take_in(desk, "Name,Region\nZoe,East\nzoe,West\n", kind=Kind.MEMBERS)
    assert (result.new, result.duplicates) == (1, 1)
    assert (await members(desk))["Zoe"].region == "West"


async def test_d1_people_of_one_name_and_two_addresses_are_two(desk: Desk) -> None:
    await take_in(desk, "Name,Email\nSam Lee,a@example.com\nSam Lee,b@example.com\n")
    async with desk.database.reading(WORKSPACE) as work:
        assert len(await work.members.by_name("Sam Lee")) == 2
    result = await take_in(desk, "Name,Manager\nSam Lee,\nAda Fox,Sam Lee\n")
    [rejected] = rejects(result)
    assert "2 members are called Sam Lee" in rejected["Why"]
    assert "2 members are called Sam Lee" in " ".join(result.notes)


async def test_d1_whoever_spoke_first_and_came_in_a_file_later_is_one_member(desk: Desk) -> None:
    await take_in(desk, "Account,Reason,Lost by\nAcme,Price,Zoe Z\n")
    known = (await members(desk))["Zoe Z"]
    desk.book = PhoneBook(Profile("U0ZOE", "Zoe Z", "zoe@example.com"))
    await desk.types("U0ZOE", "help")
    await take_in(desk, "Name\nZoe Z\n", kind=Kind.MEMBERS)
    async with desk.database.reading(WORKSPACE) as work:
        zoe = await work.members.by_platform_id("U0ZOE")
        [loss] = list(await work.session.exec(select(Loss)))
        namesakes = await work.members.by_name("Zoe Z")
    assert zoe is not None
    assert (zoe.id, zoe.role, loss.lost_by_id) == (known.id, Role.REP, known.id)
    assert [m.id for m in namesakes] == [known.id]


async def test_d1_a_chosen_name_links_nobody(desk: Desk) -> None:
    """Only a manager's file makes a person the member of that name."""
    await take_in(desk, "Name,Role\nBoss Person,manager\n")
    desk.book = PhoneBook(Profile("U0SLY", "Boss Person"))
    await desk.types("U0SLY", "help")
    async with desk.database.reading(WORKSPACE) as work:
        sly = await work.members.by_platform_id("U0SLY")
    assert sly is not None
    assert sly.role == Role.COLLEAGUE


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Zoe,wizard,,", "Role"),
        ("Zoe,,nowhere,", "Email"),
        ("Zoe,,,Atlantis", "Time zone"),
        (",,,", "Nobody is named"),
    ],
)
async def test_d1_members_that_cannot_be_come_back(desk: Desk, row: str, says: str) -> None:
    content = f"Name,Role,Email,Time zone,Region\n{row},East\nYan,rep,,UTC,West\n"
    result = await take_in(desk, content)
    assert figures(result) == (1, 0, 0, 0, 1)
    assert says in rejects(result)[0]["Why"]
