"""Who may give whom which role."""

from __future__ import annotations

from domain.errors import Refused
from domain.roles import Role

RANKS = (
    Role.COLLEAGUE,
    Role.REP,
    Role.FINANCE,
    Role.EXECUTIVE,
    Role.MANAGER,
    Role.ADMIN,
)
"""Roles from the one that may least to the one that may most."""


def check_role_change(
    giver: Role, current: Role, new: Role, *, own: bool, last_admin: bool
) -> None:
    """Refuse a change of role that must not be.

    `giver` is the role that counts for who changes it; `own`: it is their own; `last_admin`: the
    member is the only one who was made admin.
    """
    if current is Role.ADMIN and new is not Role.ADMIN and last_admin:
        raise Refused("That is the last admin. Make somebody else an admin first.")
    if own and RANKS.index(new) > RANKS.index(giver):
        raise Refused("Nobody raises their own role. Ask an admin to do it.")
    if Role.ADMIN in {current, new} and current is not new and giver is not Role.ADMIN:
        raise Refused("Only an admin makes admins, or takes the part away.")
