"""Every way in which somebody may come to see something: commands, buttons, pages, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import select

from handlers.events import HomeOpened, OptionsAsked
from handlers.registry import ACTIONS, COMMANDS
from storage.tables import Outbox
from tests.people import WORKSPACE, Desk

_CHANGES_MUCH = {"loss.undo"}


async def all_that_is_said_to(
    desk: Desk, users: Iterable[str], lines: Iterable[str], ids: Mapping[str, str]
) -> str:
    """All that these people are answered to every command and button, and all written to them.

    `lines` are what they type behind each command, `ids` what the buttons they press bear. What
    goes to channels is among it.
    """
    people = list(users)
    said: list[object] = []
    for user in people:
        for name in (*COMMANDS, ""):
            said += [await desk.types(user, line, name) for line in lines]
        for action in set(ACTIONS) - _CHANGES_MUCH:
            try:
                said.append(await desk.presses(user, action, **ids))
            except (KeyError, ValueError):
                continue  # a button of another kind, which needs what this one does not bear
        said.append(await desk.dispatcher.handle(HomeOpened(desk.origin(user))))
        for source in ("accounts", "members"):
            asked = OptionsAsked(desk.origin(user), source, "Acme")
            said.append(await desk.dispatcher.options(asked))
    own = {desk.ids.get(user) for user in people} | {None}
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(Outbox))
        said += [row.view_json for row in rows if row.member_id in own]
    assert len(said) > 100
    return str(said)
