"""`/lost ACCOUNT, REASON`: a customer left, and it is written down."""

from __future__ import annotations

from handlers.context import Context
from handlers.effects import Effect, Reply
from handlers.events import Command
from handlers.views.elements import say


async def log_loss(context: Context, event: Command) -> list[Effect]:
    """Write a loss down."""
    return [Reply(say(event.text))]
