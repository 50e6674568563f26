"""A workspace's own list of reasons, written and read (L3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.errors import Refused
from domain.reason_list import (
    differing,
    line_of,
    mistakes,
    new_key,
    read_reasons,
    reasons_text,
    split_synonyms,
    with_history,
)
from domain.reasons import DEFAULT_REASONS, Reason

PRICE, *_ = DEFAULT_REASONS
WRITTEN = "\n".join(line_of(reason) for reason in DEFAULT_REASONS)


def test_nothing_written_is_the_list_to_start_with() -> None:
    assert read_reasons("") == read_reasons("\n") == DEFAULT_REASONS
    assert reasons_text(DEFAULT_REASONS) == ""


def test_what_is_written_reads_back_as_it_was() -> None:
    assert read_reasons(WRITTEN) == DEFAULT_REASONS
    changed = (*DEFAULT_REASONS[1:], replace(PRICE, label="Too dear", no_fault=True, retired=True))
    assert read_reasons(reasons_text(changed)) == changed


def test_marks_and_other_words_may_be_left_out() -> None:
    listed = read_reasons(WRITTEN.replace(line_of(PRICE), "price | Price | The offer"))
    assert listed[0] == Reason("price", "Price", "The offer")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("price", "One reason a line"),
        ("Price! | Price | x", "One reason a line"),
        ("unknown | Unclear | x", "One reason a line"),
        ("a | A | x | | b | c", "One reason a line"),
        ("a | A | x | sad", "the marks are"),
        ("a | A | ", "What proves it"),
        ("a | A, B | x", "without commas"),
        ("a | one two three four five six seven | x", "Up to 6 words"),
        (f"a | {'x' * 61} | x", "60 characters"),
        (f"a | A | {'x' * 151}", "up to 150 characters"),
        ("a | A | x | | one two three four five six seven", "Up to 20 wordings"),
        ("a | Price | x", "“Price” is on the list already"),
        ("a | Not known yet | x", "“Not known yet” is on the list already"),
        ("price | Too dear | x", "The key price is there twice"),
        ("a | A | x", "that would be 13"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_the_reason(line: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_reasons(f"{WRITTEN}\n{line}")


def test_five_to_twelve_are_in_use_and_a_hundred_are_kept() -> None:
    with pytest.raises(Refused, match="5 to 12 reasons are in use at a time; that would be 1"):
        read_reasons("price | Price | x")
    retired = "\n".join(f"old_{n} | Old {n} | x | retired" for n in range(100))
    with pytest.raises(Refused, match="holds 100 reasons"):
        read_reasons(f"{WRITTEN}\n{retired}")


def test_a_retired_one_is_brought_back_rather_than_doubled() -> None:
    old = replace(PRICE, retired=True)
    says = "“Price” is on the list, retired. Bring that one back."
    assert mistakes(Reason("new", "PRICE", "x"), [old]) == {"label": says}


def test_a_new_key_is_nobody_elses() -> None:
    assert new_key("Too slow!", DEFAULT_REASONS) == "too_slow"
    assert new_key("Price", DEFAULT_REASONS) == "price_2"
    assert new_key("Unknown", DEFAULT_REASONS) == "unknown_2"
    assert new_key("価格", DEFAULT_REASONS) == "reason"


def test_what_a_new_list_leaves_out_is_retired() -> None:
    listed = with_history(DEFAULT_REASONS, DEFAULT_REASONS[1:])
    assert listed == (*DEFAULT_REASONS[1:], replace(PRICE, retired=True))


def test_two_lists_are_told_apart_by_what_differs() -> None:
    was, became = differing(DEFAULT_REASONS, (*DEFAULT_REASONS[1:], replace(PRICE, no_fault=True)))
    assert was == line_of(PRICE)
    assert "avoidable, no fault" in became
    assert differing(DEFAULT_REASONS, DEFAULT_REASONS) == ("none", "none")


def test_other_words_have_commas_or_line_breaks_between_them() -> None:
    assert split_synonyms("a,  b c\nd,, a") == ("a", "b c", "d")
