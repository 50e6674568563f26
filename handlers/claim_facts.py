"""A claim with all that its readers must know, and who they are."""

from __future__ import annotations

from domain.errors import Refused
from domain.ledger import Pot, standing
from handlers.context import Context, id_of
from handlers.deciders import deciders_for
from handlers.views.claims import Shown, claim_request
from storage.tables import Claim, Member


def id_of_claim(claim: Claim) -> int:
    """Give the id of a claim that is stored."""
    if claim.id is None:
        raise ValueError("this claim was never stored")
    return claim.id


async def claim_meant(context: Context, claim_id: str) -> Shown:
    """Give the claim a button or form is about, with the names and sums behind it.

    Whoever acts on the same account at the same time has to wait until this is over.
    """
    account_id = await context.work.bounties.account_of(int(claim_id))
    if account_id is None:
        raise Refused("That claim is not known here any more.")
    await context.work.accounts.lock(account_id)
    return await as_it_is(context, int(claim_id))


async def as_it_is(context: Context, claim_id: int) -> Shown:
    """Give a claim as it is now, after it was changed here."""
    return await shown_claim(context, (await context.work.bounties.by_ids([claim_id]))[claim_id])


async def shown_claim(context: Context, claim: Claim) -> Shown:
    """Gather the names and sums behind a claim."""
    work, claim_id = context.work, id_of_claim(claim)
    account = (await work.accounts.by_ids([claim.account_id]))[claim.account_id]
    lines = (await work.ledger.lines([claim_id]))[claim_id]
    notes = await work.bounties.notes(claim_id)
    deciders = {claim.decided_by_id or 0, claim.endorsed_by_id or 0}
    people = await work.members.by_ids(
        {claim.member_id, *deciders, *(line.member_id for line in lines), *(n.by_id for n in notes)}
    )
    return Shown(
        claim,
        account,
        people[claim.member_id],
        decider=people.get(claim.decided_by_id or 0),
        endorser=people.get(claim.endorsed_by_id or 0),
        shares=tuple(
            (people[member_id], amount)
            for (member_id, pot), amount in standing(lines).items()
            if pot not in {Pot.DESK, Pot.PAID} and amount.minor
        ),
        notes=tuple((people[note.by_id], note.text) for note in notes),
    )


async def rivals_of(context: Context, shown: Shown) -> list[Shown]:
    """Give the other claims on the same account that wait for a decision too."""
    waiting = await context.work.bounties.open_claims(shown.claim.account_id)
    return [await shown_claim(context, claim) for claim in waiting if claim.id != shown.claim.id]


async def ask_deciders(context: Context, shown: Shown) -> list[Member]:
    """Ask who is to decide a claim, as it stands now; give whom."""
    claim = shown.claim
    sharers = {id_of(member) for member, _ in shown.shares} | {claim.member_id}
    asked = await deciders_for(context.work, shown.claimant, sharers)
    view = claim_request(shown, context.rules, context.today, await rivals_of(context, shown))
    for decider in asked:
        await context.tell(
            decider,
            view,
            kind="claim",
            dedupe_key=f"claim:{claim.id}:{claim.version}:{decider.id}",
        )
    return asked
