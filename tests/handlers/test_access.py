"""Nobody reaches what their role may not (S3): every command, button and form, every role."""

from __future__ import annotations

import pytest
from sqlmodel import select

from domain.roles import Permission, Role, can, holders
from handlers.context import who_may
from handlers.effects import FormErrors, Reply
from handlers.registry import ACTIONS, COMMANDS, FORMS
from storage.tables import AuditEntry, Outbox
from tests.people import ADA, EVE, FAY, MAX, OTTO, WORKSPACE, Desk, errors_of, reply_of

_ONE_OF_EACH = {
    Role.COLLEAGUE: OTTO,
    Role.REP: ADA,
    Role.MANAGER: MAX,
    Role.EXECUTIVE: EVE,
    Role.FINANCE: FAY,
}


@pytest.mark.parametrize("role", _ONE_OF_EACH)
async def test_every_row_refuses_who_may_not_and_does_nothing(desk: Desk, role: Role) -> None:
    user = _ONE_OF_EACH[role]
    for name, command in COMMANDS.items():
        if not can(role, command.permission):
            said = reply_of(await desk.types(user, "Acme, 100", name))
            assert who_may(command.permission) in said, name
    for name, action in ACTIONS.items():
        if not can(role, action.permission):
            said = reply_of(await desk.presses(user, name))
            assert who_may(action.permission) in said, name
    for name, form in FORMS.items():
        if not can(role, form.permission):
            errors = errors_of(await desk.sends(user, name, {}))
            assert errors == {"": who_may(form.permission)}, name
    async with desk.database.reading(WORKSPACE) as work:
        assert list(await work.session.exec(select(Outbox))) == []
        assert list(await work.session.exec(select(AuditEntry))) == []


async def test_the_deactivated_reach_nothing_at_all(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        ada = await work.members.by_id(desk.ids[ADA])
        assert ada is not None
        ada.active = False
        await work.commit()
    for name in COMMANDS:
        [effect] = await desk.types(ADA, "", name)
        assert isinstance(effect, Reply), name
    for name in FORMS:
        [errors] = await desk.sends(ADA, name, {})
        assert isinstance(errors, FormErrors), name


def test_every_permission_is_somebodys() -> None:
    for permission in Permission:
        assert holders(permission)
        assert can(Role.ADMIN, permission)
