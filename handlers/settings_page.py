"""`/lost settings`: what the workspace has decided, shown and changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from domain.errors import Refused
from domain.reason_list import differing, read_reasons, reasons_text, with_history
from domain.rules import Rules, Value, read, spec_of, stored
from handlers.commissions import show_or_set_commission
from handlers.context import Context
from handlers.effects import Effect, FormErrors, OpenForm, Reply
from handlers.events import Action, Command, FormSubmitted
from handlers.money import show_money
from handlers.planning import plan_anew
from handlers.plans import keep_plan, plan_of, worked_examples
from handlers.reasons import all_reasons_of
from handlers.views.reasons import reason_choice, reasons_page
from handlers.views.settings_page import (
    GROUPS,
    PLAN_GROUP,
    REASONS_GROUP,
    group_form,
    one_setting,
    plan_example,
    said,
    settings_changed,
    settings_page,
)
from storage.unit_of_work import UnitOfWork

_PAIR = re.compile(r"(?<!\S)([a-z][a-z_]*)\s*=\s*")


async def show_or_change(context: Context, event: Command) -> list[Effect]:
    """Show all settings, or one; or set those that the line gives a value."""
    text = event.text.strip()
    if not text:
        return [Reply(settings_page(context.rules))]
    first, _, rest = text.partition(" ")
    if first.lower() == "commission":
        return await show_or_set_commission(context, rest)
    pairs = read_pairs(text)
    if not pairs:
        key = text.lower()
        spec_of(key)
        if key == "reasons":
            return [Reply(reasons_page(context.rules))]
        return [Reply(one_setting(key, getattr(context.rules, key)))]
    changed = await _changed(context, pairs)
    return [Reply(settings_changed(changed))]


async def open_group(context: Context, event: Action) -> list[Effect]:
    """Open the form of one group."""
    group = event.payload["group"]
    if group not in GROUPS:
        raise Refused("These settings have moved. See them all with `/lost settings`.")
    if group == REASONS_GROUP:
        return [OpenForm(reason_choice(all_reasons_of(context.rules)))]
    return [OpenForm(group_form(group, context.rules))]


async def save_group(context: Context, event: FormSubmitted) -> list[Effect]:
    """Save a group's form, or say at each field what to mend."""
    keys = GROUPS[event.context["group"]]
    asked = {key: event.values[key] for key in keys if key in event.values}
    errors = {}
    for key, text in asked.items():
        try:
            read(key, text)
        except Refused as refusal:
            errors[key] = refusal.sentence
    if errors:
        return [FormErrors(errors)]
    if event.context["group"] == PLAN_GROUP:
        return [OpenForm(plan_example(asked, await _examples(context, asked)))]
    return [Reply(settings_changed(await _changed(context, asked)))]


async def save_plan(context: Context, event: FormSubmitted) -> list[Effect]:
    """Put the bounty plan in force whose example was just shown."""
    return [Reply(settings_changed(await _changed(context, event.context)))]


async def change(
    work: UnitOfWork, now: datetime, by: int | None, asked: Mapping[str, str]
) -> dict[str, Value]:
    """Set several rules at once, all or none, and give those that changed with their new values.

    `asked` is key → what a person wrote; `by` the member who did, None for the command line.
    Raises `Refused` with the first mistake, its key as the field. Every change is audited.
    """
    before = await work.workspaces.rules()
    wanted = {key: _read(key, text) for key, text in asked.items()}
    if "reasons" in wanted:
        wanted["reasons"] = _with_old_reasons(before, str(wanted["reasons"]))
    after = {key: value for key, value in wanted.items() if getattr(before, key) != value}
    for key, value in after.items():
        await work.workspaces.decide(key, value)
    await work.session.flush()
    rules = await work.workspaces.rules()
    _must_fit(rules, after)
    await keep_plan(work, before, after, now=now, by=by)
    await plan_anew(work, after, rules, now)
    for key, value in after.items():
        detail = " → ".join(_audited(key, getattr(before, key), value))
        work.workspaces.audit("change setting", key, by=by, now=now, detail=detail)
    return after


def read_pairs(text: str) -> dict[str, str]:
    """Read `key=value other=value`, or `key value`; empty where the line gives no value."""
    marks = list(_PAIR.finditer(text))
    if marks and marks[0].start() == 0:
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        return {
            mark[1]: text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)
        }
    key, _, value = text.partition(" ")
    return {key.lower(): value.strip()} if value.strip() else {}


async def _examples(context: Context, asked: Mapping[str, str]) -> list[str]:
    """Reckon what wins would pay under the settings asked for."""
    wanted = {key: read(key, text) for key, text in asked.items()}
    rules = stored({**await context.work.workspaces.settings(), **wanted})
    plan = plan_of(rules)
    return [
        f"{show_money(bounty.pays)}: {bounty.rule}"
        for bounty in worked_examples(plan, context.today)
    ]


def _read(key: str, text: str) -> Value:
    try:
        return read(key, text)
    except Refused as refusal:
        raise Refused(refusal.sentence, field=key) from None


def _with_old_reasons(before: Rules, text: str) -> str:
    kept = with_history(read_reasons(before.reasons), read_reasons(text))
    return reasons_text(read_reasons(reasons_text(kept)))


def _audited(key: str, before: Value, after: Value) -> tuple[str, str]:
    """Write what a setting was and is; of the reasons only those that changed."""
    if key == "reasons":
        return differing(read_reasons(str(before)), read_reasons(str(after)))
    return said(before), said(after)


async def _changed(context: Context, asked: Mapping[str, str]) -> dict[str, tuple[Value, Value]]:
    after = await change(context.work, context.now, context.actor_id, asked)
    return {key: (getattr(context.rules, key), value) for key, value in after.items()}


def _must_fit(rules: Rules, changed: Mapping[str, Value]) -> None:
    """Refuse a ladder whose rungs are out of order."""
    ladder = ("contact_days", "meeting_days", "overdue_days")
    days = [getattr(rules, key) for key in ladder]
    if days != sorted(days):
        field = next((key for key in ladder if key in changed), ladder[0])
        raise Refused(
            f"First contact, then the meeting, then the manager: {days[0]}, {days[1]}, {days[2]} "
            "days are not in that order.",
            field=field,
        )
    _must_be_whole_campaign(rules)


def _must_be_whole_campaign(rules: Rules) -> None:
    """Refuse a campaign without a name, a first or a last day, or that ends before it begins."""
    keys = ("campaign_name", "campaign_from", "campaign_to")
    missing = [key for key in keys if not getattr(rules, key)]
    if len(missing) in {1, 2}:
        raise Refused(
            "A campaign has a name, a first and a last day: "
            "`/lost settings campaign_name=Spring campaign_from=2026-03-02 "
            "campaign_to=2026-03-31`. "
            "Leave all three empty where there is none.",
            field=missing[0],
        )
    if rules.campaign_to < rules.campaign_from:
        raise Refused("The campaign would end before it begins.", field="campaign_to")
