"""One line after `/lost` is read for what it says, and no word of it is dropped (L1, L7)."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.loss_line import LossLine, read_line, unquoted
from domain.names import tidy
from domain.reasons import DEFAULT_REASONS, Reason

WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=40
)
NAMES = WORDS.map(tidy).filter(lambda name: name != "" and not re.search("[\"“”„«»']", name))


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Acme Corp, price, went to Globex", LossLine("Acme Corp", "price", competitor="Globex")),
        ("Acme Corp - price - went to Globex", LossLine("Acme Corp", "price", competitor="Globex")),
        ("Acme Corp – price — went to Globex", LossLine("Acme Corp", "price", competitor="Globex")),
        ("Acme,price", LossLine("Acme", "price")),
        ("Acme, PRICE.", LossLine("Acme", "price")),
        ("Coca-Cola, price", LossLine("Coca-Cola", "price")),
        ('"Acme, Inc.", price', LossLine("Acme, Inc.", "price")),
        ("“Acme - Europe”, price", LossLine("Acme - Europe", "price")),
        ("'mine', price", LossLine("mine", "price")),
        ("‘drawer’, price", LossLine("drawer", "price")),
        ("O'Brien & Sons, price", LossLine("O'Brien & Sons", "price")),
        ("'Tis Coffee, price, 'no'", LossLine("'Tis Coffee", "price", note="'no'")),
        ("'O'Brien, Sons', price", LossLine("O'Brien, Sons", "price")),
        ("Acme, went to Globex, too expensive", LossLine("Acme", "price", competitor="Globex")),
        ("Acme, lost to Globex, price", LossLine("Acme", "price", competitor="Globex")),
        (
            "Acme, price, they switched to Globex Ltd.",
            LossLine("Acme", "price", competitor="Globex Ltd"),
        ),
        ("Acme, price, chose Globex", LossLine("Acme", "price", competitor="Globex")),
        ("Acme, price, competitor: Globex", LossLine("Acme", "price", competitor="Globex")),
        ("Acme, price, competitor Globex", LossLine("Acme", "price", competitor="Globex")),
        (
            "Acme, price, $12k, went to Globex",
            LossLine("Acme", "price", competitor="Globex", amount="$12k"),
        ),
        ("Acme, price, 12000 EUR", LossLine("Acme", "price", amount="12000 EUR")),
        ("Acme, price, $12,000.50 a year", LossLine("Acme", "price", amount="$12,000.50")),
        ("Acme, price, worth about 3m", LossLine("Acme", "price", amount="3m")),
        ("Acme, price, 1.200,50 €", LossLine("Acme", "price", amount="1.200,50 €")),
        ("Acme, 12 people left, price", LossLine("Acme", "price", note="12 people left")),
        (
            "Acme, went to Globex on price",
            LossLine("Acme", "price", competitor="Globex", note="went to Globex on price"),
        ),
        (
            "Acme, price was too high, cried - twice, I think",
            LossLine("Acme", "price", note="price was too high, cried - twice, I think"),
        ),
        (
            "Acme, they said no, price, and hung up",
            LossLine("Acme", "price", note="they said no, and hung up"),
        ),
        ("Acme, price, went to court", LossLine("Acme", "price", note="went to court")),
        ("Acme, price, chose not to renew", LossLine("Acme", "price", note="chose not to renew")),
        (
            "Acme, price, went to the competition",
            LossLine("Acme", "price", note="went to the competition"),
        ),
        ("Acme, don't know", LossLine("Acme", "unknown")),
        ("Acme, ?", LossLine("Acme", "unknown")),
        ("日本株式会社、price", LossLine("日本株式会社", "price")),
        ("شركة النور، price", LossLine("شركة النور", "price")),
        ("🦊🦊, price", LossLine("🦊🦊", "price")),
        ("<!channel>, price", LossLine("<!channel>", "price")),
        ("<@U123> & Co, price", LossLine("<@U123> & Co", "price")),
        ("Acme\nCorp, price, first\nsecond", LossLine("Acme Corp", "price", note="first\nsecond")),
        ("Acme, , ,price,,", LossLine("Acme", "price")),
    ],
)
def test_a_line_is_understood(line: str, read: LossLine) -> None:
    assert read_line(line) == read
    assert read.clear


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("", LossLine("", separated=False)),
        ("Acme", LossLine("Acme", separated=False)),
        ("Acme,", LossLine("Acme")),
        (", price", LossLine("", "price")),
        ('"drawr"', LossLine("drawr")),
        ("Acme, because of aliens", LossLine("Acme", note="because of aliens")),
        ("Acme, pirce", LossLine("Acme", guess="price", note="pirce")),
        ("Acme, went to Globex", LossLine("Acme", competitor="Globex")),
        ("Acme: price", LossLine("Acme", guess="price", separated=False)),
        ("Acme price", LossLine("Acme", guess="price", separated=False)),
        ("Acme Corp no need any more", LossLine("Acme Corp", guess="no_need", separated=False)),
        (
            "Acme went to Globex",
            LossLine("Acme", competitor="Globex", separated=False),
        ),
        (
            "Acme went to Globex for price",
            LossLine(
                "Acme", None, "price", "Globex", note="went to Globex for price", separated=False
            ),
        ),
        ("went to Globex", LossLine("went to Globex", separated=False)),
        ("\u200b, price", LossLine("", "price")),
    ],
)
def test_what_is_not_clear_is_left_for_the_form(line: str, read: LossLine) -> None:
    """L2: nothing is assumed; a guess is only a guess."""
    assert read_line(line) == read
    assert not read.clear


def test_a_long_story_after_went_to_is_no_name() -> None:
    story = "went to " + "Globex " * 20
    assert read_line(f"Acme, price, {story}").competitor is None


@given(st.text(max_size=300))
@example("'" * 50)
@example('"a,' * 50)
@example("- , – , — " * 20)
@example("went to " * 40)
def test_any_text_can_be_read(text: str) -> None:
    read = read_line(text)
    assert read.account == tidy(read.account)
    assert not (read.reason and read.guess)


@given(NAMES)
def test_a_name_in_quotes_is_that_name(name: str) -> None:
    assert read_line(f'"{name}", price') == LossLine(name, "price")
    assert read_line(f"“{name}” - price") == LossLine(name, "price")
    assert unquoted(f'"{name}"') == name


@given(
    account=st.sampled_from(["Acme", "Nord & Sud", "شركة", "🦊"]),
    parts=st.lists(
        st.sampled_from(
            ["xyz", "they wept", "12 pallets", "in May 2024", "no-one", "(sic)", "a,b"]
        ),
        max_size=5,
    ),
    joint=st.sampled_from([", ", " - ", " — ", ","]),
)
def test_no_word_is_dropped(account: str, parts: list[str], joint: str) -> None:
    read = read_line(joint.join([account, *parts, "price"]))
    assert read.account == account
    assert read.reason == "price"
    kept = re.findall(r"\w+", read.note)
    assert kept == re.findall(r"\w+", " ".join(parts))


@given(st.permutations(["billing", "went to Globex", "$5,000", "they were cross"]))
def test_the_order_after_the_account_does_not_matter(parts: list[str]) -> None:
    read = read_line(", ".join(["Acme", *parts]))
    assert read == LossLine("Acme", "billing", None, "Globex", "$5,000", "they were cross")


@pytest.mark.parametrize("reason", DEFAULT_REASONS, ids=lambda reason: reason.key)
def test_every_reason_is_understood_in_its_own_words(reason: Reason) -> None:
    """L3."""
    for words in (reason.label, *reason.synonyms):
        assert read_line(f"Acme, {words}").reason == reason.key


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Acme, Inc.", "Acme, Inc."),
        (' "Acme, Inc." ', "Acme, Inc."),
        ("", ""),
        ("Acme  Corp", "Acme Corp"),
    ],
)
def test_a_name_alone_may_stand_in_quotes_or_without(typed: str, name: str) -> None:
    assert unquoted(typed) == name
