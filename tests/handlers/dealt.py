"""A drawer to deal out, and what tests ask about a deal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import select

from domain.account_life import State
from domain.names import name_key
from handlers.effects import Effect, ReplaceSource, Reply
from handlers.views.elements import Button, Buttons, View, in_plain_words
from storage.tables import Account, Assignment, Member, Outbox, Turn, Visit
from tests.people import NOW, WORKSPACE, Desk


async def drawer(desk: Desk, *names: str, lost_by: str = "", **values: Any) -> list[int]:
    """Lay accounts into the drawer; the first named is worth most."""
    async with desk.database.workspace(WORKSPACE) as work:
        ids = []
        for rank, name in enumerate(names):
            account = Account(
                workspace_id=WORKSPACE,
                name_key=name_key(name),
                **{
                    "name": name,
                    "state": State.CODE_99,
                    "value_minor": (len(names) - rank) * 100_000,
                    "currency": "USD",
                    "lost_by_id": desk.ids.get(lost_by),
                    "lost_on": date(2026, 2, 2),
                    "reason": "price",
                    "created_at": NOW,
                    "touched_at": NOW,
                    **values,
                },
            )
            work.session.add(account)
            await work.session.flush()
            ids.append(account.id or 0)
        await work.commit()
    return ids


async def rep(desk: Desk, name: str, **values: Any) -> int:
    """Add one more rep, known by name alone."""
    async with desk.database.workspace(WORKSPACE) as work:
        member = Member(
            workspace_id=WORKSPACE,
            name=name,
            name_key=name_key(name),
            role="rep",
            joined_at=NOW,
            **values,
        )
        work.session.add(member)
        await work.commit()
        return member.id or 0


async def change(desk: Desk, user: str, **values: object) -> None:
    """Change a fixed person's row."""
    async with desk.database.workspace(WORKSPACE) as work:
        member = await work.members.by_platform_id(user)
        assert member is not None
        for key, value in values.items():
            setattr(member, key, value)
        await work.commit()


async def decide(desk: Desk, **rules: Any) -> None:
    """Change settings."""
    async with desk.database.workspace(WORKSPACE) as work:
        for key, value in rules.items():
            await work.workspaces.decide(key, value)
        await work.commit()


async def deals(desk: Desk, user: str, **more: str) -> list[Effect]:
    """`/lost deal` and the press of its button."""
    payload = button(await desk.types(user, "deal"), "deal.confirm").payload
    return await desk.presses(user, "deal.confirm", **{**payload, **more})


async def visited(desk: Desk, account_id: int) -> None:
    """Let whoever holds an account have logged a visit."""
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.by_id(account_id)
        assignment = await work.dealing.open_assignment(account_id)
        assert account is not None
        assert assignment is not None
        account.state = State.CONTACTED
        work.session.add(
            Visit(
                workspace_id=WORKSPACE,
                account_id=account_id,
                assignment_id=assignment.id,
                member_id=assignment.member_id,
                visited_on=date(2026, 3, 2),
                who_was_met="Jo",
                met_decision_maker=False,
                what_happened="Talked",
                logged_at=desk.now,
            )
        )
        await work.commit()


def view_of(effects: Sequence[Effect]) -> View:
    [effect] = [e for e in effects if isinstance(e, Reply | ReplaceSource)]
    return effect.view


def buttons_of(effects: Sequence[Effect]) -> list[Button]:
    return [
        one
        for element in view_of(effects).elements
        if isinstance(element, Buttons)
        for one in element.buttons
    ]


def button(effects: Sequence[Effect], action: str) -> Button:
    return next(one for one in buttons_of(effects) if one.action == action)


def text_of(view: View) -> str:
    """Everything a view says, as it reads aloud."""
    lines = []
    for element in view.elements:
        for attribute in ("text", "items"):
            said = getattr(element, attribute, ())
            if isinstance(said, str):
                lines.append(said)
            elif attribute == "items":
                lines += [in_plain_words(item) for item in said]
            else:
                lines.append(in_plain_words(said))
    return "\n".join(lines)


async def rows(desk: Desk, model: Any) -> list[Any]:
    async with desk.database.reading(WORKSPACE) as work:
        return list(await work.session.exec(select(model).order_by(model.id)))


async def holders(desk: Desk) -> dict[str, int | None]:
    """Who holds each account, by name."""
    return {account.name: account.holder_id for account in await rows(desk, Account)}


async def held(desk: Desk) -> Counter[int]:
    """How many accounts each member holds."""
    return Counter(holder for holder in (await holders(desk)).values() if holder is not None)


async def open_assignments(desk: Desk) -> list[Assignment]:
    return [a for a in await rows(desk, Assignment) if a.ended_at is None]


async def letters_to(desk: Desk, member_id: int, kind: str = "deal") -> list[View]:
    return [
        View.from_json(letter.view_json)
        for letter in await rows(desk, Outbox)
        if letter.member_id == member_id and letter.kind == kind
    ]


async def turns(desk: Desk) -> Mapping[int, tuple[int, int]]:
    async with desk.database.reading(WORKSPACE) as work:
        found = await work.session.exec(select(Turn))
        return {turn.member_id: (turn.taken, turn.last_seq) for turn in found}
