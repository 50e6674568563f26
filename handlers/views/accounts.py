"""One's accounts, and one account, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.account_life import IN_HAND, State
from domain.deadlines import Step
from domain.digest import DueItem
from domain.losses import KIND_LABELS, Kind, is_lost
from domain.money import Money
from domain.rules import Rules
from handlers.days import show_day, show_past_day
from handlers.money import show_money
from handlers.reasons import label_of
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Element,
    Facts,
    Heading,
    Note,
    Paragraph,
    Plain,
    Strong,
    Text,
    View,
    in_plain_words,
    words,
)
from handlers.views.losses import money_of
from handlers.views.visits import DIRECTIVE
from storage.due import AT_REST
from storage.tables import Account, Claim, FollowUp, Loss, Member, Visit

_LISTED = 5  # losses and visits on a card; a phone shows no more at once
_QUOTE = 280  # characters of what was heard

_STEPS = {
    Step.CONTACT: "make first contact",
    Step.MEETING: "meet the decision maker",
    Step.OVERDUE: "visit them and find out why they left",
    Step.REVISIT: "look in on them again",
}


@dataclass(frozen=True, slots=True)
class InHand:
    """An account in somebody's hands and what is due on it first."""

    account: Account
    due: DueItem | None


@dataclass(frozen=True, slots=True)
class Card:
    """What an account's card shows, and what its reader may see and do.

    `holds`: has it in hand; `works`: may log visits; `corrects`: may edit its latest loss;
    `asks_executives`: may ask one to hear the customer. Losses, visits and follow-ups are latest
    first.
    """

    account: Account
    losses: Sequence[Loss]
    visits: Sequence[Visit]
    claims: Sequence[Claim]
    follow_ups: Sequence[FollowUp]
    deadlines: Sequence[DueItem]
    people: Mapping[int, Member]
    bounty: str
    holds: bool
    works: bool
    sees_notes: bool
    sees_who_lost_it: bool
    asks_executives: bool
    corrects: bool


def nothing_in_hand(*, drawer_empty: bool) -> View:
    """Say that a rep has no account now."""
    hope = "Your manager deals the drawer out; then you hear from me."
    text = words(
        "You have no account in hand. ", "The drawer is empty too." if drawer_empty else hope
    )
    return View(in_plain_words(text), (Paragraph(text),))


def accounts_in_hand(
    shown: Sequence[InHand], count: int, rules: Rules, today: date, *, page: int, last: int
) -> View:
    """List what is in a rep's hands, each with its next step and its buttons."""
    summary = "1 account in your hands" if count == 1 else f"{count} accounts in your hands"
    elements: list[Element] = [Heading(summary)]
    for one in shown:
        elements += hand_line(one, rules, today)
    if last:
        turns = [Button("Back", "mine.page", {"page": str(page - 1)})] if page else []
        if page < last:
            turns.append(Button("More", "mine.page", {"page": str(page + 1)}))
        elements += [Note(words(f"Page {page + 1} of {last + 1}")), Buttons(tuple(turns))]
    first = shown[0]
    step = in_plain_words(_due(first, today))
    return View(f"{summary}. First {first.account.name}: {step}", tuple(elements))


def hand_line(one: InHand, rules: Rules, today: date) -> list[Element]:
    """Show one account in hand with its next step and its buttons."""
    return [
        Paragraph(_line(one, rules, today)),
        Buttons(_line_buttons(one.account), one.account.name),
    ]


def _line(one: InHand, rules: Rules, today: date) -> Text:
    account = one.account
    about = [account.tier or "", _worth(account, rules), label_of(account.reason, rules)]
    return words(
        Strong(account.name),
        "".join(f" · {part}" for part in about if part),
        "\n",
        *_due(one, today),
    )


def _due(one: InHand, today: date) -> Text:
    """Say what is to be done, and by when."""
    due = one.due
    if due is None:
        return words("Next: ", _doing(State(one.account.state)))
    doing = due.note or _STEPS.get(due.step, "the next step")
    if due.due_on < today:
        return words(Strong("Overdue"), f" since {show_day(due.due_on, today)}: {doing}")
    return words(f"By {show_day(due.due_on, today)}: {doing}")


def _doing(state: State) -> str:
    if state in {State.UNDERSTOOD, State.FOOTHOLD}:
        return "win them back, and claim it"
    return "find out why they left" if state is State.MET else "visit them"


def _line_buttons(account: Account) -> tuple[Button, ...]:
    which = {"account": str(account.id)}
    return Button("Log visit", "visit.open", which), Button("Show", "account.show", which)


def account_card(card: Card, rules: Rules, today: date) -> View:
    """Show the whole history of an account (W10), as far as its reader may see it."""
    account, state = card.account, State(card.account.state)
    holder = card.people.get(account.holder_id or 0) if state in IN_HAND else None
    lead = words(Strong(account.name), f" is {_standing(state, holder, card.holds)}.")
    elements: list[Element] = [Paragraph(lead), Facts(_facts(card, rules, today))]
    due = [words(*_due(InHand(account, one), today)) for one in card.deadlines]
    if due:
        elements += [Paragraph(words(Strong("Due"))), Bullets(tuple(due))]
    if card.losses:
        lost = tuple(_loss(loss, card, rules, today) for loss in card.losses[:_LISTED])
        elements += [_title("Losses", len(card.losses)), Bullets(lost)]
    if card.visits:
        visited = tuple(_visit(visit, card, rules, today) for visit in card.visits[:_LISTED])
        elements += [_title("Visits", len(card.visits)), Bullets(visited)]
    if card.follow_ups:
        asked = tuple(_follow_up(one, card, today) for one in card.follow_ups[:_LISTED])
        elements += [_title("Heard by executives", len(card.follow_ups)), Bullets(asked)]
    if card.claims:
        claimed = tuple(_claim(claim, card, today) for claim in card.claims[:_LISTED])
        elements += [_title("Win-backs", len(card.claims)), Bullets(claimed)]
    if card.works and state in IN_HAND and state is not State.FOOTHOLD:
        elements.append(Note(words(DIRECTIVE)))
    buttons = _card_buttons(card, state)
    if buttons:
        elements.append(Buttons(buttons))
    return View(in_plain_words(lead), tuple(elements))


def _standing(state: State, holder: Member | None, holds: bool) -> str:
    if holds:
        return f"in your hands ({state})"
    if holder is not None:
        return f"in {holder.name}'s hands ({state})"
    if state in {State.CODE_99, State.LOST}:
        return "in the Code 99 drawer, waiting for the next deal"
    return str(state)


def _facts(card: Card, rules: Rules, today: date) -> tuple[tuple[str, Text], ...]:
    account = card.account
    lost_by = card.people.get(account.lost_by_id or 0) if card.sees_who_lost_it else None
    about = ", ".join(p for p in (account.sector, account.region, account.product) if p)
    verified = f"{label_of(account.why_verified, rules)} (verified)" if account.why_verified else ""
    stated = f"{label_of(account.reason, rules)} (stated)" if account.reason else ""
    back = ""
    if account.reconnect_on and State(account.state) in {State.CODE_99, State.LOST, State.LET_GO}:
        back = show_day(account.reconnect_on, today)
    rows = (
        ("Value", _worth(account, rules)),
        ("Tier", account.tier or ""),
        ("About", about),
        ("Decision maker", account.decision_maker or ""),
        ("Lost", show_past_day(account.lost_on, today) if account.lost_on else ""),
        ("Why", "; ".join(why for why in (verified, stated) if why)),
        ("Competitor", account.competitor or ""),
        ("Lost by", lost_by.name if lost_by else ""),
        ("Bounty", card.bounty),
        ("Reconnect", back),
    )
    return tuple((label, words(text)) for label, text in rows if text)


def _loss(loss: Loss, card: Card, rules: Rules, today: date) -> Text:
    parts = [show_past_day(loss.lost_on, today), label_of(loss.reason, rules)]
    if loss.kind != Kind.CUSTOMER:
        parts.insert(1, KIND_LABELS[Kind(loss.kind)].lower())
    if loss.verified_reason:
        parts.append(f"verified: {label_of(loss.verified_reason, rules)}")
    if loss.competitor:
        parts.append(f"to {loss.competitor}")
    if loss.value_minor is not None:
        parts.append(show_money(money_of(loss, rules)))
    return words(" · ".join(parts), *_quote(loss.what_happened, card))


def _visit(visit: Visit, card: Card, rules: Rules, today: date) -> Text:
    visitor = card.people.get(visit.member_id)
    parts = [show_past_day(visit.visited_on, today), visitor.name if visitor else "somebody"]
    parts.append("met the decision maker" if visit.met_decision_maker else "no decision maker")
    if visit.verified_reason:
        parts.append(label_of(visit.verified_reason, rules))
    if visit.apologised:
        parts.append("apologised")
    if card.sees_notes:
        parts.insert(2, visit.who_was_met)
    said = "\n".join(text for text in (visit.what_happened, visit.evidence) if text)
    return words(" · ".join(parts), *_quote(said, card))


def _follow_up(task: FollowUp, card: Card, today: date) -> Text:
    executive = card.people.get(task.member_id)
    name = executive.name if executive else "somebody"
    if task.closed_at is None:
        return words(f"{name} is asked to hear them by {show_day(task.due_on, today)}")
    if task.heard is None:
        return words(f"{name} could not, asked for {show_day(task.due_on, today)}")
    return words(f"{name} heard them", *_quote(task.heard, card))


def _claim(claim: Claim, card: Card, today: date) -> Text:
    member = card.people.get(claim.member_id)
    value = show_money(Money(claim.value_minor, claim.currency))
    won = "waits for a decision" if claim.state == "claimed" else claim.state
    parts = [show_past_day(claim.won_on, today), member.name if member else "somebody", value, won]
    return words(" · ".join(parts))


def _quote(text: str | None, card: Card) -> Text:
    if not text or not card.sees_notes:
        return ()
    shown = text if len(text) <= _QUOTE else f"{text[: _QUOTE - 1].rstrip()}…"
    return (Plain(f"\n“{shown}”"),)


def _title(title: str, count: int) -> Paragraph:
    shown = f"{title} ({_LISTED} of {count})" if count > _LISTED else title
    return Paragraph(words(Strong(shown)))


def _card_buttons(card: Card, state: State) -> tuple[Button, ...]:
    which = {"account": str(card.account.id)}
    buttons: list[Button] = []
    if state in IN_HAND and card.works:
        buttons.append(Button("Log visit", "visit.open", which, style="primary"))
    if card.holds and state in {State.UNDERSTOOD, State.FOOTHOLD}:
        buttons.append(Button("They came back: claim it", "claim.open", which))
    if card.holds:
        buttons.append(Button("Hand over", "pass.ask", which))
    if not is_lost(state):
        buttons.append(Button("Log a loss", "loss.open", {"account": card.account.name}))
    if card.asks_executives and is_lost(state) and state not in AT_REST:
        buttons.append(Button("Ask an executive", "followup.ask", which))
    if card.corrects:
        buttons.append(Button("Edit the loss", "loss.edit", {"loss": str(card.losses[0].id)}))
    return tuple(buttons)


def _worth(account: Account, rules: Rules) -> str:
    return "" if account.value_minor is None else show_money(money_of(account, rules))
