"""How rates by tier and quick wins are written (B1, B5)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.errors import Refused
from domain.plan_text import read_steps, read_tiers, steps_text, tiers_text


@pytest.mark.parametrize(
    "text",
    [
        "Biggest 1.5, longest  held 1.20",
        "biggest: 1.5; longest held x1.2",
        "biggest = 1.5\nlongest held 1.2",
    ],
)
def test_tiers_are_read_in_any_usual_form(text: str) -> None:
    tiers = read_tiers("bounty_tiers", text)
    assert tiers == {"biggest": Decimal("1.5"), "longest held": Decimal("1.2")}
    assert tiers_text(tiers) == "biggest 1.5, longest held 1.2"
    assert read_tiers("", tiers_text(tiers)) == tiers


@pytest.mark.parametrize(
    "text", ["30 days 1.2, 14 days 1.5", "14d 1.5;30 x1.2", "14: 1.5, 30 day 1.2"]
)
def test_steps_are_read_earliest_first(text: str) -> None:
    steps = read_steps("bounty_early", text)
    assert list(steps.items()) == [(14, Decimal("1.5")), (30, Decimal("1.2"))]
    assert steps_text(steps) == "14 days 1.5, 30 days 1.2"
    assert read_steps("", steps_text(steps)) == steps


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("biggest", "written like"),
        ("1.5", "written like"),
        ("biggest 11", "at most 10 times"),
        (", ;", "one to 10 entries"),
        (", ".join(f"tier{chr(97 + n)} 2" for n in range(11)), "one to 10 entries"),
    ],
)
def test_wrong_tiers_are_refused_with_the_way_to_write_them(text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_tiers("bounty_tiers", text)


@pytest.mark.parametrize("text", ["soon 1.5", "14 days", "14 days 1.5 and more"])
def test_wrong_steps_are_refused_with_the_way_to_write_them(text: str) -> None:
    with pytest.raises(Refused, match="written like: 14 days"):
        read_steps("bounty_early", text)
