"""The help, in words."""

from __future__ import annotations

from handlers.views.elements import Bullets, Code, Heading, Note, Paragraph, View, words

_GROUPS = (
    ("rep", "Your accounts"),
    ("manager", "The team and the drawer"),
    ("everyone", "For everyone"),
)


def help_page(rows: list[tuple[str, str, str]]) -> View:
    """Show (group, usage, what it does) of each command, under a heading a group."""
    elements = [
        Paragraph(
            words(
                "A customer left? Type ",
                Code("/lost Acme, price, went to Globex"),
                " and I write down why. Just ",
                Code("/lost"),
                " opens a form.",
            )
        )
    ]
    listed: list[Heading | Paragraph | Bullets | Note] = [*elements]
    for group, title in _GROUPS:
        items = tuple(
            words(Code(f"/lost {usage}"), f"  {says}") for g, usage, says in rows if g == group
        )
        if items:
            listed += [Heading(title), Bullets(items)]
    listed.append(
        Note(words("They came back? ", Code("/found Acme"), " claims the win and its bounty."))
    )
    return View("What Lost & Found can do for you", tuple(listed))
