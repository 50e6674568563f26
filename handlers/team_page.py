"""`/lost team`: who is in, in which part, and how to change that."""

from __future__ import annotations

import re
from math import ceil

from domain.errors import Refused
from domain.names import name_key, tidy
from domain.roles import Role
from handlers import team
from handlers.context import Context
from handlers.effects import Effect, FormErrors, OpenForm, ReplaceSource, Reply
from handlers.events import Action, Command, FormSubmitted
from handlers.people_named import ids_in, member_named
from handlers.ports import Profile
from handlers.views.elements import View
from handlers.views.team import (
    PAGE,
    add_form,
    added,
    change_form,
    changed,
    nobody_found,
    nobody_yet,
    removed,
    team_list,
)
from storage.tables import Member

_FILLERS = {"as", "a", "an", "the", "to", "is"}
_LONGEST = 80  # characters of a region's name


async def team_command(context: Context, event: Command) -> list[Effect]:
    """List the team, or `add @ADA [rep]`, `remove @ADA`; other words filter the list."""
    act, _, rest = event.text.strip().partition(" ")
    ids, words = ids_in(rest)
    match act.lower():
        case "add":
            return await _add_named(context, ids, words)
        case "remove":
            return [Reply(await _remove_named(context, ids, words))]
        case _:
            return [Reply(await _page(context, 0, event.text))]


async def turn_page(context: Context, event: Action) -> list[Effect]:
    """Show another page of the list."""
    page, words = int(event.payload["page"]), event.payload.get("words", "")
    return [ReplaceSource(await _page(context, page, words))]


async def open_add(context: Context, event: Action) -> list[Effect]:
    """Open the form that takes somebody in."""
    return [OpenForm(add_form(await context.work.members.unlinked()))]


async def send_add(context: Context, event: FormSubmitted) -> list[Effect]:
    """Take somebody in, as one who is known by name alone where that was chosen."""
    work, values = context.work, event.values
    role = _role(values["role"])
    member = await work.members.by_platform_id(values["person"])
    known = values.get("known", "")
    if known:
        if member is None:
            profile = await _profile(context, values["person"])
            member = await team.add(work, profile, Role.COLLEAGUE, context.now)
        chosen = (await work.members.by_ids([int(known)]))[int(known)]
        member = await team.link(work, member, chosen)
    profile = await _profile(context, values["person"])
    member = await team.add(work, profile, role, context.now, by=context.actor, giver=context.role)
    return [Reply(added([member]))]


async def open_change(context: Context, event: Action) -> list[Effect]:
    """Open the form about one member's part."""
    member = await _meant(context, event.payload["member"])
    lead = await context.work.members.by_id(member.manager_id or 0)
    return [OpenForm(change_form(member, lead))]


async def send_change(context: Context, event: FormSubmitted) -> list[Effect]:
    """Change a member's role, region, weight and manager."""
    work, values = context.work, event.values
    member = await _meant(context, event.context["member"])
    weight = values["weight"].strip().removesuffix("%").strip()
    errors = {}
    if not (re.fullmatch(r"\d{1,3}", weight) and int(weight) <= 100):
        errors["weight"] = "Per cent of full time, from 0 (takes no accounts) to 100."
    region = tidy(values.get("region", ""))
    if len(region) > _LONGEST:
        errors["region"] = f"At most {_LONGEST} characters."
    lead = values.get("manager", "")
    if lead == str(member.id):
        errors["manager"] = "Nobody is their own manager."
    if errors:
        return [FormErrors(errors)]
    role = _role(values["role"])
    if role is Role.COLLEAGUE:
        return [Reply(await _take_out(context, member))]
    await team.change_role(work, member, role, context.now, by=context.actor, giver=context.role)
    before = _part(member)
    member.region, member.weight = region or None, int(weight)
    member.manager_id = int(lead) if lead else None
    work.session.add(member)
    await work.session.flush()
    if _part(member) != before:
        work.workspaces.audit(
            "team changed",
            member.name,
            by=context.actor_id,
            now=context.now,
            detail=f"from {before} to {_part(member)}",
        )
    return [Reply(changed(member))]


async def remove_member(context: Context, event: Action) -> list[Effect]:
    """Take the member out that the button stands beside."""
    member = await _meant(context, event.payload["member"])
    return [Reply(await _take_out(context, member))]


async def _page(context: Context, page: int, words: str) -> View:
    lines = await team.listing(context.work, context.now)
    if not lines:
        return nobody_yet()
    key = name_key(words) if words.strip() else ""
    lines = [
        line
        for line in lines
        if key in name_key(f"{line.name} {line.role} {line.region} {line.manager}")
    ]
    if not lines:
        return nobody_found(words)
    pages = ceil(len(lines) / PAGE)
    page = max(0, min(page, pages - 1))
    shown = lines[page * PAGE : (page + 1) * PAGE]
    return team_list(shown, len(lines), context.rules, page=page, pages=pages, words_typed=words)


async def _add_named(context: Context, ids: list[str], words: str) -> list[Effect]:
    if not ids:  # whoever is named otherwise is picked in the form
        said = words.lower().split()
        meant = next((role for role in Role if role.value in said), Role.REP)
        return [OpenForm(add_form(await context.work.members.unlinked(), meant))]
    role = _role_in(words) or Role.REP
    members = [
        await team.add(
            context.work,
            await _profile(context, user),
            role,
            context.now,
            by=context.actor,
            giver=context.role,
        )
        for user in ids
    ]
    return [Reply(added(members))]


async def _remove_named(context: Context, ids: list[str], words: str) -> View:
    if not ids and not words:
        raise Refused("Whom? Write it like `/lost team remove @ada`.")
    members = [await member_named(context, user) for user in ids or [words]]
    views = [await _take_out(context, member) for member in members]
    return View(
        " ".join(view.summary for view in views),
        tuple(element for view in views for element in view.elements),
    )


async def _take_out(context: Context, member: Member) -> View:
    freed = await team.take_out(
        context.work, member, context.now, by=context.actor, giver=context.role
    )
    return removed(member, freed)


async def _profile(context: Context, user: str) -> Profile:
    """Give a person as the platform knows them; those we have met need no asking."""
    member = await context.work.members.by_platform_id(user)
    if member is not None:
        return Profile(
            user, member.name, member.email, member.time_zone, admin=member.platform_admin
        )
    profile = await context.directory.profile(context.work.workspace_id, user)
    if profile is None:
        raise Refused("I cannot find that person just now. Please try again in a moment.")
    return profile


async def _meant(context: Context, member_id: str) -> Member:
    member = await context.work.members.by_id(int(member_id))
    if member is None or not member.active:
        raise Refused("That person is not here any more.")
    return member


def _role_in(words: str) -> Role | None:
    left = [word for word in words.lower().split() if word not in _FILLERS]
    return _role(" ".join(left)) if left else None


def _role(word: str) -> Role:
    for role in Role:
        if word in {role.value, f"{role.value}s"}:
            return role
    raise Refused(
        f"“{word[:40]}” is not a part I know. There are rep, manager, executive, finance and admin."
    )


def _part(member: Member) -> str:
    return f"{member.region or 'no region'}, {member.weight} %, manager {member.manager_id or '-'}"
