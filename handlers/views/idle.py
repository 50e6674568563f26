"""What a manager reads when accounts come back into the drawer unvisited."""

from __future__ import annotations

from collections.abc import Sequence

from domain.seating import in_accounts
from handlers.context import mention
from handlers.views.deal import DEAL_OUT
from handlers.views.elements import Bullets, Paragraph, View, words
from storage.tables import Member

_LISTED = 20  # reps named one by one


def returned_to_drawer(reps: Sequence[tuple[Member, int]]) -> View:
    """Tell who leads whose accounts came back, as (rep, how many)."""
    total = sum(count for _, count in reps)
    summary = f"{in_accounts(total)} came back to the drawer, unvisited"
    if len(reps) == 1:
        text = words(f"{summary}, from ", mention(reps[0][0]), ".")
        return View(summary, (Paragraph(text), DEAL_OUT))
    lines = [words(mention(member), f": {in_accounts(count)}") for member, count in reps[:_LISTED]]
    if len(reps) > _LISTED:
        lines.append(words(f"and {len(reps) - _LISTED} reps more"))
    return View(summary, (Paragraph(words(f"{summary}:")), Bullets(tuple(lines)), DEAL_OUT))
