"""`/lost deal`: the drawer dealt out, looked over first, and taken back where it should be."""

from __future__ import annotations

from collections import defaultdict
from math import ceil

from domain.errors import Refused
from domain.money import Money
from domain.roles import Role
from handlers.context import Context, local_day
from handlers.days import show_day
from handlers.dealing import Plan, Share, accounts_of, carry_out, plan, stranded
from handlers.effects import Effect, ReplaceSource, Reply
from handlers.events import Action, Command
from handlers.money import show_money
from handlers.team import free_hands
from handlers.undoing import TakenBack, take_back
from handlers.views.deal import (
    ACCOUNTS,
    NAMES,
    REASONS,
    REPS,
    Preview,
    ShareLine,
    StayLine,
    already_dealt,
    deal_preview,
    dealt_out,
    no_reps,
    not_dealt,
    nothing_to_deal,
    taken_back,
)
from handlers.views.elements import View
from storage.tables import Account, Deal

_IDS = 150  # members whom a button can carry


async def preview_deal(context: Context, event: Command | Action) -> list[Effect]:
    """Show what a deal would come to; nothing is written."""
    return [Reply(await _looked_at(context))]


async def turn_page(context: Context, event: Action) -> list[Effect]:
    """Show another page of the preview, or the preview of dealing what is barred nonetheless."""
    page = int(event.payload.get("page", "0"))
    insist = event.payload.get("insist") == "yes"
    return [ReplaceSource(await _looked_at(context, page=page, insist=insist))]


async def confirm_deal(context: Context, event: Action) -> list[Effect]:
    """Deal out exactly what was shown; where it is no longer so, say what changed and ask again."""
    work = context.work
    await work.dealing.lock()
    done = await work.dealing.deal_of(event.payload["key"])
    if done is not None:
        return [ReplaceSource(await _dealt_before(context, done))]
    insist = event.payload.get("insist") == "yes"
    planned = await plan(work, context.rules, context.now, insist=insist)
    if planned.key != event.payload["key"]:
        news = _what_changed(planned, event)
        return [ReplaceSource(await _looked_at(context, insist=insist, news=news))]
    written = await carry_out(work, context.rules, context.now, planned, context.actor_id)
    shares = [(share.member, len(share.picks)) for share in planned.shares]
    outcome = planned.outcome
    view = dealt_out(written.id or 0, len(outcome.picks), shares, len(outcome.left), context.rules)
    return [ReplaceSource(view)]


async def cancel_deal(context: Context, event: Action) -> list[Effect]:
    """Leave everything as it is."""
    return [ReplaceSource(not_dealt())]


async def free_accounts(context: Context, event: Action) -> list[Effect]:
    """Put back into the drawer what somebody who has left still holds, and look anew."""
    member = await context.work.members.by_id(int(event.payload["member"]))
    if member is None or (member.active and member.role != Role.COLLEAGUE):
        raise Refused("They are in the team. `/lost pass ACCOUNT` hands over one of theirs.")
    freed = await free_hands(context.work, member, context.now)
    context.work.workspaces.audit(
        "returned to the drawer",
        f"{freed} accounts of {member.name}",
        by=context.actor_id,
        now=context.now,
    )
    return [ReplaceSource(await _looked_at(context))]


async def undo_last_deal(context: Context, event: Command) -> list[Effect]:
    """Take the latest deal back."""
    last = await context.work.dealing.last_deal()
    undone = await take_back(context.work, context.rules, context.now, last, context.actor_id)
    return [Reply(_taken_back(undone))]


async def undo_deal(context: Context, event: Action) -> list[Effect]:
    """Take back the deal that the button stands under."""
    dealt = await context.work.dealing.deal(int(event.payload["deal"]))
    undone = await take_back(context.work, context.rules, context.now, dealt, context.actor_id)
    return [ReplaceSource(_taken_back(undone))]


def _taken_back(undone: TakenBack) -> View:
    return taken_back(undone.count, undone.staying, undone.kept, undone.passed, undone.names)


async def _looked_at(
    context: Context, *, page: int = 0, insist: bool = False, news: str = ""
) -> View:
    planned = await plan(context.work, context.rules, context.now, insist=insist)
    left_behind = await stranded(context.work, planned)
    if not planned.lots and not left_behind:
        return nothing_to_deal()
    if not planned.team:
        return no_reps()
    shares = planned.shares
    pages = max(1, ceil(len(shares) / REPS))
    page = max(0, min(page, pages - 1))
    shown = shares[page * REPS : (page + 1) * REPS]
    stays = _stays(planned)
    ids = [pick.account_id for share in shown for pick in share.picks[:ACCOUNTS]]
    ids += [account_id for _, accounts in stays for account_id in accounts[:NAMES]]
    accounts = await accounts_of(context.work, ids)
    counts = [len(share.picks) for share in shares]
    outcome = planned.outcome
    return deal_preview(
        Preview(
            payload=_payload(planned),
            count=len(outcome.picks),
            worth=planned.worth_of(pick.account_id for pick in outcome.picks),
            reps=len(shares),
            fewest=_fewest(planned, counts),
            most=max(counts, default=0),
            shares=[_share_line(share, accounts, context) for share in shown],
            stays=[
                StayLine(why, len(left), tuple(accounts[i].name for i in left[:NAMES]))
                for why, left in stays
            ],
            staying=len(outcome.left),
            insisting_helps=_insisting_helps(planned),
            sitting_out=[(planned.team[m].name, why) for m, why in outcome.sitting_out],
            page=page,
            pages=pages,
            news=news,
            stranded=left_behind,
        )
    )


def _share_line(share: Share, accounts: dict[int, Account], context: Context) -> ShareLine:
    lines = []
    for pick in share.picks[:ACCOUNTS]:
        account = accounts[pick.account_id]
        currency = account.currency or context.rules.currency
        worth = show_money(Money(account.value_minor, currency)) if account.value_minor else ""
        lines.append((account.name, worth, pick.why))
    return ShareLine(share.member, len(share.picks), share.worth, share.holds, tuple(lines))


def _stays(planned: Plan) -> list[tuple[str, list[int]]]:
    """Group what stays in the drawer by why, the most frequent first."""
    groups: dict[str, list[int]] = defaultdict(list)
    for left in planned.outcome.left:
        groups[left.why].append(left.account_id)
    return sorted(groups.items(), key=lambda pair: -len(pair[1]))[:REASONS]


def _fewest(planned: Plan, counts: list[int]) -> int:
    taking_part = len(planned.seats) - len(planned.outcome.sitting_out)
    return min(counts, default=0) if len(counts) == taking_part else 0


def _insisting_helps(planned: Plan) -> bool:
    """Say whether something stays only because it is barred to all who take part."""
    if planned.insist:
        return False
    out = {member for member, _ in planned.outcome.sitting_out}
    present = [seat for seat in planned.seats.values() if seat.member_id not in out]
    for left in planned.outcome.left:
        lot = planned.lots[left.account_id]
        takers = {seat.member_id for seat in present if planned.serves(seat, lot)}
        if takers and takers <= {member for member, _ in lot.barred}:
            return True
    return False


def _payload(planned: Plan) -> dict[str, str]:
    """Say on the button which preview it confirms, and enough to tell later what changed."""
    return {
        "key": planned.key,
        "insist": "yes" if planned.insist else "",
        "accounts": str(len(planned.lots)),
        "reps": ",".join(str(member) for member in sorted(_taking_part(planned))[:_IDS]),
    }


def _taking_part(planned: Plan) -> set[int]:
    return set(planned.seats) - {member for member, _ in planned.outcome.sitting_out}


def _what_changed(planned: Plan, event: Action) -> str:
    """Say in words how the deal differs from the one that the button showed."""
    changes = []
    more = len(planned.lots) - int(event.payload["accounts"])
    if more:
        changes.append(f"{abs(more)} {'more' if more > 0 else 'fewer'} in the drawer")
    before = {int(member) for member in event.payload["reps"].split(",") if member}
    now = _taking_part(planned)
    if len(before) < _IDS:
        joined = [planned.team[member].name for member in sorted(now - before)]
        gone = len(before - now)
        changes += [f"{name} takes part now" for name in joined[:NAMES]]
        if gone:
            changes.append("one rep fewer takes part" if gone == 1 else f"{gone} reps fewer")
    if not changes:
        changes.append("whose turn it is, a name, or what an account is worth")
    return f"{'; '.join(changes)}. This is how it would be now."


async def _dealt_before(context: Context, done: Deal) -> View:
    dealer = await context.work.members.by_id(done.dealt_by_id or 0)
    dealt_on = local_day(done.dealt_at, context.actor, context.rules)
    when = show_day(dealt_on, context.today)
    return already_dealt(when, dealer.name if dealer else "the command line")
