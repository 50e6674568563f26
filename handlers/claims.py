"""`/found ACCOUNT`: they came back, and the one who won them claims the bounty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.account_life import IN_HAND, State, next_step
from domain.bounty import reckon
from domain.claim_line import ClaimLine, read_claim_line
from domain.errors import Refused
from domain.ledger import claimed
from domain.money import Money
from domain.names import tidy
from handlers.context import Context
from handlers.days import show_day
from handlers.deciders import deciders_for
from handlers.effects import Effect, FormErrors, OpenForm, Reply
from handlers.events import Action, Command, FormSubmitted
from handlers.money import read_money, show_money
from handlers.plans import plan_of
from handlers.views.claims import Shown, claim_form, claim_made, claim_request, did_you_mean
from storage.tables import Account, Member

_CLAIMABLE = {State.UNDERSTOOD, State.FOOTHOLD}


async def claim_account(context: Context, event: Command) -> list[Effect]:
    """Claim at once where the line says what came back; else open the form with what it said."""
    line = read_claim_line(event.text)
    if not line.account:
        return [OpenForm(claim_form(None, currency=context.rules.currency, today=context.today))]
    account = await context.work.accounts.named(tidy(event.text))
    if account is not None:
        return await _take(context, account, ClaimLine(account.name))
    account = await context.work.accounts.named(line.account)
    if account is None:
        offers = await context.work.accounts.near(line.account)
        if not offers:
            raise Refused(
                f"I know no customer called “{line.account[:80]}”. "
                "See yours with `/lost mine`, or log the loss first."
            )
        rest = ", ".join(part for part in (line.value, line.product, line.how) if part)
        return [Reply(did_you_mean(line.account, offers, rest))]
    return await _take(context, account, line)


async def claim_meant(context: Context, event: Action) -> list[Effect]:
    """Go on with the account that was meant, and with what the line had said."""
    account = await _account(context, event.payload["account"])
    line = read_claim_line(f"-, {event.payload.get('rest', '')}")
    return await _take(context, account, line)


async def open_claim_form(context: Context, event: Action) -> list[Effect]:
    """Open the claim's form for one account, from its card."""
    return await _take(context, await _account(context, event.payload["account"]), ClaimLine(""))


async def send_claim(context: Context, event: FormSubmitted) -> list[Effect]:
    """Claim what the form says, or say at each field what to mend."""
    values = event.values
    chosen = event.context.get("account") or values.get("account", "")
    if not chosen.isdigit():
        raise Refused("Pick a customer that is known here.", field="account")
    account = await _account(context, chosen)
    await _check(context, account)
    errors: dict[str, str] = {}
    value, won_on = Money(0, context.rules.currency), context.today
    try:
        value = _value(context, values.get("value", ""))
    except Refused as refusal:
        errors["value"] = refusal.sentence
    try:
        won_on = _won_on(context, account, values.get("won_on", ""))
    except Refused as refusal:
        errors["won_on"] = refusal.sentence
    if errors:
        return [FormErrors(errors)]
    return await _claim(context, account, value, won_on, values)


async def _take(context: Context, account: Account, line: ClaimLine) -> list[Effect]:
    await _check(context, account)
    said = {"product": line.product, "how": line.how}
    try:
        value = _value(context, line.value) if line.value else None
    except Refused:
        if any(character.isdigit() for character in line.value):
            raise
        value, said = None, {"product": line.value, "how": ", ".join(filter(None, said.values()))}
    if value is not None:
        return await _claim(context, account, value, context.today, said)
    form = claim_form(
        account,
        currency=context.rules.currency,
        today=context.today,
        product=said["product"] or account.product or "",
        how=said["how"],
    )
    return [OpenForm(form)]


async def _claim(
    context: Context, account: Account, value: Money, won_on: date, said: Mapping[str, str]
) -> list[Effect]:
    work = context.work
    bounty = reckon(plan_of(context.rules), value, show_money)
    assignment = await work.dealing.open_assignment(_id(account))
    claim = await work.bounties.add(
        account_id=account.id,
        assignment_id=assignment.id if assignment else None,
        member_id=context.actor_id,
        value_minor=value.minor,
        bounty_minor=bounty.pays.minor,
        currency=value.currency,
        rule=bounty.rule,
        product=tidy(said.get("product", "")) or account.product,
        how=tidy(said.get("how", "")),
        story=said.get("story", "").strip(),
        claimed_at=context.now,
        won_on=won_on,
    )
    if claim is None or claim.id is None:
        raise Refused(f"You have claimed {account.name} already; it waits for a decision.")
    lines = claimed(bounty.pays, {context.actor_id: 1})
    await work.bounties.write(claim.id, lines, now=context.now, by=context.actor_id)
    work.workspaces.audit(
        "claim", account.name, by=context.actor_id, now=context.now, detail=bounty.rule
    )
    shown = Shown(claim, account, context.actor)
    asked = await deciders_for(work, context.actor)
    for decider in asked:
        await context.tell(
            decider,
            claim_request(shown, context.today),
            kind="claim",
            dedupe_key=f"claim:{claim.id}:{decider.id}",
        )
    return [Reply(claim_made(shown, asked, context.today))]


async def _check(context: Context, account: Account) -> None:
    """Refuse where the account cannot be claimed by the actor now, and say what comes first."""
    work, name, state = context.work, account.name, State(account.state)
    waiting = await work.bounties.open_claim(_id(account))
    if waiting is not None:
        claimant = await work.members.by_id(waiting.member_id)
        who = "You have" if waiting.member_id == context.actor_id else f"{_name(claimant)} has"
        on = show_day(waiting.claimed_at.date(), context.today)
        raise Refused(f"{who} claimed {name} already ({on}); it waits for a decision.")
    if state is State.WON_BACK:
        won = await work.bounties.approved_claim(_id(account))
        winner = await work.members.by_id(won.member_id) if won else None
        by = f": {_name(winner)} won them" if winner else ""
        raise Refused(f"{name} is back already{by}. If they leave again: `/lost {name}, reason`.")
    if state not in IN_HAND:
        raise Refused(f"{name} is {state}, so there is no win to claim. {next_step(name, state)}")
    if account.holder_id != context.actor_id:
        holder = await work.members.by_id(account.holder_id) if account.holder_id else None
        raise Refused(
            f"{name} is in {_name(holder)}’s hands. If it should be yours, ask them to hand it "
            f"over: `/lost pass {name}`."
        )
    if state not in _CLAIMABLE:
        raise Refused(await _what_is_missing(context, account))


async def _what_is_missing(context: Context, account: Account) -> str:
    visits = await context.work.accounts.visits_to(_id(account))
    missing = []
    if not any(visit.met_decision_maker for visit in visits):
        missing.append("a meeting with the decision maker")
    if not any(visit.verified_reason for visit in visits):
        missing.append("why they left, in their own words")
    what = " and ".join(missing) or "both in one visit: the decision maker, and why they left"
    return (
        f"Good news about {account.name}! Before it counts I need {what}. "
        f"Write it down: `/lost visit {account.name}`, then claim it again."
    )


def _value(context: Context, text: str) -> Money:
    currency = context.rules.currency
    if not text.strip():
        raise Refused("What is it worth? Write it like 12000 or 12,000.50.", field="value")
    value = read_money(text, currency)
    if value.currency != currency:
        raise Refused(
            f"Bounties are reckoned in {currency} here. Write the value in {currency}.",
            field="value",
        )
    if value.minor <= 0:
        raise Refused("The value has to be above zero.", field="value")
    return value


def _won_on(context: Context, account: Account, text: str) -> date:
    if not text:
        return context.today
    won_on = date.fromisoformat(text)
    if won_on > context.today:
        raise Refused("That day is still to come. Claim it once they are back.", field="won_on")
    if account.lost_on is not None and won_on < min(account.lost_on, context.today):
        left = show_day(account.lost_on, context.today)
        raise Refused(f"They left later than that ({left}).", field="won_on")
    return won_on


async def _account(context: Context, account_id: str) -> Account:
    account = await context.work.accounts.by_id(int(account_id))
    if account is None:
        raise Refused("That customer is not known here any more.")
    return account


def _id(account: Account) -> int:
    if account.id is None:
        raise ValueError("this account was never stored")
    return account.id


def _name(member: Member | None) -> str:
    return member.name if member else "nobody"
