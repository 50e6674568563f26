"""`/lost bounties`: what win-backs pay, where that stands, and every line that explains it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from domain.errors import Refused
from domain.ledger import Entry, Line, Pot, standing
from domain.money import Money
from domain.roles import Permission, can
from handlers.answers import Answers
from handlers.context import Context, id_of, local_day
from handlers.effects import Effect, FormErrors, OpenForm, Reply, SendFile
from handlers.events import Action, Command, FormSubmitted
from handlers.exporting import amount
from handlers.people_named import ids_in, member_named
from handlers.views.bounties import (
    POTS,
    Share,
    ShownLine,
    Standing,
    correction_form,
    correction_note,
    everyones_bounties,
    my_bounties,
    statement,
)
from handlers.views.elements import say
from storage.ledger import line_of
from storage.spreadsheet_files import as_csv
from storage.tables import Claim, Member

_HEADINGS = ("At", "Customer", "Entry", "From", "To", "Amount", "Currency", "Why")


async def show_bounties(context: Context, event: Command) -> list[Effect]:
    """Show the actor's own bounties; everyone's, or one member's, to who may read the ledger."""
    asked = event.text.strip()
    if asked.lower() in {"all", "everyone"}:
        return await _show_everyones(context)
    if asked:
        context.require(Permission.READ_LEDGER)
        ids, name = ids_in(asked)
        paid = await context.work.members.by_ids(await context.work.ledger.holders())
        member = await member_named(context, ids[0] if ids else name, paid.values())
        return await _show_lines(context, member)
    shares = await shares_of(context)
    if not shares and not can(context.role, Permission.CLAIM):
        return await _show_everyones(context)
    return [Reply(my_bounties(shares, context.today, context.actor_id))]


async def show_lines(context: Context, event: Action) -> list[Effect]:
    """Show every line of a member's ledger."""
    return await _show_lines(context, await _member(context, event.payload["member"]))


async def send_lines(context: Context, event: Action) -> list[Effect]:
    """Give every line of a member's ledger as a file."""
    member = await _member(context, event.payload["member"])
    _may_read(context, member)
    rows = [
        (
            *(line.day, line.account, line.entry, line.source.value, line.target.value),
            *(amount(line.amount.minor, line.amount.currency), line.amount.currency, line.note),
        )
        for line in await _lines(context, member)
    ]
    name = f"bounties-{member.name_key.replace(' ', '-')}-{context.today}.csv"
    return [SendFile(name, as_csv(_HEADINGS, rows), f"Every line of {member.name}’s bounties.")]


async def open_correction(context: Context, event: Action) -> list[Effect]:
    """Open the form for a correction."""
    member = await _member(context, event.payload["member"])
    claims = await context.work.bounties.claims_of(id_of(member))
    accounts = await context.work.accounts.by_ids([claim.account_id for claim in claims])
    offers = [
        (claim.id or 0, f"{accounts[claim.account_id].name}, {claim.won_on}") for claim in claims
    ]
    if not offers:
        raise Refused(f"{member.name} has no claim to correct.")
    return [OpenForm(correction_form(member.name, offers, context.rules.currency, id_of(member)))]


async def send_correction(context: Context, event: FormSubmitted) -> list[Effect]:
    """Put something right by a line of its own, and tell the member why."""
    member = await _member(context, event.context["member"])
    if id_of(member) == context.actor_id:
        raise Refused("Four eyes: somebody else corrects your own ledger.")
    answers = Answers(event.values, context)
    why = answers.text("why", "The reason", 300, missing="Why? They read this.")
    way = answers.choice("way", ("more", "less"), missing="More or less?")
    claim = await _their_claim(context, member, event.values.get("claim", ""))
    sum_ = answers.money("amount", claim.currency if claim else "")
    if claim is None:
        answers.errors["claim"] = "Choose one of their claims."
    elif sum_ is not None and sum_.currency != claim.currency:
        answers.errors["amount"] = f"That claim is in {claim.currency}."
    if "amount" not in answers.errors and (sum_ is None or not sum_.minor):
        answers.errors["amount"] = "How much? Write it like 120 or 120.50."
    if answers.errors or claim is None or sum_ is None or why is None:
        return [FormErrors(answers.errors)]
    signed = Money(sum_.minor if way == "more" else -sum_.minor, sum_.currency)
    line = Line(id_of(member), Entry.CORRECTED, Pot.DESK, Pot.PAYABLE, signed)
    await context.work.ledger.write(
        claim.id or 0, [line], now=context.now, by=context.actor_id, note=why
    )
    account = await context.work.accounts.by_id(claim.account_id)
    name = account.name if account else "a customer"
    context.work.workspaces.audit(
        "correct ledger", name, by=context.actor_id, now=context.now, detail=f"{member.name}: {why}"
    )
    if member.active:
        lines = await context.work.ledger.lines_of_member(id_of(member))
        key = f"correction:{claim.id}:{member.id}:{len(lines)}"
        await context.tell(
            member, correction_note(signed, name, why), kind="bounty", dedupe_key=key
        )
    return [Reply(say(f"Written down, and {member.name} is told."))]


async def shares_of(context: Context) -> list[Share]:
    """Give the actor's part of each claim they have a share in, latest first."""
    work, actor_id = context.work, context.actor_id
    claims = await work.bounties.claims_of(actor_id)
    lines = await work.ledger.lines([claim.id for claim in claims if claim.id is not None])
    accounts = await work.accounts.by_ids([claim.account_id for claim in claims])
    return [
        Share(
            account=accounts[claim.account_id].name,
            state=claim.state,
            rule=claim.rule,
            claimed_on=_day(context, claim.claimed_at),
            release_on=_day(context, claim.release_at) if claim.release_at else None,
            pots={
                pot: sum_
                for (member_id, pot), sum_ in standing(lines[claim.id or 0]).items()
                if member_id == actor_id and pot is not Pot.DESK
            },
        )
        for claim in claims
    ]


async def _show_everyones(context: Context) -> list[Effect]:
    context.require(Permission.READ_LEDGER)
    sums: dict[int, dict[Pot, dict[str, int]]] = {}
    for one in await context.work.ledger.balances(*POTS):
        by_currency = sums.setdefault(one.member_id, {}).setdefault(one.pot, defaultdict(int))
        by_currency[one.amount.currency] += one.amount.minor
    people = await context.work.members.by_ids(sums)
    standings = [
        Standing(
            member_id,
            people[member_id].name,
            {
                pot: [Money(minor, currency) for currency, minor in by_currency.items() if minor]
                for pot, by_currency in pots.items()
            },
        )
        for member_id, pots in sums.items()
    ]
    standings.sort(key=lambda one: one.name.lower())
    return [Reply(everyones_bounties(standings, pays=can(context.role, Permission.PAY)))]


async def _show_lines(context: Context, member: Member) -> list[Effect]:
    _may_read(context, member)
    corrects = can(context.role, Permission.PAY) and member.id != context.actor_id
    lines = await _lines(context, member)
    shown = statement(member.name, lines, context.today, id_of(member), corrects=corrects)
    return [Reply(shown)]


async def _lines(context: Context, member: Member) -> list[ShownLine]:
    work = context.work
    rows = await work.ledger.lines_of_member(id_of(member))
    claims = await work.bounties.by_ids({row.claim_id for row in rows})
    accounts = await work.accounts.by_ids([claim.account_id for claim in claims.values()])
    return [
        ShownLine(
            _day(context, row.at),
            accounts[claims[row.claim_id].account_id].name,
            row.entry,
            line_of(row).source,
            line_of(row).target,
            line_of(row).amount,
            row.note or "",
        )
        for row in rows
    ]


async def _their_claim(context: Context, member: Member, claim_id: str) -> Claim | None:
    theirs = await context.work.bounties.claims_of(id_of(member))
    return next((claim for claim in theirs if str(claim.id) == claim_id), None)


async def _member(context: Context, member_id: str) -> Member:
    member = await context.work.members.by_id(int(member_id))
    if member is None:
        raise Refused("That person is not known here any more.")
    return member


def _may_read(context: Context, member: Member) -> None:
    if member.id != context.actor_id:
        context.require(Permission.READ_LEDGER)


def _day(context: Context, instant: datetime) -> date:
    return local_day(instant, context.actor, context.rules)
