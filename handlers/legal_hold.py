"""The legal hold: while it stands nobody is dealt an account, reminded of it or sent there."""

from __future__ import annotations

from domain.account_life import IN_HAND, State, move
from domain.errors import Refused
from handlers.answers import Answers
from handlers.context import Context
from handlers.effects import Effect, FormErrors, OpenForm, ReplaceSource, Reply
from handlers.events import Action, FormSubmitted
from handlers.finding import account_meant, id_of_account
from handlers.views.legal_hold import hold_form, hold_lifted, hold_set, hold_set_on_yours
from storage.tables import Account

_LONGEST_WHY = 300


async def open_hold(context: Context, event: Action) -> list[Effect]:
    """Ask what the hold is for."""
    return [OpenForm(hold_form(await account_meant(context, event.payload["account"])))]


async def set_hold(context: Context, event: FormSubmitted) -> list[Effect]:
    """Put an account on hold; whoever has it in hand gives it back, and is told."""
    await context.work.dealing.lock()
    account = await account_meant(context, event.context["account"])
    answers = Answers(event.values, context)
    why = answers.text("why", "The reason", _LONGEST_WHY, missing="What is it for?")
    if answers.errors:
        return [FormErrors(answers.errors)]
    held = move(account.name, State(account.state), State.LEGAL_HOLD)
    if State(account.state) in IN_HAND:
        await _take_from_holder(context, account)
    account.state, account.holder_id, account.touched_at = held, None, context.now
    _note(context, account, "legal hold set", why or "")
    return [Reply(hold_set(account))]


async def lift_hold(context: Context, event: Action) -> list[Effect]:
    """Lift a hold: who was lost lies in the drawer again, who was not is a customer as before."""
    account = await account_meant(context, event.payload["account"])
    if State(account.state) is not State.LEGAL_HOLD:
        raise Refused(f"{account.name} is not on hold any more.")
    account.state = State.CODE_99 if account.lost_on else State.ACTIVE
    account.touched_at = context.now
    _note(context, account, "legal hold lifted")
    return [ReplaceSource(hold_lifted(account))]


async def _take_from_holder(context: Context, account: Account) -> None:
    work, account_id = context.work, id_of_account(account)
    if await work.dealing.is_claimed(account_id):
        raise Refused(
            f"A claim that {account.name} came back waits for its answer. Decide that first."
        )
    assignment = await work.dealing.open_assignment(account_id)
    if assignment is None:
        return
    await work.deals.return_all([assignment.id or 0], context.now)
    work.deadlines.touched.add(assignment.member_id)
    await work.session.refresh(account)
    holder = await work.members.by_id(assignment.member_id)
    if holder is not None and holder.active and holder.id != context.actor_id:
        await context.tell(
            holder,
            hold_set_on_yours(account),
            kind="hold",
            dedupe_key=f"hold:{assignment.id}",
        )


def _note(context: Context, account: Account, action: str, detail: str = "") -> None:
    context.work.workspaces.audit(
        action, account.name, by=context.actor_id, now=context.now, detail=detail
    )
