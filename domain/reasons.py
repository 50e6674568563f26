"""Why customers leave: the short list each workspace starts with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from domain.names import name_key

LONGEST_WORDING = 6
"""The most words by which a reason is recognised in a line."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One entry of the list: its key, the words people read, and what proves it.

    `avoidable`: we could have prevented it. `no_fault`: nobody on either side is to blame.
    `synonyms`: other words by which people mean it. `retired`: no longer offered; what bears it
    keeps its words.
    """

    key: str
    label: str
    evidence: str
    avoidable: bool = True
    no_fault: bool = False
    synonyms: tuple[str, ...] = ()
    retired: bool = False


UNKNOWN = Reason(
    "unknown",
    "Not known yet",
    "A meeting with the decision maker",
    synonyms=("unknown", "?", "don't know", "no idea", "not sure", "unclear"),
)

DEFAULT_REASONS: tuple[Reason, ...] = (
    Reason(
        "price",
        "Price",
        "The competing offer or the figure they named",
        synonyms=("cost", "too expensive", "cheaper", "pricing", "expensive", "price increase"),
    ),
    Reason(
        "better_seller",
        "Better salesperson at a competitor",
        "What the other seller did",
        synonyms=("better salesperson", "better seller", "salesperson", "sales rep", "outsold"),
    ),
    Reason(
        "product_gap",
        "Product gap",
        "What they needed that we did not have",
        synonyms=("product", "feature", "features", "missing feature", "quality", "functionality"),
    ),
    Reason(
        "service",
        "Service or delivery failure",
        "What went wrong and when",
        synonyms=(
            "service",
            "delivery",
            "late delivery",
            "support",
            "poor service",
            "outage",
            "service failure",
            "delivery failure",
            "bad service",
        ),
    ),
    Reason(
        "billing",
        "Billing error",
        "The invoice in question",
        synonyms=("billing", "invoice", "invoices", "invoicing", "wrong invoice"),
    ),
    Reason(
        "neglect",
        "Neglect (no one called)",
        "The date of the last real contact",
        synonyms=("neglect", "no one called", "nobody called", "ignored", "no contact"),
    ),
    Reason(
        "contact_left",
        "Contact left",
        "Who left, and who sits there now",
        no_fault=True,
        synonyms=(
            "contact left",
            "contact gone",
            "champion left",
            "new management",
            "change of management",
            "decision maker left",
        ),
    ),
    Reason(
        "no_need",
        "No need any more",
        "What changed on their side",
        avoidable=False,
        no_fault=True,
        synonyms=(
            "no need",
            "not needed",
            "closed",
            "out of business",
            "acquired",
            "went out of business",
            "no longer needed",
        ),
    ),
    Reason(
        "budget",
        "Budget cut",
        "Who cut it, and until when",
        avoidable=False,
        no_fault=True,
        synonyms=("budget", "budget cuts", "no budget", "cost cutting", "funding"),
    ),
    Reason(
        "change",
        "Wanted a change",
        "What they hoped would be different",
        synonyms=("change", "wanted change", "just wanted a change", "switched"),
    ),
    Reason(
        "legal",
        "Legal or dispute",
        "The letter or case",
        synonyms=("legal", "dispute", "lawsuit", "contract dispute", "compliance"),
    ),
    Reason("other", "Other", "What happened, in their words", synonyms=("misc", "others")),
)


def match_reason(words: str, reasons: tuple[Reason, ...] = DEFAULT_REASONS) -> Reason | None:
    """Find the reason that `words` name by key, label or synonym; None where none is certain."""
    return _by_wording(reasons).get(name_key(words))


@lru_cache(maxsize=256)
def _by_wording(reasons: tuple[Reason, ...]) -> dict[str, Reason]:
    """Index the reasons by every wording of theirs; where two share one, the first has it."""
    wordings = {
        name_key(wording): reason
        for reason in reversed((*reasons, UNKNOWN))
        for wording in (reason.key, reason.label, *reason.synonyms)
    }
    wordings.pop("", None)
    return wordings


def reason_label(key: str | None, reasons: tuple[Reason, ...] = DEFAULT_REASONS) -> str:
    """Give the words for a stored reason key; a key no longer listed is shown as it is."""
    if key is None:
        return UNKNOWN.label
    return next((r.label for r in (*reasons, UNKNOWN) if r.key == key), key)
