"""A win-back claimed: the form, the cards, the manager's question and its answer, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.money import Money
from domain.reasons import reason_label
from handlers.context import mention
from handlers.days import show_day
from handlers.money import plain_amount, show_money
from handlers.views.elements import (
    Button,
    Buttons,
    Code,
    Facts,
    Heading,
    Note,
    Paragraph,
    Strong,
    Text,
    View,
    say,
    words,
)
from handlers.views.forms import DateField, Form, LookupField, TextField
from storage.tables import Account, Claim, Member


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim with the names that stand behind its ids."""

    claim: Claim
    account: Account
    claimant: Member
    decider: Member | None = None


def claim_form(
    account: Account | None,
    *,
    currency: str,
    today: date,
    value: Money | None = None,
    product: str = "",
    how: str = "",
) -> Form:
    """Ask what came back, with what was already said filled in."""
    fields: list[LookupField | TextField | DateField] = []
    if account is None:
        fields.append(LookupField("account", "Who came back?", "accounts"))
    fields += [
        TextField(
            "value",
            f"Value won back ({currency})",
            plain_amount(value) if value else "",
            hint=_worth_before(account),
            most=40,
        ),
        DateField("won_on", "Since when are they back?", today.isoformat()),
        TextField("product", "What did they take?", product, optional=True, most=150),
        TextField("how", "How was it won?", how, optional=True, most=300),
        TextField("story", "The story, for all who like a good one", optional=True, long=True),
    ]
    return Form(
        "claim.send",
        "They came back",
        "Claim it",
        tuple(fields),
        intro=(Paragraph(words("Well done. Who was it: ", Strong(account.name))),)
        if account
        else (),
        context={"account": str(account.id)} if account else {},
    )


def did_you_mean(typed: str, offers: list[Account], rest: str) -> View:
    """Ask which account was meant; `rest` is what else the line said."""
    buttons = tuple(
        Button(offer.name[:75], "claim.meant", {"account": str(offer.id), "rest": rest})
        for offer in offers
    )
    text = words("I know no customer called ", Strong(typed), ". Did you mean:")
    return View(f"Which customer is {typed}?", (Paragraph(text), Buttons(buttons)))


def claim_made(shown: Shown, deciders: list[Member], today: date) -> View:
    """Tell the claimant what was understood and who decides."""
    names: list[Text] = [(mention(decider),) for decider in deciders]
    if names:
        listed = tuple(span for n, name in enumerate(names) for span in _comma(n, name))
        note = words("Now with ", *listed, ". You hear from me as soon as it is decided.")
    else:
        note = words(
            "Nobody but you may approve here yet. An admin can add a manager: ",
            Code("/lost team"),
            ".",
        )
    return View(
        f"{shown.account.name} is back: claimed",
        (
            Heading(f"{shown.account.name} is back. Well done!"),
            Facts(_facts(shown, today)),
            Note(note),
        ),
    )


def claim_request(shown: Shown, today: date) -> View:
    """Ask a manager to decide a claim."""
    payload = {"claim": str(shown.claim.id)}
    return View(
        f"{shown.claimant.name} won back {shown.account.name}: approve?",
        (
            Heading(f"{shown.account.name} is back"),
            Paragraph(words(mention(shown.claimant), " claims the win-back.")),
            Facts(_facts(shown, today)),
            Buttons(
                (
                    Button("Approve", "claim.approve", payload, "primary"),
                    Button("Decline", "claim.decline", payload, "danger"),
                )
            ),
        ),
    )


def claim_decided(shown: Shown, today: date, *, late: bool = False) -> View:
    """Show a claim in the place of the question; `late` where somebody else decided it before."""
    verdict = _verdict(shown, "Already " if late else "")
    return View(
        f"{shown.account.name}: {shown.claim.state}",
        (
            Heading(f"{shown.account.name}: {shown.claim.state}"),
            Facts(_facts(shown, today)),
            Note(verdict),
        ),
    )


def claim_approved(shown: Shown, release_on: date | None, today: date) -> View:
    """Tell the claimant that the win counts and when its bounty is paid."""
    pays = show_money(Money(shown.claim.bounty_minor, shown.claim.currency))
    when = (
        words("It is held until ", show_day(release_on, today), ", then it is payable.")
        if release_on
        else words("It is payable now.")
    )
    return View(
        f"Approved: {shown.account.name} pays {pays}",
        (
            Heading(f"{shown.account.name} is won back. Congratulations!"),
            Paragraph(
                words(
                    mention(shown.decider),
                    " approved your claim. Your bounty is ",
                    Strong(pays),
                    f" ({shown.claim.rule}). ",
                    *when,
                )
            ),
            Note(words("All your bounties: ", Code("/lost bounties"))),
        ),
    )


def claim_declined(shown: Shown) -> View:
    """Tell the claimant why it does not count yet, and what they can do."""
    return View(
        f"Not approved yet: {shown.account.name}",
        (
            Heading(f"{shown.account.name}: not approved"),
            Paragraph(words(mention(shown.decider), f" says: {shown.claim.decision_note}")),
            Note(
                words(
                    "The account stays yours. When that is sorted out, claim it again: ",
                    Code(f"/found {shown.account.name}"),
                )
            ),
        ),
    )


def decline_form(shown: Shown) -> Form:
    """Ask a manager why a claim is declined."""
    return Form(
        "claim.decline",
        "Decline this claim",
        "Decline",
        (
            TextField(
                "reason",
                f"What shall I tell {shown.claimant.name}?",
                hint="They read this word for word.",
                long=True,
                most=1000,
            ),
        ),
        intro=(Paragraph(words(Strong(shown.account.name), f", {_pays(shown.claim)}")),),
        context={"claim": str(shown.claim.id)},
    )


def declined_note(shown: Shown) -> View:
    """Tell the manager that it is done."""
    return say(
        "Declined. ", mention(shown.claimant), " has your words, and ", Strong(shown.account.name),
        " stays with them.",
    )  # fmt: skip


def _facts(shown: Shown, today: date) -> tuple[tuple[str, Text], ...]:
    claim, account = shown.claim, shown.account
    rows: list[tuple[str, Text]] = [
        ("Value won back", words(show_money(Money(claim.value_minor, claim.currency)))),
        ("Bounty", words(Strong(_pays(claim)), f" ({claim.rule})")),
        ("Back since", words(show_day(claim.won_on, today))),
    ]
    why = reason_label(account.reason)
    if account.why_verified:
        why += f"; verified: {reason_label(account.why_verified)}"
    told = (
        ("Product", claim.product),
        ("How", claim.how),
        ("Story", claim.story),
        ("Why they had left", why),
        ("Won from", account.competitor),
    )
    rows += [(label, words(text)) for label, text in told if text]
    return tuple(rows)


def _pays(claim: Claim) -> str:
    return show_money(Money(claim.bounty_minor, claim.currency))


def _verdict(shown: Shown, already: str) -> Text:
    if shown.claim.state == "withdrawn":
        return words(mention(shown.claimant), " withdrew it; there is nothing to decide.")
    by = words(f"{already}{shown.claim.state} by ".capitalize(), mention(shown.decider))
    note = shown.claim.decision_note
    return (*by, *words(f": {note}" if note else "."))


def _comma(position: int, name: Text) -> Text:
    return (*words(", "), *name) if position else name


def _worth_before(account: Account | None) -> str:
    if account is None or account.value_minor is None or account.currency is None:
        return ""
    return f"They were worth {show_money(Money(account.value_minor, account.currency))} before."
