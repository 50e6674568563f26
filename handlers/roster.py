"""Who is meant by a name, an address or an id in a file; people not met before are written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import TypeVar

from sqlmodel import col, select

from domain.cell_words import name_beside_email, person_name, read_email, read_platform_id
from domain.errors import Refused
from domain.names import name_key
from domain.roles import Role
from handlers.ports import Directory, PeopleNotAsked, Profile
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")


async def knowing_people(
    directory: Directory, workspace_id: str, act: Callable[[], Awaitable[T]]
) -> T:
    """Carry out an act; one that turns out to need the platform's people begins anew with them.

    The act opens its unit of work itself, so that none is open while the platform answers.
    """
    try:
        return await act()
    except PeopleNotAsked:
        await directory.everyone(workspace_id)
        return await act()


def people_of(directory: Directory, workspace_id: str) -> list[Profile]:
    """Give the platform's people as they were told lately. Raises `PeopleNotAsked`."""
    profiles = directory.remembered(workspace_id)
    if profiles is None:
        raise PeopleNotAsked
    return profiles


class Roster:
    """The workspace's members and the platform's people, found by whatever names them.

    Someone is known by their platform id, else by e-mail, else by a full name that only one person
    has. That a file links a name to a person of the platform is the act of the manager who sends
    it; nobody is ever linked because they chose a name.
    """

    def __init__(
        self, work: UnitOfWork, members: list[Member], profiles: list[Profile], now: datetime
    ) -> None:
        self._work = work
        self._now = now
        self.members = members
        self.added: list[Member] = []
        self._links: list[tuple[Member, str]] = []
        self._profiles = [p for p in profiles if not p.bot and p.active]
        self._by_profile_id = {p.platform_user_id: p for p in self._profiles}
        self._by_profile_email = _unique((p.email.lower(), p) for p in self._profiles if p.email)
        self._by_profile_name = _unique((name_key(p.name), p) for p in self._profiles)
        self._by_id: dict[str, Member] = {}
        self._by_email: dict[str, Member] = {}
        self._by_name: dict[str, list[Member]] = {}
        for member in members:
            self._index(member)

    @classmethod
    async def load(cls, work: UnitOfWork, directory: Directory, now: datetime) -> Roster:
        """Read who is known here and on the platform. Raises `PeopleNotAsked`."""
        profiles = people_of(directory, work.workspace_id)
        rows = await work.session.exec(
            select(Member).where(Member.workspace_id == work.workspace_id).order_by(col(Member.id))
        )
        return cls(work, list(rows), profiles, now)

    def find(
        self, name: str | None, email: str | None = None, platform_id: str | None = None
    ) -> Member | None:
        """Give the member who is meant, or None where nobody is known.

        Raises `Refused` where several could be.
        """
        profile = self.profile(name, email, platform_id)
        wanted = platform_id or (profile.platform_user_id if profile else None)
        linked = self._by_id.get(wanted) if wanted else None
        by_email = self._by_email.get(email) if email else None
        namesakes = self._by_name.get(name_key(name), []) if name else []
        free = [
            member
            for member in namesakes
            if (not wanted or member.platform_user_id in {None, wanted})
            and (not email or not member.email or member.email.lower() == email)
        ]
        unlinked = [m for m in free if m.platform_user_id is None]
        if linked and len(unlinked) == 1 and linked.role == Role.COLLEAGUE:
            return unlinked[0]  # who spoke to us is the one we know by name: the link goes there
        if linked or by_email:
            return linked or by_email
        if len(free) > 1:
            raise Refused(f"{len(free)} members are called {name}: give their e-mail or Slack id.")
        return free[0] if free else None

    def profile(
        self, name: str | None, email: str | None = None, platform_id: str | None = None
    ) -> Profile | None:
        """Give the platform's person who is meant."""
        if platform_id:
            return self._by_profile_id.get(platform_id)
        if email and email in self._by_profile_email:
            return self._by_profile_email[email]
        return self._by_profile_name.get(name_key(name)) if name else None

    def enrol(
        self, name: str | None, email: str | None = None, platform_id: str | None = None
    ) -> Member:
        """Give the member who is meant, written down as a colleague and linked if they were not.

        Raises `Refused` where several could be meant. `settle` has to follow.
        """
        name = person_name(name) if name else None
        member = self.find(name, email, platform_id)
        profile = self.profile(name, email, platform_id)
        if member is None:
            shown = name or (profile.name if profile else None) or email or platform_id or ""
            member = Member(
                workspace_id=self._work.workspace_id,
                name=shown,
                name_key=name_key(shown),
                role=Role.COLLEAGUE,
                joined_at=self._now,
            )
            self._work.session.add(member)
            self.added.append(member)
        if member.platform_user_id is None:
            self._link(member, profile, platform_id)
        member.email = email or member.email
        self._index(member)
        return member

    def enrol_words(self, words: str) -> Member:
        """Give the member whom a cell names by name, address or id. Raises `Refused`."""
        platform_id, email = read_platform_id(words), read_email(words)
        name = None if platform_id else name_beside_email(words) or None
        return self.enrol(name, email, platform_id)

    async def settle(self) -> None:
        """Write everybody down, so that they have ids; whoever gives a link away comes first."""
        for member, _ in self._links:
            member.platform_user_id = None
        await self._work.session.flush()
        for member, platform_id in self._links:
            member.platform_user_id = platform_id
        self._links.clear()
        await self._work.session.flush()

    def _link(self, member: Member, profile: Profile | None, platform_id: str | None) -> None:
        wanted = profile.platform_user_id if profile else platform_id
        if wanted is None:
            return
        before = self._by_id.get(wanted)
        if before is not None:
            before.platform_user_id, before.active = None, False
            member.platform_admin = before.platform_admin
            member.time_zone = member.time_zone or before.time_zone
            member.email = member.email or before.email
            self._by_name[before.name_key].remove(before)
            self._links.append((member, wanted))
        member.platform_user_id = wanted
        if profile is not None:
            member.email = member.email or profile.email
            member.time_zone = member.time_zone or profile.time_zone
            member.platform_admin = profile.admin

    def _index(self, member: Member) -> None:
        if member.platform_user_id:
            self._by_id[member.platform_user_id] = member
        if member.email:
            self._by_email[member.email.lower()] = member
        namesakes = self._by_name.setdefault(member.name_key, [])
        if member not in namesakes and member.active:
            namesakes.append(member)


def _unique(pairs: Iterable[tuple[str, Profile]]) -> dict[str, Profile]:
    """Keep the keys that only one person has."""
    listed = list(pairs)
    counts = Counter(key for key, _ in listed)
    return {key: profile for key, profile in listed if counts[key] == 1}
