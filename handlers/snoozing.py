"""`/lost snooze ACCOUNT WHEN`: a deadline is put off to a day, and only that one."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

from domain.calendar import worked_from
from domain.deadlines import Step
from domain.digest import DueItem, most_pressing
from domain.errors import Refused
from domain.losses import LONGEST_NAME
from domain.roles import Permission, can
from handlers.context import Context, id_of, mention
from handlers.days import read_day
from handlers.effects import Effect, OpenForm, Reply
from handlers.events import Action, Command, FormSubmitted
from handlers.finding import account_meant, find_account, id_of_account
from handlers.hours import hours_of
from handlers.nudging import enclosure, hours_by_id
from handlers.views.snoozing import put_off_often, snooze_form, snoozed
from storage.tables import Account, Member

_LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)
_CUT = re.compile(r"[,\s]+")


async def snooze(context: Context, event: Command) -> list[Effect]:
    """Put off what is due on an account; without a day that can be read, ask for one."""
    account, day = await _split(context, event.text)
    item = await _pressing(context, account)
    return await _put_off(context, item, day) if day else await _ask(context, item)


async def open_snooze(context: Context, event: Action) -> list[Effect]:
    """Ask to which day, for the line whose button was pressed."""
    account = await account_meant(context, event.payload["account"])
    item = await _pressing(context, account, int(event.payload.get("deadline", "0")))
    return await _ask(context, item, event.payload.get("day", ""))


async def send_snooze(context: Context, event: FormSubmitted) -> list[Effect]:
    """Put a deadline off to the day that the form says."""
    account = await account_meant(context, event.context["account"])
    item = await _pressing(context, account, int(event.context["deadline"]))
    try:
        return await _put_off(context, item, read_day(event.values.get("day", ""), context.today))
    except Refused as refusal:
        raise Refused(refusal.sentence, field="day") from None


async def _split(context: Context, text: str) -> tuple[Account, date | None]:
    """Read "ACCOUNT [WHEN]", the longest name that is known first."""
    readings, asked = {text: {"day": ""}}, text
    for cut in reversed([*_CUT.finditer(text, 1, LONGEST_NAME)]):
        name, when = text[: cut.start()], text[cut.end() :]
        with suppress(Refused):  # that is said once an account is certain
            when, asked = read_day(when, context.today).isoformat(), name
        readings[name] = {"day": when}
    account, said = await find_account(context, readings, "snooze", "snooze.open", asked)
    return account, read_day(said["day"], context.today) if said["day"] else None


async def _pressing(context: Context, account: Account, deadline_id: int = 0) -> DueItem:
    """Give the deadline that is meant: the one named, else the most pressing.

    Refuses where nothing is due, or where the account is in another's hands and the actor does not
    lead.
    """
    items = await context.work.deadlines.items_on(id_of_account(account))
    named = [item for item in items if item.deadline_id == deadline_id]
    meant = named or most_pressing(items)
    if not meant:
        raise Refused(f"Nothing is due on {account.name}, so there is nothing to put off.")
    if meant[0].member_id != context.actor_id and not can(context.role, Permission.DEAL):
        raise Refused(f"{account.name} is not in your hands. Only its rep or a manager can snooze.")
    return meant[0]


async def _ask(context: Context, item: DueItem, said: str = "") -> list[Effect]:
    """Ask to which day; offered is the one `said`, else the first worked day after it is due."""
    if said:
        return [OpenForm(snooze_form(item, date.fromisoformat(said), context.today))]
    later = max(context.today, item.due_on) + timedelta(days=1)
    offered = worked_from(later, hours_of(context.actor, context.rules))
    return [OpenForm(snooze_form(item, offered, context.today))]


async def _put_off(context: Context, item: DueItem, day: date) -> list[Effect]:
    """Move one deadline; past the limit, the manager is told."""
    work, today = context.work, context.today
    if day <= today:
        raise Refused("Choose a day after today.")
    if day > today + _LONGEST:
        raise Refused("That is more than a year away. Choose a nearer day.")
    if day == item.due_on:
        raise Refused(f"{item.account} is due on that day already.")
    holder = await work.members.by_id(item.member_id) or context.actor
    hours = hours_of(holder, context.rules)
    tell_at = hours.digest_at(day) if item.step is Step.OVERDUE else None
    times = await work.deadlines.move(item.deadline_id, day, tell_at)
    work.workspaces.audit(
        "snooze",
        item.account,
        by=context.actor_id,
        now=context.now,
        detail=f"{item.step}: {item.due_on} → {day}",
    )
    over = times > context.rules.snooze_limit
    if over:
        await _tell_managers(context, holder, item, day, times)
    left = context.rules.snooze_limit - times
    told_on = worked_from(day, hours)
    others = await work.deadlines.items_on(item.account_id)
    sooner = [one for one in others if one.deadline_id != item.deadline_id and one.due_on < day]
    return [Reply(snoozed(item, day, today, sooner=sooner, told_on=told_on, left=left, told=over))]


async def _tell_managers(
    context: Context, holder: Member, item: DueItem, day: date, times: int
) -> None:
    """Let the next digest of who leads say it, in the place of what waits to be said of it."""
    leads = await context.work.members.managers_of(holder)
    told = [lead for lead in leads if lead.id != context.actor_id]
    hours = await hours_by_id(context.work, told, context.rules, context.today - _DAY)
    await context.work.nudges.withdraw([_key(item, lead, times - 1) for lead in told])
    view = put_off_often(mention(holder), item, day, context.today, times)
    letters = [
        enclosure(
            "snoozed often",
            _key(item, lead, times),
            view,
            lead,
            hours=hours[id_of(lead)],
            now=context.now,
        )
        for lead in told
    ]
    await context.work.outbox.put_all(letters, context.now)


def _key(item: DueItem, lead: Member, times: int) -> str:
    return f"snoozed:{item.deadline_id}:{times}:{id_of(lead)}"
