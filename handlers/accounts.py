"""`/lost mine` and `/lost show ACCOUNT`: what is in my hands, and all that is known of one."""

from __future__ import annotations

from domain.account_life import IN_HAND, State
from domain.digest import DueItem
from domain.roles import Permission, can
from domain.work_order import Work, work_order
from handlers.context import Context
from handlers.effects import Effect, ReplaceSource, Reply
from handlers.events import Action, Command
from handlers.finding import account_meant, find_account, id_of_account
from handlers.plans import bounty_on
from handlers.views.accounts import Card, InHand, account_card, accounts_in_hand, nothing_in_hand
from handlers.views.confiding import with_confidences
from handlers.views.elements import View
from handlers.views.forgetting import forget_button
from handlers.views.legal_hold import with_hold_button
from storage.tables import Account, Member

_PAGE = 10


async def show_mine(context: Context, event: Command) -> list[Effect]:
    """List the accounts in the actor's hands, the late and the big ones first."""
    return [Reply(await _mine(context, 0))]


async def turn_mine(context: Context, event: Action) -> list[Effect]:
    """Show another page of that list."""
    return [ReplaceSource(await _mine(context, int(event.payload["page"])))]


async def show_account(context: Context, event: Command) -> list[Effect]:
    """Show all that is known of the account that is named."""
    account, _ = await find_account(context, {event.text: {}}, "show", "account.show")
    return [Reply(await _card(context, account))]


async def show_account_meant(context: Context, event: Action) -> list[Effect]:
    """Show all that is known of the account that the button stands beside."""
    return [Reply(await _card(context, await account_meant(context, event.payload["account"])))]


async def in_hand(context: Context, member_id: int) -> list[InHand]:
    """Give what a member has in hand with what is due next on each, in the order of work."""
    held = await context.work.accounts.held_by(member_id)
    due: dict[int, DueItem] = {}
    for item in await context.work.deadlines.open_for(member_id):
        due.setdefault(item.account_id, item)
    listed = [InHand(account, due.get(id_of_account(account))) for account in held]
    return sorted(listed, key=lambda one: work_order(_work(one), context.today))


def _work(one: InHand) -> Work:
    account = one.account
    due_on = one.due.due_on if one.due else None
    return Work(due_on, bool(account.tier), account.value_minor or 0, account.name_key)


async def _mine(context: Context, page: int) -> View:
    listed = await in_hand(context, context.actor_id)
    if not listed:
        return nothing_in_hand(drawer_empty=await context.work.drawer.is_empty())
    last = (len(listed) - 1) // _PAGE
    page = max(0, min(page, last))
    shown = listed[page * _PAGE : (page + 1) * _PAGE]
    return accounts_in_hand(shown, len(listed), context.rules, context.today, page=page, last=last)


async def _card(context: Context, account: Account) -> View:
    """Gather what the actor may see of an account.

    The one who has it in hand and those who lead see everything; others no private notes, and only
    those who lead see who lost it.
    """
    work, account_id = context.work, id_of_account(account)
    holds = account.holder_id == context.actor_id and State(account.state) in IN_HAND
    leads = can(context.role, Permission.DEAL)
    oversees = can(context.role, Permission.SEE_DRAWER)
    losses = await work.accounts.losses_of(account_id)
    visits = await work.accounts.visits_to(account_id)
    claims = [
        *await work.bounties.open_claims(account_id),
        *await work.bounties.approved_on(account_id),
    ]
    follow_ups = await work.follow_ups.on(account_id)
    others = [one.member_id for one in visits] + [one.member_id for one in claims]
    others += [one.member_id for one in follow_ups]
    people = await _people(context, account, others)
    deadlines = [
        one
        for one in await work.deadlines.items_on(account_id)
        if one.member_id == account.holder_id
    ]
    card = account_card(
        Card(
            account=account,
            losses=losses,
            visits=visits,
            claims=claims,
            follow_ups=follow_ups,
            deadlines=deadlines,
            people=people,
            bounty=await bounty_on(work, context.rules, account_id, context.now, context.today),
            holds=holds,
            works=holds or leads,
            sees_notes=holds or oversees,
            sees_who_lost_it=oversees,
            asks_executives=leads and not any(one.closed_at is None for one in follow_ups),
            corrects=bool(losses) and (leads or losses[0].logged_by_id == context.actor_id),
        ),
        context.rules,
        context.today,
    )
    if leads:
        card = with_hold_button(card, account, forget_button(account))
    complaints = await work.complaints.told_to(context.actor_id, account_id)
    about = await work.members.by_ids(one.about_id for one in complaints)
    return with_confidences(card, complaints, about, context.rules, context.today)


async def _people(context: Context, account: Account, others: list[int]) -> dict[int, Member]:
    ids = {account.holder_id, account.lost_by_id, *others}
    return await context.work.members.by_ids(one for one in ids if one is not None)
