"""Forgetting a contact (D6): their name goes, the figures stay."""

from __future__ import annotations

from domain.names import tidy
from handlers.context import Context
from handlers.effects import Effect, FormErrors, OpenForm, Reply
from handlers.events import Action, FormSubmitted
from handlers.finding import account_meant
from handlers.views.forgetting import MOST, forget_form, forgotten

_SHORTEST = 3  # letters of a word that is erased: shorter ones stand in too much


async def open_forget(context: Context, event: Action) -> list[Effect]:
    """Ask whom to forget, with the names that are known filled in."""
    account = await account_meant(context, event.payload["account"])
    names = await context.work.forgetting.names_at(account)
    return [OpenForm(forget_form(account, names))]


async def forget_contact(context: Context, event: FormSubmitted) -> list[Effect]:
    """Erase what the form names; the audit log says that it was done, and not whom it was about."""
    account = await account_meant(context, event.context["account"])
    written = event.values.get("words", "")
    words = list(dict.fromkeys(filter(None, map(tidy, written.splitlines()))))
    if not words:
        return [FormErrors({"words": "Whom shall I forget? One name a line."})]
    short = [word for word in words if len(word) < _SHORTEST]
    if short:
        return [FormErrors({"words": f"“{short[0]}” is too short: it stands in other words too."})]
    if len(written) > MOST:
        return [FormErrors({"words": f"That is more than {MOST:,} characters."})]
    dropped = await context.work.forgetting.forget(account, words)
    context.work.workspaces.audit(
        "contact forgotten", account.name, by=context.actor_id, now=context.now
    )
    return [Reply(forgotten(account, dropped))]
