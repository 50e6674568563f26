"""`/lost away`: days on which nothing is dealt to somebody and nobody nudges them."""

from __future__ import annotations

from datetime import timedelta

from domain.absence import without_rest
from domain.errors import Refused
from domain.roles import Permission, can
from handlers.context import Context, id_of, local_day
from handlers.day_spans import read_span
from handlers.effects import Effect, ReplaceSource, Reply
from handlers.events import Action, Command
from handlers.nudging import keep_new_hours
from handlers.people_named import ids_in, member_named
from handlers.views.away import days_away, noted, welcome_back
from handlers.views.elements import View
from storage.tables import Member

_LONGEST = timedelta(days=366)
_AHEAD = timedelta(days=2 * 366)


async def be_away(context: Context, event: Command) -> list[Effect]:
    """Note days away, one's own or (for who leads the team) somebody else's; bare, show them."""
    member, words = await _whose(context, event.text)
    if not words:
        return [Reply(await _shown(context, member))]
    today = local_day(context.now, member, context.rules)
    first, last = read_span(words, today)
    if last < today:
        raise Refused("Those days are over already. Write days from today on.")
    if last - first > _LONGEST or first - today > _AHEAD:
        raise Refused("That is longer or later than I can plan: at most a year, within two years.")
    work = context.work
    whole = await work.members.be_away(id_of(member), (first, last))
    await work.due.forget_digest_plans(id_of(member))
    await keep_new_hours(work, member, context.rules, context.now)
    work.workspaces.audit(
        "away noted",
        member.name,
        by=context.actor_id,
        now=context.now,
        detail=f"{whole[0]} to {whole[1]}",
    )
    held = (await work.dealing.open_counts()).get(id_of(member), 0)
    return [Reply(noted(member, whole, today, held, own=_own(context, member)))]


async def come_back(context: Context, event: Action) -> list[Effect]:
    """End an absence early: what is left of it from today on goes."""
    work = context.work
    absence = await work.members.absence(int(event.payload["absence"]))
    if absence is None:
        raise Refused("Those days are not noted any more. `/lost away` shows what is.")
    member = (await work.members.by_ids([absence.member_id]))[absence.member_id]
    _require(context, member)
    today = local_day(context.now, member, context.rules)
    begun = absence.from_on <= today
    left = without_rest((absence.from_on, absence.to_on), today)
    if left is None:
        await work.session.delete(absence)
    else:
        absence.from_on, absence.to_on = left
        work.session.add(absence)
    await work.session.flush()
    await work.due.forget_digest_plans(id_of(member))
    await keep_new_hours(work, member, context.rules, context.now)
    work.workspaces.audit("back early", member.name, by=context.actor_id, now=context.now)
    return [ReplaceSource(welcome_back(member, own=_own(context, member), begun=begun))]


async def _whose(context: Context, text: str) -> tuple[Member, str]:
    """Split a line into whose days it is about and the days; nobody named is the speaker."""
    ids, rest = ids_in(text)
    if ids:
        member = await member_named(context, ids[0])
    elif text.startswith("@"):
        name, _, rest = text.partition(" ")
        member = await member_named(context, name)
    else:
        return context.actor, text.strip()
    _require(context, member)
    return member, rest


def _require(context: Context, member: Member) -> None:
    if not _own(context, member) and not can(context.role, Permission.MANAGE_TEAM):
        raise Refused("You can note your own days away. Somebody else's are for their manager.")


def _own(context: Context, member: Member) -> bool:
    return member.id == context.actor_id


async def _shown(context: Context, member: Member) -> View:
    today = local_day(context.now, member, context.rules)
    absences = await context.work.members.absences(id_of(member), today)
    return days_away(member, absences, today, own=_own(context, member))
