"""`/lost pass ACCOUNT`: handing an account over, without blame ("is it me?")."""

from __future__ import annotations

from dataclasses import replace

from domain.account_life import IN_HAND, State, next_step
from domain.dealing import hand_over
from domain.errors import Refused
from domain.roles import Permission, can
from handlers.context import Context, id_of
from handlers.dealing import seats_at, terms_for
from handlers.effects import Effect, ReplaceSource, Reply
from handlers.events import Action, Command
from handlers.finding import account_meant, find_account, id_of_account
from handlers.views.dealt import Dealt, passed_from_you, passed_to_you
from handlers.views.elements import View
from handlers.views.handing_over import ask_first, handed_over, kept, nobody_to_take_it, stuck
from storage.dealing_out import passed_key
from storage.tables import Account, Assignment, Member


async def pass_account(context: Context, event: Command) -> list[Effect]:
    """Hand an account over to whoever is next in turn."""
    account, _ = await find_account(context, {event.text: {}}, "pass", "pass.ask")
    return [Reply(await _hand_over(context, account))]


async def ask_to_pass(context: Context, event: Action) -> list[Effect]:
    """Ask once before an account is handed over."""
    account = await account_meant(context, event.payload["account"])
    assignment = await _held(context, account)
    own = assignment.member_id == context.actor_id
    holder = None if own else await context.work.members.by_id(assignment.member_id)
    return [Reply(ask_first(account, holder))]


async def pass_on(context: Context, event: Action) -> list[Effect]:
    """Hand the account over that was asked about."""
    account = await account_meant(context, event.payload["account"])
    return [ReplaceSource(await _hand_over(context, account))]


async def keep_account(context: Context, event: Action) -> list[Effect]:
    """Leave the account where it is."""
    account = await account_meant(context, event.payload["account"])
    return [ReplaceSource(kept(account, own=account.holder_id == context.actor_id))]


async def _held(context: Context, account: Account) -> Assignment:
    """Give who has the account, if the actor may hand it over now."""
    state = State(account.state)
    assignment = await context.work.dealing.open_assignment(id_of_account(account))
    if state not in IN_HAND or assignment is None:
        raise Refused(
            f"{account.name} is {state} and in nobody's hands. {next_step(account.name, state)}"
        )
    if assignment.member_id != context.actor_id and not can(context.role, Permission.DEAL):
        holder = await context.work.members.by_id(assignment.member_id)
        name = holder.name if holder else "somebody else"
        raise Refused(f"{account.name} is in {name}'s hands. Only they, or a manager, pass it on.")
    if await context.work.dealing.is_claimed(id_of_account(account)):
        raise Refused(
            f"A claim that {account.name} came back waits for its answer. "
            "It can be handed over once that is decided."
        )
    return assignment


async def _hand_over(context: Context, account: Account) -> View:
    """Give an account to the next in turn, and tell both; where nobody can take it, it stays.

    It counts as the taker's turn; see `domain.dealing.hand_over`.
    """
    work, rules, now = context.work, context.rules, context.now
    await work.dealing.lock()
    assignment = await _held(context, account)
    passer = (await work.members.by_ids([assignment.member_id]))[assignment.member_id]
    lot = await work.dealing.lot_in_hand(id_of_account(account))
    turns = await work.dealing.turns()
    seats, team = await seats_at(work, rules, now, turns)
    outcome = hand_over(lot, seats, rules, id_of(passer))
    if not outcome.picks:
        why = outcome.left[0].why
        told = await _tell_leads(context, account, passer, assignment, why)
        return stuck(account, why, told=told)
    [pick] = outcome.picks
    taker = team[pick.member_id]
    terms = terms_for(taker, rules, now)
    noted = replace(pick, why=f"handed over by {passer.name}; {pick.why}")
    taken = await work.deals.hand_over(assignment, noted, terms.assigned_on, now)
    work.deadlines.touched.add(assignment.member_id)
    await work.deadlines.set_all([(taken, rung, tell_at, None) for rung, tell_at in terms.rungs])
    await work.deals.keep_turns(outcome.turns)
    await work.deals.forget_turns(turns.keys() - team.keys())
    view = passed_to_you(
        Dealt(account, pick.why),
        passer,
        first_by=terms.rungs[0][0].due_on,
        rules=rules,
        today=terms.assigned_on,
    )
    await context.tell(taker, view, kind="deal", dedupe_key=passed_key(taken.id))
    if id_of(passer) != context.actor_id:
        await context.tell(
            passer,
            passed_from_you(account, taker, context.actor),
            kind="deal",
            dedupe_key=f"passed-from:{taken.id}",
        )
    work.workspaces.audit(
        "handed over",
        account.name,
        by=context.actor_id,
        now=now,
        detail=f"from {passer.name} to {taker.name}",
    )
    return handed_over(account, taker)


async def _tell_leads(
    context: Context, account: Account, passer: Member, assignment: Assignment, why: str
) -> bool:
    """Tell who leads that nobody can take it, unless they ask; say whether anybody was told."""
    leads = await context.work.members.managers_of(passer)
    others = [lead for lead in leads if id_of(lead) != context.actor_id]
    for lead in others:
        await context.tell(
            lead,
            nobody_to_take_it(account, passer, why),
            kind="deal",
            dedupe_key=f"stuck:{assignment.id}:{id_of(lead)}:{context.today}",
        )
    return bool(others)
