"""App Home: my day, my accounts, my bounties, and for who leads, the desk."""

from __future__ import annotations

from domain.account_life import DEALABLE, IN_HAND
from domain.money import Money
from domain.roles import Permission, can
from handlers.accounts import in_hand
from handlers.bounties import shares_of
from handlers.context import Context
from handlers.digests import digests_of
from handlers.effects import Effect, UpdateHome
from handlers.events import Action, HomeOpened
from handlers.me import who_muted
from handlers.views.today import DeskState, Home, Waiting, home_page

_PAGE = 10
_STUCK = 5


async def show_home(context: Context, event: HomeOpened) -> list[Effect]:
    """Show the actor's day."""
    return [UpdateHome(home_page(await _home(context, 0), context.rules))]


async def turn_home(context: Context, event: Action) -> list[Effect]:
    """Show another page of the actor's accounts."""
    page = int(event.payload.get("page", "0"))
    return [UpdateHome(home_page(await _home(context, page), context.rules))]


async def _home(context: Context, page: int) -> Home:
    if not can(context.role, Permission.WORK_ACCOUNT):
        return Home(context.actor.name, context.today)
    me, today = context.actor_id, context.today
    digests = await digests_of(
        context.work, [context.actor], {me: today}, context.rules, context.now
    )
    listed = await in_hand(context, me)
    last = max(len(listed) - 1, 0) // _PAGE
    page = max(0, min(page, last))
    return Home(
        context.actor.name,
        today,
        digest=digests[me],
        accounts=tuple(listed[page * _PAGE : (page + 1) * _PAGE]),
        count=len(listed),
        page=page,
        last=last,
        shares=tuple(await shares_of(context)),
        waiting=await _waiting(context) if can(context.role, Permission.APPROVE) else (),
        desk=await _desk(context) if can(context.role, Permission.DEAL) else None,
    )


async def _waiting(context: Context) -> tuple[Waiting, ...]:
    """Gather the claims of others that wait for a yes, longest first."""
    claims = [
        claim
        for claim in await context.work.bounties.waiting()
        if claim.member_id != context.actor_id
    ]
    accounts = await context.work.accounts.by_ids([claim.account_id for claim in claims])
    people = await context.work.members.by_ids([claim.member_id for claim in claims])
    return tuple(
        Waiting(
            claim.id or 0,
            accounts[claim.account_id].name,
            people[claim.member_id].name,
            Money(claim.bounty_minor, claim.currency),
        )
        for claim in claims
    )


async def _desk(context: Context) -> DeskState:
    """Gather what a manager looks at first: the drawer, who is stuck, whom we did not reach."""
    work = context.work
    stuck, count = await work.deadlines.stuck(context.today, _STUCK)
    unreached = await work.outbox.undelivered()
    people = await work.members.by_ids(
        [item.member_id for item in stuck]
        + [one.member_id for one in unreached[:_STUCK] if one.member_id]
    )
    return DeskState(
        in_drawer=await work.accounts.count_in(*DEALABLE),
        in_hand=await work.accounts.count_in(*IN_HAND),
        overdue=count,
        stuck=tuple((item, people.get(item.member_id)) for item in stuck),
        unsent=sum(one.count for one in unreached),
        unreached=tuple((one, people.get(one.member_id or 0)) for one in unreached[:_STUCK]),
        quiet=tuple(await who_muted(context)),
    )
