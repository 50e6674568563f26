"""What every handler is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from domain.errors import Refused
from domain.roles import Permission, Role, can, holders
from domain.rules import Rules
from handlers.hours import known_zone
from handlers.ports import Directory
from handlers.views.elements import Mention, View
from storage.due import Reader
from storage.tables import Member
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts, when, under which rules, and the open unit of work.

    The handler only does; whoever called it commits. `role` is the one that counts now.
    """

    work: UnitOfWork
    actor: Member
    role: Role
    rules: Rules
    now: datetime
    directory: Directory

    @property
    def actor_id(self) -> int:
        """The acting member's id."""
        return id_of(self.actor)

    @property
    def today(self) -> date:
        """The day it is for the acting member."""
        return local_day(self.now, self.actor, self.rules)

    def require(self, permission: Permission) -> None:
        """Refuse kindly, naming who may, where the actor may not."""
        if not can(self.role, permission):
            raise Refused(who_may(permission))

    async def tell(self, member: Member, view: View, *, kind: str, dedupe_key: str) -> bool:
        """Put a message for a member into the outbox; False where it was told before."""
        return await self.work.outbox.put(
            view_json=view.to_json(),
            kind=kind,
            dedupe_key=dedupe_key,
            now=self.now,
            member_id=id_of(member),
        )

    async def post(self, channel_id: str, view: View, *, kind: str, dedupe_key: str) -> bool:
        """Put a message for a channel into the outbox; False where it was posted before."""
        return await self.work.outbox.put(
            view_json=view.to_json(),
            kind=kind,
            dedupe_key=dedupe_key,
            now=self.now,
            channel_id=channel_id,
        )


def who_may(permission: Permission) -> str:
    """Say kindly who may do what the actor may not."""
    names = [f"{role}s" for role in holders(permission) if role is not Role.FINANCE]
    if Role.FINANCE in holders(permission):
        names.append("finance")
    listed = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return f"That one is for {listed}. If it should be yours too, ask a manager to add you."


def id_of(member: Member | Reader) -> int:
    """Give the id of a member that is stored."""
    if member.id is None:
        raise ValueError("this member was never stored")
    return member.id


def mention(member: Member | None) -> Mention:
    """Call a member by name; nobody is "someone"."""
    if member is None:
        return Mention("someone", None)
    return Mention(member.name, member.platform_user_id)


def zone_of(member: Member, rules: Rules) -> ZoneInfo:
    """Give the member's own time zone, or the workspace's."""
    return known_zone(member.time_zone, rules.time_zone)


def local_day(now: datetime, member: Member, rules: Rules) -> date:
    """Give the day it is for a member at an instant."""
    return now.astimezone(UTC).astimezone(zone_of(member, rules)).date()
