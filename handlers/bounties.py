"""`/lost bounties`: what a member's win-backs pay, and where that stands."""

from __future__ import annotations

from datetime import date, datetime

from domain.ledger import Pot, standing
from handlers.context import Context, local_day
from handlers.effects import Effect, Reply
from handlers.events import Command
from handlers.views.bounties import Share, my_bounties


async def show_my_bounties(context: Context, event: Command) -> list[Effect]:
    """Show the actor's own part of every claim; nobody else's ledger is in it."""
    return [Reply(my_bounties(await shares_of(context), context.today))]


async def shares_of(context: Context) -> list[Share]:
    """Give the actor's part of each claim they have a share in, latest first."""
    work, actor_id = context.work, context.actor_id
    claims = await work.bounties.claims_of(actor_id)
    lines = await work.ledger.lines([claim.id for claim in claims if claim.id is not None])
    accounts = await work.accounts.by_ids([claim.account_id for claim in claims])

    def day(instant: datetime) -> date:
        return local_day(instant, context.actor, context.rules)

    return [
        Share(
            account=accounts[claim.account_id].name,
            state=claim.state,
            rule=claim.rule,
            claimed_on=day(claim.claimed_at),
            release_on=day(claim.release_at) if claim.release_at else None,
            pots={
                pot: amount
                for (member_id, pot), amount in standing(lines[claim.id or 0]).items()
                if member_id == actor_id and pot is not Pot.DESK
            },
        )
        for claim in claims
    ]
