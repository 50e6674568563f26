"""People named in a line: as the platform writes them (`<@U123|ada>`), by id, or by name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.errors import Refused
from domain.names import name_key
from handlers.context import Context
from handlers.finding import either, shortened
from storage.tables import Member

_WRITTEN = re.compile(r"<@(?P<id>[A-Z0-9]+)(?:\|[^>]*)?>")
_BARE = re.compile(r"[UW](?=[A-Z0-9]*\d)[A-Z0-9]{7,}")


def ids_in(text: str) -> tuple[list[str], str]:
    """Give the platform ids of the people named in a line, in order, and the line without them."""
    ids = []
    rest = []
    for word in _WRITTEN.sub(r" \g<0> ", text).split():
        written = _WRITTEN.fullmatch(word)
        if written or _BARE.fullmatch(word):
            ids.append(written["id"] if written else word)
        else:
            rest.append(word)
    return list(dict.fromkeys(ids)), " ".join(rest)


async def member_named(context: Context, word: str, others: Iterable[Member] = ()) -> Member:
    """Give the member of the team whom words mean: a platform id, or a name with or without @.

    A first name will do where only one has it. `others` may be meant too, though they have left.
    Raises `Refused` where it is not clear.
    """
    known = {member.id: member for member in (*await context.work.members.team(), *others)}
    team = list(known.values())
    key = name_key(word.removeprefix("@"))
    found = [member for member in team if word == member.platform_user_id]
    found = found or [member for member in team if member.name_key == key]
    found = found or [member for member in team if key in member.name_key.split()]
    if len(found) == 1:
        return found[0]
    shown = "That person" if _BARE.fullmatch(word) else shortened(word)
    if found:
        names = [member.name for member in found]
        raise Refused(f"{shown} could be {either(names)}. Write the whole name.")
    raise Refused(f"{shown} is not in the team. `/lost team` lists who is.")
