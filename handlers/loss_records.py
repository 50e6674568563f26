"""Writing a loss down: the loss itself, what it does to the account, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from domain.account_life import DEALABLE, IN_HAND, State
from domain.errors import Refused
from domain.loss_line import LossLine
from domain.losses import Kind, reconnect_on, state_after_loss
from domain.money import Money
from domain.names import name_key
from domain.reasons import UNKNOWN
from domain.roles import Role
from handlers.confiding import Confidence, confide
from handlers.context import Context
from handlers.dealing import deal_one
from handlers.finding import account_meant
from handlers.leaving_again import give_back_bounties, take_back_bounties
from handlers.money import read_money
from handlers.reasons import label_of
from handlers.views.elements import View
from handlers.views.losses import loss_announced, loss_card, loss_taken_back, news_of_account
from storage.tables import Account, Loss

_PERSONAL = {"what_happened", "decision_maker"}  # not repeated in the audit log, which stays


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of a loss; whatever was not said is None."""

    reason: str
    kind: Kind = Kind.CUSTOMER
    what_happened: str | None = None
    competitor: str | None = None
    won_by: str | None = None
    value: Money | None = None
    last_day_on: date | None = None
    decision_maker: str | None = None
    preventable: str | None = None
    wake_on: date | None = None
    lost_by_id: int | None = None
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A loss as it was written, its account as it stands now, and the state it was in before."""

    account: Account
    loss: Loss
    was: State


def particulars_of(context: Context, line: LossLine) -> Particulars:
    """Give what a line says; a sum that cannot be read stays among the words."""
    note, value = line.note, None
    if line.amount:
        try:
            value = read_money(line.amount, context.rules.currency)
        except Refused:
            note = ", ".join(words for words in (line.amount, note) if words)
    return Particulars(
        line.reason or UNKNOWN.key,
        what_happened=note or None,
        competitor=line.competitor,
        value=value,
    )


async def record_loss(
    context: Context, account: Account | str, particulars: Particulars
) -> Recorded:
    """Write a loss of a known account, or of a new one by its name.

    A customer who left lies in the drawer from now on, or is dealt at once where the workspace
    wants that, and the team's channel hears of it.
    """
    work, now = context.work, context.now
    known = account if isinstance(account, Account) else None
    account = known or _new_account(context, str(account))
    was = State(account.state)
    loss = Loss(
        workspace_id=work.workspace_id,
        account_id=account.id or 0,
        lost_on=min(particulars.last_day_on or context.today, context.today),
        logged_by_id=context.actor_id,
        logged_at=now,
        **_columns(context, particulars),
    )
    account.state = state_after_loss(was, particulars.kind)
    if account.state != was:
        account.why_verified = None
    if account.lost_on is None or loss.lost_on >= account.lost_on:
        _repeat(context, account, loss)
    account.touched_at = now
    if known is None and not await work.accounts.enter(account):
        somebody_elses = await work.accounts.named(account.name)
        return await record_loss(context, somebody_elses or account.name, particulars)
    loss.account_id = account.id or 0
    await work.accounts.add_loss(loss)
    _note(context, "loss logged", account, f"{loss.kind}: {loss.reason}")
    if particulars.confidence is not None:
        await confide(context, account, loss, particulars.confidence)
    if known is not None:
        heard = loss.what_happened or f"Another loss: {label_of(loss.reason, context.rules)}."
        await tell_holder(context, account, heard)
    if was not in DEALABLE and account.state in DEALABLE:
        await _post(context, _key(loss), loss_announced(account, loss))
        if known is not None:
            await take_back_bounties(work, account, loss, now)
        if context.rules.deal_new_losses:
            account = await account_meant(context, str(account.id))
            await deal_one(context, account)
    return Recorded(account, loss, was)


def _new_account(context: Context, name: str) -> Account:
    return Account(
        workspace_id=context.work.workspace_id,
        name=name,
        name_key=name_key(name),
        state=State.ACTIVE,
        created_at=context.now,
        touched_at=context.now,
    )


async def correct_loss(
    context: Context, account: Account, loss: Loss, particulars: Particulars
) -> None:
    """Put right what was written of a loss; the audit log keeps what it said before."""
    columns = _columns(context, particulars)
    if particulars.last_day_on:
        columns["lost_on"] = min(particulars.last_day_on, context.today)
    changes = {key: (getattr(loss, key), new) for key, new in columns.items()}
    changes = {key: (old, new) for key, (old, new) in changes.items() if old != new}
    if not changes:
        return
    for key, (_, new) in changes.items():
        setattr(loss, key, new)
    [latest] = await context.work.accounts.losses_of(loss.account_id, limit=1)
    if latest is loss:
        if "kind" in changes:
            account.state = _state_after_correction(State(account.state), Kind(loss.kind))
        _repeat(context, account, loss)
    account.touched_at = context.now
    told = (
        key if key in _PERSONAL else f"{key}: {old} → {new}" for key, (old, new) in changes.items()
    )
    _note(context, "loss corrected", account, "; ".join(told))


async def take_back_loss(context: Context, account: Account, loss: Loss, was: State) -> bool:
    """Make a loss as if it had never been logged; say whether the account went with it.

    An account that came into being with the loss, and that nobody touched since, goes too.
    """
    work = context.work
    announced = State(account.state) in DEALABLE and was not in DEALABLE
    await give_back_bounties(context, account, loss)
    await work.complaints.drop(loss.id or 0)
    await work.session.delete(loss)
    await work.session.flush()
    left = await work.accounts.losses_of(loss.account_id, limit=1)
    _note(context, "loss taken back", account, f"{loss.kind}: {loss.reason}")
    if announced:
        await _post(context, f"{_key(loss)}:undone", loss_taken_back(account))
    came_with_it = not left and account.created_at == loss.logged_at
    if came_with_it and not await work.accounts.has_history(loss.account_id):
        await work.session.delete(account)
        return True
    if left:
        _repeat(context, account, left[0])
    else:
        account.lost_on = account.lost_by_id = account.reason = account.reconnect_on = None
        account.competitor = None
    account.state = was
    account.touched_at = context.now
    return False


async def card_of(context: Context, recorded: Recorded) -> View:
    """Show a loss that was just written, and how to put it right."""
    holder = await holder_of(context, recorded.account)
    return loss_card(
        recorded.account,
        recorded.loss,
        context.rules,
        context.today,
        holder=holder,
        was=recorded.was.value,
    )


async def holder_of(context: Context, account: Account) -> str:
    """Name who has an account in hand; empty where nobody has."""
    if account.holder_id is None or State(account.state) not in IN_HAND:
        return ""
    member = await context.work.members.by_id(account.holder_id)
    return member.name if member else ""


async def tell_holder(context: Context, account: Account, heard: str) -> str:
    """Pass on what was heard to the one who has the account in hand; give their name if told."""
    if account.holder_id is None or State(account.state) not in IN_HAND:
        return ""
    holder = await context.work.members.by_id(account.holder_id)
    if holder is None or account.holder_id == context.actor_id:
        return ""
    words = sha256(heard.encode()).hexdigest()[:16]
    key = f"heard:{account.id}:{context.actor_id}:{context.today}:{words}"
    view = news_of_account(account, context.actor.name, heard)
    await context.tell(holder, view, kind="news", dedupe_key=key)
    return holder.name


def _columns(context: Context, said: Particulars) -> dict[str, Any]:
    """Give a loss's columns; the rep who logs it is the one who lost it unless they say who did."""
    by_default = context.actor_id if context.role is Role.REP else None
    return {
        "kind": said.kind.value,
        "reason": said.reason,
        "what_happened": said.what_happened,
        "competitor": said.competitor,
        "competitor_won_by": said.won_by,
        "value_minor": said.value.minor if said.value else None,
        "currency": said.value.currency if said.value else None,
        "last_day_on": said.last_day_on,
        "decision_maker": said.decision_maker,
        "preventable": said.preventable,
        "wake_on": said.wake_on,
        "lost_by_id": said.lost_by_id or by_default,
    }


def _repeat(context: Context, account: Account, loss: Loss) -> None:
    """Repeat on the account what its latest loss says, for the lists and the deal."""
    account.lost_by_id = loss.lost_by_id
    account.lost_on = loss.lost_on
    account.reason = loss.reason
    account.competitor = loss.competitor
    account.reconnect_on = reconnect_on(loss.lost_on, loss.wake_on, context.rules)
    account.decision_maker = loss.decision_maker or account.decision_maker
    if loss.value_minor is not None:
        account.value_minor, account.currency = loss.value_minor, loss.currency


def _state_after_correction(current: State, kind: Kind) -> State:
    if current in DEALABLE and kind is Kind.EBBING:
        return State.AT_RISK
    return state_after_loss(current, kind)


async def _post(context: Context, key: str, view: View) -> None:
    """Tell the team's channel, where the workspace wants that."""
    rules = context.rules
    if rules.team_channel and rules.announce_losses:
        await context.post(rules.team_channel, view, kind="loss", dedupe_key=key)


def _key(loss: Loss) -> str:
    """Name a loss for ever; an id alone may serve again once its loss was taken back."""
    return f"loss:{loss.id}:{loss.logged_at.isoformat()}"


def _note(context: Context, action: str, account: Account, detail: str) -> None:
    context.work.workspaces.audit(
        action, account.name, by=context.actor_id, now=context.now, detail=detail
    )
