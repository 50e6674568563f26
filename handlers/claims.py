"""`/found ACCOUNT`: they came back, and the one who won them claims the bounty."""

from __future__ import annotations

import re
from datetime import date

from domain.account_life import State
from domain.claim_line import ClaimLine, read_claim_line
from domain.errors import Refused
from domain.money import Money
from domain.names import tidy
from handlers.answers import Answers
from handlers.claiming import Claimed, make_claim, must_be_claimable
from handlers.context import Context
from handlers.effects import Effect, FormErrors, OpenForm, Reply
from handlers.events import Action, Command, FormSubmitted
from handlers.finding import Said, account_meant, find_account, id_of_account
from handlers.money import read_money
from handlers.plans import Terms, terms_of_account
from handlers.views.claims import FOOTHOLD, WHOLE, claim_form
from storage.tables import Account

_FIGURE = re.compile(r"\d")
_FOOTHOLD = re.compile(r"(?:an?\s+)?foothold", re.IGNORECASE)


async def claim_account(context: Context, event: Command) -> list[Effect]:
    """Claim at once where the line says what came back; else open the form with what it said."""
    line = read_claim_line(event.text)
    if not line.account:
        return [OpenForm(claim_form(None, currency=context.rules.currency, today=context.today))]
    rest = ", ".join(part for part in (line.value, line.product, line.how) if part)
    readings = {event.text: {}, line.account: {"rest": rest}}
    name, _, last = line.account.rpartition(" ")
    if name and _FIGURE.search(last) and not _FIGURE.search(line.value):
        readings[name] = {"rest": f"{last}, {rest}"}
    account, said = await find_account(context, readings, "found", "claim.meant", line.account)
    return await _take(context, account, _besides(said))


async def claim_meant_account(context: Context, event: Action) -> list[Effect]:
    """Go on with the account that was meant, and with what the line had said."""
    account = await account_meant(context, event.payload["account"])
    return await _take(context, account, _besides(event.payload))


async def open_claim_form(context: Context, event: Action) -> list[Effect]:
    """Open the claim's form for one account, from its card."""
    account = await account_meant(context, event.payload["account"])
    return await _take(context, account, ClaimLine(""))


async def send_claim(context: Context, event: FormSubmitted) -> list[Effect]:
    """Claim what the form says, or say at each field what to mend."""
    answers = Answers(event.values, context)
    chosen = event.context.get("account") or event.values.get("account", "")
    if not chosen.isdigit():
        raise Refused("Pick a customer that is known here.", field="account")
    account = await account_meant(context, chosen)
    await must_be_claimable(context, account)
    terms = await _terms(context, account)
    value = read_value(answers, terms.plan.currency)
    won_on = _won_on(answers, context, account)
    if answers.errors or value is None:
        return [FormErrors(answers.errors)]
    claimed = Claimed(
        value,
        won_on,
        extent=answers.choice("extent", (WHOLE, FOOTHOLD)) or WHOLE,
        product=tidy(event.values.get("product", "")),
        how=tidy(event.values.get("how", "")),
        story=event.values.get("story", "").strip(),
    )
    return [Reply(await make_claim(context, account, terms, claimed))]


def read_value(answers: Answers, currency: str) -> Money | None:
    """Read the value won back, in the plan's currency; what is wrong is said at its field."""
    value = answers.money("value", currency)
    if "value" in answers.errors:
        return None
    if value is None:
        answers.errors["value"] = "What is it worth? Write it like 12000 or 12,000.50."
    elif value.currency != currency:
        answers.errors["value"] = _other_currency(currency)
    elif value.minor <= 0:
        answers.errors["value"] = "The value has to be above zero."
    return value


def _besides(said: Said) -> ClaimLine:
    """Read what a line says besides the account."""
    return read_claim_line(f"-, {said.get('rest', '')}")


async def _take(context: Context, account: Account, line: ClaimLine) -> list[Effect]:
    await must_be_claimable(context, account)
    terms = await _terms(context, account)
    extent = WHOLE
    if account.state != State.FOOTHOLD:
        line, extent = _extent_of(line)
    value, line = _value_of(line, terms.plan.currency)
    if value is not None:
        claimed = Claimed(value, context.today, extent, line.product, line.how)
        return [Reply(await make_claim(context, account, terms, claimed))]
    form = claim_form(
        account,
        currency=terms.plan.currency,
        today=context.today,
        product=line.product or account.product or "",
        how=line.how,
        extent=extent,
        may_be_foothold=account.state != State.FOOTHOLD,
    )
    return [OpenForm(form)]


def _extent_of(line: ClaimLine) -> tuple[ClaimLine, str]:
    """Take the word "foothold" out of a line that says it."""
    parts = [line.value, line.product, line.how]
    kept = [part for part in parts if not _FOOTHOLD.fullmatch(part)]
    if len(kept) == len(parts):
        return line, WHOLE
    return ClaimLine(line.account, *kept), FOOTHOLD


def _value_of(line: ClaimLine, currency: str) -> tuple[Money | None, ClaimLine]:
    """Read a line's value; words in its place are the product."""
    if not line.value:
        return None, line
    try:
        value = read_money(line.value, currency)
    except Refused:
        if any(character.isdigit() for character in line.value):
            raise
        how = ", ".join(part for part in (line.product, line.how) if part)
        return None, ClaimLine(line.account, "", line.value, how)
    if value.currency != currency:
        raise Refused(_other_currency(currency))
    if value.minor <= 0:
        raise Refused("The value has to be above zero.")
    return value, line


async def _terms(context: Context, account: Account) -> Terms:
    return await terms_of_account(context.work, context.rules, id_of_account(account), context.now)


def _won_on(answers: Answers, context: Context, account: Account) -> date:
    if answers.values.get("won_on", "") > context.today.isoformat():
        answers.errors["won_on"] = "That day is still to come. Claim it once they are back."
        return context.today
    left_on = min(account.lost_on, context.today) if account.lost_on else None
    says = f"They left later than that: {left_on}."
    return answers.day("won_on", not_before=left_on, says=says) or context.today


def _other_currency(currency: str) -> str:
    return f"Bounties are reckoned in {currency} here. Write the value in {currency}."
