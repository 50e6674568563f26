"""Executive follow-ups (X4): somebody with authority hears in person why a customer left."""

from __future__ import annotations

from datetime import date, timedelta

from domain.account_life import State
from domain.calendar import worked_day_after
from domain.errors import Refused
from domain.losses import LONGEST_STORY, is_lost
from domain.roles import Permission, Role, can
from handlers.answers import Answers
from handlers.context import Context, id_of, local_day, mention
from handlers.days import show_day
from handlers.effects import Effect, FormErrors, OpenForm, ReplaceSource, Reply
from handlers.events import Action, FormSubmitted
from handlers.finding import account_meant, id_of_account
from handlers.hours import hours_of
from handlers.views import follow_ups as say_so
from handlers.views.elements import View, named_in
from storage.due import AT_REST
from storage.tables import Account, FollowUp, Member

_YEAR = timedelta(days=366)


async def ask_whom(context: Context, event: Action) -> list[Effect]:
    """Open the form that asks an executive to hear a customer."""
    account = await account_meant(context, event.payload["account"])
    await _require_askable(context, account)
    people = await _with_authority(context)
    due_on = _due_on(context, people[0])
    return [OpenForm(say_so.asking_form(account, people, due_on))]


async def send_ask(context: Context, event: FormSubmitted) -> list[Effect]:
    """Give the task to whoever was chosen, and tell them at once."""
    account = await account_meant(context, event.context["account"])
    await _require_askable(context, account)
    people = {str(id_of(person)): person for person in await _with_authority(context)}
    answers = Answers(event.values, context)
    chosen = answers.choice("who", people, missing="Who is to hear them?")
    note = answers.story("note", "What to know first", LONGEST_STORY)
    day = answers.day(
        "due_on",
        not_before=context.today,
        not_after=context.today + _YEAR,
        says="Choose a day from today on, within a year.",
    )
    if answers.errors or chosen is None:
        return [FormErrors(answers.errors)]
    executive = people[chosen]
    due_on = day or _due_on(context, executive)
    hours = hours_of(executive, context.rules)
    task = FollowUp(
        workspace_id=context.work.workspace_id,
        account_id=id_of_account(account),
        member_id=id_of(executive),
        asked_by_id=context.actor_id,
        asked_at=context.now,
        due_on=due_on,
        note=note,
        tell_at=hours.digest_at(worked_day_after(due_on, hours)),
    )
    context.work.session.add(task)
    await context.work.session.flush()
    _audit(context, "executive asked", account, f"{executive.name}, by {due_on}")
    context.work.deadlines.touched.add(id_of(executive))
    if executive.id != context.actor_id:
        view = say_so.please_hear(task, account, context.actor, context.rules, context.today)
        await context.tell(executive, view, kind="follow-up", dedupe_key=f"followup:{task.id}:ask")
    return [Reply(say_so.asked(account, executive, due_on, context.today))]


async def open_heard(context: Context, event: Action) -> list[Effect]:
    """Ask what the customer said."""
    task, account = await _meant(context, event.payload["task"])
    return [OpenForm(say_so.heard_form(task, account))]


async def send_heard(context: Context, event: FormSubmitted) -> list[Effect]:
    """Write down what the customer said, and pass it to the account's rep and to who asked."""
    task, account = await _meant(context, event.context["task"])
    answers = Answers(event.values, context)
    heard = answers.story("heard", "What they said", LONGEST_STORY, missing="What did they say?")
    if heard is None:
        return [FormErrors(answers.errors)]
    await _close(context, task, account, heard)
    account.touched_at = context.now
    _audit(context, "executive heard", account, "")
    readers = {task.asked_by_id, account.holder_id or task.asked_by_id} - {context.actor_id}
    view = say_so.was_heard(account, context.actor, heard)
    for reader in (await context.work.members.by_ids(readers)).values():
        key = f"followup:{task.id}:heard:{reader.id}"
        await context.tell(reader, view, kind="follow-up", dedupe_key=key)
    return [Reply(say_so.thanks(account))]


async def decline(context: Context, event: Action) -> list[Effect]:
    """Hand the task back to who asked, who may ask somebody else."""
    task, account = await _meant(context, event.payload["task"])
    await _close(context, task, account, None)
    _audit(context, "executive follow-up handed back", account, "")
    asker = await context.work.members.by_id(task.asked_by_id)
    if asker is not None and asker.id != context.actor_id:
        view = say_so.handed_back(account, context.actor)
        key = f"followup:{task.id}:handed back"
        await context.tell(asker, view, kind="follow-up", dedupe_key=key)
    return [ReplaceSource(say_so.handed_back_by_you(account, mention(asker)))]


def overdue_key(task: FollowUp) -> str:
    """Give the key of the message by which executives hear what is overdue; this is its first."""
    return f"followup:{task.id}:overdue"


def late_key(task: FollowUp) -> str:
    """Give the key of the message by which an asker hears that nobody has called yet."""
    return f"followup:{task.id}:late"


async def _require_askable(context: Context, account: Account) -> None:
    state = State(account.state)
    if not is_lost(state) or state in AT_REST:
        raise Refused(f"{account.name} is {state}: there is no loss to be heard about.")
    latest = await context.work.follow_ups.on(id_of_account(account))
    if latest and latest[0].closed_at is None:
        who = await context.work.members.by_id(latest[0].member_id)
        name = who.name if who else "Somebody"
        day = show_day(latest[0].due_on, context.today)
        raise Refused(f"{name} is asked already to hear {account.name}, by {day}.")


async def _with_authority(context: Context) -> list[Member]:
    """Give who can be asked: executives first, then whoever else leads."""
    people = [
        person
        for person in await context.work.members.team()
        if can(Role(person.role), Permission.APPROVE)
    ]
    if not people:
        raise Refused("Nobody here is an executive yet: add one with /lost team add @NAME.")
    return sorted(people, key=lambda person: person.role != Role.EXECUTIVE)


def _due_on(context: Context, executive: Member) -> date:
    hours = hours_of(executive, context.rules)
    day = hours.local(context.now).date()
    for _ in range(context.rules.follow_up_days):
        day = worked_day_after(day, hours)
    return day


async def _meant(context: Context, task_id: str) -> tuple[FollowUp, Account]:
    """Give the open task a button or form is about, and its account; it is its executive's own."""
    task = await context.work.follow_ups.by_id(int(task_id))
    if task is None or task.closed_at is not None:
        raise Refused("That is done already. Thank you.")
    if task.member_id != context.actor_id and not can(context.role, Permission.DEAL):
        raise Refused("Somebody else was asked to hear this customer. They, or a manager, may.")
    return task, await account_meant(context, str(task.account_id))


async def _close(context: Context, task: FollowUp, account: Account, heard: str | None) -> None:
    """Close a task, and let what was said of it being overdue say what became of it."""
    work, now = context.work, context.now
    task.closed_at, task.tell_at, task.heard = now, None, heard
    work.session.add(task)
    work.deadlines.touched.add(task.member_id)
    people = await work.members.by_ids([task.member_id])
    executive = people[task.member_id]
    await work.nudges.withdraw([late_key(task)])
    late = say_so.no_longer_late(account, mention(executive), was_heard=heard is not None)
    await work.outbox.rewrite(late_key(task), late.to_json(), now)
    theirs = await work.follow_ups.of(task.member_id)
    for told in await work.nudges.told_under([overdue_key(one) for one, _ in theirs]):
        named = named_in(View.from_json(told.view_json), "task")
        said = [(one, whose) for one, whose in theirs if one.id in named]
        if all(one.closed_at for one, _ in said) and not told.sent:
            await work.nudges.withdraw([told.dedupe_key])
            continue
        view = say_so.overdue_for_you(
            [say_so.hearing_of(one, whose) for one, whose in said if one.closed_at is None],
            local_day(now, executive, context.rules),
            done=[pair for pair in said if pair[0].closed_at and told.sent],
        )
        await work.outbox.rewrite(told.dedupe_key, view.to_json(), now)


def _audit(context: Context, what: str, account: Account, detail: str) -> None:
    context.work.workspaces.audit(
        what, account.name, by=context.actor_id, now=context.now, detail=detail
    )
