"""Files given to the bot: read, shown for correction, and taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.columns import Kind
from domain.matching import Match, Unmatched
from domain.roles import Permission, can
from domain.written_days import Order
from handlers.context import Context, who_may
from handlers.effects import Effect, FormErrors, OpenForm, ReplaceSource, Reply, SendFile
from handlers.events import Action, Command, FileShared, FormSubmitted
from handlers.import_file import columns_of, import_file
from handlers.import_results import BYTE_ORDER_MARK, ImportResult, rejects_as_csv
from handlers.import_wishes import Wishes
from handlers.payment_files import take_payments
from handlers.reasons import reason_options
from handlers.views.elements import View
from handlers.views.import_forms import (
    KIND,
    LEFT_OUT,
    ORDER,
    column_field,
    columns_form,
    reason_field,
    reasons_form,
)
from handlers.views.importing import (
    FILL_DOWN,
    dropped,
    expired,
    how_to_import,
    import_preview,
    import_result,
    not_for_you,
    not_understood,
    taken_in_already,
    under_way,
)
from handlers.views.near_pairs import near_question
from storage.tables import PendingImport

AT_ONCE = 5_000
"""Rows up to which a file is taken in while the manager waits; longer ones by the worker."""


async def receive_file(context: Context, event: FileShared) -> list[Effect]:
    """Keep a manager's file and show what it would do; of others only payments are looked at."""
    payments = await take_payments(context, event)
    if payments is not None:
        return payments
    if not can(context.role, Permission.IMPORT):
        return [Reply(not_for_you(event.name, who_may(Permission.IMPORT)))]
    pending = await context.work.import_memory.keep(
        context.actor_id, event.name, event.content, context.now
    )
    return [Reply(await _preview(context, pending))]


async def explain(context: Context, event: Command) -> list[Effect]:
    """Say how a file is given to the bot, or show the one that waits."""
    pending = await context.work.import_memory.waiting_for(context.actor_id, context.now)
    if pending is None:
        return [Reply(how_to_import())]
    return [Reply(await _preview(context, pending))]


async def confirm(context: Context, event: Action) -> list[Effect]:
    """Take the file in as it was shown; a long one as soon as the worker comes to it."""
    pending = await _waiting(context, event.payload)
    if isinstance(pending, View):
        return [ReplaceSource(pending)]
    if pending.rows > AT_ONCE:
        pending.wanted_at = context.now
        return [ReplaceSource(under_way(pending.name, pending.rows))]
    result = await take_in(context, pending)
    effects: list[Effect] = [ReplaceSource(import_result(pending, result))]
    if pending.rejects:
        effects.append(_rejects(pending))
    return effects


async def answer_order(context: Context, event: Action) -> list[Effect]:
    """Note which figure of a date is the month, and show the file anew."""
    return await _reread(context, event, order=Order(event.payload["order"]))


async def answer_blank_names(context: Context, event: Action) -> list[Effect]:
    """Note whether rows without a name are about the account above them; show the file anew."""
    return await _reread(context, event, fill_down=event.payload["names"] == FILL_DOWN)


async def drop(context: Context, event: Action) -> list[Effect]:
    """Forget the file."""
    pending = await _pending(context, event.payload)
    if pending is not None and _is_taken(pending):
        return [ReplaceSource(taken_in_already(pending.name))]
    if pending is not None:
        await context.work.import_memory.drop(pending)
    return [ReplaceSource(dropped())]


async def send_rejects(context: Context, event: Action) -> list[Effect]:
    """Give the rows back that could not be taken."""
    pending = await _pending(context, event.payload)
    if pending is None or not pending.rejects:
        return [Reply(expired())]
    return [_rejects(pending)]


async def ask_columns(context: Context, event: Action) -> list[Effect]:
    """Open the form in which each column is given its field."""
    pending = await _waiting(context, event.payload)
    if isinstance(pending, View):
        return [ReplaceSource(pending)]
    return [await _columns_asked(context, pending, Wishes.from_json(pending.wishes_json))]


async def change_columns(context: Context, event: FormSubmitted) -> list[Effect]:
    """Read the file by the columns said; another kind of file asks for its own fields first."""
    pending = await _waiting(context, event.context)
    if isinstance(pending, View):
        return [Reply(pending)]
    values = event.values
    kind = Kind(values[KIND])
    wishes = Wishes.from_json(pending.wishes_json)
    if kind != event.context["kind"]:
        return [await _columns_asked(context, pending, Wishes(kind, order=wishes.order))]
    asked = (await _columns_of(context, pending, Wishes(kind))).columns
    said = {column_field(i): values.get(column_field(i), "") for i in range(len(asked))}
    chosen = Counter(field for field in said.values() if field not in {"", LEFT_OUT})
    twice = [name for name, field in said.items() if chosen[field] > 1]
    if twice:
        return [FormErrors(dict.fromkeys(twice, "Another column is this already."))]
    mapping = {
        column.heading: field or LEFT_OUT
        for column, (name, field) in zip(asked, said.items(), strict=True)
        if name in values
    }
    order = Order(values[ORDER]) if values.get(ORDER) else wishes.order
    pending.wishes_json = replace(wishes, kind=kind, mapping=mapping, order=order).to_json()
    return [ReplaceSource(await _preview(context, pending))]


async def ask_reasons(context: Context, event: Action) -> list[Effect]:
    """Open the form in which words for a reason are given their meaning."""
    pending = await _waiting(context, event.payload)
    if isinstance(pending, View):
        return [ReplaceSource(pending)]
    result = await _tried(context, pending)
    return [OpenForm(reasons_form(str(pending.id), list(result.unsure), context.rules))]


async def say_reasons(context: Context, event: FormSubmitted) -> list[Effect]:
    """Remember what the words mean, for this file and all to come."""
    pending = await _waiting(context, event.context)
    if isinstance(pending, View):
        return [Reply(pending)]
    known = {key for key, _ in reason_options(context.rules)}
    result = await _tried(context, pending)
    said = {words: event.values.get(reason_field(words), "") for words in result.unsure}
    meanings = {words.lower(): reason for words, reason in said.items() if reason in known}
    await context.work.import_memory.remember_reasons(meanings)
    return [ReplaceSource(await _preview(context, pending))]


async def take_in(context: Context, pending: PendingImport) -> ImportResult:
    """Take a kept file in for good, keep what is to be given back, and ask about near names."""
    result = await _read(context, pending)
    if result.rejected:
        pending.rejects = (BYTE_ORDER_MARK + rejects_as_csv(result)).encode()
    if result.near:
        await context.tell(
            context.actor,
            near_question(result.near),
            kind="import",
            dedupe_key=f"near:{pending.id}",
        )
    pending.done_at, pending.wanted_at, pending.content = context.now, None, b""
    context.work.workspaces.audit(
        "file imported",
        pending.name,
        by=context.actor_id,
        now=context.now,
        detail=f"{result.kind}: {result.new} new, {result.changed} changed, "
        f"{len(result.rejected)} given back",
    )
    return result


async def _reread(context: Context, event: Action, **wished: Any) -> list[Effect]:
    """Read the file in another way, and show what that would do."""
    pending = await _waiting(context, event.payload)
    if isinstance(pending, View):
        return [ReplaceSource(pending)]
    pending.wishes_json = replace(Wishes.from_json(pending.wishes_json), **wished).to_json()
    return [ReplaceSource(await _preview(context, pending))]


async def _preview(context: Context, pending: PendingImport) -> View:
    """Show what taking the file in would do."""
    try:
        result = await _tried(context, pending)
    except Unmatched as unmatched:
        return not_understood(pending, unmatched.sentence)
    pending.rows = result.rows
    return import_preview(pending, result)


async def _tried(context: Context, pending: PendingImport) -> ImportResult:
    """Take the file in and leave nothing of it."""
    return await _read(context, pending, dry_run=True)


async def _read(context: Context, pending: PendingImport, *, dry_run: bool = False) -> ImportResult:
    return await import_file(
        context.work,
        context.rules,
        context.now,
        context.directory,
        name=pending.name,
        source=pending.content,
        wishes=Wishes.from_json(pending.wishes_json),
        by=context.actor_id,
        dry_run=dry_run,
    )


async def _columns_asked(context: Context, pending: PendingImport, wishes: Wishes) -> OpenForm:
    match = await _columns_of(context, pending, wishes)
    return OpenForm(columns_form(str(pending.id), match, wishes.order))


async def _columns_of(context: Context, pending: PendingImport, wishes: Wishes) -> Match:
    return await columns_of(context.work, context.rules, pending.name, pending.content, wishes)


async def _waiting(context: Context, payload: Mapping[str, str]) -> PendingImport | View:
    """Give a file that is still to be taken in, else what there is to say about it."""
    pending = await _pending(context, payload)
    if pending is None:
        return expired()
    return taken_in_already(pending.name) if _is_taken(pending) else pending


def _is_taken(pending: PendingImport) -> bool:
    """Say whether a file is in, or on its way: nothing can be changed any more."""
    return pending.done_at is not None or pending.wanted_at is not None


async def _pending(context: Context, payload: Mapping[str, str]) -> PendingImport | None:
    """Give the file that a button or form is about, if it is the actor's own."""
    pending = await context.work.import_memory.pending(int(payload["file"]))
    if pending is None or pending.expires_at < context.now:
        return None
    return pending if pending.member_id == context.actor_id else None


def _rejects(pending: PendingImport) -> SendFile:
    says = "These rows are not in yet. Mend them in this file and drop it here again."
    return SendFile(f"{pending.name}.rejects.csv", pending.rejects, says)
