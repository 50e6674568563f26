"""Changing the list of reasons: one is chosen, put right, added, retired or brought back."""

from __future__ import annotations

from dataclasses import replace

from domain.errors import Refused
from domain.names import tidy
from domain.reason_list import (
    check_count,
    mistakes,
    new_key,
    read_reasons,
    reasons_text,
    split_synonyms,
)
from domain.reasons import Reason
from handlers.context import Context
from handlers.effects import Effect, FormErrors, OpenForm, Reply
from handlers.events import FormSubmitted
from handlers.settings_page import change
from handlers.views.reasons import reason_form, reasons_page


async def open_reason(context: Context, event: FormSubmitted) -> list[Effect]:
    """Open the form of the reason that was chosen, empty for a new one."""
    key = event.values.get("reason", "")
    return [OpenForm(reason_form(_called(read_reasons(context.rules.reasons), key)))]


async def save_reason(context: Context, event: FormSubmitted) -> list[Effect]:
    """Write a reason into the list, or say at each field what to mend."""
    listed = read_reasons(context.rules.reasons)
    before = _called(listed, event.context.get("key", ""))
    values = event.values
    asked = Reason(
        before.key or new_key(values.get("label", ""), listed),
        tidy(values.get("label", "")),
        tidy(values.get("evidence", "")),
        avoidable=values.get("avoidable") != "no",
        no_fault=values.get("no_fault") == "yes",
        synonyms=split_synonyms(values.get("synonyms", "")),
        retired=values.get("retired") == "yes",
    )
    wrong = mistakes(asked, [reason for reason in listed if reason.key != before.key])
    if wrong:
        return [FormErrors(wrong)]
    after = [asked if reason.key == before.key else reason for reason in listed]
    after += [] if before.key else [asked]
    try:
        check_count(after)
    except Refused as refusal:
        return [FormErrors({"retired": refusal.sentence})]
    text = reasons_text(after)
    await change(context.work, context.now, context.actor_id, {"reasons": text})
    return [Reply(reasons_page(replace(context.rules, reasons=text)))]


def _called(listed: tuple[Reason, ...], key: str) -> Reason:
    """Give a reason of the list; one without a key where none is named."""
    if not key:
        return Reason("", "", "")
    found = next((reason for reason in listed if reason.key == key), None)
    if found is None:
        raise Refused("That reason is not on the list any more. See it with `/lost settings`.")
    return found
