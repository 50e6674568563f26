"""What handlers need from a platform, in words that no platform owns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as the platform knows them. `admin`: an owner or admin there."""

    platform_user_id: str
    name: str
    email: str | None = None
    time_zone: str | None = None
    admin: bool = False
    active: bool = True
    bot: bool = False


class PeopleNotAsked(Exception):
    """An act needs the platform's people, whom nobody has asked the platform for.

    Raised within a unit of work, which is given up: the platform may take its time, and whoever
    writes keeps others waiting (`handlers.roster.knowing_people`).
    """


class Directory(Protocol):
    """The platform's own list of people."""

    async def profile(self, workspace_id: str, platform_user_id: str) -> Profile | None:
        """Look a person up; None where the platform knows nobody by this id or does not answer."""

    async def everyone(self, workspace_id: str) -> list[Profile]:
        """List the people of a workspace; empty where the platform does not answer.

        It may take seconds, so never within a unit of work; what was told is remembered for a
        while.
        """

    def remembered(self, workspace_id: str) -> list[Profile] | None:
        """Give what `everyone` gave lately; None where it has to be asked (again)."""
