"""A customer left, and somebody types one line."""

from __future__ import annotations

from domain.account_life import State
from handlers.effects import Effect, ReplaceSource, Reply
from handlers.views.elements import Buttons, View
from storage.tables import Account, Loss
from tests.people import ADA, OTTO, WORKSPACE, Desk, form_of, reply_of


def view_of(effects: list[Effect]) -> View:
    """The view of the one message among the effects."""
    [message] = [e for e in effects if isinstance(e, Reply | ReplaceSource)]
    return message.view


def button(view: View, label: str) -> tuple[str, dict[str, str]]:
    """The action and payload of the button whose label begins so."""
    for element in view.elements:
        if isinstance(element, Buttons):
            for one in element.buttons:
                if one.label.startswith(label):
                    return one.action, dict(one.payload)
    raise AssertionError(f"no button {label!r}")


async def press(desk: Desk, user: str, effects: list[Effect], label: str) -> list[Effect]:
    action, payload = button(view_of(effects), label)
    return await desk.presses(user, action, **payload)


async def account_named(desk: Desk, name: str) -> Account | None:
    async with desk.database.reading(WORKSPACE) as work:
        return await work.accounts.named(name)


async def losses_of(desk: Desk, name: str) -> list[Loss]:
    async with desk.database.reading(WORKSPACE) as work:
        account = await work.accounts.named(name)
        assert account is not None
        assert account.id is not None
        return await work.accounts.losses_of(account.id)


async def test_one_line_is_understood_and_written_down(desk: Desk) -> None:
    """L1, L7: account, reason and competitor; the account lies in the drawer."""
    said = reply_of(await desk.types(ADA, "Acme Corp, price, went to Globex"))
    assert "Acme Corp" in said
    assert "drawer" in said
    assert "Globex" in said
    account = await account_named(desk, "acme")
    assert account is not None
    assert (account.name, account.state) == ("Acme Corp", State.CODE_99)
    assert (account.reason, account.competitor) == ("price", "Globex")
    assert account.lost_by_id == desk.ids[ADA]
    [loss] = await losses_of(desk, "Acme Corp")
    assert loss.logged_by_id == desk.ids[ADA]


async def test_a_colleague_may_not_log(desk: Desk) -> None:
    assert "That one is for reps" in reply_of(await desk.types(OTTO, "Acme, price"))
    assert await account_named(desk, "Acme") is None


async def test_bare_lost_opens_the_form(desk: Desk) -> None:
    """L2."""
    form = form_of(await desk.types(ADA, "")).form
    assert form.id == "loss"
    assert [f.name for f in form.fields][:3] == ["account", "reason", "what_happened"]
