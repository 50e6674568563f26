"""`/lost help`: what each of us can do here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from domain.roles import can
from handlers.context import Context
from handlers.effects import Effect, Reply
from handlers.events import Command
from handlers.rows import CommandRow, Handler
from handlers.views.help_page import help_page


def listing(rows: Callable[[], Iterable[CommandRow]]) -> Handler[Command]:
    """Make the handler that lists those of the registry's rows that the asker may use."""

    async def show_help(context: Context, event: Command) -> list[Effect]:
        usable = [row for row in rows() if can(context.role, row.permission)]
        return [Reply(help_page([(row.group, row.usage, row.says) for row in usable]))]

    return show_help
