"""When two names are one customer, and what a name may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.names import clean, name_key, tidy


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Corp", "ACME CORP."),
        ("Acme, Inc.", "acme"),
        ("The Acme Company", "Acme"),
        ("Café Zoë", "cafe zoe"),
        ("A.B.C. GmbH", "ABC"),
        ("Smith & Sons", "Smith and Sons"),
        ("O’Brien", "O'Brien"),
        ("Acme  \n Corp", "Acme"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    """L1: despite case, punctuation and "Inc."."""
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Shop 1", "Shop 2"), ("Inc.", "Corp."), ("🦊", "🐻")])
def test_other_names_do_not(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Acme \t Corp\n", "Acme Corp"),
        ("Acme\x00Corp", "Acme Corp"),
        ("Acme\u2028Corp", "Acme Corp"),
        ("Acme\ud800", "Acme"),
        ("\u200b\u200e", ""),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("שלום", "שלום"),
    ],
)
def test_a_name_is_one_line_that_shows_something(text: str, line: str) -> None:
    assert tidy(text) == line


def test_a_story_keeps_its_lines() -> None:
    assert clean("one\r\ntwo\rthree\x00 \n") == "one\ntwo\nthree"


@given(st.text(st.characters()))
def test_what_is_left_can_be_stored(text: str) -> None:
    assert "\x00" not in clean(text).encode().decode()
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(st.characters()))
def test_a_name_that_shows_something_has_a_key(text: str) -> None:
    name = tidy(text)
    assert bool(name_key(name)) == bool(name)
