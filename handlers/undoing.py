"""Taking a deal back within its hour: accounts, deadlines, turns and messages."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from domain.errors import Refused
from domain.rotation import Turn, rewound
from domain.rules import Rules
from domain.seating import in_accounts
from handlers.dealing import accounts_of
from handlers.views.dealt import never_mind
from storage.dealing import Ended
from storage.dealing_out import Given
from storage.outbox import NewLetter
from storage.tables import Deal
from storage.unit_of_work import UnitOfWork

_PARTS = len(fields(Turn))
_NAMED = 10  # accounts of one kind that are named
_KEPT = {None, Ended.WON_BACK, Ended.LET_GO}


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many accounts returned to the drawer and how many stay, the first as (account, rep).

    `passed` is how many of those that returned had been handed over since, the first of them by
    name in `names`.
    """

    count: int
    staying: int
    kept: Sequence[tuple[str, str]]
    passed: int
    names: Sequence[str]


async def take_back(
    work: UnitOfWork, rules: Rules, now: datetime, dealt: Deal | None, by: int | None
) -> TakenBack:
    """Take a deal back, and what was handed over since by the turns that it left.

    What somebody is on already stays with them. Raises `Refused` if it is too late.

    1. Accounts return to the drawer and their deadlines close.
    2. Turns are what they were, and what somebody keeps counts as one of theirs.
    3. Messages that have not gone out are withdrawn; who had theirs is told.
    """
    await work.dealing.lock()
    dealt = await _may_be_undone(work, rules, now, dealt)
    given = await work.deals.undo(dealt, by, now)
    back = [one for one in given if one.goes_back]
    kept = [one for one in given if not one.goes_back and one.ended_as in _KEPT]
    await _rewind_turns(work, dealt, kept)
    work.deadlines.touched.update(one.member_id for one in back)
    staying = [one for one in kept if one.ended_as is None and one.deal_id in {dealt.id, None}]
    await _tell_reps(work, now, dealt, given, staying)
    passed = [one for one in back if one.deal_id is None]
    named = [*staying[:_NAMED], *passed[:_NAMED]]
    accounts = await accounts_of(work, [one.account_id for one in named])
    members = await work.members.by_ids({one.member_id for one in named})
    work.workspaces.audit(
        "deal undone",
        in_accounts(len(back)),
        by=by,
        now=now,
        detail=f"{len(staying)} stay with their reps",
    )
    return TakenBack(
        len(back),
        len(staying),
        [(accounts[o.account_id].name, members[o.member_id].name) for o in staying[:_NAMED]],
        len(passed),
        [accounts[one.account_id].name for one in passed[:_NAMED]],
    )


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


async def _rewind_turns(work: UnitOfWork, dealt: Deal, kept: Sequence[Given]) -> None:
    """Let the rotation be as the deal found it, but for what somebody keeps."""
    found: dict[str, Any] = json.loads(dealt.turns_json)
    if any(not isinstance(place, list) or len(place) != _PARTS for place in found.values()):
        raise Refused(
            "That deal was made before I was updated, so I cannot take it back any more. "
            "Reps can pass accounts on: `/lost pass ACCOUNT`."
        )
    began = {int(member): Turn(*place) for member, place in found.items()}
    now = await work.dealing.turns()
    places = rewound(now, began, Counter(one.member_id for one in kept))
    await work.deals.keep_turns({m: turn for m, turn in places.items() if turn != now[m]})
    await work.deals.forget_turns(now.keys() - places.keys())


async def _tell_reps(
    work: UnitOfWork, now: datetime, dealt: Deal, given: Sequence[Given], staying: Sequence[Given]
) -> None:
    """Withdraw what nobody has read; tell the others which of theirs went back."""
    keeping: dict[int, list[Given]] = defaultdict(list)
    for one in staying:
        keeping[one.member_id].append(one)
    gone = {one.letter for one in given} - {one.letter for one in staying}
    unread = await work.deals.withdraw_letters(gone)
    told: dict[int, list[Given]] = defaultdict(list)
    for one in given:
        if one.goes_back and one.letter not in unread:
            told[one.member_id].append(one)
    passed = {m: [one for one in own if one.deal_id is None] for m, own in told.items()}
    named = [own[:_NAMED] for own in (*passed.values(), *keeping.values())]
    listed = [one.account_id for own in named for one in own]
    accounts = await accounts_of(work, listed)
    letters = []
    for member_id, own in told.items():
        since, kept = passed[member_id], keeping[member_id]
        view = never_mind(
            len(own) - len(since),
            [accounts[one.account_id].name for one in since[:_NAMED]],
            len(since),
            [accounts[one.account_id].name for one in kept[:_NAMED]],
            len(kept),
        )
        key = f"undone:{dealt.id}:{member_id}"
        letters.append(NewLetter("deal", key, view.to_json(), now, member_id=member_id))
    await work.outbox.put_all(letters, now)
