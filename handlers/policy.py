"""`/lost policy`: how we treat customers who left."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from domain.bounty import Win, reckon
from handlers.context import Context
from handlers.effects import Effect, Reply
from handlers.events import Command
from handlers.money import of_amount, show_money
from handlers.plans import plan_of
from handlers.views.policy import policy_page

_EXAMPLE = Decimal(10_000)


async def show_policy(context: Context, event: Command) -> list[Effect]:
    """Show the written policy, and what a win would pay."""
    worth = of_amount(_EXAMPLE, context.rules.currency)
    win = Win(worth, context.today, context.today)
    bounty = reckon(replace(plan_of(context.rules), early={}), win, show_money)
    example = f"{show_money(bounty.pays)} for {show_money(worth)} won back ({bounty.rule})"
    return [Reply(policy_page(context.rules, example))]
