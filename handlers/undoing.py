"""Taking a deal back within its hour: accounts, deadlines, turns and messages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.errors import Refused
from domain.rotation import Turn, all_taken_back
from domain.rules import Rules
from domain.seating import in_accounts
from handlers.dealing import accounts_of
from handlers.views.dealt import never_mind
from storage.dealing import Ended
from storage.dealing_out import HeldFrom
from storage.outbox import NewLetter
from storage.tables import Deal
from storage.unit_of_work import UnitOfWork

_NAMED = 10  # accounts that stay and are named
_Change = tuple[dict[str, Any] | None, dict[str, Any]]
"""A member's place before a deal, None for who joined with it, and after."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many accounts returned to the drawer and how many stay, the first as (account, rep).

    `passed` is how many were handed over since, and stay with who took them.
    """

    count: int
    staying: int
    kept: Sequence[tuple[str, str]]
    passed: int


async def take_back(
    work: UnitOfWork, rules: Rules, now: datetime, dealt: Deal | None, by: int | None
) -> TakenBack:
    """Take a deal back, but for what somebody has worked on since. Raises `Refused` if too late.

    1. Accounts return to the drawer and their deadlines close.
    2. Turns are what they were, with what came to each since.
    3. Messages that have not gone out are withdrawn; who had theirs is told.
    """
    await work.dealing.lock()
    dealt = await _may_be_undone(work, rules, now, dealt)
    held = await work.deals.undo(dealt, by, now)
    await _restore_turns(work, dealt, held)
    returned = Counter(one.member_id for one in held if one.ended_as == Ended.UNDONE)
    work.deadlines.touched.update(returned)
    kept = [one for one in held if one.ended_as is None]
    await _tell_reps(work, now, dealt, returned, kept)
    accounts = await accounts_of(work, [one.account_id for one in kept[:_NAMED]])
    members = await work.members.by_ids({one.member_id for one in kept[:_NAMED]})
    named = [(accounts[o.account_id].name, members[o.member_id].name) for o in kept[:_NAMED]]
    count = returned.total()
    work.workspaces.audit(
        "deal undone",
        in_accounts(count),
        by=by,
        now=now,
        detail=f"{len(kept)} stay with their reps",
    )
    passed = sum(one.ended_as == Ended.HANDED_OVER for one in held)
    return TakenBack(count, len(kept), named, passed)


async def _may_be_undone(work: UnitOfWork, rules: Rules, now: datetime, dealt: Deal | None) -> Deal:
    last = await work.dealing.last_deal()
    if dealt is None or last is None:
        raise Refused("There is no deal to take back.")
    if dealt.undone_at is not None:
        raise Refused("That deal was taken back already.")
    if dealt.id != last.id:
        raise Refused("There was another deal since. Take that one back first: `/lost undo`.")
    if now - dealt.dealt_at > timedelta(minutes=rules.undo_minutes):
        raise Refused(
            f"A deal can be taken back for {rules.undo_minutes} minutes, and that is over. "
            "Reps can pass accounts on: `/lost pass ACCOUNT`."
        )
    return dealt


async def _restore_turns(work: UnitOfWork, dealt: Deal, held: Sequence[HeldFrom]) -> None:
    """Give everybody the place they had, plus what they keep and what came to them since."""
    noted: Mapping[str, _Change | None] = json.loads(dealt.turns_json)
    changes = {
        int(member): (Turn(**change[0]) if change[0] else None, Turn(**change[1]))
        for member, change in noted.items()
        if change
    }
    others = {int(member) for member, change in noted.items() if not change}
    now = await work.dealing.turns()
    got = Counter(one.member_id for one in held)
    worked = {None, Ended.WON_BACK, Ended.LET_GO}
    keeps = Counter(one.member_id for one in held if one.ended_as in worked)
    places = all_taken_back(now, changes, others, got, keeps)
    await work.deals.keep_turns({m: turn for m, turn in places.items() if turn != now[m]})


async def _tell_reps(
    work: UnitOfWork,
    now: datetime,
    dealt: Deal,
    returned: Mapping[int, int],
    kept: Sequence[HeldFrom],
) -> None:
    """Withdraw what nobody has read; tell the others that their accounts went back."""
    keeping = Counter(one.member_id for one in kept)
    unread = await work.deals.withdraw_letters(dealt, [m for m in returned if not keeping[m]])
    letters = [
        NewLetter(
            "deal",
            f"undone:{dealt.id}:{member_id}",
            never_mind(count, keeping[member_id]).to_json(),
            now,
            member_id=member_id,
        )
        for member_id, count in returned.items()
        if member_id not in unread
    ]
    await work.outbox.put_all(letters, now)
