"""App Home: what the day holds."""

from __future__ import annotations

from handlers.context import Context
from handlers.effects import Effect, UpdateHome
from handlers.events import HomeOpened
from handlers.views.elements import say


async def show_home(context: Context, event: HomeOpened) -> list[Effect]:
    """Show the actor's day."""
    return [UpdateHome(say(f"Hello {context.actor.name}"))]
