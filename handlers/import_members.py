"""Members taken in: found, linked to the platform's people, given role, manager and region."""

from __future__ import annotations

from datetime import datetime

from domain.errors import Refused
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
    several: list[tuple[int, str]] = []
    async for lines, values in rows.batches():
        for i in range(len(lines)):
            cells = {key: column[i] for key, column in values.items()}
            try:
                member = _enrol(roster, cells)
            except Refused as refusal:
                several.append((lines[i], refusal.sentence))
                continue
            result.duplicates += id(member) in listed
            listed[id(member)] = member
            if cells.get("role") is None and id(member) not in before:
                no_role_said.add(id(member))
            if cells.get("manager"):
                bosses.append((member, str(cells["manager"])))
    await rows.give_back_lines(several)
    known = _managers(roster, [name for _, name in bosses], result)
    for boss in known.values():
        if boss.role == Role.COLLEAGUE or id(boss) in no_role_said:
            boss.role = Role.MANAGER
    await roster.settle()
    for member, name in bosses:
        if name in known and known[name] is not member:
            member.manager_id = known[name].id
    await work.session.flush()
    result.people = [member.name for member in roster.added if id(member) not in listed]
    result.new = sum(key not in before for key in listed)
    result.changed = sum(
        before[key] != _told(member) for key, member in listed.items() if key in before
    )
    linked = sum(member.platform_user_id is not None for member in listed.values())
    result.notes.append(f"{linked} of {len(listed)} are linked to people of this workspace.")


def _managers(roster: Roster, names: list[str], result: ImportResult) -> dict[str, Member]:
    """Find or write down everybody who is named as a manager; who cannot be told is noted."""
    found: dict[str, Member] = {}
    for name in dict.fromkeys(names):
        try:
            found[name] = roster.enrol_words(name)
        except Refused as refusal:
            result.notes.append(refusal.sentence)
    return found


def _enrol(roster: Roster, cells: Cells) -> Member:
    name = _text(cells, "name") or " ".join(
        filter(None, (_text(cells, key) for key in ("first_name", "last_name")))
    )
    email, platform_id = (_text(cells, key) for key in ("email", "platform_id"))
    member = roster.enrol(name or None, email, platform_id)
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
