"""A claim talked over: asked back, answered, shared and withdrawn, in words."""

from __future__ import annotations

from handlers.context import mention
from handlers.views.claims import Shown, worth
from handlers.views.elements import Button, Buttons, Heading, Note, Paragraph, Strong, View, words
from handlers.views.forms import Field, Form, LookupField, TextField

PARTNERS = 3
"""Members a claimant can share a bounty with, in one form."""


def ask_form(shown: Shown) -> Form:
    """Ask the decider what they want to know."""
    return Form(
        "claim.ask",
        "Ask back",
        "Ask",
        (
            TextField(
                "question",
                f"What do you want to know of {shown.claimant.name}?"[:150],
                long=True,
                most=1000,
            ),
        ),
        intro=(Paragraph(words("About the claim on ", Strong(shown.account.name))),),
        context={"claim": str(shown.claim.id)},
    )


def question_asked(shown: Shown) -> View:
    """Put the latest question to the claimant."""
    asker, question = shown.notes[-1]
    name = shown.account.name
    payload = {"claim": str(shown.claim.id)}
    return View(
        f"A question about {name}",
        (
            Heading(f"A question about {name}"),
            Paragraph(words(mention(asker), f" asks: {question}")),
            Buttons((Button("Answer", "claim.answer", payload, "primary"),)),
        ),
    )


def answer_form(shown: Shown) -> Form:
    """Ask the claimant for the answer; the value may be put right with it."""
    currency = shown.claim.currency
    return Form(
        "claim.answer",
        "Your answer",
        "Send",
        (
            TextField("answer", "Your answer", long=True, most=1000),
            TextField("value", f"Value won back ({currency})", worth(shown.claim), most=40),
        ),
        intro=tuple(Paragraph(words(mention(who), f": {text}")) for who, text in shown.notes[-3:]),
        context={"claim": str(shown.claim.id)},
    )


def share_form(shown: Shown) -> Form:
    """Ask with whom the bounty is shared, and by how much; the rest is the claimant's."""
    fields: list[Field] = []
    others = [pair for pair in shown.shares if pair[0].id != shown.claim.member_id]
    for number in range(1, PARTNERS + 1):
        member, part = others[number - 1] if number <= len(others) else (None, None)
        percent = f"{100 * part.minor / shown.claim.bounty_minor:.2f}" if part else ""
        fields += [
            LookupField(
                f"member{number}",
                f"Who helped ({number})",
                "members",
                str(member.id) if member else "",
                member.name if member else "",
                optional=True,
            ),
            TextField(
                f"percent{number}",
                f"Their share in per cent ({number})",
                percent.removesuffix(".00"),
                optional=True,
                most=10,
            ),
        ]
    intro = words(
        f"What is left is {shown.claimant.name}’s. ",
        "Who decides the claim sees the shares before they do.",
    )
    return Form(
        "claim.share",
        "Share the bounty",
        "Share",
        tuple(fields),
        intro=(Paragraph(intro),),
        context={"claim": str(shown.claim.id)},
    )


def share_offered(shown: Shown, sum_: str) -> View:
    """Tell a member that they have a share in a claim."""
    name = shown.account.name
    return View(
        f"{shown.claimant.name} shares {name} with you",
        (
            Paragraph(
                words(
                    mention(shown.claimant),
                    " won back ",
                    Strong(name),
                    " and your part in it counts: ",
                    Strong(sum_),
                    " of the bounty.",
                )
            ),
            Note(words("It is yours as soon as the claim is approved.")),
        ),
    )
