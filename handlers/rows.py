"""What one row of the registry says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.roles import Permission
from handlers.context import Context
from handlers.effects import Effect
from handlers.events import Action, Command, FormSubmitted

E = TypeVar("E", Command, Action, FormSubmitted)
Handler = Callable[[Context, E], Awaitable[list[Effect]]]


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One command: `usage` is what is typed after `/lost`, `says` its line in the help.

    `group`: the people it is listed for (rep, manager, everyone).
    """

    name: str
    usage: str
    says: str
    group: str
    permission: Permission
    handler: Handler[Command]


@dataclass(frozen=True, slots=True)
class Row(Generic[E]):
    """One button or form."""

    id: str
    permission: Permission
    handler: Handler[E]
