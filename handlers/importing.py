"""Files given to the bot: read, shown for correction, and taken in."""

from __future__ import annotations

from handlers.context import Context
from handlers.effects import Effect, Reply
from handlers.events import FileShared
from handlers.views.elements import say


async def receive_file(context: Context, event: FileShared) -> list[Effect]:
    """Answer a file."""
    return [Reply(say(f"Thank you for {event.name}."))]
