"""The same people in every test, each with one part to play."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.names import name_key
from domain.roles import Role
from handlers.context import id_of
from handlers.dispatch import Dispatcher
from handlers.effects import Effect, FormErrors, OpenForm, Reply
from handlers.events import Action, Command, FormSubmitted, Origin, Place
from handlers.ports import Profile
from storage.database import Database
from storage.tables import Member

WORKSPACE = "T0LOST"
CHANNEL = "C0TEAM"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday: 10:00 in New York, 16:00 in Paris, 20:30 in Kolkata."""

ADA, BEN, CHI, MAX, EVE, FAY, OTTO = "U0ADA", "U0BEN", "U0CHI", "U0MAX", "U0EVE", "U0FAY", "U0OTTO"
"""Ada, Ben and Chi are reps, Max their manager, Eve an executive, Fay in finance, Otto outside."""

_PEOPLE = (
    (ADA, "Ada Fox", Role.REP, "America/New_York"),
    (BEN, "Ben Ruiz", Role.REP, "Europe/Paris"),
    (CHI, "Chi Nair", Role.REP, "Asia/Kolkata"),
    (MAX, "Max Lind", Role.MANAGER, "America/New_York"),
    (EVE, "Eve Stone", Role.EXECUTIVE, "America/New_York"),
    (FAY, "Fay Moss", Role.FINANCE, "Europe/Paris"),
)


class PhoneBook:
    """A platform's directory that knows whom it was told of."""

    def __init__(self, *profiles: Profile) -> None:
        self.profiles = {p.platform_user_id: p for p in profiles}
        self.asked = False

    async def profile(self, workspace_id: str, platform_user_id: str) -> Profile | None:
        return self.profiles.get(platform_user_id)

    async def everyone(self, workspace_id: str) -> list[Profile]:
        self.asked = True
        return list(self.profiles.values())

    def remembered(self, workspace_id: str) -> list[Profile] | None:
        return list(self.profiles.values()) if self.asked else None


@dataclass
class Desk:
    """A workspace with its people; acts as anyone, at a time of its own."""

    database: Database
    now: datetime = NOW
    book: PhoneBook = field(default_factory=lambda: PhoneBook(Profile(OTTO, "Otto Outside")))
    ids: dict[str, int] = field(default_factory=dict)
    _acts: int = 0

    async def open(self) -> Desk:
        """Enrol the fixed people."""
        async with self.database.workspace(WORKSPACE) as work:
            members = {
                user: Member(
                    workspace_id=WORKSPACE,
                    platform_user_id=user,
                    name=name,
                    name_key=name_key(name),
                    role=role,
                    time_zone=zone,
                    joined_at=NOW,
                )
                for user, name, role, zone in _PEOPLE
            }
            work.session.add_all(members.values())
            await work.session.flush()
            for user in (ADA, BEN, CHI):
                members[user].manager_id = members[MAX].id
            await work.commit()
            self.ids = {user: id_of(member) for user, member in members.items()}
        return self

    @property
    def dispatcher(self) -> Dispatcher:
        return Dispatcher(self.database, self.book, lambda: self.now)

    def origin(self, user: str, envelope: str = "") -> Origin:
        self._acts += 1
        return Origin(WORKSPACE, user, envelope or f"act-{self._acts}", Place(CHANNEL))

    async def types(self, user: str, text: str, name: str = "", envelope: str = "") -> list[Effect]:
        """`/lost text` by a person; `name` is "found" for `/found`."""
        return await self.dispatcher.handle(Command(self.origin(user, envelope), text, name))

    async def presses(
        self, user: str, action: str, envelope: str = "", **payload: str
    ) -> list[Effect]:
        return await self.dispatcher.handle(Action(self.origin(user, envelope), action, payload))

    async def sends(
        self,
        user: str,
        form: str,
        values: Mapping[str, str],
        context: Mapping[str, str] | None = None,
        envelope: str = "",
    ) -> list[Effect]:
        return await self.dispatcher.handle(
            FormSubmitted(self.origin(user, envelope), form, values, context or {})
        )


def reply_of(effects: list[Effect]) -> str:
    """The whole text of the one reply among the effects."""
    [reply] = [effect for effect in effects if isinstance(effect, Reply)]
    return reply.view.to_json()


def form_of(effects: list[Effect]) -> OpenForm:
    [opened] = [effect for effect in effects if isinstance(effect, OpenForm)]
    return opened


def errors_of(effects: list[Effect]) -> Mapping[str, str]:
    [errors] = [effect for effect in effects if isinstance(effect, FormErrors)]
    return errors.errors
