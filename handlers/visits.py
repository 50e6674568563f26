"""`/lost visit ACCOUNT`: what a visit found, and how far it brings the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.account_life import IN_HAND, State, next_step
from domain.errors import Refused
from domain.loss_line import first_part
from domain.losses import LONGEST_NAME, LONGEST_STORY
from domain.reasons import UNKNOWN
from domain.roles import Permission, can
from domain.visits import state_after_visit, steps_met
from handlers.answers import Answers
from handlers.context import Context
from handlers.effects import Effect, FormErrors, OpenForm, Reply
from handlers.events import Action, Command, FormSubmitted
from handlers.finding import account_meant, find_account, id_of_account
from handlers.reasons import known_reasons
from handlers.views.visits import visit_form, visit_logged
from storage.tables import Account, Loss, Visit

_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class _Report:
    """A visit as its form tells of it."""

    visited_on: date
    who_was_met: str
    met_decision_maker: bool
    what_happened: str
    verified_reason: str | None
    evidence: str | None
    apologised: bool
    next_step: str | None
    next_step_on: date | None


async def log_visit(context: Context, event: Command) -> list[Effect]:
    """Open the form for a visit; without a name, for the one account in hand, or ask which.

    What stands behind the name and a comma or dash is what was heard.
    """
    held = [] if event.text else await context.work.accounts.held_by(context.actor_id)
    if len(held) == 1:
        return await _open(context, held[0])
    name, heard = first_part(event.text)
    readings = {event.text: {}, name: {"heard": heard}}
    account, said = await find_account(context, readings, "visit", "visit.open")
    return await _open(context, account, said.get("heard", ""))


async def open_visit(context: Context, event: Action) -> list[Effect]:
    """Open the form for a visit to the account the button stands beside."""
    account = await account_meant(context, event.payload["account"])
    return await _open(context, account, event.payload.get("heard", ""))


async def send_visit(context: Context, event: FormSubmitted) -> list[Effect]:
    """Write a visit down: the account moves on, what it met of the deadlines is closed.

    1. The visit itself, and the verified reason on the latest loss and on the account.
    2. The state, which never goes back; only the decision maker met and the why known open selling.
    3. The deadlines it met, and the next step set as a new one.
    """
    account = await account_meant(context, event.context["account"])
    await context.work.accounts.lock(id_of_account(account))
    await context.work.session.refresh(account)
    await _require(context, account)
    answers = Answers(event.values, context)
    report = _read(context, answers)
    if report is None:
        return [FormErrors(answers.errors)]
    work, now = context.work, context.now
    account_id = id_of_account(account)
    assignment = await work.dealing.open_assignment(account_id)
    latest = await work.accounts.losses_of(account_id, limit=1)
    loss = latest[0] if latest else None
    earlier = await work.accounts.visits_to(account_id)
    work.session.add(
        Visit(
            workspace_id=work.workspace_id,
            account_id=account_id,
            assignment_id=assignment.id if assignment else None,
            member_id=account.holder_id or context.actor_id,
            visited_on=report.visited_on,
            who_was_met=report.who_was_met,
            met_decision_maker=report.met_decision_maker,
            what_happened=report.what_happened,
            verified_reason=report.verified_reason,
            evidence=report.evidence,
            apologised=report.apologised,
            next_step=report.next_step,
            next_step_on=report.next_step_on,
            logged_at=now,
        )
    )
    _learn(account, loss, report)
    in_this_turn = [
        visit for visit in earlier if assignment and visit.assignment_id == assignment.id
    ]
    account.state = state_after_visit(
        State(account.state),
        met_decision_maker=report.met_decision_maker
        or any(visit.met_decision_maker for visit in in_this_turn),
        why_known=account.why_verified is not None,
    )
    account.touched_at = now
    await work.deadlines.close([account_id], now, steps_met(State(account.state)))
    if assignment and report.next_step and report.next_step_on:
        await work.deadlines.set_next_step(assignment, report.next_step_on, report.next_step)
    work.workspaces.audit(
        "visit logged", account.name, by=context.actor_id, now=now, detail=account.state
    )
    return [
        Reply(
            visit_logged(
                account,
                loss,
                report.next_step,
                report.next_step_on,
                context.rules,
                today=context.today,
            )
        )
    ]


async def _open(context: Context, account: Account, heard: str = "") -> list[Effect]:
    await _require(context, account)
    latest = await context.work.accounts.losses_of(id_of_account(account), limit=1)
    loss = latest[0] if latest else None
    form = visit_form(account, loss, context.rules, context.today, heard=heard[:LONGEST_STORY])
    return [OpenForm(form)]


async def _require(context: Context, account: Account) -> None:
    """Refuse unless the account is in the actor's hands, or the actor leads the team."""
    state = State(account.state)
    if state not in IN_HAND:
        raise Refused(
            f"{account.name} is {state} and in nobody's hands. {next_step(account.name, state)}"
        )
    if account.holder_id == context.actor_id or can(context.role, Permission.DEAL):
        return
    holder = await context.work.members.by_id(account.holder_id or 0)
    name = holder.name if holder else "somebody else"
    raise Refused(f"{account.name} is in {name}'s hands. Only they, or a manager, log its visits.")


def _read(context: Context, answers: Answers) -> _Report | None:
    """Give what the form says, or None with what to mend noted in `answers`."""
    today = context.today
    who = answers.text("who_was_met", "Whom you met", LONGEST_NAME, missing="Whom did you meet?")
    decision_maker = answers.choice(
        "decision_maker", ("yes", "no"), missing="Was the decision maker there?"
    )
    happened = answers.story(
        "what_happened", "What happened", LONGEST_STORY, missing="What did you hear?"
    )
    why = answers.choice("verified_reason", known_reasons(context.rules))
    evidence = answers.story("evidence", "The evidence", LONGEST_STORY)
    step = answers.text("next_step", "The next step", LONGEST_NAME)
    step_on = answers.day(
        "next_step_on",
        not_before=today,
        not_after=today + 2 * _YEAR,
        says="Choose a day from today on, within two years.",
    )
    visited_on = answers.day(
        "visited_on",
        not_before=today - _YEAR,
        not_after=today,
        says="Choose the day of the visit: today, or a day of the past year.",
    )
    if step and step_on is None and "next_step_on" not in answers.errors:
        answers.errors["next_step_on"] = "When? Choose a day, and I will remind you."
    if answers.errors or who is None or happened is None:
        return None
    return _Report(
        visited_on=visited_on or today,
        who_was_met=who,
        met_decision_maker=decision_maker == "yes",
        what_happened=happened,
        verified_reason=None if why == UNKNOWN.key else why,
        evidence=evidence,
        apologised=answers.values.get("apologised") == "yes",
        next_step=step,
        next_step_on=step_on if step else None,
    )


def _learn(account: Account, loss: Loss | None, report: _Report) -> None:
    """Write what the visit found on the account and on its latest loss."""
    if report.verified_reason:
        account.why_verified = report.verified_reason
        if loss is not None:
            loss.verified_reason = report.verified_reason
    if report.met_decision_maker and not account.decision_maker:
        account.decision_maker = report.who_was_met
