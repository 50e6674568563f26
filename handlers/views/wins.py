"""A win told to all, and the testimonial asked for later, in words."""

from __future__ import annotations

from handlers.context import mention
from handlers.views.claims import Shown
from handlers.views.elements import (
    Button,
    Buttons,
    Heading,
    Paragraph,
    Strong,
    Text,
    View,
    words,
)
from handlers.views.forms import Form, TextField
from storage.tables import Account


def story_form(shown: Shown) -> Form:
    """Ask the winner for the story before anybody else reads it."""
    return Form(
        "win.tell",
        "Tell the story",
        "Post it",
        (
            TextField(
                "story",
                "What happened, and what won them?",
                shown.claim.story or shown.claim.how,
                hint="Everybody in the channel reads it, in these words.",
                long=True,
                most=2000,
            ),
            TextField(
                "won_from",
                "Won from (leave empty to keep it to yourself)",
                shown.account.competitor or "",
                optional=True,
                most=100,
            ),
        ),
        intro=(Paragraph(words("About ", Strong(shown.account.name))),),
        context={"claim": str(shown.claim.id)},
    )


def win_post(shown: Shown, story: str, won_from: str) -> View:
    """Tell the team who won whom back, from whom, and how."""
    name = shown.account.name
    lead: Text = words("Won by ", mention(shown.claimant))
    helpers = [member for member, _ in shown.shares if member.id != shown.claim.member_id]
    for helper in helpers:
        lead += words(" with ", mention(helper))
    lead += words(f", from {won_from}." if won_from else ".")
    return View(
        f"{name} is back, won by {shown.claimant.name}",
        (Heading(f"{name} is back!"), Paragraph(lead), Paragraph(words(story))),
    )


def testimonial_reminder(account: Account, days: int) -> View:
    """Remind the winner that a happy customer can say so."""
    return View(
        f"{account.name}: a good day to ask for a testimonial",
        (
            Paragraph(
                words(
                    Strong(account.name),
                    f" has been back for {days} days. If they are happy, ask them to say so: a "
                    "sentence or two on why they returned.",
                )
            ),
            Buttons((Button("Show", "account.show", {"account": str(account.id)}),), account.name),
        ),
    )
