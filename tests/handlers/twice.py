"""A desk at which whatever anybody does arrives twice at once, and then once more."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, get_args

from sqlalchemy import select
from sqlmodel import SQLModel

from handlers.dispatch import Dispatcher
from handlers.effects import Effect, FormErrors
from handlers.events import Action, Command, Event, FormSubmitted
from handlers.grammar import first_word
from handlers.registry import ACTIONS, COMMANDS, FORMS
from storage.sql import run
from storage.tables import SeenEnvelope
from tests.people import WORKSPACE, Desk

Rows = dict[str, list[Any]]
Row = tuple[str, str]
"""What an event is for: its kind, and the command, button or form."""

EVERY_ROW: set[Row] = {
    *(("command", name) for name in (*COMMANDS, "")),
    *(("button", name) for name in ACTIONS),
    *(("form", name) for name in FORMS),
    *(
        (kind.__name__, "")
        for kind in get_args(Event)
        if kind not in {Command, Action, FormSubmitted}
    ),
}
"""All that can be carried out; a command without a name logs a loss."""


async def everything(desk: Desk) -> Rows:
    """Every row of every table."""
    async with desk.database.reading(WORKSPACE) as work:
        return {
            table.name: sorted(map(tuple, await run(work.session, select(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
        }


async def heard(desk: Desk, event: Event) -> bool:
    """Whether an event was carried out; what is refused is not."""
    async with desk.database.reading(WORKSPACE) as work:
        key = {"workspace_id": WORKSPACE, "envelope_id": event.origin.envelope_id}
        return await work.session.get(SeenEnvelope, key) is not None


@dataclass
class Twice(Desk):
    """Carries everything out as a platform that repeats itself would; `done` is what it was for."""

    done: set[Row] = field(default_factory=set)

    @property
    def dispatcher(self) -> Dispatcher:
        return _Doubled(self)


class _Doubled(Dispatcher):
    def __init__(self, desk: Twice) -> None:
        super().__init__(desk.database, desk.book, lambda: desk.now)
        self._desk = desk

    async def handle(self, event: Event) -> list[Effect]:
        """Carry it out twice at once, and see that neither the second nor a third has an effect."""
        once = super().handle
        answers = await asyncio.gather(once(event), once(event))
        if await heard(self._desk, event):
            assert [] in answers, event
            kept = await everything(self._desk)
            assert await once(event) == [], event
            assert await everything(self._desk) == kept, event
            if not any(isinstance(effect, FormErrors) for effect in max(answers, key=bool)):
                self._desk.done.add(_row_of(event))
        return max(answers, key=bool)


def _row_of(event: Event) -> Row:
    match event:
        case Command():
            name = event.name or first_word(event.text, COMMANDS)[0]
            return "command", name if name in COMMANDS else ""
        case Action():
            return "button", event.id
        case FormSubmitted():
            return "form", event.id
    return type(event).__name__, ""
