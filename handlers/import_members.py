"""Members taken in: found, linked to the platform's people, given role, manager and region."""

from __future__ import annotations

from datetime import datetime

from domain.roles import Role
from handlers.import_results import ImportResult
from handlers.import_rows import Rows
from handlers.ports import Directory
from handlers.roster import Roster
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

_COPIED = ("region", "time_zone", "weight")
Cells = dict[str, object]


async def take_members(
    work: UnitOfWork, directory: Directory, rows: Rows, result: ImportResult, *, now: datetime
) -> None:
    """Take in a file of members; whoever it names as a manager becomes one.

    A role is changed only where the file says one, or where the person had none yet.
    """
    roster = await Roster.load(work, directory, now)
    before = {id(member): _told(member) for member in roster.members}
    listed: dict[int, Member] = {}
    bosses: list[tuple[Member, str]] = []
    no_role_said: set[int] = set()
    async for lines, values in rows.batches():
        for i in range(len(lines)):
            cells = {key: column[i] for key, column in values.items()}
            member = _enrol(roster, cells)
            result.duplicates += id(member) in listed
            listed[id(member)] = member
            if cells.get("role") is None and id(member) not in before:
                no_role_said.add(id(member))
            if cells.get("manager"):
                bosses.append((member, str(cells["manager"])))
    for name in dict.fromkeys(name for _, name in bosses):
        boss = roster.enrol_words(name)
        if boss.role == Role.COLLEAGUE or id(boss) in no_role_said:
            boss.role = Role.MANAGER
    await work.session.flush()
    for member, name in bosses:
        boss = roster.enrol_words(name)
        member.manager_id = boss.id if boss is not member else None
    await work.session.flush()
    result.people = [member.name for member in roster.added if id(member) not in listed]
    result.new = sum(key not in before for key in listed)
    result.changed = sum(
        before[key] != _told(member) for key, member in listed.items() if key in before
    )
    linked = sum(member.platform_user_id is not None for member in listed.values())
    result.notes.append(f"{linked} of {len(listed)} are linked to people of this workspace.")


def _enrol(roster: Roster, cells: Cells) -> Member:
    name, email, platform_id = (_text(cells, key) for key in ("name", "email", "platform_id"))
    member = roster.enrol(name, email, platform_id)
    for key in _COPIED:
        if cells.get(key) is not None:
            setattr(member, key, cells[key])
    if cells.get("role") is not None:
        member.role = str(cells["role"])
    elif member.role == Role.COLLEAGUE:
        member.role = Role.REP
    return member


def _text(cells: Cells, key: str) -> str | None:
    value = cells.get(key)
    return None if value is None else str(value)


def _told(member: Member) -> tuple[object, ...]:
    return (
        *(getattr(member, key) for key in _COPIED),
        *(member.name, member.email, member.role, member.manager_id, member.platform_user_id),
    )
