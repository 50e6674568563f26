"""`team`, `settings` and `deal`: what managers do in chat, from a script."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict

from bot.cli.files import write_out
from bot.cli.opening import opened
from bot.cli.wrong_usage import WrongUsage
from bot.settings import Settings
from domain.errors import Refused
from domain.roles import Role
from domain.rules import Value
from handlers import team
from handlers.dealing import Plan, accounts_of, carry_out, plan
from handlers.money import show_money
from handlers.settings_page import change
from storage.tables import Account


async def team_list(arguments: Namespace, settings: Settings) -> int:
    """Print who is in, one a line: Slack id, role, name, region, manager."""
    async with (
        opened(settings, arguments.workspace) as desk,
        desk.app.database.reading(desk.workspace_id) as work,
    ):
        listed = await team.listing(work)
    if arguments.json:
        text = json.dumps([asdict(line) for line in listed], ensure_ascii=False) + "\n"
    else:
        text = "".join(
            "\t".join([line.slack_id or "-", line.role, line.name, line.region, line.manager])
            + "\n"
            for line in listed
        )
    await write_out(text.encode(), arguments.out)
    return 0


async def team_add(arguments: Namespace, settings: Settings) -> int:
    """Take people in with a role; all of them or none."""
    async with opened(settings, arguments.workspace) as desk:
        app = desk.app
        found = {
            user: await app.slack.directory.profile(desk.workspace_id, user)
            for user in arguments.users
        }
        unknown = [user for user, profile in found.items() if profile is None]
        if unknown:
            raise Refused(f"Slack knows nobody by the id {', '.join(unknown)}.")
        async with app.database.workspace(desk.workspace_id) as work:
            added = [
                await team.add(work, profile, Role(arguments.role), app.clock())
                for profile in found.values()
                if profile is not None
            ]
            await work.commit()
    _say(arguments, [{"name": m.name, "role": m.role} for m in added], "is in as")
    return 0


async def team_remove(arguments: Namespace, settings: Settings) -> int:
    """Take people out; what they have done stays."""
    async with opened(settings, arguments.workspace) as desk:
        app = desk.app
        async with app.database.workspace(desk.workspace_id) as work:
            removed = [await team.remove(work, user, app.clock()) for user in arguments.users]
            await work.commit()
    _say(arguments, [{"name": m.name, "role": m.role} for m in removed], "is out, was")
    return 0


async def settings(arguments: Namespace, settings: Settings) -> int:
    """Show the settings, or set those given as KEY=VALUE: all or none."""
    asked: dict[str, str] = {}
    for text in arguments.changes:
        key, equals, value = text.partition("=")
        if not equals:
            raise WrongUsage(f"Write KEY=VALUE, not “{text}”.")
        asked[key.strip().lower()] = value
    async with (
        opened(settings, arguments.workspace) as desk,
        desk.app.database.workspace(desk.workspace_id) as work,
    ):
        if asked:
            try:
                await change(work, desk.app.clock(), None, asked)
            except Refused as refusal:
                raise WrongUsage(refusal.sentence) from refusal
            await work.commit()
        rules = await work.workspaces.rules()
    values: dict[str, Value] = asdict(rules)
    if arguments.json:
        text = json.dumps(values, ensure_ascii=False, indent=2)
    else:
        text = "\n".join(f"{key}={_written(value)}" for key, value in values.items())
    await write_out(f"{text}\n".encode(), arguments.out)
    return 0


async def deal(arguments: Namespace, settings: Settings) -> int:
    """Deal the drawer out as `/lost deal` does, or only say who would get what and why."""
    async with opened(settings, arguments.workspace) as desk:
        app = desk.app
        async with app.database.workspace(desk.workspace_id) as work:
            rules, now = await work.workspaces.rules(), app.clock()
            planned = await plan(work, rules, now)
            ids = [pick.account_id for pick in planned.outcome.picks]
            accounts = await accounts_of(
                work, ids + [left.account_id for left in planned.outcome.left]
            )
            if not arguments.preview and ids:
                await carry_out(work, rules, now, planned, None)
                await work.commit()
    if arguments.json:
        print(json.dumps(_as_data(planned, accounts, arguments.preview), ensure_ascii=False))
    else:
        _print_deal(planned, accounts, arguments.preview)
    return 0


def _as_data(planned: Plan, accounts: dict[int, Account], preview: bool) -> dict[str, object]:
    return {
        "dealt": 0 if preview else len(planned.outcome.picks),
        "picks": [
            {
                "account": accounts[pick.account_id].name,
                "rep": planned.team[pick.member_id].name,
                "slack_id": planned.team[pick.member_id].platform_user_id,
                "why": pick.why,
            }
            for pick in planned.outcome.picks
        ],
        "left": [
            {"account": accounts[left.account_id].name, "why": left.why}
            for left in planned.outcome.left
        ],
    }


def _print_deal(planned: Plan, accounts: dict[int, Account], preview: bool) -> None:
    for share in planned.shares:
        worth = ", ".join(show_money(money) for money in share.worth) or "no value known"
        print(f"{share.member.name}: {len(share.picks)} ({worth})")
        for pick in share.picks:
            print(f"  {accounts[pick.account_id].name}: {pick.why}")
    for left in planned.outcome.left:
        print(f"Stays in the drawer: {accounts[left.account_id].name}: {left.why}")
    count = len(planned.outcome.picks)
    if not count:
        print("There is nothing to deal out now.")
    else:
        print(f"{count} would be dealt." if preview else f"{count} dealt.")


def _say(arguments: Namespace, rows: list[dict[str, str]], between: str) -> None:
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False))
    for row in rows if not arguments.json else ():
        print(f"{row['name']} {between} {row['role']}")


def _written(value: Value) -> str:
    """Write a value; further lines of a text are set in, so that a line that is not is a key."""
    return str(value).lower() if isinstance(value, bool) else str(value).replace("\n", "\n  ")
