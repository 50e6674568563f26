"""Views as Block Kit: one golden file for each kind of message, each held to Slack's own limits."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.limits import block_problems, check_message
from bot.slack.blocks import blocks_of
from bot.slack.messages import message_of
from bot.slack.surfaces import Surface
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Chart,
    Code,
    Confirm,
    Divider,
    Element,
    Facts,
    Heading,
    Image,
    Mention,
    Note,
    Paragraph,
    Strong,
    Table,
    View,
    say,
    words,
)

GOLDEN = Path(__file__).parent / "golden"
SURFACES: tuple[Surface, ...] = ("message", "ephemeral", "modal", "home")

CARD = View(
    "Acme Corp: visit by Friday",
    (
        Heading("Acme Corp"),
        Paragraph(
            words("Yours now, ", Mention("Ada Fox", "U0ADA"), ". ", Strong("Visit"), " them.")
        ),
        Facts(
            (
                ("Reason", words("price")),
                ("Competitor", words("")),
                ("Lost by", words(Mention("Ben Ruiz", None))),
            )
        ),
        Divider(),
        Buttons(
            (
                Button("Log a visit", "visit.open", {"account": "7"}, "primary"),
                Button(
                    "Hand over",
                    "pass.ask",
                    {"account": "7"},
                    "danger",
                    Confirm("Hand over?", "The next in turn takes it.", "Hand over"),
                ),
                Button("Log another", "visit.open", {"account": "8"}),
            )
        ),
        Note(words("Dealt by turn. Type ", Code("/lost mine"), " for all of yours.")),
    ),
)
BOARD = View(
    "Leaderboard: Ada leads with 3 wins",
    (
        Heading("This week"),
        Table(
            ("Rank", "Who", "Wins"),
            (("1", "Ada Fox", "3"), ("2", "Ben Ruiz", "2"), ("", "", "")),
            frozenset({0, 2}),
        ),
        Chart(
            "Wins this week", "wins", (("Ada Fox", 3), ("Ben Ruiz", 2.5), ("Ada Fox", 1_234_567))
        ),
        Image("https://example.com/cup.png", "a cup"),
        Image("http://example.com/plain.png", "a cup by an unsafe way"),
    ),
)
LISTS = View(
    "What to do",
    (
        Bullets((words("first"), words(""), words("second, ", Strong("soon"))), ordered=True),
        Bullets((words("one"), words(Code("/lost")))),
    ),
)
HOSTILE = [
    "<!channel> & <@U0MAX> <https://evil.example|click> *bold* _it_ `code` ~no~",
    "@channel @here #general :tada:",
    "مرحبا بالعالم שלום",
    "👩‍👩‍👧‍👦 family & flags 🇫🇷",
    "two\nlines\r\nand 'quotes' \"double\"",
    "x" * 3000,
    "",
    "   \n\t ",
    "&lt;already escaped&gt;",
]


@pytest.mark.parametrize(
    ("name", "view", "surface"),
    [
        ("card", CARD, "message"),
        ("board", BOARD, "message"),
        ("board_private", BOARD, "ephemeral"),
        ("board_in_a_form", BOARD, "modal"),
        ("lists", LISTS, "message"),
        ("sentence", say("That one is for managers."), "ephemeral"),
    ],
)
def test_a_message_looks_as_it_did(name: str, view: View, surface: Surface) -> None:
    made = message_of(view, surface)
    path = GOLDEN / f"{name}.json"
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert made == json.loads(path.read_text(encoding="utf-8"))
    assert problems(view, surface) == []


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_people_stays_text_everywhere(text: str, surface: Surface) -> None:
    view = View(text, everything_with(text))
    blocks = blocks_of(view, surface)
    assert problems(view, surface) == []
    written = json.dumps(blocks)
    for kind in ("mrkdwn", "link", "broadcast", "usergroup", "markdown"):
        assert f'"type": "{kind}"' not in written
    assert '"type": "user"' not in written
    if surface == "message":
        message = message_of(view, surface)
        check_message(message["text"], message["blocks"])
        assert "<" not in message["text"]
        assert message["mrkdwn"] is False


def test_words_stand_letter_by_letter() -> None:
    [block] = blocks_of(say("a <!channel> *b*\nc"), "message")
    [section] = block["elements"]
    assert section["elements"] == [{"type": "text", "text": "a <!channel> *b*\nc"}]


def test_only_a_member_with_an_account_is_mentioned() -> None:
    known, unknown = Mention("Ada", "U0ADA"), Mention("Ben", None)
    [block] = blocks_of(say(known, unknown), "message")
    assert block["elements"][0]["elements"] == [
        {"type": "user", "user_id": "U0ADA"},
        {"type": "text", "text": "@Ben"},
    ]


def test_a_long_message_is_cut_and_says_how_much_is_missing() -> None:
    view = View("long", tuple(Paragraph(words(f"line {n}")) for n in range(80)))
    blocks = blocks_of(view, "message")
    assert len(blocks) == 50
    assert blocks[-1]["elements"][0]["text"].endswith("31 more parts are left out.")
    assert len(blocks_of(view, "home")) == 80


def test_a_message_keeps_below_the_length_that_slack_refuses() -> None:
    items = tuple(words(f"{n} " + "y" * 300) for n in range(100))
    view = View("long list", (Bullets(items, ordered=True),))
    blocks = blocks_of(view, "message")
    check_message("x", blocks)
    lists = [b["elements"][0] for b in blocks if b["type"] == "rich_text"]
    assert len(lists) > 1
    assert lists[1]["offset"] == len(lists[0]["elements"])
    assert blocks[-1]["type"] == "context"


def test_a_second_table_is_text_and_a_long_one_counts_what_is_missing() -> None:
    rows = tuple((f"Account {n}", str(n)) for n in range(150))
    table = Table(("Account", "Days"), rows, frozenset({1}))
    blocks = blocks_of(View("tables", (table, table)), "message")
    native = [b for b in blocks if b["type"] == "table"]
    assert [len(t["rows"]) for t in native] == [100]
    assert "51 more rows not shown here." in json.dumps(blocks)
    assert '"rich_text_preformatted"' in json.dumps(blocks)
    assert problems(View("tables", (table, table)), "message") == []


def test_a_wide_table_keeps_twenty_columns_and_ragged_rows_are_evened() -> None:
    wide = Table(tuple(f"c{n}" for n in range(25)), (("only one",), tuple("x" * 30)))
    [block] = blocks_of(View("wide", (wide,)), "message")
    assert {len(row) for row in block["rows"]} == {20}
    narrow = Table(("a", "b"), (("1",), ("1", "2", "3")))
    for surface in SURFACES:
        assert problems(View("ragged", (narrow,)), surface) == []


def test_a_table_of_long_cells_stays_within_slacks_sum() -> None:
    rows = tuple(tuple("z" * 500 for _ in range(10)) for _ in range(20))
    blocks = blocks_of(View("x", (Table(tuple("abcdefghij"), rows),)), "message")
    cells = [c["text"] for b in blocks if b["type"] == "table" for r in b["rows"] for c in r]
    assert sum(map(len, cells)) <= 10_000
    assert "more rows not shown here" in json.dumps(blocks)


def test_a_third_chart_is_figures_only_and_empty_ones_are_nothing() -> None:
    chart = Chart("Wins", "wins", (("Ada", 3),))
    blocks = blocks_of(View("charts", (chart, chart, chart)), "message")
    assert [b["type"] for b in blocks].count("data_visualization") == 2
    assert json.dumps(blocks).count("Ada: ") == 3
    assert blocks_of(View("none", (Chart("", "", ()), Table((), ()))), "message") == []


def test_many_buttons_go_into_several_rows_with_ids_of_their_own() -> None:
    buttons = Buttons(tuple(Button(f"b{n}", "x.y", {"n": str(n)}) for n in range(30)))
    blocks = blocks_of(View("buttons", (buttons,)), "message")
    ids = [e["action_id"] for b in blocks for e in b["elements"]]
    assert [len(b["elements"]) for b in blocks] == [25, 5]
    assert len(set(ids)) == 30
    assert ids[:2] == ["x.y", "x.y#2"]


def test_whoever_hears_a_button_among_many_hears_what_it_is_about() -> None:
    rows = [Buttons((Button("Log visit", "visit.open"),), name) for name in ("Acme", "G" * 99, "")]
    blocks = blocks_of(View("three", tuple(rows)), "message")
    heard = [block["elements"][0].get("accessibility_label") for block in blocks]
    assert heard == ["Log visit: Acme", f"Log visit: {'G' * 63}…", None]


def test_a_button_that_carries_too_much_is_a_mistake() -> None:
    view = View("x", (Buttons((Button("b", "x.y", {"all": "z" * 2000}),)),))
    with pytest.raises(ValueError, match="carries"):
        blocks_of(view, "message")


def everything_with(text: str) -> tuple[Element, ...]:
    return (
        Heading(text),
        Paragraph(words(text, Strong(text), Code(text), Mention(text, None))),
        Note(words(text)),
        Facts(((text, words(text)),)),
        Bullets((words(text),)),
        Table((text, text), ((text, text),)),
        Chart(text, text, ((text, 1), (text, 2))),
        Image(text, text),
        Buttons(
            (Button(text, "x.y", {"k": text[:900]}, "", Confirm(text, text, text, text)),), text
        ),
    )


def problems(view: View, surface: Surface) -> list[Any]:
    where = "message" if surface == "ephemeral" else surface
    return block_problems(blocks_of(view, surface), where, "").found
