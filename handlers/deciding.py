"""A claim approved or declined: once, by somebody else than the claimant, and the rep is told."""

from __future__ import annotations

from datetime import timedelta

from domain.account_life import State, move
from domain.errors import Refused
from domain.ledger import Entry, Pot, moved
from domain.roles import Permission
from handlers.context import Context, local_day, who_may
from handlers.effects import Effect, OpenForm, ReplaceSource, Reply
from handlers.events import Action, FormSubmitted
from handlers.views.claims import (
    Shown,
    claim_approved,
    claim_decided,
    claim_declined,
    decline_form,
    declined_note,
)
from handlers.views.elements import View
from storage.tables import Account, Claim


async def approve_claim(context: Context, event: Action) -> list[Effect]:
    """Let a claim count: the account is won back and its bounty is held."""
    shown = await _shown(context, event.payload["claim"])
    _four_eyes(context, shown.claim)
    release_at = context.now + timedelta(days=context.rules.hold_days)
    if not await _settle(context, shown.claim, "approved", release_at=release_at):
        return [ReplaceSource(await _as_decided(context, shown))]
    await _win_back(context, shown.account)
    work, claim_id = context.work, _id(shown.claim)
    lines = (await work.bounties.lines([claim_id]))[claim_id]
    approved = moved(lines, Entry.APPROVED, Pot.CLAIMED, Pot.HELD)
    await work.bounties.write(claim_id, approved, now=context.now, by=context.actor_id)
    work.workspaces.audit("approve claim", shown.account.name, by=context.actor_id, now=context.now)
    decided = await _shown(context, event.payload["claim"])
    held_until = local_day(release_at, decided.claimant, context.rules)
    today = local_day(context.now, decided.claimant, context.rules)
    await context.tell(
        decided.claimant,
        claim_approved(decided, held_until if context.rules.hold_days else None, today),
        kind="claim",
        dedupe_key=f"claim-approved:{claim_id}",
    )
    return [ReplaceSource(claim_decided(decided, context.today))]


async def ask_why_declined(context: Context, event: Action) -> list[Effect]:
    """Ask for the reason before a claim is declined."""
    shown = await _shown(context, event.payload["claim"])
    _four_eyes(context, shown.claim)
    if shown.claim.state != "claimed":
        return [ReplaceSource(await _as_decided(context, shown))]
    return [OpenForm(decline_form(shown))]


async def decline_claim(context: Context, event: FormSubmitted) -> list[Effect]:
    """Decline a claim with a reason, which the claimant reads; the account stays theirs."""
    shown = await _shown(context, event.context["claim"])
    _four_eyes(context, shown.claim)
    reason = event.values.get("reason", "").strip()
    if not reason:
        raise Refused("A word of why helps: they read it.", field="reason")
    if not await _settle(context, shown.claim, "declined", decision_note=reason):
        return [Reply(await _as_decided(context, shown))]
    work, claim_id = context.work, _id(shown.claim)
    lines = (await work.bounties.lines([claim_id]))[claim_id]
    declined = moved(lines, Entry.DECLINED, Pot.CLAIMED, Pot.DESK)
    await work.bounties.write(claim_id, declined, now=context.now, by=context.actor_id, note=reason)
    work.workspaces.audit(
        "decline claim", shown.account.name, by=context.actor_id, now=context.now, detail=reason
    )
    decided = await _shown(context, event.context["claim"])
    await context.tell(
        decided.claimant,
        claim_declined(decided),
        kind="claim",
        dedupe_key=f"claim-declined:{claim_id}",
    )
    return [Reply(declined_note(decided))]


async def _settle(context: Context, claim: Claim, state: str, **values: object) -> bool:
    return await context.work.bounties.settle(
        _id(claim), state, decided_at=context.now, decided_by_id=context.actor_id, **values
    )


async def _win_back(context: Context, account: Account) -> None:
    """Move the account home: nobody works it any more and nothing is due on it."""
    account.state = move(account.name, State(account.state), State.WON_BACK)
    account.touched_at = context.now
    assignment = await context.work.dealing.open_assignment(account.id or 0)
    if assignment is not None:
        assignment.ended_at, assignment.ended_as = context.now, "won back"
    await context.work.deadlines.close([account.id or 0], context.now)
    await context.work.session.flush()


def _four_eyes(context: Context, claim: Claim) -> None:
    if claim.member_id == context.actor_id:
        raise Refused(
            "Four eyes: somebody else decides your own claim. " + who_may(Permission.APPROVE)
        )


async def _shown(context: Context, claim_id: str) -> Shown:
    work = context.work
    claim = await work.bounties.claim(int(claim_id))
    account = await work.accounts.by_id(claim.account_id) if claim else None
    if claim is None or account is None:
        raise Refused("That claim is not known here any more.")
    people = await work.members.by_ids({claim.member_id, claim.decided_by_id or 0})
    return Shown(claim, account, people[claim.member_id], people.get(claim.decided_by_id or 0))


async def _as_decided(context: Context, shown: Shown) -> View:
    fresh = await _shown(context, str(shown.claim.id))
    return claim_decided(fresh, context.today, late=True)


def _id(claim: Claim) -> int:
    if claim.id is None:
        raise ValueError("this claim was never stored")
    return claim.id
