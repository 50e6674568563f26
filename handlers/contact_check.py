"""Is the angry contact still there? (D5) A new face is good news, and is shown as such."""

from __future__ import annotations

from domain.account_life import IN_HAND, State, next_step
from domain.errors import Refused
from domain.losses import LONGEST_NAME
from domain.roles import Permission, can
from handlers.answers import Answers
from handlers.context import Context
from handlers.effects import Effect, FormErrors, OpenForm, Reply
from handlers.events import Action, FormSubmitted
from handlers.finding import account_meant
from handlers.views.contact_check import contact_form, new_face
from storage.tables import Account


async def ask_for_new_contact(context: Context, event: Action) -> list[Effect]:
    """Open the form for whoever is there now."""
    account = await account_meant(context, event.payload["account"])
    _require(context, account)
    return [OpenForm(contact_form(account))]


async def note_new_contact(context: Context, event: FormSubmitted) -> list[Effect]:
    """Write down who decides there now."""
    account = await account_meant(context, event.context["account"])
    _require(context, account)
    answers = Answers(event.values, context)
    name = answers.text("contact", "The name", LONGEST_NAME, missing="Who is there now?")
    if name is None:
        return [FormErrors(answers.errors)]
    before = account.decision_maker
    account.decision_maker = name
    account.touched_at = context.now
    context.work.session.add(account)
    context.work.workspaces.audit(
        "contact changed", account.name, by=context.actor_id, now=context.now
    )
    return [Reply(new_face(account, before))]


def _require(context: Context, account: Account) -> None:
    state = State(account.state)
    if state not in IN_HAND:
        raise Refused(
            f"{account.name} is {state} and in nobody's hands. {next_step(account.name, state)}"
        )
    if account.holder_id != context.actor_id and not can(context.role, Permission.DEAL):
        raise Refused(f"{account.name} is in somebody else's hands. They, or a manager, note that.")
