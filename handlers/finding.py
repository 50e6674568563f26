"""Which account somebody means."""

from __future__ import annotations

from domain.errors import Refused
from domain.loss_line import unquoted
from handlers.context import Context
from storage.tables import Account

_SHOWN = 80  # characters of an unknown name that are said back


async def find_account(context: Context, words: str, example: str) -> Account:
    """Give the account that is named, despite case, punctuation and legal form.

    `example` is the command that was meant, such as "show". Raises `Refused` with the nearest names
    where none is certain: which of them is meant is never assumed.
    """
    name = unquoted(words)
    if not name:
        raise Refused(f"Which account? Write its name: `/lost {example} Acme`.")
    accounts = context.work.accounts
    known = await accounts.named(name) or await accounts.by_external_id(name)
    if known is not None:
        return known
    asked = f"I know no account called “{shortened(name)}”."
    near = [account.name for account in await accounts.near(name)]
    if near:
        raise Refused(f"{asked} Did you mean {either(near)}?")
    raise Refused(f"{asked} If a customer of that name left, log it: `/lost NAME, reason`.")


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
