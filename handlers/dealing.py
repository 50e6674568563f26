"""The deal itself, for chat, the command line and the clock alike: planned, then carried out."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from domain.calendar import worked_from
from domain.deadlines import Step, ladder
from domain.dealing import Outcome, Pick, deal
from domain.errors import Refused
from domain.money import Money
from domain.roles import Role
from domain.rotation import Turn
from domain.rules import Rules
from domain.seating import Lot, Seat, in_accounts, pool_of
from handlers.context import Context, id_of, local_day
from handlers.days import show_day
from handlers.hours import hours_of, known_zone
from handlers.views.deal import stay_in_drawer
from handlers.views.dealt import LISTED, Dealt, accounts_for_you
from storage.dealing_out import Terms, letter_key
from storage.outbox import NewLetter
from storage.tables import Account, Deal, Member
from storage.unit_of_work import UnitOfWork

_DAY = timedelta(days=1)
_AT_ONCE = 10_000  # ids in one query, below what either database takes


@dataclass(frozen=True, slots=True)
class Share:
    """What one rep gets: picks in order of value, and what they add up to, by currency."""

    member: Member
    picks: tuple[Pick, ...]
    worth: tuple[Money, ...]
    holds: int


@dataclass(frozen=True)
class Plan:
    """A deal as it would be carried out now. `key` stands for everything it depends on.

    `team` are the reps by id, `seats` their part in it, `turns` everybody's place before.
    """

    key: str
    outcome: Outcome
    lots: Mapping[int, Lot]
    seats: Mapping[int, Seat]
    team: Mapping[int, Member]
    turns: Mapping[int, Turn]
    rules: Rules
    insist: bool

    @cached_property
    def shares(self) -> list[Share]:
        """What each rep gets, in the order in which their first turn comes."""
        picks: dict[int, list[Pick]] = defaultdict(list)
        for pick in self.outcome.picks:
            picks[pick.member_id].append(pick)
        return [
            Share(
                self.team[member_id],
                tuple(sorted(own, key=lambda pick: -self.lots[pick.account_id].value)),
                self.worth_of(pick.account_id for pick in own),
                self.seats[member_id].holds,
            )
            for member_id, own in picks.items()
        ]

    def serves(self, seat: Seat, lot: Lot) -> bool:
        """Say whether a rep takes accounts of an account's region."""
        pool = pool_of(lot.region, self.rules)
        return not pool or pool == pool_of(seat.region, self.rules)

    def worth_of(self, account_ids: Iterable[int]) -> tuple[Money, ...]:
        """Add up what accounts are worth, currency by currency."""
        sums: dict[str, int] = defaultdict(int)
        for account_id in account_ids:
            lot = self.lots[account_id]
            sums[lot.currency or self.rules.currency] += lot.value
        return tuple(Money(minor, currency) for currency, minor in sorted(sums.items()) if minor)


async def plan(
    work: UnitOfWork,
    rules: Rules,
    now: datetime,
    *,
    insist: bool = False,
    account_ids: Sequence[int] | None = None,
) -> Plan:
    """Work out who would get what, and why; nothing is written.

    `insist`: what is barred to every rep is dealt nonetheless. `account_ids`: only these.
    """
    lots = await _lots(work, rules, now, account_ids)
    turns = await work.dealing.turns()
    seats, team = await seats_at(work, rules, now, turns)
    so_far = await work.dealing.deals_so_far()
    return Plan(
        _key(lots, seats, rules, so_far, insist=insist),
        deal(lots, seats, rules, insist=insist),
        {lot.account_id: lot for lot in lots},
        {seat.member_id: seat for seat in seats},
        team,
        turns,
        rules,
        insist,
    )


async def carry_out(
    work: UnitOfWork, rules: Rules, now: datetime, plan: Plan, by: int | None
) -> Deal:
    """Deal out what was planned: accounts, deadlines, turns, and one message for each rep.

    `by` is who pressed, None from the command line or the clock. Raises `Refused` where there is
    nothing to deal, where it was dealt before, or where somebody else dealt since it was planned.
    """
    if not plan.outcome.picks:
        raise Refused("There is nothing to deal out now.")
    await work.dealing.lock()
    if await work.dealing.turns() != plan.turns:
        raise Refused("Somebody dealt at the same moment. Look again with `/lost deal`.")
    written = await work.deals.open(plan.key, by, now)
    if written is None:
        raise Refused("That was dealt out already.")
    shares = plan.shares
    terms = {id_of(share.member): terms_for(share.member, rules, now) for share in shares}
    await work.deals.write(written, plan.outcome.picks, terms, now)
    found = {m: astuple(turn) for m, turn in plan.turns.items() if m in plan.seats}
    written.turns_json = json.dumps(found)
    await work.deals.keep_turns(plan.outcome.turns)
    await work.deals.forget_turns(set(plan.turns) - set(plan.seats))
    await _tell_reps(work, now, plan, written, terms)
    work.workspaces.audit(
        "dealt out",
        in_accounts(len(plan.outcome.picks)),
        by=by,
        now=now,
        detail=f"to {len(shares)} reps; {len(plan.outcome.left)} stay in the drawer",
    )
    return written


async def deal_at_once(
    work: UnitOfWork, rules: Rules, now: datetime, account_ids: Sequence[int], by: int | None
) -> Plan:
    """Deal these accounts alone, as they come; who leads is told of what nobody can take."""
    await work.dealing.lock()
    planned = await plan(work, rules, now, account_ids=account_ids)
    if planned.outcome.picks:
        await carry_out(work, rules, now, planned, by)
    if planned.outcome.left:
        await _tell_leads(work, now, planned)
    return planned


async def deal_one(context: Context, account: Account) -> Member | None:
    """Deal a loss that was just logged, where the workspace wants that; give who has it now."""
    if not context.rules.deal_new_losses or account.id is None:
        return None
    work = context.work
    await work.session.flush()
    planned = await deal_at_once(work, context.rules, context.now, [account.id], context.actor_id)
    await work.session.refresh(account)
    picks = planned.outcome.picks
    return planned.team[picks[0].member_id] if picks else None


async def stranded(work: UnitOfWork, plan: Plan) -> list[tuple[Member, int]]:
    """Find who has left and still holds accounts, with how many."""
    holds = await work.dealing.open_counts()
    holders = await work.members.by_ids(set(holds) - set(plan.team))
    gone = [m for m in holders.values() if not m.active or m.role == Role.COLLEAGUE]
    return [(member, holds[id_of(member)]) for member in sorted(gone, key=lambda m: m.name_key)]


async def seats_at(
    work: UnitOfWork, rules: Rules, now: datetime, turns: Mapping[int, Turn]
) -> tuple[list[Seat], dict[int, Member]]:
    """Give every active rep's part in a deal at an instant, and the reps by id."""
    team = {id_of(member): member for member in await work.members.with_role(Role.REP)}
    holds = await work.dealing.open_counts()
    absences = await work.due.absences(list(team), now.date() - _DAY)
    seats = []
    for member_id, member in team.items():
        today = local_day(now, member, rules)
        away = [a.to_on for a in absences.get(member_id, ()) if a.from_on <= today <= a.to_on]
        seats.append(
            Seat(
                member_id,
                member.name,
                member.weight,
                member.region or "",
                holds.get(member_id, 0),
                turns.get(member_id),
                f"is away until {show_day(max(away), today)}" if away else "",
            )
        )
    return seats, team


def terms_for(member: Member, rules: Rules, now: datetime) -> Terms:
    """Give when an account dealt now counts as dealt to a member, and what falls due on it.

    What would be due on a day that they do not work is due on the next that they do. (Time away
    stops the clock of its own accord, when it comes to that: see `handlers.idle`.)
    """
    hours = hours_of(member, rules)
    today = local_day(now, member, rules)
    rungs = [replace(rung, due_on=worked_from(rung.due_on, hours)) for rung in ladder(today, rules)]
    return Terms(
        today,
        tuple(
            (rung, hours.digest_at(rung.due_on) if rung.step is Step.OVERDUE else None)
            for rung in rungs
        ),
    )


async def _lots(
    work: UnitOfWork, rules: Rules, now: datetime, account_ids: Sequence[int] | None
) -> list[Lot]:
    """Give what lies in the drawer; who asked to be left alone for a while stays in it."""
    lots = await work.dealing.lots(account_ids)
    today = now.astimezone(known_zone(rules.time_zone)).date()
    asleep = await work.dealing.asleep(today)
    if not asleep:
        return lots
    return [
        replace(
            lot, stays=f"asked to be left alone until {show_day(asleep[lot.account_id], today)}"
        )
        if lot.account_id in asleep
        else lot
        for lot in lots
    ]


async def accounts_of(work: UnitOfWork, ids: Sequence[int]) -> dict[int, Account]:
    """Give any number of accounts, by id."""
    found: dict[int, Account] = {}
    for start in range(0, len(ids), _AT_ONCE):
        found |= await work.accounts.by_ids(ids[start : start + _AT_ONCE])
    return found


async def _tell_reps(
    work: UnitOfWork,
    now: datetime,
    plan: Plan,
    written: Deal,
    terms: Mapping[int, Terms],
) -> None:
    """Write each rep one message with their accounts, dearest first."""
    shares = plan.shares
    listed = [pick.account_id for share in shares for pick in share.picks[:LISTED]]
    accounts = await accounts_of(work, listed)
    dealer = await work.members.by_id(written.dealt_by_id) if written.dealt_by_id else None
    letters = []
    for share in shares:
        member_id = id_of(share.member)
        own = terms[member_id]
        view = accounts_for_you(
            [Dealt(accounts[pick.account_id], pick.why) for pick in share.picks[:LISTED]],
            len(share.picks),
            first_by=own.rungs[0][0].due_on,
            dealer=dealer,
            rules=plan.rules,
            today=own.assigned_on,
        )
        letters.append(
            NewLetter(
                "deal", letter_key(written.id, member_id), view.to_json(), now, member_id=member_id
            )
        )
    await work.outbox.put_all(letters, now)


async def _tell_leads(work: UnitOfWork, now: datetime, planned: Plan) -> None:
    """Tell managers and admins why accounts stay in the drawer, once for each account and deal."""
    left = planned.outcome.left
    accounts = await accounts_of(work, [one.account_id for one in left])
    view = stay_in_drawer([(accounts[one.account_id].name, one.why) for one in left])
    letters = [
        NewLetter(
            "deal",
            f"left:{planned.key}:{lead.id}",
            view.to_json(),
            now,
            member_id=lead.id,
        )
        for lead in await work.members.with_role(Role.MANAGER, Role.ADMIN)
    ]
    await work.outbox.put_all(letters, now)


def _key(
    lots: Sequence[Lot], seats: Sequence[Seat], rules: Rules, so_far: int, *, insist: bool
) -> str:
    """Digest everything a deal depends on, so that one preview stands for one deal.

    Names are part of it: of what is worth the same, and of who is level, they decide the order.
    """
    digest = hashlib.sha256()
    ways = (
        rules.open_accounts_cap,
        rules.max_lead,
        rules.deal_by_value,
        rules.deal_by_region,
        rules.catch_up,
    )
    digest.update(repr((so_far, insist, ways)).encode())
    counts_matter = bool(rules.open_accounts_cap) or rules.catch_up
    for seat in sorted(seats, key=lambda seat: seat.member_id):
        part = (seat.member_id, seat.name, seat.weight, seat.region, seat.turn, bool(seat.out))
        digest.update(repr((part, seat.holds if counts_matter else 0)).encode())
    for lot in sorted(lots, key=lambda lot: lot.account_id):
        digest.update(repr((lot.account_id, lot.key, lot.value)).encode())
        digest.update(repr((lot.region, lot.barred, lot.stays)).encode())
    return digest.hexdigest()[:32]
