"""A claim talked over before it is decided: asked back, answered, shared, withdrawn."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from domain.errors import Refused
from domain.ledger import Entry, Pot, moved, shared_anew
from domain.money import Money
from domain.roles import Permission, can
from handlers.answers import Answers
from handlers.claim_facts import as_it_is, ask_deciders, claim_meant, id_of_claim
from handlers.claiming import Claimed, reckon_for
from handlers.claims import read_value
from handlers.context import Context, id_of, who_may
from handlers.digests import claim_changed
from handlers.effects import Effect, FormErrors, OpenForm, ReplaceSource, Reply
from handlers.events import Action, FormSubmitted
from handlers.money import show_money
from handlers.plans import terms_at
from handlers.views.claim_talk import (
    PARTNERS,
    answer_form,
    ask_form,
    question_asked,
    share_form,
    share_offered,
)
from handlers.views.claims import Shown, claim_decided, claim_made
from handlers.views.elements import say
from storage.tables import Claim

_WHOLE = 10_000  # shares are kept in hundredths of a per cent


async def ask_back(context: Context, event: Action) -> list[Effect]:
    """Open the form for a question to the claimant."""
    shown = await claim_meant(context, event.payload["claim"])
    if shown.claim.state != "claimed":
        return [ReplaceSource(claim_decided(shown, context.rules, context.today, late=True))]
    return [OpenForm(ask_form(shown))]


async def send_question(context: Context, event: FormSubmitted) -> list[Effect]:
    """Put a question to the claimant; the claim goes on waiting."""
    shown = await _open(context, event.context["claim"])
    question = event.values.get("question", "").strip()
    if not question:
        raise Refused("What do you want to know?", field="question")
    claim_id = id_of_claim(shown.claim)
    await context.work.bounties.note(claim_id, context.actor_id, context.now, question)
    await context.work.bounties.revise(claim_id)
    shown = await as_it_is(context, claim_id)
    await context.tell(
        shown.claimant,
        question_asked(shown),
        kind="claim",
        dedupe_key=f"claim-question:{claim_id}:{len(shown.notes)}",
    )
    return [Reply(say("Asked. You hear from me when ", shown.claimant.name, " answers."))]


async def open_answer(context: Context, event: Action) -> list[Effect]:
    """Open the form for the claimant's answer."""
    shown = await _open(context, event.payload["claim"])
    _only_claimant(context, shown.claim)
    return [OpenForm(answer_form(shown))]


async def send_answer(context: Context, event: FormSubmitted) -> list[Effect]:
    """Take the answer, and a value put right with it, and ask for the decision again."""
    shown = await _open(context, event.context["claim"])
    _only_claimant(context, shown.claim)
    answers = Answers(event.values, context)
    text = answers.story("answer", "Your answer", 1000, missing="What is your answer?")
    value = read_value(answers, shown.claim.currency)
    if answers.errors or text is None or value is None:
        return [FormErrors(answers.errors)]
    claim_id = id_of_claim(shown.claim)
    await context.work.bounties.note(claim_id, context.actor_id, context.now, text)
    if value.minor != shown.claim.value_minor:
        await _put_value_right(context, shown, value)
    else:
        await context.work.bounties.revise(claim_id, endorsed_by_id=None, endorsed_at=None)
    shown = await as_it_is(context, claim_id)
    asked = await ask_deciders(context, shown)
    return [Reply(claim_made(shown, asked, context.rules, context.today))]


async def open_share(context: Context, event: Action) -> list[Effect]:
    """Open the form that shares a bounty among those who won it."""
    shown = await _open(context, event.payload["claim"])
    _claimant_or_decider(context, shown.claim)
    return [OpenForm(share_form(shown))]


async def send_share(context: Context, event: FormSubmitted) -> list[Effect]:
    """Share a bounty anew, to the last cent, and let the decider see it before they decide."""
    shown = await _open(context, event.context["claim"])
    claim, claim_id = shown.claim, id_of_claim(shown.claim)
    _claimant_or_decider(context, claim)
    answers = Answers(event.values, context)
    shares = await _shares(answers, claim)
    if answers.errors:
        return [FormErrors(answers.errors)]
    if context.actor_id != claim.member_id and context.actor_id in shares:
        raise Refused("Four eyes: who shares in a bounty does not decide about it.")
    bounty = Money(claim.bounty_minor, claim.currency)
    await _write_anew(context, claim, bounty, shares, note="shared anew")
    await context.work.bounties.revise(claim_id, endorsed_by_id=None, endorsed_at=None)
    shown = await as_it_is(context, claim_id)
    for member, part in shown.shares:
        if member.id not in {claim.member_id, context.actor_id}:
            await context.tell(
                member,
                share_offered(shown, show_money(part)),
                kind="claim",
                dedupe_key=f"claim-share:{claim_id}:{shown.claim.version}:{member.id}",
            )
    asked = await ask_deciders(context, shown)
    return [Reply(claim_made(shown, asked, context.rules, context.today))]


async def withdraw_claim(context: Context, event: Action) -> list[Effect]:
    """Take one's own claim back; the account stays where it is."""
    shown = await claim_meant(context, event.payload["claim"])
    _only_claimant(context, shown.claim)
    claim_id = id_of_claim(shown.claim)
    if shown.claim.state == "claimed":
        await context.work.bounties.change(claim_id, state="withdrawn", decided_at=context.now)
        lines = (await context.work.ledger.lines([claim_id]))[claim_id]
        withdrawn = moved(lines, Entry.WITHDRAWN, Pot.CLAIMED, Pot.DESK)
        await context.work.ledger.write(claim_id, withdrawn, now=context.now, by=context.actor_id)
        context.work.workspaces.audit(
            "withdraw claim", shown.account.name, by=context.actor_id, now=context.now
        )
        await claim_changed(context.work, shown.claim.member_id)
        shown = await as_it_is(context, claim_id)
    return [ReplaceSource(claim_decided(shown, context.rules, context.today))]


async def _put_value_right(context: Context, shown: Shown, value: Money) -> None:
    """Reckon a claim again under the same plan, its shares kept."""
    work, claim = context.work, shown.claim
    claim_id = id_of_claim(claim)
    assignment = await work.bounties.assignment_of(claim)
    terms = await terms_at(
        work, context.rules, assignment.assigned_at if assignment else claim.claimed_at
    )
    dealt_on = assignment.assigned_on if assignment else claim.won_on
    said = Claimed(value, claim.won_on, claim.extent)
    bounty = await reckon_for(
        context,
        shown.account,
        shown.claimant,
        terms,
        said=said,
        dealt_on=dealt_on,
        anew=claim_id,
    )
    shares = {id_of(member): part.minor for member, part in shown.shares if part.minor > 0}
    shares = shares or {claim.member_id: 1}
    await _write_anew(context, claim, bounty.pays, shares, note="the value was put right")
    await work.bounties.revise(
        claim_id,
        value_minor=value.minor,
        bounty_minor=bounty.pays.minor,
        rule=bounty.rule,
        endorsed_by_id=None,
        endorsed_at=None,
    )


async def _write_anew(
    context: Context, claim: Claim, bounty: Money, shares: dict[int, int], *, note: str
) -> None:
    claim_id = id_of_claim(claim)
    lines = (await context.work.ledger.lines([claim_id]))[claim_id]
    await context.work.ledger.write(
        claim_id,
        shared_anew(lines, bounty, shares),
        now=context.now,
        by=context.actor_id,
        note=note,
    )


async def _shares(answers: Answers, claim: Claim) -> dict[int, int]:
    """Read who gets how much, in hundredths of a per cent; the rest is the claimant's."""
    given: dict[int, int] = {}
    for number in range(1, PARTNERS + 1):
        member_id = await answers.member(f"member{number}")
        percent = _percent(answers, f"percent{number}")
        if (member_id is None) != (percent == 0):
            together = "A name and a share above 0 go together."
            answers.errors.setdefault(f"percent{number}", together)
        elif member_id is not None:
            if member_id in given or member_id == claim.member_id:
                answers.errors[f"member{number}"] = "Name each once; the rest is the claimant’s."
            given[member_id] = percent
    rest = _WHOLE - sum(given.values())
    if rest < 0:
        answers.errors["percent1"] = "Together that is more than 100 per cent."
    return {claim.member_id: rest, **given}


def _percent(answers: Answers, field: str) -> int:
    written = answers.values.get(field, "").strip().removesuffix("%").strip().replace(",", ".")
    try:
        percent = Decimal(written or "0")
    except InvalidOperation:
        percent = Decimal(-1)
    if not percent.is_finite() or not 0 <= percent <= 100 or percent * 100 % 1:
        answers.errors[field] = "A percentage such as 50 or 33.33."
        return 0
    return int(percent * 100)


async def _open(context: Context, claim_id: str) -> Shown:
    shown = await claim_meant(context, claim_id)
    if shown.claim.state != "claimed":
        raise Refused(f"That claim is {shown.claim.state} by now; it cannot be changed any more.")
    return shown


def _only_claimant(context: Context, claim: Claim) -> None:
    if claim.member_id != context.actor_id:
        raise Refused("Only the one who made this claim can do that.")


def _claimant_or_decider(context: Context, claim: Claim) -> None:
    if claim.member_id != context.actor_id and not can(context.role, Permission.APPROVE):
        raise Refused(who_may(Permission.APPROVE))
