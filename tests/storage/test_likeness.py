"""Which names may be one customer's, and which are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.names import name_key
from storage.likeness import likeness_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acmme", "Acme Corporation"),
        ("Acme", "Acme Northwest"),
        ("Globexx", "Globex"),
        ("Brothers Johnson", "Johnson Brothers"),
        ("Betasoloin", "Betasolin"),
        ("Shop 12 Paris", "Shop 12 Pariss"),
    ],
)
def test_nearly_the_same_is_asked_about(one: str, other: str) -> None:
    assert likeness_of(name_key(one), name_key(other)) > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "Apex"),
        ("Acme", "Acne"),
        ("Shop 12", "Shop 13"),
        ("Shop", "Shop 1"),
        ("HP", "Philharmonic"),
        ("Al", "Albert's Bakery"),
    ],
)
def test_others_are_not(one: str, other: str) -> None:
    assert likeness_of(name_key(one), name_key(other)) == 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_it_does_not_matter_which_comes_first(one: str, other: str) -> None:
    assert likeness_of(one, other) == pytest.approx(likeness_of(other, one))
