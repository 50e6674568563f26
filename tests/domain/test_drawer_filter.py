"""The words after `/lost drawer` (D2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.drawer_filter import DrawerFilter, Sort, read_filter


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", DrawerFilter()),
        ("price", DrawerFilter(reasons=("price",))),
        ("reason price", DrawerFilter(reasons=("price",))),
        ("price and late delivery", DrawerFilter(reasons=("price", "service"))),
        ("no need any more", DrawerFilter(reasons=("no_need",))),
        ("unknown", DrawerFilter(reasons=("unknown",))),
        ("acme", DrawerFilter(name="acme")),
        ("acme price", DrawerFilter(reasons=("price",), name="acme")),
        ('"change" partners', DrawerFilter(name="change partners")),
        ("“Price & Sons”", DrawerFilter(name="Price & Sons")),
        ("tier A", DrawerFilter(tier="A")),
        ("tier most profitable older than 30", DrawerFilter(tier="most profitable", older_than=30)),
        ("older than 30 days", DrawerFilter(older_than=30)),
        ("older than 2 weeks", DrawerFilter(older_than=14)),
        ("Older than 3 months", DrawerFilter(older_than=90)),
        ("older than 30 lost by Ada", DrawerFilter(older_than=30, lost_by="Ada")),
        ("older than 1y", DrawerFilter(older_than=365)),
        ("lost by Ada", DrawerFilter(lost_by="Ada")),
        ("lost by Ada Fox, price", DrawerFilter(lost_by="Ada Fox", reasons=("price",))),
        ('lost by "Ada Fox" price', DrawerFilter(lost_by="Ada Fox", reasons=("price",))),
        ("in Central", DrawerFilter(region="Central")),
        ("region North East by age", DrawerFilter(region="North East", sort=Sort.AGE)),
        ("by age", DrawerFilter(sort=Sort.AGE)),
        ("oldest first", DrawerFilter(sort=Sort.AGE)),
        ("biggest first", DrawerFilter(sort=Sort.VALUE)),
        ("oldest", DrawerFilter(sort=Sort.AGE)),
        ("price, oldest", DrawerFilter(reasons=("price",), sort=Sort.AGE)),
        ("oldest brewery", DrawerFilter(name="oldest brewery")),
        ("sorted by name", DrawerFilter(sort=Sort.NAME)),
        (
            "price, tier A, older than 30, lost by Ada Fox, in Central, globex, by age",
            DrawerFilter(("price",), "A", 30, "Ada Fox", "Central", "globex", Sort.AGE),
        ),
        ("price, , price", DrawerFilter(reasons=("price",))),
    ],
)
def test_filters_combine(text: str, wanted: DrawerFilter) -> None:
    assert read_filter(text) == wanted


@given(st.permutations(["price", "tier A", "older than 30", "lost by Ada", "in West", "by name"]))
def test_their_order_does_not_matter(parts: list[str]) -> None:
    wanted = DrawerFilter(("price",), "A", 30, "Ada", "West", None, Sort.NAME)
    assert read_filter(", ".join(parts)) == wanted


@given(st.permutations(["tier A", "older than 30", "lost by Ada", "in West", "by name"]))
def test_commas_are_not_needed_where_the_words_are_plain(parts: list[str]) -> None:
    wanted = DrawerFilter(("price",), "A", 30, "Ada", "West", None, Sort.NAME)
    assert read_filter(" ".join(["price", *parts])) == wanted


@given(st.text(max_size=300))
def test_any_text_is_a_filter(text: str) -> None:
    read_filter(text)
