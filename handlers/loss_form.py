"""The form for a loss: opened, sent, put right, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from domain.account_life import DEALABLE, State
from domain.errors import Refused
from domain.loss_line import LossLine
from domain.losses import (
    LONGEST_NAME,
    LONGEST_STORY,
    PREVENTABLE_LABELS,
    WON_BY_LABELS,
    Kind,
    is_lost,
)
from domain.names import tidy
from domain.reasons import UNKNOWN
from domain.roles import Permission, Role, can
from handlers.answers import Answers
from handlers.confiding import Confidence, confidant_of
from handlers.context import Context
from handlers.effects import Effect, FormErrors, OpenForm, ReplaceSource, Reply
from handlers.events import Action, FormSubmitted
from handlers.finding import account_meant, either, shortened
from handlers.loss_records import (
    Particulars,
    card_of,
    correct_loss,
    holder_of,
    particulars_of,
    record_loss,
    take_back_loss,
)
from handlers.money import plain_amount
from handlers.reasons import known_reasons
from handlers.views.confiding import with_confidant
from handlers.views.forms import Form
from handlers.views.loss_form import NEW, correction_form, loss_form, new_account_value
from handlers.views.losses import loss_corrected, loss_undone
from storage.tables import Account, Loss


def filled_form(context: Context, account: Account | str, line: LossLine | None = None) -> Form:
    """Give the form for a loss with what is known of it filled in.

    `account`: a known one, or a name (which may be empty).
    """
    said = particulars_of(context, line or LossLine(""))
    values = {
        "reason": (line.reason or line.guess or "") if line else "",
        "what_happened": said.what_happened or "",
        "competitor": said.competitor or "",
        "value": f"{plain_amount(said.value)} {said.value.currency}" if said.value else "",
        "kind": Kind.CUSTOMER.value,
        "lost_by": str(context.actor_id) if context.role is Role.REP else "",
    }
    if isinstance(account, Account):
        name, values["account"] = account.name, str(account.id)
    else:
        name, values["account"] = account, new_account_value(account) if account else ""
    asks = line is not None and name and line.reason is None
    return loss_form(
        context.rules,
        values,
        account_shown=name,
        lost_by_shown=context.actor.name if values["lost_by"] else "",
        intro="I was not sure of the reason. Please choose it." if asks else "",
        context={"name": name},
    )


async def open_loss_form(context: Context, event: Action) -> list[Effect]:
    """Open the form, with the account's name filled in where the button bears one."""
    name = tidy(event.payload.get("account", ""))[:LONGEST_NAME]
    known = await context.work.accounts.named(name) if name else None
    return [OpenForm(filled_form(context, known or name))]


async def send_loss(context: Context, event: FormSubmitted) -> list[Effect]:
    """Write down the loss that the form tells of.

    A name that is nearly a known one, and an account that is lost already, are asked about once:
    the form stays, and sending it again is the answer.
    """
    answers = Answers(event.values, context)
    account = await _account(context, answers, event.context)
    said = await _particulars(context, answers)
    if said is not None and event.values.get("confidence") == "yes":
        said = await _in_confidence(context, answers, said)
    if answers.errors or said is None or account is None:
        return [FormErrors(answers.errors)]
    chosen = event.values["account"]
    if event.context.get("asked") != chosen:
        doubt = await _doubt(context, account)
        if doubt:
            return [OpenForm(await _asked_again(context, event, account, doubt))]
    recorded = await record_loss(context, account, said)
    card = await card_of(context, recorded)
    if said.confidence is not None:
        card = with_confidant(card, said.confidence.about, said.confidence.told)
    return [Reply(card)]


async def open_correction(context: Context, event: Action) -> list[Effect]:
    """Open the form with a loss as it is written."""
    account, loss = await _own_loss(context, event.payload["loss"])
    members = await context.work.members.by_ids([loss.lost_by_id] if loss.lost_by_id else [])
    lost_by = members.get(loss.lost_by_id or 0)
    return [OpenForm(correction_form(context.rules, account, loss, lost_by))]


async def send_correction(context: Context, event: FormSubmitted) -> list[Effect]:
    """Put a loss right as the form says."""
    account, loss = await _own_loss(context, event.context["loss"])
    answers = Answers(event.values, context)
    said = await _particulars(context, answers)
    if answers.errors or said is None:
        return [FormErrors(answers.errors)]
    await correct_loss(context, account, loss, said)
    return [Reply(loss_corrected(account, loss, context.rules, context.today))]


async def undo_loss(context: Context, event: Action) -> list[Effect]:
    """Take a loss back, while nobody acted on it and the hour is not over."""
    account, loss = await _own_loss(context, event.payload["loss"])
    was = State(event.payload["was"])
    minutes = context.rules.undo_minutes
    if context.now > loss.logged_at + timedelta(minutes=minutes):
        raise Refused(
            f"That was more than {minutes} minutes ago. Press Edit to put it right instead."
        )
    if State(account.state) not in {*DEALABLE, State.AT_RISK, was}:
        raise Refused(f"{account.name} is {account.state} by now, so the loss stays. Edit it.")
    gone = await take_back_loss(context, account, loss, was)
    return [ReplaceSource(loss_undone(account, gone=gone))]


async def _own_loss(context: Context, loss_id: str) -> tuple[Account, Loss]:
    """Give a loss and its account to the one who logged it, and to those who lead the team."""
    loss = await context.work.accounts.loss(int(loss_id))
    if loss is None:
        raise Refused("That loss is not here any more: it was taken back.")
    if loss.logged_by_id != context.actor_id and not can(context.role, Permission.DEAL):
        raise Refused("Only the one who logged a loss, or a manager, can change it.")
    return await account_meant(context, str(loss.account_id)), loss


async def _account(
    context: Context, answers: Answers, carried: Mapping[str, str]
) -> Account | str | None:
    """Give the account the form names: a known one, the name of a new one, or None with an error.

    A long new name is longer than an option may be; the form then carries it whole.
    """
    chosen = answers.values.get("account", "")
    if chosen.isdigit():
        known = await context.work.accounts.by_id(int(chosen))
        if known is None:
            answers.errors["account"] = "That account is not here any more."
        return known
    name = carried.get("name", "")
    if not name or new_account_value(name) != chosen:
        name = chosen.removeprefix(NEW)
    name = tidy(name)
    if not name:
        answers.errors["account"] = "Which customer left? Type the name and choose it."
        return None
    if len(name) > LONGEST_NAME:
        answers.errors["account"] = f"A name takes up to {LONGEST_NAME} characters."
        return None
    return await context.work.accounts.named(name) or name


async def _particulars(context: Context, answers: Answers) -> Particulars | None:
    """Give what a form says of a loss; None where no reason is chosen, which is an error."""
    reasons = known_reasons(context.rules)
    ahead = context.today + timedelta(days=3660)
    reason = answers.choice("reason", reasons, missing="Why? “Not known yet” is fine too.")
    said = Particulars(
        reason or "",
        kind=Kind(answers.choice("kind", list(Kind)) or Kind.CUSTOMER),
        what_happened=answers.story("what_happened", "What happened", LONGEST_STORY),
        competitor=answers.text("competitor", "A competitor's name", LONGEST_NAME),
        won_by=answers.choice("won_by", WON_BY_LABELS),
        value=answers.money("value"),
        last_day_on=answers.day("last_day", not_after=ahead, says="That is too far ahead."),
        decision_maker=answers.text("decision_maker", "A name", LONGEST_NAME),
        preventable=answers.choice("preventable", PREVENTABLE_LABELS),
        wake_on=answers.day("wake_on", not_before=context.today, says="That day is over."),
        lost_by_id=await answers.member("lost_by"),
    )
    return said if reason else None


async def _in_confidence(context: Context, answers: Answers, said: Particulars) -> Particulars:
    """Take why and what happened out of a loss, for the manager of the one it is about."""
    about = await context.work.members.by_id(said.lost_by_id or 0)
    if about is None or about.id == context.actor_id:
        answers.errors["lost_by"] = "Whom is it about? Choose who had the account."
        return said
    if said.what_happened is None:
        answers.errors["what_happened"] = "What did they say? Only the manager reads it."
        return said
    told = await confidant_of(context.work, about)
    if told is None:
        answers.errors["confidence"] = f"There is nobody here who could hear it but {about.name}."
        return said
    confidence = Confidence(about, told, said.reason, said.what_happened)
    return replace(said, reason=UNKNOWN.key, what_happened=None, confidence=confidence)


async def _doubt(context: Context, account: Account | str) -> str:
    """Say what has to be asked before a loss of this account is written; empty where nothing."""
    again = "send the form once more"
    if isinstance(account, str):
        alike = [known.name for known in await context.work.accounts.alike(account)]
        if not alike:
            return ""
        return f"I know {either(alike)}. If that is the one, choose it; if it is new, {again}."
    if not is_lost(State(account.state)):
        return ""
    holder = await holder_of(context, account)
    where = f"in {holder}'s hands" if holder else f"logged ({account.state})"
    return f"{shortened(account.name)} is already {where}. If this is another loss, {again}."


async def _asked_again(
    context: Context, event: FormSubmitted, account: Account | str, doubt: str
) -> Form:
    """Give the form as it was sent, with the question above it."""
    values = event.values
    lost_by = values.get("lost_by", "")
    member = await context.work.members.by_id(int(lost_by)) if lost_by else None
    name = account if isinstance(account, str) else account.name
    carried = {**event.context, "asked": values["account"]}
    return loss_form(
        context.rules,
        values,
        account_shown=name,
        lost_by_shown=member.name if member else "",
        intro=doubt,
        context=carried,
    )
