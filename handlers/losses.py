"""`/lost ACCOUNT, REASON`: a customer left, and it is written down."""

from __future__ import annotations

import json
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from domain.account_life import State
from domain.loss_line import LossLine, read_line
from domain.losses import LONGEST_NAME, LONGEST_STORY, is_lost
from domain.names import clean, tidy
from domain.reasons import UNKNOWN
from domain.roles import can
from handlers.context import Context
from handlers.effects import Effect, OpenForm, ReplaceSource, Reply
from handlers.events import Action, Command
from handlers.finding import account_meant, id_of_account
from handlers.loss_form import filled_form
from handlers.loss_records import card_of, holder_of, particulars_of, record_loss, tell_holder
from handlers.reasons import reasons_of
from handlers.rows import CommandRow
from handlers.views.losses import (
    already_lost,
    nearest_commands,
    too_long,
    which_account,
    words_added,
)
from storage.tables import Account

_NEAR_COMMAND = 0.7  # "drawr" is 0.83 of "drawer", "shwo" 0.75 of "show", "acme" 0.25 of "away"
_LONGEST_WAIT = 1500  # characters of a line that fit into a button beside the rest of its payload

Answer = type[Reply] | type[ReplaceSource]


async def log_loss(
    context: Context, event: Command, commands: Mapping[str, CommandRow]
) -> list[Effect]:
    """Write a loss down at once where the line is clear; else ask for what is missing.

    The form opens with what was understood filled in. A line without commas whose first word is
    nearly one of the `commands` is asked about first.
    """
    text = clean(event.text)
    line, known = await _understand(context, text)
    if len(line.account) > LONGEST_NAME:
        return [Reply(too_long("An account's name", LONGEST_NAME, text))]
    if len(line.note) > LONGEST_STORY:
        return [Reply(too_long("What happened", LONGEST_STORY, text))]
    if not (line.separated or known):
        meant = _nearly_commands(context, text, commands)
        if meant:
            return [Reply(nearest_commands(meant, text))]
    if not line.clear:
        return [OpenForm(filled_form(context, known or line.account, line))]
    if known is not None:
        return await _settle(context, known, line, text, Reply)
    alike = await context.work.accounts.alike(line.account)
    if alike and _fits_a_button(text):
        return [Reply(which_account(line.account, alike, text))]
    if alike:
        return [OpenForm(filled_form(context, line.account, line))]
    return await _settle(context, line.account, line, text, Reply)


async def log_for_known(context: Context, event: Action) -> list[Effect]:
    """Go on with a line: the account of nearly that name is the one."""
    account = await account_meant(context, event.payload["account"])
    text = event.payload["line"]
    line = read_line(text, reasons_of(context.rules))
    return await _settle(context, account, line, text, ReplaceSource)


async def log_for_new(context: Context, event: Action) -> list[Effect]:
    """Go on with a line: its account is a new one, unless it has come to be known meanwhile."""
    text = event.payload["line"]
    line, known = await _understand(context, text)
    return await _settle(context, known or line.account, line, text, ReplaceSource)


async def log_another(context: Context, event: Action) -> list[Effect]:
    """Write down a second loss of an account that is lost already."""
    account = await account_meant(context, event.payload["account"])
    line = read_line(event.payload["line"], reasons_of(context.rules))
    return await _write(context, account, line, ReplaceSource)


async def add_words(context: Context, event: Action) -> list[Effect]:
    """Add what was heard to the latest loss of an account, and tell the one who has it in hand."""
    account = await account_meant(context, event.payload["account"])
    text = event.payload["line"]
    line = read_line(text, reasons_of(context.rules))
    latest = await context.work.accounts.losses_of(id_of_account(account), limit=1)
    if not latest:
        return await _settle(context, account, line, text, ReplaceSource)
    loss, said = latest[0], particulars_of(context, line)
    heard = f"{context.actor.name} heard: {text}"
    loss.what_happened = f"{loss.what_happened}\n{heard}" if loss.what_happened else heard
    loss.competitor = loss.competitor or said.competitor
    if loss.reason == UNKNOWN.key:
        loss.reason = account.reason = said.reason
    account.competitor = account.competitor or said.competitor
    account.touched_at = context.now
    context.work.workspaces.audit(
        "loss added to", account.name, by=context.actor_id, now=context.now
    )
    told = await tell_holder(context, account, text)
    return [ReplaceSource(words_added(account, told))]


async def _understand(context: Context, text: str) -> tuple[LossLine, Account | None]:
    """Read a line and find the account it names; without commas the whole may be a known name."""
    line = read_line(text, reasons_of(context.rules))
    if not line.separated:
        whole = await context.work.accounts.named(tidy(text))
        if whole is not None:
            return LossLine(whole.name, separated=False), whole
    return line, await context.work.accounts.named(line.account) if line.account else None


async def _settle(
    context: Context, account: Account | str, line: LossLine, text: str, answer: Answer
) -> list[Effect]:
    """Write the loss, or ask where the account is lost already: no words are dropped."""
    if isinstance(account, str) or not is_lost(State(account.state)):
        return await _write(context, account, line, answer)
    if not _fits_a_button(text):
        return [OpenForm(filled_form(context, account, line))]
    latest = await context.work.accounts.losses_of(id_of_account(account), limit=1)
    view = already_lost(
        account,
        latest[0] if latest else None,
        context.rules,
        context.today,
        holder=await holder_of(context, account),
        line=text,
    )
    return [answer(view)]


async def _write(
    context: Context, account: Account | str, line: LossLine, answer: Answer
) -> list[Effect]:
    recorded = await record_loss(context, account, particulars_of(context, line))
    return [answer(await card_of(context, recorded))]


def _fits_a_button(text: str) -> bool:
    return len(json.dumps(text)) <= _LONGEST_WAIT


def _nearly_commands(
    context: Context, text: str, commands: Mapping[str, CommandRow]
) -> list[tuple[str, str]]:
    """Give (what to type, what it does) of the commands that are nearly the first word."""
    word, _, rest = tidy(text).partition(" ")
    names = [name for name, row in commands.items() if can(context.role, row.permission)]
    near = process.extract(
        word.lower(), names, scorer=OSA.normalized_similarity, score_cutoff=_NEAR_COMMAND, limit=3
    )
    rows = [commands[name] for name, _, _ in near]
    return [(f"{row.name} {rest}" if rest else row.usage, row.says) for row in rows]
