"""The written win-back policy, in words."""

from __future__ import annotations

from domain.rules import Rules
from handlers.views.elements import Facts, Heading, Note, Paragraph, View, words
from handlers.views.settings_summary import price_policy


def policy_page(rules: Rules, bounty: str) -> View:
    """Show how we treat customers who left; `bounty` is a worked example of what a win pays."""
    return View(
        "How we win customers back",
        (
            Heading("How we win customers back"),
            Paragraph(words(rules.policy)),
            Facts((("Price", words(price_policy(rules))), ("Bounty", words(bounty)))),
            Note(words(f"First contact within {rules.contact_days} days of the deal.")),
        ),
    )
