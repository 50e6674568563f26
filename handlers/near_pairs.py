"""New accounts that are nearly called like others: one customer, or two? A manager says."""

from __future__ import annotations

from collections.abc import Mapping

from domain.account_life import DEALABLE, State
from domain.errors import Refused
from handlers.context import Context
from handlers.effects import Effect, ReplaceSource
from handlers.events import Action
from handlers.leaving_again import take_back_bounties
from handlers.views.elements import View
from handlers.views.near_pairs import near_question, pairs_left
from storage.merging import Merging
from storage.near_names import Near

_ONE_ALREADY = "Those two are one already."
_AS_IMPORTED = DEALABLE | {State.ACTIVE, State.AT_RISK}


async def merge_pair(context: Context, event: Action) -> list[Effect]:
    """Make the new account part of the known one; nothing that was said of it is lost."""
    work = context.work
    await work.dealing.lock()
    merging = Merging(work.session, work.workspace_id)
    kept, gone = await merging.both(int(event.payload["known"]), int(event.payload["new"]))
    if kept is None or gone is None:
        return [ReplaceSource(await _next(context, event.payload, _ONE_ALREADY))]
    if gone.state not in _AS_IMPORTED or await merging.was_worked_on(gone):
        raise Refused(
            f"{gone.name} was dealt or worked on since it came in, so I leave it as it is. Right "
            "after a deal `/lost undo` takes it back; otherwise let both stand."
        )
    name = gone.name
    losses, otherwise = await merging.merge(kept, gone, context.now, context.rules.revisit_days)
    for loss in losses:
        await take_back_bounties(work, kept, loss, context.now)
    await work.forgetting.keep_out()
    otherwise.pop("decision_maker", None)  # a person's name has no place in the audit log
    said = ", ".join(f"{key} {value}" for key, value in otherwise.items())
    work.workspaces.audit(
        "accounts merged",
        kept.name,
        by=context.actor_id,
        now=context.now,
        detail=f"{name}, losses: {len(losses)}" + (f"; it said {said}" if said else ""),
    )
    done = f"{name} is part of {kept.name} now; files may go on calling it either."
    return [ReplaceSource(await _next(context, event.payload, done))]


async def tell_pair_apart(context: Context, event: Action) -> list[Effect]:
    """Leave two accounts two; they are not asked about again."""
    work, payload = context.work, event.payload
    merging = Merging(work.session, work.workspace_id)
    known, new = await merging.both(int(payload["known"]), int(payload["new"]))
    if known is None or new is None:
        return [ReplaceSource(await _next(context, payload, _ONE_ALREADY))]
    await merging.tell_apart(known, new)
    named = f"{known.name} and {new.name}"
    work.workspaces.audit("accounts told apart", named, by=context.actor_id, now=context.now)
    return [ReplaceSource(await _next(context, payload, "Two customers, then."))]


async def _next(context: Context, payload: Mapping[str, str], done: str) -> View:
    """Ask about the pairs that are left, and that nobody has answered elsewhere meanwhile."""
    work, left = context.work, pairs_left(payload)
    accounts = await work.accounts.by_ids([one for pair in left for one in pair])
    apart = await Merging(work.session, work.workspace_id).told_apart()
    pairs = [
        Near(new, accounts[new].name, known, accounts[known].name)
        for new, known in left
        if new in accounts and known in accounts and tuple(sorted((new, known))) not in apart
    ]
    return near_question(pairs, done)
