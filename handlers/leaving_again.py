"""A customer who was won back leaves again: what of the bounty goes back, and whom we tell."""

from __future__ import annotations

from datetime import datetime

from domain.ledger import Line, clawed_back, given_back
from domain.money import Money
from handlers.claim_facts import id_of_claim
from handlers.context import Context
from handlers.views.leaving_again import bounty_given_back, bounty_taken_back
from storage.tables import Account, Claim, Loss
from storage.unit_of_work import UnitOfWork


async def take_back_bounties(work: UnitOfWork, account: Account, loss: Loss, now: datetime) -> None:
    """Take back, pro rata, what was granted for a customer who did not stay as long as agreed."""
    if account.created_at == now:  # known since this very loss: never won back
        return
    for claim in await work.bounties.approved_on(account.id or 0, to_change=True):
        await _take_back(work, claim, account, loss, now)


async def take_back_after_import(work: UnitOfWork, now: datetime) -> None:
    """Do the same for the losses that a file has just brought, written at `now`."""
    left = await work.bounties.left_again(now)
    accounts = await work.accounts.by_ids([loss.account_id for _, loss in left])
    for claim, loss in left:
        await _take_back(work, claim, accounts[loss.account_id], loss, now)


async def _take_back(
    work: UnitOfWork, claim: Claim, account: Account, loss: Loss, now: datetime
) -> None:
    days_kept = (loss.lost_on - claim.won_on).days
    if claim.left_loss_id is not None or not 0 <= days_kept < claim.clawback_days:
        return
    claim_id, window = id_of_claim(claim), claim.clawback_days
    lines = (await work.ledger.lines([claim_id]))[claim_id]
    taken = clawed_back(lines, days_kept, window)
    claim.left_loss_id = loss.id
    note = f"left after {days_kept} of {window} days"
    await work.ledger.write(claim_id, taken, now=now, by=None, note=note)
    for member_id, sum_ in _by_member(taken).items():
        member = await work.members.by_id(member_id)
        if member is not None and member.active:
            await work.outbox.put(
                view_json=bounty_taken_back(account, sum_, days_kept, window).to_json(),
                kind="bounty",
                dedupe_key=f"clawback:{claim_id}:{loss.id}:{member_id}",
                now=now,
                member_id=member_id,
            )


async def give_back_bounties(context: Context, account: Account, loss: Loss) -> None:
    """Undo that, where the loss was taken back: the customer had not left."""
    work, loss_id = context.work, loss.id
    for claim in await work.bounties.approved_on(account.id or 0, to_change=True):
        if claim.left_loss_id != loss_id:
            continue
        claim_id = id_of_claim(claim)
        lines = (await work.ledger.lines([claim_id]))[claim_id]
        given = given_back(lines, released=_is_released(claim))
        claim.left_loss_id = None
        await work.ledger.write(
            claim_id, given, now=context.now, by=context.actor_id, note="the loss was taken back"
        )
        for member_id, sum_ in _by_member(given).items():
            member = await work.members.by_id(member_id)
            if member is not None and member.active:
                await context.tell(
                    member,
                    bounty_given_back(account, sum_),
                    kind="bounty",
                    dedupe_key=f"given-back:{claim_id}:{loss_id}:{member_id}:{context.now}",
                )


def _is_released(claim: Claim) -> bool:
    return claim.released_at is not None


def _by_member(lines: list[Line]) -> dict[int, Money]:
    sums: dict[int, Money] = {}
    for line in lines:
        before = sums.get(line.member_id, Money(0, line.amount.currency))
        sums[line.member_id] = Money(before.minor + line.amount.minor, line.amount.currency)
    return sums
