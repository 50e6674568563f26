"""How alike two customers' names are."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

_ALIKE = 85  # of 100: "acmme" is 89 of "acme", "acne" 75
_FIGURES = re.compile(r"\d+")


def likeness_of(one: str, other: str) -> float:
    """Say how likely two folded names are the same customer's, of 100; 0 where they are not.

    Slips of the pen, words in another order and words left out at the end count as alike. Figures
    do not: Shop 12 and Shop 13 are two shops.
    """
    if sorted(_FIGURES.findall(one)) != sorted(_FIGURES.findall(other)):
        return 0
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(f"{shorter} "):
        return 100
    return max(
        fuzz.ratio(one, other, score_cutoff=_ALIKE),
        fuzz.token_sort_ratio(one, other, score_cutoff=_ALIKE),
    )
