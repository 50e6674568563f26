"""D1: cells of a few words, as people and systems write them."""

from __future__ import annotations

import pytest

from domain.cell_words import (
    Stage,
    is_of_a_deal,
    name_beside_email,
    person_name,
    read_currency,
    read_platform_id,
    read_stage,
    read_yes_no,
)


@pytest.mark.parametrize(
    ("text", "heading", "stage"),
    [
        ("Closed - Lost", "", Stage.LOST),
        ("verloren", "", Stage.LOST),
        ("ganada", "", Stage.WON),
        ("Offen", "", Stage.OPEN),
        ("yes", "Churned?", Stage.LOST),
        ("no", "Is lost", Stage.OPEN),
        ("TRUE", "Won", Stage.WON),
        ("0", "IsWon", Stage.LOST),
        ("perhaps", "Won", Stage.LOST),
        ("yes", "Stage", None),
        ("yes", "", None),
        ("tea", "Won", None),
    ],
)
def test_d1_stages_in_words_and_in_yes_and_no(text: str, heading: str, stage: Stage | None) -> None:
    assert read_stage(text, heading) is stage


def test_d1_customers_cancel_and_deals_are_lost() -> None:
    assert is_of_a_deal("Closed Lost")
    assert not is_of_a_deal("canceled")
    assert not is_of_a_deal("tea")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("eur", "EUR"), ("€", "EUR"), ("US Dollar", "USD"), ("US Dollar : USD", "USD")),
        *(("Euro (EUR)", "EUR"), ("dollars", None), ("", None)),
    ],
)
def test_d1_currencies_by_code_sign_and_name(text: str, code: str | None) -> None:
    assert read_currency(text) == code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("U012AB3CD", "U012AB3CD"), ("<@UABCDEF|ada>", "UABCDEF"), ("<@U012AB", "U012AB")),
        *(("USD", None), ("WALT", None), ("ada", None)),
    ],
)
def test_d1_words_in_capitals_are_no_slack_ids(text: str, found: str | None) -> None:
    assert read_platform_id(text) == found


def test_d1_people_with_their_address_and_last_name_first() -> None:
    assert name_beside_email("Ada Fox (ada@example.com)") == "Ada Fox"
    assert name_beside_email("Ada Fox <ada@example.com>") == "Ada Fox"
    assert name_beside_email("ada@example.com") == ""
    assert person_name("Fox, Ada") == "Ada Fox"
    for name in ("Ada Fox", "Fox, Ada, PhD", "Ada Fox, PhD", "Fox,", ", Ada"):
        assert person_name(name) == name


@pytest.mark.parametrize(
    ("texts", "answer"),
    [
        ("x ✓ ✔️ ☑ ✅ Yes! Y. TRUE oui", "yes"),
        ("✗ ✘ ❌ ☐ N no. nein", "no"),
        ("maybe unsure probably", "perhaps"),
        ("definitely ? -", None),
    ],
)
def test_d1_yes_and_no_in_words_and_marks(texts: str, answer: str | None) -> None:
    assert {read_yes_no(text) for text in texts.split()} == {answer}
