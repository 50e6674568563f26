"""Which account somebody means."""

from __future__ import annotations

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


async def find_account(
    context: Context, words: str, example: str, go_on: str, **payload: str
) -> Account:
    """Give the account that is named, despite case, punctuation and legal form.

    `example` is the command that was meant, such as "show". Where no name is certain, the nearest
    (without a name, those in hand) are offered as buttons that do the action `go_on` (with this
    payload), never assumed. Raises `Refused`.
    """
    name = unquoted(words)
    if not name:
        held = await context.work.accounts.held_by(context.actor_id)
        asked = which_in_hand(held, example, go_on)
        raise RefusedWith(asked.summary, asked)
    known = await account_named(context, name)
    if known is not None:
        return known
    near = await context.work.accounts.near(name)
    if near:
        rest = {key: said[:_CARRIED] for key, said in payload.items() if said}
        asked = which_account(shortened(name), near, go_on, rest)
        raise RefusedWith(asked.summary, asked)
    raise Refused(
        f"I know no account called “{shortened(name)}”. "
        "If a customer of that name left, log it: `/lost NAME, reason`."
    )


async def account_named(context: Context, name: str) -> Account | None:
    """Give the account of this name or external id.

    A few words of it will do for an account in the actor's own hands, where only one has them.
    """
    accounts = context.work.accounts
    known = await accounts.named(name) or await accounts.by_external_id(name)
    key = name_key(name)
    if known is not None or len(key) < _FEWEST:
        return known
    held = await accounts.held_by(context.actor_id)
    meant = [account for account in held if _stands_for(key, account.name_key)]
    return meant[0] if len(meant) == 1 else None


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
