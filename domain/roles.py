"""Who may do what: the only place where a role is weighed."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A member's part in the workspace; `colleague` is everyone who was given none."""

    COLLEAGUE = "colleague"
    REP = "rep"
    MANAGER = "manager"
    EXECUTIVE = "executive"
    FINANCE = "finance"
    ADMIN = "admin"


class Permission(StrEnum):
    """Something the bot does only for some."""

    ASK = "ask"  # help, board, policy, remarks: open to all
    LOG_LOSS = "log a loss"
    WORK_ACCOUNT = "work an account"
    CLAIM = "claim a win-back"
    SEE_DRAWER = "see the drawer"
    IMPORT = "import"
    DEAL = "deal"
    SEE_BOUNTIES = "see my bounties"
    APPROVE = "approve claims"
    APPROVE_LARGE = "approve bounties above the limit"
    MANAGE_TEAM = "manage the team"
    CHANGE_SETTINGS = "change settings"
    READ_REPORTS = "read reports"
    READ_LEDGER = "read everyone's ledger"
    PAY = "pay bounties"


_SALES = {Role.REP, Role.MANAGER, Role.EXECUTIVE, Role.ADMIN}
_LEADS = {Role.MANAGER, Role.ADMIN}

_HOLDERS: dict[Permission, frozenset[Role]] = {
    Permission.ASK: frozenset(Role),
    Permission.LOG_LOSS: frozenset(_SALES),
    Permission.WORK_ACCOUNT: frozenset(_SALES),
    Permission.CLAIM: frozenset(_SALES),
    Permission.SEE_DRAWER: frozenset(_LEADS | {Role.EXECUTIVE}),
    Permission.IMPORT: frozenset(_LEADS),
    Permission.DEAL: frozenset(_LEADS),
    Permission.SEE_BOUNTIES: frozenset(_SALES | {Role.FINANCE}),
    Permission.APPROVE: frozenset(_LEADS | {Role.EXECUTIVE}),
    Permission.APPROVE_LARGE: frozenset({Role.EXECUTIVE, Role.ADMIN}),
    Permission.MANAGE_TEAM: frozenset(_LEADS),
    Permission.CHANGE_SETTINGS: frozenset(_LEADS),
    Permission.READ_REPORTS: frozenset(_LEADS | {Role.EXECUTIVE}),
    Permission.READ_LEDGER: frozenset(_LEADS | {Role.EXECUTIVE, Role.FINANCE}),
    Permission.PAY: frozenset({Role.FINANCE, Role.ADMIN}),
}


def can(role: Role, permission: Permission) -> bool:
    """Say whether a member of `role` may do what `permission` names."""
    return role in _HOLDERS[permission]


def holders(permission: Permission) -> list[Role]:
    """Name the roles that may, in the order of `Role`, for refusals and the docs' table."""
    return [role for role in Role if role in _HOLDERS[permission]]


def effective_role(role: Role, *, platform_admin: bool, admin_is_set: bool) -> Role:
    """Give the role that counts: the platform's owners and admins are admins until one is set."""
    if platform_admin and not admin_is_set:
        return Role.ADMIN
    return role
