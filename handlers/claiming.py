"""A claim made: checked first, reckoned by its plan, written down, and put to who decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.account_life import IN_HAND, State, next_step
from domain.bounty import Bounty, Win, reckon
from domain.errors import Refused
from domain.ledger import claimed as claimed_lines
from domain.money import Money
from handlers.claim_facts import ask_deciders, id_of_claim, shown_claim
from handlers.context import Context, id_of, zone_of
from handlers.days import show_day
from handlers.effects import RefusedWith
from handlers.finding import id_of_account
from handlers.money import show_money
from handlers.plans import Terms
from handlers.views.claims import FOOTHOLD, WHOLE, claim_made, visit_first
from handlers.views.elements import View
from storage.tables import Account, Claim, Member

_CLAIMABLE = {State.UNDERSTOOD, State.FOOTHOLD}


@dataclass(frozen=True, slots=True)
class Claimed:
    """What somebody says came back."""

    value: Money
    won_on: date
    extent: str = WHOLE
    product: str = ""
    how: str = ""
    story: str = ""


async def make_claim(context: Context, account: Account, terms: Terms, said: Claimed) -> View:
    """Write the claim and its first ledger line, ask who decides it, and show what was understood.

    The account was found claimable in the same unit of work.
    """
    work, account_id = context.work, id_of_account(account)
    assignment = await work.dealing.open_assignment(account_id)
    dealt_on = assignment.assigned_on if assignment else context.today
    bounty = await reckon_for(context, account, context.actor, terms, said=said, dealt_on=dealt_on)
    contested = await work.bounties.open_claims(account_id)
    claim = await work.bounties.add(
        account_id=account_id,
        assignment_id=assignment.id if assignment else None,
        member_id=context.actor_id,
        plan_id=terms.plan_id,
        extent=said.extent,
        value_minor=said.value.minor,
        bounty_minor=bounty.pays.minor,
        currency=said.value.currency,
        rule=bounty.rule,
        hold_days=terms.hold_days,
        clawback_days=terms.clawback_days,
        product=said.product or account.product,
        how=said.how,
        story=said.story,
        claimed_at=context.now,
        won_on=said.won_on,
    )
    lines = claimed_lines(bounty.pays, {context.actor_id: 1})
    await work.ledger.write(id_of_claim(claim), lines, now=context.now, by=context.actor_id)
    work.workspaces.audit(
        "claim", account.name, by=context.actor_id, now=context.now, detail=bounty.rule
    )
    for other in contested:
        await work.bounties.revise(id_of_claim(other))
    work.deadlines.touched.add(context.actor_id)
    shown = await shown_claim(context, claim)
    return claim_made(shown, await ask_deciders(context, shown), context.rules, context.today)


async def reckon_for(
    context: Context,
    account: Account,
    claimant: Member,
    terms: Terms,
    *,
    said: Claimed,
    dealt_on: date,
    anew: int | None = None,
) -> Bounty:
    """Reckon what a claim pays under its plan, with what was earned and paid before.

    `anew` is the claim itself, where it was reckoned once already.
    """
    work, plan = context.work, terms.plan
    footholds = [
        claim
        for claim in await work.bounties.approved_on(id_of_account(account))
        if claim.extent == FOOTHOLD
        and claim.currency == plan.currency
        and (account.lost_on is None or claim.won_on >= account.lost_on)
    ]
    own_rate, earned = claimant.commission_percentage, 0
    if plan.member_cap:
        earned = await work.bounties.earned_under(terms.plan_id, id_of(claimant), but_for=anew)
    win = Win(
        said.value,
        dealt_on,
        said.won_on,
        tier=account.tier or "",
        commission=Decimal(own_rate) / 100 if own_rate else None,
        foothold=said.extent == FOOTHOLD,
        earned=earned,
        paid_before=sum(claim.bounty_minor for claim in footholds),
    )
    return reckon(plan, win, show_money)


async def must_be_claimable(context: Context, account: Account) -> None:
    """Refuse where the account cannot be claimed by the actor now, and say what comes first.

    Whoever claims it at the same time has to wait until this is over.
    """
    work = context.work
    await work.accounts.lock(id_of_account(account))
    await work.session.refresh(account)
    name, state = account.name, State(account.state)
    holds = account.holder_id == context.actor_id
    waiting = await work.bounties.open_claims(id_of_account(account))
    await _refuse_twice(context, account, waiting, holds=holds)
    if state is State.WON_BACK:
        won = await work.bounties.approved_on(id_of_account(account))
        winner = await work.members.by_id(won[0].member_id) if won else None
        by = f": {winner.name} won them" if winner else ""
        raise Refused(f"{name} is back already{by}. If they leave again: `/lost {name}, reason`.")
    if state not in IN_HAND:
        raise Refused(f"{name} is {state}, so there is no win to claim. {next_step(name, state)}")
    if not holds and not waiting:
        holder = await work.members.by_id(account.holder_id) if account.holder_id else None
        raise Refused(
            f"{name} is in {holder.name if holder else 'nobody'}’s hands. If it should be yours, "
            f"ask them to hand it over: `/lost pass {name}`."
        )
    if state not in _CLAIMABLE:
        missing = await _what_is_missing(context, account)
        raise RefusedWith(f"{missing} Log the visit first.", visit_first(account, missing))


async def _refuse_twice(
    context: Context, account: Account, waiting: list[Claim], *, holds: bool
) -> None:
    """Refuse a second claim, save by one who holds or worked the account: that is to be decided."""
    own = next((claim for claim in waiting if claim.member_id == context.actor_id), None)
    worked = holds or await context.work.bounties.has_worked_on(
        id_of_account(account), context.actor_id
    )
    twice = own or next((claim for claim in waiting if not worked), None)
    if twice is None:
        return
    claimant = await context.work.members.by_id(twice.member_id)
    who = "You have" if own or claimant is None else f"{claimant.name} has"
    claimed_on = twice.claimed_at.astimezone(zone_of(context.actor, context.rules)).date()
    day = show_day(claimed_on, context.today)
    raise Refused(f"{who} claimed {account.name} already ({day}); it waits for a decision.")


async def _what_is_missing(context: Context, account: Account) -> str:
    visits = await context.work.accounts.visits_to(id_of_account(account))
    missing = []
    if not any(visit.met_decision_maker for visit in visits):
        missing.append("a meeting with the decision maker")
    if not any(visit.verified_reason for visit in visits):
        missing.append("why they left, in their own words")
    what = " and ".join(missing) or "both in one visit: the decision maker, and why they left"
    return f"Good news about {account.name}! Before it counts I need {what}."
