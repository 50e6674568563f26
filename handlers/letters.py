"""Messages that could not be delivered: the manager is told, and can send them again."""

from __future__ import annotations

from datetime import datetime

from domain.errors import Refused
from domain.roles import Role
from handlers.context import Context, id_of, mention
from handlers.effects import Effect, ReplaceSource
from handlers.events import Action
from handlers.nudging import keep_new_hours
from handlers.views.letters import letter_lost, letters_resent
from storage.letters import Letter
from storage.unit_of_work import UnitOfWork

KIND = "dead letter"


async def report_dead_letter(work: UnitOfWork, letter: Letter, reason: str, now: datetime) -> None:
    """Tell the managers of a recipient, once a day, that a message did not reach them.

    A report that does not arrive either is not reported again.
    """
    if letter.kind == KIND:
        return
    member = await work.members.by_id(letter.member_id) if letter.member_id else None
    if member is not None:
        managers = await work.members.managers_of(member)
    else:
        managers = await work.members.with_role(Role.MANAGER)
        managers = managers or await work.members.with_role(Role.ADMIN)
    view = letter_lost(
        mention(member) if member else None, letter.channel_id or "", reason, letter.id
    )
    recipient = letter.member_id or letter.channel_id
    for manager in managers:
        await work.outbox.put(
            view_json=view.to_json(),
            kind=KIND,
            dedupe_key=f"dead:{recipient}:{now:%Y-%m-%d}:{id_of(manager)}",
            now=now,
            member_id=id_of(manager),
        )


async def resend(context: Context, event: Action) -> list[Effect]:
    """Send again everything that could not be delivered to the recipient of one message."""
    work, letter_id = context.work, int(event.payload["letter"])
    count = await work.outbox.revive(letter_id, context.now)
    if not count:
        raise Refused("That message is on its way already, or it has arrived.")
    reader = await work.members.by_id(await work.nudges.reader(letter_id) or 0)
    if reader is not None:
        await keep_new_hours(work, reader, context.rules, context.now)
    return [ReplaceSource(letters_resent(count, context.actor.name))]
