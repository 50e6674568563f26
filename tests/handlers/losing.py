"""What tests of losses begin with and look at."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import select

from domain.rules import read
from handlers.effects import Effect
from handlers.views.elements import View
from handlers.views.forms import Form
from storage.tables import Account, Loss, Outbox
from tests.people import CHANNEL, WORKSPACE, Desk, form_of


async def account_named(desk: Desk, name: str) -> Account | None:
    async with desk.database.reading(WORKSPACE) as work:
        return await work.accounts.named(name)


async def the_account(desk: Desk, name: str) -> Account:
    account = await account_named(desk, name)
    assert account is not None
    return account


async def losses_of(desk: Desk, name: str) -> list[Loss]:
    """The losses of an account, latest first."""
    account = await the_account(desk, name)
    async with desk.database.reading(WORKSPACE) as work:
        return await work.accounts.losses_of(account.id or 0)


async def count_accounts(desk: Desk) -> int:
    async with desk.database.reading(WORKSPACE) as work:
        return len(list(await work.session.exec(select(Account.id))))


async def change(desk: Desk, name: str, **values: object) -> None:
    """Put an account as a test needs it."""
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.named(name)
        assert account is not None
        for key, value in values.items():
            setattr(account, key, value)
        await work.commit()


async def audit(desk: Desk) -> list[tuple[str, str, str]]:
    """Every line of the audit log as (action, subject, detail), first written first."""
    async with desk.database.reading(WORKSPACE) as work:
        entries = await work.workspaces.audit_log()
        return [(entry.action, entry.subject, entry.detail) for entry in reversed(entries)]


async def decide(desk: Desk, **rules: str) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        for key, text in rules.items():
            await work.workspaces.decide(key, read(key, text))
        await work.commit()


async def announced(desk: Desk) -> list[View]:
    """What was posted to the team's channel, first written first."""
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(
            select(Outbox).where(Outbox.channel_id == CHANNEL).order_by(Outbox.id)  # type: ignore[arg-type]  # a column where the type says int
        )
        return [View.from_json(row.view_json) for row in rows]


def filled(form: Form) -> dict[str, str]:
    """What a form holds when it opens, as it comes back when it is sent untouched."""
    return {field.name: field.value for field in form.fields}


async def fills(
    desk: Desk, user: str, opened: list[Effect], changes: Mapping[str, str]
) -> list[Effect]:
    """Send an opened form with some of its fields changed."""
    form = form_of(opened).form
    return await desk.sends(user, form.id, {**filled(form), **changes}, form.context)
