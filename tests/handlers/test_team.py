"""S3: who is in, and in which part."""

from __future__ import annotations

import pytest

from domain.errors import Refused
from domain.roles import Role
from domain.roster import check_role_change
from handlers import team
from handlers.effects import Effect, FormErrors
from handlers.ports import Profile
from handlers.views.forms import ChoiceField, LookupField, TextField
from storage.tables import Account, Assignment, AuditEntry, Member
from tests.handlers.dealt import (
    buttons_of,
    change,
    deals,
    drawer,
    held,
    letters_to,
    rep,
    rows,
    text_of,
    turns,
    view_of,
)
from tests.people import (
    ADA,
    BEN,
    CHI,
    EVE,
    FAY,
    MAX,
    OTTO,
    WORKSPACE,
    Desk,
    errors_of,
    form_of,
    reply_of,
)

NEW = "U0NEWCOMER1"
PART = {"role": "rep", "region": "", "weight": "100", "manager": ""}


def knows(desk: Desk, user: str, name: str, **more: object) -> None:
    """Let the platform know a person."""
    profile = Profile(user, name, f"{user}@example.com", "Europe/Rome", **more)  # type: ignore[arg-type]  # tests give what fits
    desk.book.profiles[user] = profile


async def member(desk: Desk, user: str) -> Member:
    [found] = [m for m in await rows(desk, Member) if m.platform_user_id == user]
    assert isinstance(found, Member)
    return found


async def saves(desk: Desk, user: str, whom: str, **values: str) -> list[Effect]:
    context = {"member": str(desk.ids[whom])}
    return await desk.sends(user, "team.change", {**PART, **values}, context)


@pytest.mark.parametrize("user", [ADA, EVE, FAY, OTTO])
async def test_only_leads_see_and_change_the_team(desk: Desk, user: str) -> None:
    for text in ("team", "team add <@U0OTTO>", "team remove <@U0ADA>"):
        assert "That one is for managers and admins" in reply_of(await desk.types(user, text))
    for action in ("team.page", "team.add", "team.change", "team.remove"):
        refused = await desk.presses(user, action, member=str(desk.ids[ADA]), page="0")
        assert "That one is for managers" in reply_of(refused)
    for form in ("team.add", "team.change"):
        refused = await desk.sends(user, form, {**PART, "person": ADA}, {"member": "1"})
        assert "That one is for managers" in errors_of(refused)[""]


async def test_the_list_says_part_region_manager_zone_and_what_is_in_hand(desk: Desk) -> None:
    await change(desk, ADA, region="East", weight=80)
    await rep(desk, "Anna Import")
    await drawer(desk, "Acme", "Bolt", "Cora", "Dune")
    await deals(desk, MAX)
    await desk.types(MAX, "away @ada until 12 march")
    text = text_of(view_of(await desk.types(MAX, "team")))
    assert "7 in the team" in text
    assert (
        "Ada Fox · rep · East · manager Max Lind · America/New_York · 80 % of full time · "
        "1 account in hand · away until Thu 12 Mar" in text
    )
    assert (
        "Anna Import · rep · UTC (as the workspace) · 1 account in hand · not in Slack yet" in text
    )
    assert "Otto" not in text


async def test_other_words_filter_the_list(desk: Desk) -> None:
    await change(desk, ADA, region="East")
    assert "1 found" in text_of(view_of(await desk.types(MAX, "team east")))
    assert "Nobody in the team fits “west”" in text_of(view_of(await desk.types(MAX, "team west")))


async def test_a_long_list_has_pages(desk: Desk) -> None:
    for number in range(20):
        await rep(desk, f"Rep {number:02}")
    first = await desk.types(MAX, "team")
    assert "Page 1 of 3" in text_of(view_of(first))
    middle = await desk.presses(MAX, "team.page", page="1")
    assert {"Back", "More"} <= {button.label for button in buttons_of(middle)}
    assert "Page 3 of 3" in text_of(view_of(await desk.presses(MAX, "team.page", page="9")))


async def test_an_empty_team_says_how_it_fills(desk: Desk) -> None:
    for user in (ADA, BEN, CHI, EVE, FAY):
        await change(desk, user, role="colleague")
    await change(desk, MAX, role="colleague", platform_admin=True)
    assert "Nobody is in the team yet" in text_of(view_of(await desk.types(MAX, "team")))


@pytest.mark.parametrize(
    ("line", "role", "says"),
    [
        ("team add <@U0OTTO|otto>", Role.REP, "@Otto Outside is in the team now, as a rep."),
        ("team add <@U0OTTO> as a manager", Role.MANAGER, "as a manager."),
        ("team add <@U0OTTO> executives", Role.EXECUTIVE, "as an executive."),
    ],
)
async def test_people_are_added_by_a_line(desk: Desk, line: str, role: Role, says: str) -> None:
    assert says in text_of(view_of(await desk.types(MAX, line)))
    assert (await member(desk, OTTO)).role == role
    assert [e.detail for e in await rows(desk, AuditEntry)] == [f"from colleague to {role}"]


async def test_several_at_once(desk: Desk) -> None:
    knows(desk, NEW, "New Comer")
    said = text_of(view_of(await desk.types(MAX, "team add <@U0OTTO> U0NEWCOMER1 finance")))
    assert "@Otto Outside, @New Comer are in the team now, as finance." in said
    knows(desk, "U0THIRD", "Third One")
    said = text_of(view_of(await desk.types(MAX, "team add <@U0OTTO> <@U0THIRD>")))
    assert "as reps." in said


async def test_an_unknown_part_or_person_is_refused(desk: Desk) -> None:
    said = reply_of(await desk.types(MAX, "team add <@U0OTTO> wizard"))
    assert "“wizard” is not a part I know" in said
    assert "cannot find that person" in reply_of(await desk.types(MAX, "team add <@U0NOBODY>"))
    knows(desk, "U0ROBOT", "Robot", bot=True)
    assert "is an app, not a person" in reply_of(await desk.types(MAX, "team add <@U0ROBOT>"))


@pytest.mark.parametrize("line", ["team add manager", "team add Otto as manager"])
async def test_where_nobody_is_named_as_slack_names_people_the_form_asks(
    desk: Desk, line: str
) -> None:
    form = form_of(await desk.types(MAX, line)).form
    assert [field.name for field in form.fields] == ["person", "role"]
    assert isinstance(form.fields[1], ChoiceField)
    assert form.fields[1].value == "manager"
    await rep(desk, "Anna Import")
    form = form_of(await desk.presses(MAX, "team.add")).form
    assert [field.name for field in form.fields] == ["person", "role", "known"]
    values = {"person": OTTO, "role": "rep", "known": ""}
    said = text_of(view_of(await desk.sends(MAX, "team.add", values)))
    assert "@Otto Outside is in the team now" in said


async def test_somebody_imported_by_the_same_name_becomes_this_person(desk: Desk) -> None:
    anna = await rep(desk, "Anna Snelling", region="Central")
    for user in (ADA, BEN, CHI):
        await change(desk, user, role="colleague")
    await drawer(desk, "Acme")
    await deals(desk, MAX)
    knows(desk, NEW, "Anna  SNELLING", admin=True)
    await desk.types(MAX, f"team add <@{NEW}>")
    found = await member(desk, NEW)
    assert (found.id, found.region, found.time_zone) == (anna, "Central", "Europe/Rome")
    assert found.platform_admin
    assert await held(desk) == {anna: 1}
    assert len(await letters_to(desk, anna)) == 1


async def test_who_has_spoken_before_they_were_linked_is_the_imported_one_too(desk: Desk) -> None:
    anna = await rep(desk, "Anna Snelling")
    knows(desk, NEW, "Anna Snelling")
    await desk.types(NEW, "help")
    await desk.types(MAX, f"team add <@{NEW}>")
    found = await member(desk, NEW)
    assert (found.id, found.role) == (anna, "rep")
    assert [m.active for m in await rows(desk, Member) if m.name == "Anna Snelling"] == [
        True,
        False,
    ]


async def test_who_has_a_part_already_is_not_mixed_up_with_a_namesake(desk: Desk) -> None:
    await rep(desk, "Ada Fox")
    await desk.types(MAX, "team add <@U0ADA> manager")
    assert (await member(desk, ADA)).id == desk.ids[ADA]


@pytest.mark.parametrize("met", [True, False])
async def test_somebody_imported_under_another_name_can_be_chosen(desk: Desk, met: bool) -> None:
    anna = await rep(desk, "A. Snelling")
    knows(desk, NEW, "Anna Snelling")
    if met:
        await desk.types(NEW, "help")
    await desk.sends(MAX, "team.add", {"person": NEW, "role": "rep", "known": str(anna)})
    assert (await member(desk, NEW)).id == anna


async def test_only_who_is_not_in_slack_can_be_chosen(desk: Desk) -> None:
    anna = await rep(desk, "A. Snelling")
    values = {"person": ADA, "role": "rep", "known": str(anna)}
    assert "has a part of their own" in errors_of(await desk.sends(MAX, "team.add", values))[""]
    values = {"person": OTTO, "role": "rep", "known": str(desk.ids[BEN])}
    assert "is in Slack already" in errors_of(await desk.sends(MAX, "team.add", values))[""]


async def test_part_region_weight_and_manager_change_by_form(desk: Desk) -> None:
    form = form_of(await desk.presses(MAX, "team.change", member=str(desk.ids[ADA]))).form
    filled = {f.name: f.value for f in form.fields if isinstance(f, ChoiceField | TextField)}
    assert filled == {"role": "rep", "region": "", "weight": "100"}
    [lead] = [field for field in form.fields if isinstance(field, LookupField)]
    assert lead.shown == "Max Lind"
    said = await saves(desk, MAX, ADA, region=" East ", weight="50 %", manager=str(desk.ids[EVE]))
    assert "Saved: Ada Fox is rep, East, 50 % of full time." in text_of(view_of(said))
    ada = await member(desk, ADA)
    assert (ada.region, ada.weight, ada.manager_id) == ("East", 50, desk.ids[EVE])
    [entry] = await rows(desk, AuditEntry)
    assert entry.action == "team changed"
    await saves(desk, MAX, ADA, region="East", weight="50", manager=str(desk.ids[EVE]))
    assert len(await rows(desk, AuditEntry)) == 1


async def test_what_cannot_be_is_said_at_its_field(desk: Desk) -> None:
    wrong = await saves(desk, MAX, ADA, weight="101", region="x" * 81, manager=str(desk.ids[ADA]))
    assert set(errors_of(wrong)) == {"weight", "region", "manager"}
    for weight in ("", "-1", "half"):
        [errors] = await saves(desk, MAX, ADA, weight=weight)
        assert isinstance(errors, FormErrors)
    gone = await desk.sends(MAX, "team.change", PART, {"member": "999"})
    assert "not here any more" in errors_of(gone)[""]


@pytest.mark.parametrize("way", ["line", "button", "form", "name"])
async def test_who_is_taken_out_leaves_their_accounts_in_the_drawer(desk: Desk, way: str) -> None:
    await drawer(desk, "Acme", "Bolt", "Cora", "Dune")
    await deals(desk, MAX)
    if way == "form":
        effects = await saves(desk, MAX, ADA, role="colleague")
    elif way == "button":
        effects = await desk.presses(MAX, "team.remove", member=str(desk.ids[ADA]))
    else:
        whom = "<@U0ADA>" if way == "line" else "Ada Fox"
        effects = await desk.types(MAX, f"team remove {whom}")
    said = "Ada Fox is not in the team any more. 2 accounts returned to the drawer."
    assert said in text_of(view_of(effects))
    assert (await member(desk, ADA)).role == "colleague"
    assert {a.state for a in await rows(desk, Account) if a.holder_id is None} == {"code 99"}
    assert [a.ended_as for a in await rows(desk, Assignment) if a.ended_at] == ["returned"] * 2
    assert desk.ids[ADA] not in await turns(desk)


async def test_who_comes_back_is_level_with_the_others(desk: Desk) -> None:
    """A3."""
    await drawer(desk, *(f"A{i}" for i in range(9)))
    await desk.types(MAX, "team remove <@U0ADA>")
    await deals(desk, MAX)
    await desk.types(MAX, "team add <@U0ADA>")
    await drawer(desk, "B0", "B1", "B2")
    await deals(desk, MAX)
    assert (await held(desk))[desk.ids[ADA]] == 1


async def test_nobody_is_left_with_a_manager_who_is_none(desk: Desk) -> None:
    await change(desk, EVE, role="admin")
    await desk.types(EVE, "team remove <@U0MAX>")
    assert (await member(desk, ADA)).manager_id is None


async def test_whom_to_take_out_must_be_said(desk: Desk) -> None:
    assert "Whom?" in reply_of(await desk.types(MAX, "team remove"))
    assert "is not in the team" in reply_of(await desk.types(MAX, "team remove <@U0OTTO>"))


async def test_nobody_raises_their_own_role(desk: Desk) -> None:
    assert "Nobody raises their own role" in reply_of(
        await desk.types(MAX, "team add <@U0MAX> admin")
    )


async def test_only_admins_make_admins_and_the_last_one_stays(desk: Desk) -> None:
    assert "Only an admin makes admins" in reply_of(
        await desk.types(MAX, "team add <@U0ADA> admin")
    )
    await change(desk, EVE, role="admin")
    assert "the last admin" in reply_of(await desk.types(EVE, "team remove <@U0EVE>"))
    await desk.types(EVE, "team add <@U0BEN> admin")
    assert "is not in the team any more" in text_of(
        view_of(await desk.types(EVE, "team remove <@U0EVE>"))
    )


async def test_an_owner_of_the_platform_may_name_the_first_admin(desk: Desk) -> None:
    await change(desk, ADA, role="colleague", platform_admin=True)
    await desk.types(ADA, f"team add <@{ADA}> admin")
    assert (await member(desk, ADA)).role == "admin"


@pytest.mark.parametrize(
    ("giver", "change_of_role", "own", "last", "allowed"),
    [
        (Role.MANAGER, (Role.COLLEAGUE, Role.REP), False, False, True),
        (Role.MANAGER, (Role.MANAGER, Role.REP), True, False, True),
        (Role.MANAGER, (Role.MANAGER, Role.ADMIN), True, False, False),
        (Role.MANAGER, (Role.ADMIN, Role.REP), False, False, False),
        (Role.ADMIN, (Role.ADMIN, Role.REP), True, False, True),
        (Role.ADMIN, (Role.ADMIN, Role.REP), True, True, False),
        (Role.ADMIN, (Role.COLLEAGUE, Role.ADMIN), True, False, True),
    ],
)
def test_who_may_give_whom_which_role(
    giver: Role, change_of_role: tuple[Role, Role], own: bool, last: bool, allowed: bool
) -> None:
    current, new = change_of_role
    if allowed:
        check_role_change(giver, current, new, own=own, last_admin=last)
        return
    with pytest.raises(Refused):
        check_role_change(giver, current, new, own=own, last_admin=last)


async def test_the_command_line_adds_lists_and_removes(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        added = await team.add(work, Profile(OTTO, "Otto Outside"), Role.ADMIN, desk.now)
        assert added.role == "admin"
        lines = {line.name: line for line in await team.listing(work)}
        assert lines["Otto Outside"].slack_id == OTTO
        assert lines["Ada Fox"].manager == "Max Lind"
        removed = await team.remove(work, ADA, desk.now)
        assert (removed.name, removed.role) == ("Ada Fox", "rep")
        with pytest.raises(Refused, match="U0ADA is not in the team"):
            await team.remove(work, ADA, desk.now)
        await work.commit()
    assert (await member(desk, ADA)).role == "colleague"
