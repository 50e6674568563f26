"""A win-back claimed: the form, the cards, the decider's question and its answer, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.money import Money
from domain.rules import Rules
from handlers.context import mention
from handlers.days import name_day
from handlers.money import plain_amount, show_money
from handlers.reasons import label_of
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Code,
    Confirm,
    Element,
    Facts,
    Heading,
    Note,
    Paragraph,
    Strong,
    Table,
    Text,
    View,
    words,
)
from handlers.views.forms import ChoiceField, DateField, Field, Form, LookupField, TextField
from storage.tables import Account, Claim, Member

WHOLE, FOOTHOLD = "whole", "foothold"
_EXTENTS = (
    (WHOLE, "They are back as a customer"),
    (FOOTHOLD, "A foothold: a smaller or different product first"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim with the names and sums that stand behind its ids.

    `shares` is who gets what of the bounty; `notes` what was asked and answered, with who did.
    """

    claim: Claim
    account: Account
    claimant: Member
    decider: Member | None = None
    endorser: Member | None = None
    shares: tuple[tuple[Member, Money], ...] = ()
    notes: tuple[tuple[Member, str], ...] = ()


def claim_form(
    account: Account | None,
    *,
    currency: str,
    today: date,
    product: str = "",
    how: str = "",
    extent: str = WHOLE,
    may_be_foothold: bool = True,
) -> Form:
    """Ask what came back, with what was already said filled in."""
    fields: list[Field] = []
    if account is None:
        fields.append(LookupField("account", "Who came back?", "accounts"))
    if may_be_foothold:
        fields.append(ChoiceField("extent", "How far?", _EXTENTS, extent))
    fields += [
        TextField("value", f"Value won back ({currency})", hint=_worth_before(account), most=40),
        DateField("won_on", "Since when are they back?", today.isoformat()),
        TextField("product", "What did they take?", product, optional=True, most=150),
        TextField("how", "How was it won?", how, optional=True, most=300),
        TextField("story", "The story, for all who like a good one", optional=True, long=True),
    ]
    intro = words("Well done. Who came back: ", Strong(account.name if account else ""))
    return Form(
        "claim.send",
        "They came back",
        "Claim it",
        tuple(fields),
        intro=(Paragraph(intro),) if account else (),
        context={"account": str(account.id)} if account else {},
    )


def visit_first(account: Account, missing: str) -> View:
    """Say what is missing before a claim counts, and offer to write it down."""
    return View(
        f"{account.name}: first the visit",
        (
            Paragraph(words(missing, " Write it down, then claim it again.")),
            Buttons(
                (Button("Log visit", "visit.open", {"account": str(account.id)}, style="primary"),)
            ),
        ),
    )


def claim_made(shown: Shown, deciders: Sequence[Member], rules: Rules, today: date) -> View:
    """Tell the claimant what was understood and who decides."""
    claim = {"claim": str(shown.claim.id)}
    if deciders:
        note = words(
            "Now with ", *names_of(deciders), ". You hear from me as soon as it is decided."
        )
    else:
        note = words(
            "Nobody without a part in it may approve here yet. An admin can add a manager: ",
            Code("/lost team"),
            ".",
        )
    withdraw = Confirm("Withdraw it?", "Nothing is lost: you can claim again.", "Withdraw")
    name = shown.account.name
    title = f"{name} is back" if shown.claim.extent == WHOLE else f"A foothold at {name}"
    return View(
        f"{title}: claimed",
        (
            Heading(f"{title}. Well done!"),
            Facts(claim_rows(shown, rules, today)),
            Note(note),
            Buttons(
                (
                    Button("Share the bounty", "claim.share", claim),
                    Button("Withdraw", "claim.withdraw", claim, confirm=withdraw),
                )
            ),
        ),
    )


def claim_request(
    shown: Shown, rules: Rules, today: date, rivals: Sequence[Shown] = (), *, changed: bool = False
) -> View:
    """Ask for a decision; two who claim the same are shown side by side.

    `changed`: the claim is not any more what the reader was asked about before.
    """
    name = shown.account.name
    elements: list[Element] = [Heading(f"{name} is back")]
    if changed:
        elements.append(Note(words("It has changed since you were asked. Please look again.")))
    if rivals:
        both = [shown, *rivals]
        lead = words(f"{len(both)} people claim ", Strong(name), ". What each says:")
        buttons = [button for one in both for button in _decisions(one, f" {one.claimant.name}")]
        elements += [Paragraph(lead), _side_by_side(both, today)]
        elements += _talk(shown)
    else:
        what = " claims the win-back." if shown.claim.extent == WHOLE else " claims a foothold."
        elements += [
            Paragraph(words(mention(shown.claimant), what)),
            Facts(claim_rows(shown, rules, today)),
            *_talk(shown),
        ]
        payload = _which(shown)
        buttons = [
            *_decisions(shown, ""),
            Button("Ask back", "claim.ask", payload),
            Button("Share the bounty", "claim.share", payload),
        ]
    if shown.endorser:
        elements.append(
            Note(words(mention(shown.endorser), " approves; it is above the limit for one."))
        )
    elements.append(Buttons(tuple(buttons)))
    return View(f"{shown.claimant.name} won back {name}: approve?", tuple(elements))


def claim_decided(shown: Shown, rules: Rules, today: date, *, late: bool = False) -> View:
    """Show a claim in the place of the question; `late` where somebody else decided it before."""
    title = f"{shown.account.name}: {shown.claim.state}"
    rows = Facts(claim_rows(shown, rules, today))
    return View(title, (Heading(title), rows, Note(_verdict(shown, "Already " if late else ""))))


def claim_endorsed(shown: Shown, executives: Sequence[Member], rules: Rules, today: date) -> View:
    """Tell the first of two who approve that an executive has the last word."""
    return View(
        f"{shown.account.name}: with an executive now",
        (
            Heading(f"{shown.account.name}: one approval more"),
            Facts(claim_rows(shown, rules, today)),
            Note(
                words(
                    "Approved by ",
                    mention(shown.endorser),
                    ". Being above the limit, it is now with ",
                    *names_of(executives),
                    ".",
                )
            ),
        ),
    )


def claim_rows(shown: Shown, rules: Rules, today: date) -> tuple[tuple[str, Text], ...]:
    """Give the facts of a claim, label by label."""
    claim, account = shown.claim, shown.account
    rows: list[tuple[str, Text]] = [
        ("Value won back", words(show_money(Money(claim.value_minor, claim.currency)))),
        ("Bounty", words(Strong(pays(claim)), f" ({claim.rule})")),
    ]
    if len(shown.shares) > 1:
        shares = (f"{member.name} {show_money(part)}" for member, part in shown.shares)
        rows.append(("Shared", words(", ".join(shares))))
    rows.append(("Back since", words(name_day(claim.won_on, today))))
    why = label_of(account.reason, rules)
    if account.why_verified:
        why += f"; verified: {label_of(account.why_verified, rules)}"
    told = (
        ("Product", claim.product),
        ("How", claim.how),
        ("Story", claim.story),
        ("Why they had left", why),
        ("Won from", account.competitor),
    )
    rows += [(label, words(text)) for label, text in told if text]
    return tuple(rows)


def pays(claim: Claim) -> str:
    """Write what a claim pays."""
    return show_money(Money(claim.bounty_minor, claim.currency))


def worth(claim: Claim) -> str:
    """Write a claim's value as a form takes it."""
    return plain_amount(Money(claim.value_minor, claim.currency))


def names_of(people: Sequence[Member]) -> Text:
    """List people by name."""
    spans: list[Text] = [
        (*words(", "), mention(one)) if position else (mention(one),)
        for position, one in enumerate(people)
    ]
    return tuple(span for spans_of_one in spans for span in spans_of_one)


def _decisions(shown: Shown, whose: str) -> tuple[Button, Button]:
    return (
        Button(f"Approve{whose}"[:75], "claim.approve", _which(shown), "primary"),
        Button(f"Decline{whose}"[:75], "claim.decline", _which(shown), "danger"),
    )


def _which(shown: Shown) -> dict[str, str]:
    return {"claim": str(shown.claim.id), "version": str(shown.claim.version)}


def _side_by_side(claims: Sequence[Shown], today: date) -> Table:
    def row(label: str, cells: list[str]) -> tuple[str, ...]:
        return (label, *cells)

    return Table(
        ("", *(one.claimant.name for one in claims)),
        (
            row("Value", [show_money(_value(one.claim)) for one in claims]),
            row("Bounty", [pays(one.claim) for one in claims]),
            row("Back since", [name_day(one.claim.won_on, today) for one in claims]),
            row("Product", [one.claim.product or "" for one in claims]),
            row("How", [one.claim.how for one in claims]),
            row("Story", [one.claim.story for one in claims]),
        ),
    )


def _talk(shown: Shown) -> list[Element]:
    said = tuple(words(mention(member), f": {text}") for member, text in shown.notes)
    return [Bullets(said)] if said else []


def _value(claim: Claim) -> Money:
    return Money(claim.value_minor, claim.currency)


def _verdict(shown: Shown, already: str) -> Text:
    if shown.claim.state == "withdrawn":
        return words(mention(shown.claimant), " withdrew it; there is nothing to decide.")
    by = words(f"{already}{shown.claim.state} by ".capitalize(), mention(shown.decider))
    note = shown.claim.decision_note
    return (*by, *words(f": {note}" if note else "."))


def _worth_before(account: Account | None) -> str:
    if account is None or account.value_minor is None or account.currency is None:
        return ""
    return f"They were worth {show_money(Money(account.value_minor, account.currency))} before."
