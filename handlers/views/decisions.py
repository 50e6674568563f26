"""What a claimant hears of a decision, and how one is explained, in words."""

from __future__ import annotations

from datetime import date

from domain.money import Money
from handlers.context import mention
from handlers.days import show_day
from handlers.money import show_money
from handlers.views.claims import WHOLE, Shown, pays
from handlers.views.elements import (
    Button,
    Buttons,
    Code,
    Element,
    Heading,
    Note,
    Paragraph,
    Strong,
    Text,
    View,
    words,
)
from handlers.views.forms import Form, TextField
from storage.tables import Member


def claim_approved(shown: Shown, share: Money, release_on: date | None, today: date) -> View:
    """Tell somebody with a share that the win counts, and when their part is paid."""
    name, sum_ = shown.account.name, show_money(share)
    title = f"{name} is won back" if shown.claim.extent == WHOLE else f"A foothold at {name}"
    elements: list[Element] = [
        Heading(f"{title}. Congratulations!"),
        Paragraph(
            words(
                mention(shown.decider),
                " approved the claim. Your bounty is ",
                Strong(sum_),
                f" ({shown.claim.rule}). ",
                *_when(release_on, today),
            )
        ),
        Note(words("All your bounties: ", Code("/lost bounties"))),
    ]
    if shown.claim.extent == WHOLE:
        payload = {"claim": str(shown.claim.id)}
        elements.append(Buttons((Button("Tell the team the story", "win.tell", payload),)))
    return View(f"Approved: {name} pays {sum_}", tuple(elements))


def claim_declined(shown: Shown) -> View:
    """Tell the claimant why it does not count yet, and what they can do."""
    name = shown.account.name
    return View(
        f"Not approved yet: {name}",
        (
            Heading(f"{name}: not approved"),
            Paragraph(words(mention(shown.decider), f" says: {shown.claim.decision_note}")),
            Note(words("When that is sorted out, claim it again: ", Code(f"/found {name}"))),
        ),
    )


def decline_form(shown: Shown) -> Form:
    """Ask why a claim is declined."""
    return Form(
        "claim.decline",
        "Decline this claim",
        "Decline",
        (
            TextField(
                "reason",
                f"What shall I tell {shown.claimant.name}?"[:150],
                hint="They read this word for word.",
                long=True,
                most=1000,
            ),
        ),
        intro=(Paragraph(words(Strong(shown.account.name), f", {pays(shown.claim)}")),),
        context={"claim": str(shown.claim.id)},
    )


def credited_to(winner: Member) -> str:
    """Say to a rival why their claim does not count."""
    return f"The win was credited to {winner.name}. Thank you for your part in it."


def _when(release_on: date | None, today: date) -> Text:
    if release_on is None:
        return words("It is payable now.")
    return words(f"It is held until {show_day(release_on, today)}, then it is payable.")
