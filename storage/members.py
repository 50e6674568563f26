"""The people of a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.absence import Range, joined
from domain.names import name_key
from domain.roles import Role
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Absence, Member

_DAY = timedelta(days=1)


class Members(Repository):
    """Queries over members and their absences."""

    async def by_id(self, member_id: int) -> Member | None:
        """Give a member by our own id."""
        rows = await self.session.exec(self._all().where(Member.id == member_id))
        return rows.one_or_none()

    async def by_platform_id(self, platform_user_id: str) -> Member | None:
        """Give the member behind a platform's user id."""
        rows = await self.session.exec(
            self._all().where(Member.platform_user_id == platform_user_id)
        )
        return rows.one_or_none()

    async def by_name(self, name: str) -> list[Member]:
        """Give the active members whose folded name is this one's."""
        rows = await self.session.exec(
            self._all().where(Member.name_key == name_key(name), col(Member.active))
        )
        return list(rows)

    async def by_ids(self, ids: Iterable[int]) -> dict[int, Member]:
        """Give several members at once, by id."""
        wanted = set(ids)
        if not wanted:
            return {}
        rows = await self.session.exec(self._all().where(col(Member.id).in_(wanted)))
        return {row.id: row for row in rows if row.id is not None}

    async def team(self) -> list[Member]:
        """Give everyone with a part in the work (colleagues left out), by name."""
        rows = await self.session.exec(
            self._all()
            .where(Member.role != Role.COLLEAGUE, col(Member.active))
            .order_by(Member.name_key)
        )
        return list(rows)

    async def with_role(self, *roles: Role) -> list[Member]:
        """Give the active members of any of these roles, by name."""
        rows = await self.session.exec(
            self._all()
            .where(col(Member.role).in_(roles), col(Member.active))
            .order_by(Member.name_key)
        )
        return list(rows)

    async def an_admin_is_set(self) -> bool:
        """Say whether somebody was given the role of admin here."""
        return bool(await self.with_role(Role.ADMIN))

    async def platform_admins(self) -> list[Member]:
        """Give the active members whom the platform has as owners or admins, by name."""
        rows = await self.session.exec(
            self._all()
            .where(col(Member.platform_admin), col(Member.active))
            .order_by(Member.name_key)
        )
        return list(rows)

    async def away_on(self, day: date) -> set[int]:
        """Give the ids of those who are away on a day."""
        rows = await self.session.exec(
            select(Absence.member_id).where(
                Absence.workspace_id == self.workspace_id,
                Absence.from_on <= day,
                Absence.to_on >= day,
            )
        )
        return set(rows)

    async def absences(self, member_id: int, since: date) -> list[Absence]:
        """Give a member's absences that end on or after a day, in order."""
        rows = await self.session.exec(
            select(Absence)
            .where(
                Absence.workspace_id == self.workspace_id,
                Absence.member_id == member_id,
                Absence.to_on >= since,
            )
            .order_by(col(Absence.from_on))
        )
        return list(rows)

    async def be_away(self, member_id: int, away: Range) -> Range:
        """Write days away down, joined with those they meet; give the whole."""
        absence = table_of(Absence)
        begins, ends = away[0] - _DAY, away[1] + _DAY
        rows: Iterable[Any] = await run(
            self.session,
            delete(absence)
            .where(
                absence.c.workspace_id == self.workspace_id,
                absence.c.member_id == member_id,
                absence.c.from_on <= ends,
                absence.c.to_on >= begins,
            )
            .returning(absence.c.from_on, absence.c.to_on),
        )
        [whole] = joined([away, *((first, last) for first, last in rows)])
        self.session.add(
            Absence(
                workspace_id=self.workspace_id,
                member_id=member_id,
                from_on=whole[0],
                to_on=whole[1],
            )
        )
        await self.session.flush()
        return whole

    async def absence(self, absence_id: int) -> Absence | None:
        """Give one absence."""
        rows = await self.session.exec(
            select(Absence).where(
                Absence.workspace_id == self.workspace_id, Absence.id == absence_id
            )
        )
        return rows.one_or_none()

    async def unlinked(self) -> list[Member]:
        """Give those of the team who are known by name alone, by name."""
        rows = await self.session.exec(
            self._all()
            .where(col(Member.platform_user_id).is_(None), col(Member.active))
            .order_by(Member.name_key)
        )
        return list(rows)

    async def without_manager(self, member_id: int) -> None:
        """Let nobody report to a member any more."""
        member = table_of(Member)
        await run(
            self.session,
            update(member)
            .where(member.c.workspace_id == self.workspace_id, member.c.manager_id == member_id)
            .values(manager_id=None),
        )

    async def managers_of(self, member: Member) -> list[Member]:
        """Give who is told about a member: their manager, else every manager, else every admin."""
        if member.manager_id is not None:
            own = await self.by_id(member.manager_id)
            if own is not None and own.active:
                return [own]
        managers = await self.with_role(Role.MANAGER)
        others = [m for m in managers if m.id != member.id]
        if others:
            return others
        rows = await self.session.exec(
            self._all().where(
                or_(Member.role == Role.ADMIN, col(Member.platform_admin)),
                col(Member.active),
                Member.id != member.id,
            )
        )
        return list(rows)

    def _all(self) -> SelectOfScalar[Member]:
        return select(Member).where(Member.workspace_id == self.workspace_id)
