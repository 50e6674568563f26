"""How alike two customers' names are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

_ALIKE = 85  # of 100: "acmme" is 89 of "acme", "acne" 75
_FIGURES = re.compile(r"\d+")


def most_alike(wanted: str, names: Sequence[str], limit: int) -> list[str]:
    """Give those of the folded names that may be the same customer's, the most alike first.

    Slips of the pen, words in another order and words left out at the end count as alike. Figures
    do not: Shop 12 and Shop 13 are two shops. The same name is not alike but the same.
    """
    likeness: dict[str, float] = {}
    for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
        found = process.extract(wanted, names, scorer=scorer, score_cutoff=_ALIKE, limit=None)
        for name, score, _ in found:
            likeness[name] = max(score, likeness.get(name, 0))
    words = wanted.split(" ")
    beginnings = {" ".join(words[:n]) for n in range(1, len(words))}
    longer = f"{wanted} "
    likeness.update(dict.fromkeys(beginnings.intersection(names), 100))
    likeness.update(dict.fromkeys([name for name in names if name.startswith(longer)], 100))
    figures = sorted(_FIGURES.findall(wanted))
    alike = [
        name for name in likeness if name != wanted and sorted(_FIGURES.findall(name)) == figures
    ]
    return sorted(alike, key=lambda name: (-likeness[name], name))[:limit]
