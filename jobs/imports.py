"""Long files that a manager wants taken in, one at a time."""

from __future__ import annotations

from domain.errors import Refused
from domain.roles import Role
from handlers.context import Context
from handlers.importing import take_in
from handlers.ports import Profile
from handlers.views.elements import say
from handlers.views.importing import import_result
from jobs.context import JobContext
from storage.import_memory import next_wanted_file


class _NobodyAsked:
    """The platform's people, left unasked: a long file names customers, not the team."""

    async def profile(self, _workspace_id: str, _platform_user_id: str) -> Profile | None:
        return None

    async def everyone(self, _workspace_id: str) -> list[Profile]:
        return []

    def remembered(self, _workspace_id: str) -> list[Profile]:
        return []


async def run_some(context: JobContext) -> int:
    """Take the longest waiting file in and tell its manager; give 1, or 0 where none waits.

    1. The file is leased, so that another worker leaves it alone, and that it comes up again if
       this one dies.
    2. The rows, that it is done, and the message are written in one transaction.
    """
    async with context.database.session() as session:
        wanted = await next_wanted_file(session, context.now)
        await session.commit()
    if wanted is None:
        return 0
    workspace_id, pending_id = wanted
    async with context.workspace(workspace_id) as work:
        pending = await work.import_memory.pending(pending_id)
        if pending is None or pending.done_at is not None:
            return 1
        sender = await work.members.by_id(pending.member_id)
        if sender is None:
            await work.import_memory.drop(pending)
            await work.commit()
            return 1
        rules = await work.workspaces.rules()
        desk = Context(work, sender, Role(sender.role), rules, context.now, _NobodyAsked())
        try:
            view = import_result(pending, await take_in(desk, pending))
        except Refused as refusal:
            await work.import_memory.drop(pending)
            view = say(refusal.sentence)
        await desk.tell(sender, view, kind="import", dedupe_key=f"import:{pending_id}")
        await work.commit()
    return 1
