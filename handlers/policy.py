"""`/lost policy`: how we treat customers who left."""

from __future__ import annotations

from handlers.context import Context
from handlers.effects import Effect, Reply
from handlers.events import Command
from handlers.money import show_money
from handlers.plans import plan_of, worked_examples
from handlers.views.policy import policy_page


async def show_policy(context: Context, event: Command) -> list[Effect]:
    """Show the written policy, and what a win would pay."""
    bounty = worked_examples(plan_of(context.rules), context.today)[0]
    return [Reply(policy_page(context.rules, f"{show_money(bounty.pays)} ({bounty.rule})"))]
