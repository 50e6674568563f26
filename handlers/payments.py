"""Payments of bounties: drawn up for finance, paid once, taken back where they bounced."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from domain.errors import Refused
from domain.ledger import Balance, Entry, Pot, drawn, moved
from domain.money import Money
from domain.roles import Permission
from handlers.answers import Answers
from handlers.context import Context, local_day
from handlers.effects import Effect, FormErrors, OpenForm, Reply, SendFile
from handlers.events import Action, FormSubmitted
from handlers.exporting import amount
from handlers.views.elements import say
from handlers.views.payments import (
    Marked,
    Payment,
    mark_form,
    marked_note,
    paid_note,
    payments_page,
    return_form,
)
from storage.ledger import line_of
from storage.spreadsheet_files import Value, as_csv
from storage.tables import Payout

HEADINGS = ("Payment", "Name", "Email", "Amount", "Currency", "Drawn up", "Paid on", "For")
_SEPARATORS = re.compile(r"[\s,;]+")


async def show_payments(context: Context, event: Action) -> list[Effect]:
    """Show what is payable and what was drawn up."""
    totals: dict[str, int] = defaultdict(int)
    for payable in _by_payee(await context.work.ledger.balances(Pot.PAYABLE)).values():
        sum_ = _sum(payable)
        totals[sum_.currency] += sum_.minor
    sums = [Money(minor, currency) for currency, minor in sorted(totals.items())]
    return [Reply(payments_page(sums, await _open_payments(context), context.today))]


async def draw_up(context: Context, event: Action) -> list[Effect]:
    """Draw up a payment for everybody to whom something is payable, and give the file.

    Who has an open payment gets none beside it; pressed again, the file is the same.
    """
    work = context.work
    for (member_id, _), payable in _by_payee(await work.ledger.balances(Pot.PAYABLE)).items():
        number = await work.ledger.count_payouts(member_id) + 1
        payout = await work.ledger.draw(
            member_id,
            _sum(payable),
            f"LF-{member_id}-{number}",
            now=context.now,
            by=context.actor_id,
        )
        if payout is not None:
            await work.ledger.write_all(
                drawn(payable),
                now=context.now,
                by=context.actor_id,
                note=payout.reference,
                payout_id=payout.id,
            )
            work.workspaces.audit(
                "draw up payment", payout.reference, by=context.actor_id, now=context.now
            )
    payouts = await work.ledger.open_payouts()
    if not payouts:
        raise Refused("Nothing is payable now. What is held turns payable by itself.")
    content = as_csv(HEADINGS, await _file_rows(context, payouts))
    says = f"{len(payouts)} to pay. Send it back with “Paid on” filled in."
    return [SendFile(f"bounties-{context.today}.csv", content, says)]


async def open_mark(context: Context, event: Action) -> list[Effect]:
    """Open the form that marks payments as paid, all open ones filled in."""
    payouts = await context.work.ledger.open_payouts()
    return [OpenForm(mark_form([payout.reference for payout in payouts], context.today))]


async def send_mark(context: Context, event: FormSubmitted) -> list[Effect]:
    """Mark the payments that are named as paid; those marked before are left alone."""
    answers = Answers(event.values, context)
    says = "That day is still to come."
    paid_on = answers.day("paid_on", not_after=context.today, says=says) or context.today
    references = _named(event.values.get("references", ""))
    if not references:
        answers.errors["references"] = "Which payments? Write their references."
    if answers.errors:
        return [FormErrors(answers.errors)]
    return [Reply(marked_note(await mark_paid(context, dict.fromkeys(references, paid_on))))]


async def open_return(context: Context, event: Action) -> list[Effect]:
    """Open the form for payments that did not arrive."""
    return [OpenForm(return_form())]


async def send_return(context: Context, event: FormSubmitted) -> list[Effect]:
    """Make payable again what was not paid, or bounced after it was."""
    references = _named(event.values.get("references", ""))
    found = await context.work.ledger.payouts(references)
    unknown = [reference for reference in references if reference not in found]
    if unknown or not references:
        raise Refused(f"I know no payment {', '.join(unknown) or 'yet'}.", field="references")
    count = 0
    for payout in found.values():
        source = {"open": Pot.SENT, "paid": Pot.PAID}.get(payout.state)
        if source is not None and await _settle(context, payout, "returned"):
            await _move(context, payout, Entry.RETURNED, source, Pot.PAYABLE)
            count += 1
    return [Reply(say(f"{count} taken back; what they paid is payable again."))]


async def mark_paid(context: Context, paid_on: Mapping[str, date]) -> Marked:
    """Mark payments as paid by their references, each once, and tell who gets them."""
    context.require(Permission.PAY)
    found = await context.work.ledger.payouts(paid_on.keys())
    paid, already, wrong = [], [], []
    for reference, day in paid_on.items():
        payout = found.get(reference)
        if payout is None:
            wrong.append((reference, "I know no such payment."))
        elif payout.state == "returned":
            wrong.append((reference, "It was taken back. Draw it up again."))
        elif await _settle(context, payout, "paid", paid_on=day):
            await _move(context, payout, Entry.PAID, Pot.SENT, Pot.PAID)
            await _tell_payee(context, payout, day)
            paid.append(reference)
        else:
            already.append(reference)
    return Marked(tuple(paid), tuple(already), tuple(wrong))


async def _settle(
    context: Context, payout: Payout, state: str, paid_on: date | None = None
) -> bool:
    once = payout.state if state == "returned" else "open"
    done = await context.work.ledger.settle(
        payout.id or 0, state, once=once, now=context.now, by=context.actor_id, paid_on=paid_on
    )
    if done:
        context.work.workspaces.audit(
            f"payment {state}", payout.reference, by=context.actor_id, now=context.now
        )
    return done


async def _move(context: Context, payout: Payout, entry: Entry, source: Pot, target: Pot) -> None:
    """Move all of a payment from one pot to another, claim by claim."""
    rows = (await context.work.ledger.lines_of_payouts([payout.id or 0]))[payout.id or 0]
    by_claim = defaultdict(list)
    for row in rows:
        by_claim[row.claim_id].append(line_of(row))
    lines = [
        (claim_id, line)
        for claim_id, of_claim in by_claim.items()
        for line in moved(of_claim, entry, source, target)
    ]
    await context.work.ledger.write_all(
        lines,
        now=context.now,
        by=context.actor_id,
        note=payout.reference,
        payout_id=payout.id,
    )


async def _tell_payee(context: Context, payout: Payout, paid_on: date) -> None:
    member = await context.work.members.by_id(payout.member_id)
    if member is None or not member.active:
        return
    customers = await _customers(context, [payout])
    view = paid_note(payout.reference, _money(payout), customers[payout.id or 0], paid_on)
    await context.tell(member, view, kind="bounty", dedupe_key=f"paid:{payout.id}")


async def _open_payments(context: Context) -> list[Payment]:
    payouts = await context.work.ledger.open_payouts()
    people = await context.work.members.by_ids(payout.member_id for payout in payouts)
    return [
        Payment(
            payout.reference,
            people[payout.member_id].name,
            _money(payout),
            local_day(payout.drawn_at, context.actor, context.rules),
        )
        for payout in payouts
    ]


async def _file_rows(context: Context, payouts: Sequence[Payout]) -> Iterable[Sequence[Value]]:
    people = await context.work.members.by_ids(payout.member_id for payout in payouts)
    customers = await _customers(context, payouts)
    return [
        (
            payout.reference,
            people[payout.member_id].name,
            people[payout.member_id].email,
            amount(payout.amount_minor, payout.currency),
            payout.currency,
            local_day(payout.drawn_at, context.actor, context.rules),
            None,
            ", ".join(customers[payout.id or 0]),
        )
        for payout in payouts
    ]


async def _customers(context: Context, payouts: Sequence[Payout]) -> dict[int, list[str]]:
    """Give the names of the customers that each payment is for."""
    work = context.work
    rows = await work.ledger.lines_of_payouts([payout.id or 0 for payout in payouts])
    claims = await work.bounties.by_ids({row.claim_id for lines in rows.values() for row in lines})
    accounts = await work.accounts.by_ids([claim.account_id for claim in claims.values()])
    return {
        payout_id: list(
            dict.fromkeys(accounts[claims[row.claim_id].account_id].name for row in lines)
        )
        for payout_id, lines in rows.items()
    }


def _by_payee(balances: Iterable[Balance]) -> dict[tuple[int, str], list[Balance]]:
    """Group what is payable by member and currency; who owes as much as they get is left out."""
    grouped: dict[tuple[int, str], list[Balance]] = defaultdict(list)
    for one in balances:
        grouped[one.member_id, one.amount.currency].append(one)
    return {key: all_ for key, all_ in grouped.items() if _sum(all_).minor > 0}


def _sum(balances: Sequence[Balance]) -> Money:
    return Money(sum(one.amount.minor for one in balances), balances[0].amount.currency)


def _money(payout: Payout) -> Money:
    return Money(payout.amount_minor, payout.currency)


def _named(text: str) -> list[str]:
    return list(dict.fromkeys(part.upper() for part in _SEPARATORS.split(text) if part))
