"""Handing an account over, in words: without blame."""

from __future__ import annotations

from handlers.context import mention
from handlers.views.elements import (
    Button,
    Buttons,
    Paragraph,
    Strong,
    View,
    in_plain_words,
    say,
    words,
)
from storage.tables import Account, Member


def ask_first(account: Account, holder: Member | None) -> View:
    """Ask once more, kindly; `holder` is whose account it is where it is not the reader's."""
    text = words(
        "Is it you, and not ",
        Strong(account.name),
        "? That happens. Whoever is next in turn takes it on, and nobody asks why.",
    )
    if holder is not None:
        text = words(
            "Hand ",
            Strong(account.name),
            " over, from ",
            mention(holder),
            " to whoever is next in turn? Both get a message.",
        )
    yes, no = ("Pass it on", "Keep it") if holder is None else ("Hand it over", "Leave it")
    which = {"account": str(account.id)}
    buttons = Buttons(
        (Button(yes, "pass.on", which, style="primary"), Button(no, "pass.keep", which))
    )
    return View(f"Pass {account.name} on?", (Paragraph(text), buttons))


def handed_over(account: Account, taker: Member) -> View:
    """Say who has it now."""
    return say(
        Strong(account.name), " goes to ", mention(taker), ", next in turn. They have a message."
    )


def kept(account: Account, *, own: bool) -> View:
    """Say that nothing changed."""
    stays = " stays with you. Thank you for going on." if own else " stays where it is."
    return say(Strong(account.name), stays)


def stuck(account: Account, why: str, *, told: bool) -> View:
    """Say that nobody can take it now, and whether who leads was told."""
    known = ", and your manager has been told" if told else ""
    return say(
        "Nobody else can take ",
        Strong(account.name),
        f" now ({why}). It stays where it is{known}.",
    )


def nobody_to_take_it(account: Account, passer: Member, why: str) -> View:
    """Tell who leads that a hand-over found nobody."""
    text = words(
        mention(passer),
        " would like to pass on ",
        Strong(account.name),
        f", and nobody can take it now: {why}. It stays with them until somebody can.",
    )
    return View(in_plain_words(text), (Paragraph(text),))
