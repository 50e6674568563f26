"""Which account somebody means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.errors import Refused
from domain.loss_line import unquoted
from domain.names import name_key
from handlers.context import Context
from handlers.effects import RefusedWith
from handlers.views.finding import which_account, which_in_hand
from storage.tables import Account

_SHOWN = 80  # characters of an unknown name that are said back
_CARRIED = 1_500  # characters of the rest of a line, of the 2,000 that a button carries
_FEWEST = 3  # characters that may stand for a longer name

Said = Mapping[str, str]
"""What a line says besides the name, as a button carries it on."""


async def find_account(
    context: Context, readings: Mapping[str, Said], example: str, go_on: str, asked: str = ""
) -> tuple[Account, Said]:
    """Give the account a line names, despite case, punctuation and legal form, and its other words.

    `readings`: the names it may begin with, the likeliest first, each with what is then said
    besides. `example` is the command that was meant, such as "show". Where no name is certain,
    those near `asked`, else the last reading (without a name, those in hand), are offered as
    buttons that do the action `go_on` with what was said, never assumed. Raises `Refused`.
    """
    said = {unquoted(name): besides for name, besides in readings.items()}
    name = unquoted(asked) or list(said)[-1]
    if not name:
        held = await context.work.accounts.held_by(context.actor_id)
        view = which_in_hand(held, example, go_on)
        raise RefusedWith(view.summary, view)
    for known, account in (await _meant(context, list(said))).items():
        return account, said[known]
    near = await context.work.accounts.near(name)
    if near:
        rest = {key: words[:_CARRIED] for key, words in said[name].items() if words}
        view = which_account(shortened(name), near, go_on, rest)
        raise RefusedWith(view.summary, view)
    raise Refused(
        f"I know no account called “{shortened(name)}”. "
        "If a customer of that name left, log it: `/lost NAME, reason`."
    )


async def _meant(context: Context, names: Sequence[str]) -> dict[str, Account]:
    """Give the accounts of these names or external ids, in that order.

    Where there is none, a few words of the name will do for an account in the actor's own hands, if
    only one has them.
    """
    known = await context.work.accounts.known_as(names)
    if known:
        return known
    held = await context.work.accounts.held_by(context.actor_id)
    for name, key in zip(names, map(name_key, names), strict=True):
        meant = [account for account in held if _stands_for(key, account.name_key)]
        if len(meant) == 1 and len(key) >= _FEWEST:
            return {name: meant[0]}
    return {}


def _stands_for(typed: str, name: str) -> bool:
    """Say whether each word typed begins a word of the name."""
    return all(any(word.startswith(begun) for word in name.split()) for begun in typed.split())


async def account_meant(context: Context, account_id: str) -> Account:
    """Give the account a button or form is about; it may be gone by now."""
    account = await context.work.accounts.by_id(int(account_id))
    if account is None:
        raise Refused("That account is not here any more.")
    return account


def id_of_account(account: Account) -> int:
    """Give the id of an account that is stored."""
    if account.id is None:
        raise ValueError("this account was never stored")
    return account.id


def either(names: list[str]) -> str:
    """List names as alternatives: "Acme, Apex or Apollo"."""
    *first, last = (shortened(name) for name in names)
    return f"{', '.join(first)} or {last}" if first else last


def shortened(text: str, most: int = _SHOWN) -> str:
    """Cut a text that would fill the screen."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
