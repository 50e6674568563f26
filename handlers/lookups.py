"""What a look-up field offers while somebody types."""

from __future__ import annotations

from domain.names import tidy
from domain.roles import Permission, Role, can
from storage.unit_of_work import UnitOfWork

_LABEL = 75  # characters of an option that Slack shows


async def matches(work: UnitOfWork, role: Role, source: str, typed: str) -> list[tuple[str, str]]:
    """Give (value, label) of the accounts or members that fit what was typed.

    For accounts the last offer is the name itself as a new one, unless it is known exactly.
    """
    if not can(role, Permission.LOG_LOSS):
        return []
    typed = tidy(typed)
    if source == "members":
        team = await work.members.team()
        return [(str(m.id), m.name[:_LABEL]) for m in team if typed.lower() in m.name.lower()]
    accounts = await work.accounts.starting(typed)
    offers = [(str(a.id), a.name[:_LABEL]) for a in accounts]
    if typed and await work.accounts.named(typed) is None:
        offers = [*offers[:99], (f"new:{typed}"[:150], f"New: {typed}"[:_LABEL])]
    return offers
