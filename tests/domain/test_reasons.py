"""The list of reasons (L3)."""

from __future__ import annotations

from domain.reasons import DEFAULT_REASONS, LONGEST_WORDING, Reason, match_reason, reason_label


def test_the_list_is_short_and_says_what_proves_each() -> None:
    assert 5 <= len(DEFAULT_REASONS) <= 12
    assert all(reason.evidence for reason in DEFAULT_REASONS)


def test_no_wording_is_too_long_to_be_found_in_a_line() -> None:
    wordings = [w for r in DEFAULT_REASONS for w in (r.label, *r.synonyms)]
    assert max(len(wording.split()) for wording in wordings) <= LONGEST_WORDING


def test_a_stored_key_has_its_words() -> None:
    assert reason_label("billing") == "Billing error"
    assert reason_label("unknown") == reason_label(None) == "Not known yet"
    assert reason_label("gone from the list") == "gone from the list"


def test_where_two_share_a_wording_the_first_has_it() -> None:
    mine = (Reason("a", "Price", "x"), Reason("b", "Cost", "x", synonyms=("price",)))
    assert match_reason("PRICE", mine) == mine[0]
    assert match_reason("", mine) is None
