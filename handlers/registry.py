"""Everything the bot answers to: commands, buttons and forms, who may use them, and their handler.

Help, docs, App Home and the platforms' command lists are made from these rows.
"""

from __future__ import annotations

from domain.roles import Permission
from handlers import help_page, letters
from handlers.events import Action, FormSubmitted
from handlers.rows import CommandRow, Row

_COMMAND_ROWS: tuple[CommandRow, ...] = (
    CommandRow(
        "help",
        "help",
        "what I can do for you",
        "everyone",
        Permission.ASK,
        help_page.listing(lambda: COMMANDS.values()),
    ),
)

_ACTION_ROWS: tuple[Row[Action], ...] = (
    Row("letter.resend", Permission.MANAGE_TEAM, letters.resend),
)

_FORM_ROWS: tuple[Row[FormSubmitted], ...] = ()

COMMANDS: dict[str, CommandRow] = {row.name: row for row in _COMMAND_ROWS}
ACTIONS: dict[str, Row[Action]] = {row.id: row for row in _ACTION_ROWS}
FORMS: dict[str, Row[FormSubmitted]] = {row.id: row for row in _FORM_ROWS}
