"""`/lost settings commission NAME PERCENT`: a member's own rate."""

from __future__ import annotations

from domain.errors import Refused
from domain.rules import read
from handlers.context import Context
from handlers.effects import Effect, Reply
from handlers.people_named import ids_in, member_named
from handlers.views.elements import View, say

_USAGE = "Write it like `/lost settings commission Ada 12`, or none for the usual rate."


async def show_or_set_commission(context: Context, text: str) -> list[Effect]:
    """Show a member's commission rate, or set it; claims made before keep theirs."""
    ids, rest = ids_in(text)
    *name, last = [*ids, *rest.split()] or [""]
    if not last:
        raise Refused(_USAGE)
    if not name:
        member = await member_named(context, last)
        rate = member.commission_percentage
        usual = context.rules.commission_percentage
        own = f"{rate} %" if rate else f"the usual {usual} %"
        return [Reply(say(f"{member.name} has {own}. {_USAGE}"))]
    member = await member_named(context, " ".join(name))
    if member.id == context.actor_id:
        raise Refused("Four eyes: somebody else sets your own rate.")
    before = member.commission_percentage
    after = None if last.lower() == "none" else str(read("commission_percentage", last))
    member.commission_percentage = after
    context.work.workspaces.audit(
        "change commission",
        member.name,
        by=context.actor_id,
        now=context.now,
        detail=f"{before or 'usual'} → {after or 'usual'}",
    )
    return [Reply(_said(member.name, after))]


def _said(name: str, rate: str | None) -> View:
    now = f"{rate} %" if rate else "the usual rate"
    return say(f"{name} has {now} from the next claim on.")
