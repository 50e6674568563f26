"""How alike two customers' names are."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz import fuzz, process

_ALIKE = 85  # of 100: "acmme" is 89 of "acme", "acne" 75
_FIGURES = re.compile(r"\d+")


def most_alike(wanted: str, names: Mapping[int, str], limit: int) -> list[int]:
    """Give the ids of the folded names that may be the same customer's, the most alike first.

    Slips of the pen, words in another order and words left out at the end count as alike. Figures
    do not: Shop 12 and Shop 13 are two shops. The same name is not alike but the same.
    """
    likeness: dict[int, float] = {}
    for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
        found = process.extract(wanted, names, scorer=scorer, score_cutoff=_ALIKE, limit=None)
        for _, score, identity in found:
            likeness[identity] = max(score, likeness.get(identity, 0))
    for identity, name in names.items():
        if name.startswith(f"{wanted} ") or wanted.startswith(f"{name} "):
            likeness[identity] = 100
    figures = sorted(_FIGURES.findall(wanted))
    alike = [
        identity
        for identity in likeness
        if names[identity] != wanted and sorted(_FIGURES.findall(names[identity])) == figures
    ]
    return sorted(alike, key=lambda identity: (-likeness[identity], identity))[:limit]
