"""A claim approved or declined: once, by somebody with no part in it, and the rep is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from domain.account_life import DEALABLE, State, move
from domain.errors import Refused
from domain.ledger import Entry, Pot, moved
from domain.money import Money
from domain.roles import Permission, can
from handlers.claim_facts import as_it_is, claim_meant, id_of_claim, rivals_of
from handlers.context import Context, id_of, local_day, who_may
from handlers.deciders import deciders_for
from handlers.digests import claim_changed
from handlers.effects import Effect, OpenForm, ReplaceSource, Reply
from handlers.events import Action, FormSubmitted
from handlers.finding import id_of_account
from handlers.money import of_amount
from handlers.views.claims import (
    FOOTHOLD,
    WHOLE,
    Shown,
    claim_decided,
    claim_endorsed,
    claim_request,
)
from handlers.views.decisions import (
    claim_approved,
    claim_declined,
    credited_to,
    decline_form,
)


async def approve_claim(context: Context, event: Action) -> list[Effect]:
    """Let a claim count: the account is won back and its bounty is held.

    Where it is above the limit, an executive has the last word. Others who claim the same account
    are told to whom it was credited.
    """
    shown = await claim_meant(context, event.payload["claim"])
    rivals = await rivals_of(context, shown)
    early = _not_now(context, shown, rivals, event.payload)
    if early:
        return early
    if _needs_executive(context, shown):
        return await _endorse(context, shown)
    await _settle_approved(context, shown)
    await _win_back(context, shown)
    for rival in rivals:
        await _decline(context, rival, credited_to(shown.claimant))
    decided = await as_it_is(context, id_of_claim(shown.claim))
    context.work.workspaces.audit(
        "approve claim", shown.account.name, by=context.actor_id, now=context.now
    )
    await _congratulate(context, decided)
    await claim_changed(context.work, decided.claim.member_id)
    return [ReplaceSource(claim_decided(decided, context.rules, context.today))]


async def look_at_claim(context: Context, event: Action) -> list[Effect]:
    """Put a claim that waits to somebody who decides, as it is now."""
    shown = await claim_meant(context, event.payload["claim"])
    rivals = await rivals_of(context, shown)
    early = _not_now(context, shown, rivals, event.payload)
    return early or [Reply(claim_request(shown, context.rules, context.today, rivals))]


async def ask_why_declined(context: Context, event: Action) -> list[Effect]:
    """Ask for the reason before a claim is declined."""
    shown = await claim_meant(context, event.payload["claim"])
    early = _not_now(context, shown, await rivals_of(context, shown), event.payload)
    return early or [OpenForm(decline_form(shown))]


async def decline_claim(context: Context, event: FormSubmitted) -> list[Effect]:
    """Decline a claim with a reason, which the claimant reads; the account stays where it is."""
    shown = await claim_meant(context, event.context["claim"])
    _four_eyes(context, shown)
    reason = event.values.get("reason", "").strip()
    if not reason:
        raise Refused("A word of why helps: they read it.", field="reason")
    late = shown.claim.state != "claimed"
    if not late:
        shown = await _decline(context, shown, reason)
    return [ReplaceSource(claim_decided(shown, context.rules, context.today, late=late))]


def _not_now(
    context: Context, shown: Shown, rivals: list[Shown], payload: Mapping[str, str]
) -> list[Effect]:
    """Give what is shown instead, where a claim is decided already or is not what was read."""
    _four_eyes(context, shown)
    if shown.claim.state != "claimed":
        return [ReplaceSource(claim_decided(shown, context.rules, context.today, late=True))]
    read = payload.get("version", str(shown.claim.version))
    if read != str(shown.claim.version):
        fresh = claim_request(shown, context.rules, context.today, rivals, changed=True)
        return [ReplaceSource(fresh)]
    return []


def _needs_executive(context: Context, shown: Shown) -> bool:
    limit = Decimal(context.rules.executive_limit)
    if not limit or can(context.role, Permission.APPROVE_LARGE):
        return False
    most = of_amount(limit, context.rules.currency)
    return shown.claim.currency != most.currency or shown.claim.bounty_minor > most.minor


async def _endorse(context: Context, shown: Shown) -> list[Effect]:
    """Note the first approval and ask the executives for theirs."""
    sharers = {id_of(member) for member, _ in shown.shares} | {shown.claim.member_id}
    executives = await deciders_for(context.work, shown.claimant, sharers, Permission.APPROVE_LARGE)
    if not executives:
        raise Refused("Above the limit an executive approves too, and none is here: `/lost team`.")
    claim_id = id_of_claim(shown.claim)
    if shown.endorser is None:
        await context.work.bounties.change(
            claim_id, endorsed_by_id=context.actor_id, endorsed_at=context.now
        )
        shown = await as_it_is(context, claim_id)
        view = claim_request(shown, context.rules, context.today)
        for executive in executives:
            await context.tell(
                executive,
                view,
                kind="claim",
                dedupe_key=f"claim-endorsed:{claim_id}:{shown.claim.version}:{executive.id}",
            )
        context.work.workspaces.audit(
            "endorse claim", shown.account.name, by=context.actor_id, now=context.now
        )
    return [ReplaceSource(claim_endorsed(shown, executives, context.rules, context.today))]


async def _settle_approved(context: Context, shown: Shown) -> None:
    """Decide the claim and hold its bounty, or make it payable at once where nothing is held."""
    claim, claim_id = shown.claim, id_of_claim(shown.claim)
    remind = timedelta(days=context.rules.testimonial_days)
    await context.work.bounties.change(
        claim_id,
        state="approved",
        decided_at=context.now,
        decided_by_id=context.actor_id,
        release_at=context.now + timedelta(days=claim.hold_days),
        released_at=None if claim.hold_days else context.now,
        remind_at=context.now + remind if remind and claim.extent == WHOLE else None,
    )
    lines = (await context.work.ledger.lines([claim_id]))[claim_id]
    held = moved(lines, Entry.APPROVED, Pot.CLAIMED, Pot.HELD)
    if not claim.hold_days:
        held += moved([*lines, *held], Entry.RELEASED, Pot.HELD, Pot.PAYABLE)
    await context.work.ledger.write(claim_id, held, now=context.now, by=context.actor_id)


async def _win_back(context: Context, shown: Shown) -> None:
    """Move the account home: nobody works it any more and nothing is due on it.

    A foothold stays in hand. A claim that waited while its account went back to the drawer counts
    all the same, unless the customer left again since.
    """
    account, state = shown.account, State(shown.account.state)
    to = State.FOOTHOLD if shown.claim.extent == FOOTHOLD else State.WON_BACK
    left_since = account.lost_on is not None and account.lost_on > shown.claim.won_on
    if state in DEALABLE and not left_since and to is State.WON_BACK:
        account.state = to
    else:
        account.state = move(account.name, state, to)
    account.touched_at = context.now
    if to is State.WON_BACK:
        account.holder_id = shown.claim.member_id
        assignment = await context.work.dealing.open_assignment(id_of_account(account))
        if assignment is not None:
            assignment.ended_at, assignment.ended_as = context.now, "won back"
        await context.work.deadlines.close([id_of_account(account)], context.now)
    await context.work.session.flush()


async def _congratulate(context: Context, shown: Shown) -> None:
    """Tell everybody with a share what is theirs and when it is paid."""
    claim, shares = shown.claim, dict.fromkeys([shown.claimant.id], Money(0, shown.claim.currency))
    shares.update({member.id: part for member, part in shown.shares})
    people = {shown.claimant.id: shown.claimant, **{m.id: m for m, _ in shown.shares}}
    for member_id, part in shares.items():
        member = people[member_id]
        if not member.active:
            continue
        today = local_day(context.now, member, context.rules)
        held = claim.release_at if claim.hold_days else None
        release_on = local_day(held, member, context.rules) if held else None
        await context.tell(
            member,
            claim_approved(shown, part, release_on, today),
            kind="claim",
            dedupe_key=f"claim-approved:{claim.id}:{member_id}",
        )


async def _decline(context: Context, shown: Shown, reason: str) -> Shown:
    """Decline an open claim and tell the claimant why."""
    claim_id = id_of_claim(shown.claim)
    await context.work.bounties.change(
        claim_id,
        state="declined",
        decision_note=reason,
        decided_at=context.now,
        decided_by_id=context.actor_id,
    )
    lines = (await context.work.ledger.lines([claim_id]))[claim_id]
    declined = moved(lines, Entry.DECLINED, Pot.CLAIMED, Pot.DESK)
    await context.work.ledger.write(
        claim_id, declined, now=context.now, by=context.actor_id, note=reason
    )
    context.work.workspaces.audit(
        "decline claim", shown.account.name, by=context.actor_id, now=context.now, detail=reason
    )
    await claim_changed(context.work, shown.claim.member_id)
    decided = await as_it_is(context, claim_id)
    if decided.claimant.active:
        await context.tell(
            decided.claimant,
            claim_declined(decided),
            kind="claim",
            dedupe_key=f"claim-declined:{claim_id}",
        )
    return decided


def _four_eyes(context: Context, shown: Shown) -> None:
    sharers = {shown.claim.member_id, *(member.id for member, _ in shown.shares)}
    if context.actor_id in sharers:
        raise Refused(
            "Four eyes: somebody with no part in a claim decides it. " + who_may(Permission.APPROVE)
        )
