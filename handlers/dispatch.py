"""From an event to its handler: one transaction, one effect, and nobody in who does not belong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from domain.errors import Refused
from domain.roles import Permission, Role, can, effective_role
from handlers import arrivals, importing, lookups, losses, reports, today
from handlers.context import Context, who_may
from handlers.digests import refresh_nudges
from handlers.effects import Effect, FormErrors, RefusedWith, Reply, SendFile, SendReport
from handlers.events import Action, Command, Event, FileShared, FormSubmitted, OptionsAsked
from handlers.grammar import KEPT_NAMES, first_word
from handlers.ports import Directory
from handlers.registry import ACTIONS, COMMANDS, FORMS
from handlers.roster import knowing_people
from handlers.views.elements import in_plain_words, say, spoken
from storage.database import Database

_OLD = "That is from an older message, and I no longer know it. `/lost help` shows what I can do."
_KEPT = (
    "I keep `/lost {name}` for later: it does nothing yet, and nothing was written down. "
    "If a customer is called that, put the name in quotes."
)

_Call = Callable[[Context], Awaitable[list[Effect]]]


class Dispatcher:
    """Carries out what people do, each act once."""

    def __init__(
        self, database: Database, directory: Directory, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._directory = directory
        self._clock = clock

    async def handle(self, event: Event) -> list[Effect]:
        """Carry out one event and give what the platform is to do about it.

        1. A repeat of an envelope that was carried out does nothing.
        2. Who may not is told who may.
        3. The handler runs in one unit of work, which is kept only when it ends well. Where it
           turns out to need the platform's people, they are asked for first, and it begins anew.
        """
        try:
            permission, call = _find(event)
            return await knowing_people(
                self._directory,
                event.origin.workspace_id,
                lambda: self._carry_out(event, permission, call),
            )
        except Refused as refusal:
            if isinstance(event, FormSubmitted):
                return [FormErrors({refusal.field: in_plain_words(spoken(refusal.sentence))})]
            if isinstance(refusal, RefusedWith):
                return [Reply(refusal.view)]
            return [Reply(say(*spoken(refusal.sentence)))]

    async def report(self, workspace_id: str, promised: SendReport) -> SendFile:
        """Make a report that somebody who may have it was promised. Raises `Refused`."""
        async with self._database.reading(workspace_id) as work:
            rules = await work.workspaces.rules()
            return await reports.made(work, rules, self._clock(), promised)

    async def options(self, event: OptionsAsked) -> list[tuple[str, str]]:
        """Give (value, label) of what matches, for a look-up field; nothing to who may not see."""
        origin = event.origin
        async with self._database.reading(origin.workspace_id) as work:
            actor = await work.members.by_platform_id(origin.user_id)
            if actor is None or not actor.active:
                return []
            role = effective_role(
                Role(actor.role),
                platform_admin=actor.platform_admin,
                admin_is_set=await work.members.an_admin_is_set(),
            )
            return await lookups.matches(work, role, event.source, event.typed)

    async def _carry_out(self, event: Event, permission: Permission, call: _Call) -> list[Effect]:
        origin, now = event.origin, self._clock()
        async with self._database.workspace(origin.workspace_id) as work:
            known = await work.workspaces.actor(origin.user_id)
            if known is not None:
                actor, rules = known
                if await work.workspaces.heard_before(origin.envelope_id, now):
                    return []
                admin_is_set = (
                    await work.members.an_admin_is_set() if actor.platform_admin else True
                )
                role = effective_role(
                    Role(actor.role),
                    platform_admin=actor.platform_admin,
                    admin_is_set=admin_is_set,
                )
                if not actor.active or not can(role, permission):
                    raise Refused(who_may(permission))
                effects = await call(Context(work, actor, role, rules, now, self._directory))
                await refresh_nudges(work, rules, now)
                await work.commit()
                return effects
        await arrivals.introduce(
            self._database, self._directory, origin.workspace_id, origin.user_id, now
        )
        return await self._carry_out(event, permission, call)


def _find(event: Event) -> tuple[Permission, _Call]:
    """Look the event's handler up; a command that names none is the logging of a loss."""
    match event:
        case Command():
            name, rest = (
                (event.name, event.text) if event.name else first_word(event.text, COMMANDS)
            )
            row = COMMANDS.get(name)
            if row is None and first_word(event.text, KEPT_NAMES)[0]:
                raise Refused(_KEPT.format(name=first_word(event.text, KEPT_NAMES)[0]))
            if row is None:
                return Permission.LOG_LOSS, lambda context: losses.log_loss(
                    context, event, COMMANDS
                )
            command = Command(event.origin, rest, name)
            return row.permission, lambda context: row.handler(context, command)
        case Action():
            action = ACTIONS.get(event.id)
            if action is None:
                raise Refused(_OLD)
            return action.permission, lambda context: action.handler(context, event)
        case FormSubmitted():
            form = FORMS.get(event.id)
            if form is None:
                raise Refused(_OLD)
            return form.permission, lambda context: form.handler(context, event)
        case FileShared():
            return Permission.ASK, lambda context: importing.receive_file(context, event)
        case _:
            return Permission.ASK, lambda context: today.show_home(context, event)
