"""Forms as modals, and what comes back from them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.sandbox.block_ids import with_ids
from bot.sandbox.inputs import state_of
from bot.sandbox.limits import view_problems
from bot.slack.forms import Memory, errors_for, field_of, modal_of, options_of, values_of
from handlers.views.elements import Heading, Paragraph, Table, words
from handlers.views.forms import (
    ChannelField,
    CheckField,
    ChoiceField,
    DateField,
    Form,
    LookupField,
    PersonField,
    TextField,
)
from tests.bot.slack.test_blocks import GOLDEN, HOSTILE

REASONS = tuple((key, key.title()) for key in ("price", "product", "neglect", "service", "other"))
VISIT = Form(
    "visit.send",
    "Log a visit",
    "Save visit",
    (
        LookupField("account", "Account", "accounts", "7", "Acme Corp"),
        TextField("who", "Who was met", most=200),
        TextField("what", "What happened", "They said…", "No sales pitch", long=True),
        ChoiceField("reason", "Verified reason", REASONS, "neglect"),
        ChoiceField("product", "Product", (("a", "A"), ("b", "B")), optional=True),
        PersonField("buddy", "Who came along", optional=True),
        DateField("next_on", "Next step on", "2026-03-09"),
        CheckField("decision_maker", "Decision maker", "I met the decision maker", "yes"),
    ),
    (Heading("Acme Corp"), Paragraph(words("Only listen."))),
    {"assignment": "12"},
)


def test_a_form_looks_as_it_did() -> None:
    modal = modal_of(VISIT, Memory(response_url="https://hooks.slack.com/x", message_ref="D1:1.5"))
    expected = json.loads((GOLDEN / "visit_form.json").read_text(encoding="utf-8"))
    assert modal == expected
    assert view_problems(modal, "modal").found == []


def test_what_stands_in_a_form_comes_back_as_plain_values() -> None:
    modal = modal_of(VISIT, Memory())
    assert values_of(state_of(with_ids(modal["blocks"]))) == {
        "account": "7",
        "who": "",
        "what": "They said…",
        "reason": "neglect",
        "product": "",
        "buddy": "",
        "next_on": "2026-03-09",
        "decision_maker": "yes",
    }


@pytest.mark.parametrize("channel", ["C0TEAM", ""])
def test_a_channel_is_chosen_from_the_platforms_own(channel: str) -> None:
    form = Form("x.y", "T", "S", (ChannelField("where", "Where", channel, optional=True),))
    modal = modal_of(form, Memory())
    assert view_problems(modal, "modal").found == []
    assert values_of(state_of(with_ids(modal["blocks"]))) == {"where": channel}


def test_what_was_chosen_and_ticked_comes_back() -> None:
    values: dict[str, Any] = {
        "person~1": {"typed": {"type": "users_select", "selected_user": "U0ADA"}},
        "box~1": {"typed": {"type": "checkboxes", "selected_options": []}},
        "day~2": {"typed": {"type": "datepicker", "selected_date": None}},
        "text~1": {"typed": {"type": "plain_text_input", "value": "a\x00b\ud800"}},
        "odd": {"typed": "nonsense"},
        "odder": None,
    }
    assert values_of({"values": values}) == {
        "person": "U0ADA",
        "box": "",
        "day": "",
        "text": "ab?",
    }
    assert values_of(None) == values_of({"values": []}) == {}


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_people_fits_into_every_field(text: str) -> None:
    """L2"""
    form = Form(
        "x.y",
        text,
        text,
        (
            TextField("a", text, text, text),
            ChoiceField("b", text, (("v", text), ("w", text)), "v", text),
            LookupField("c", text, "accounts", f"new:{text}", text, text),
            CheckField("d", text, text),
            DateField("e", text, text, text),
        ),
        (Heading(text), Table((text,), ((text,),))),
    )
    modal = modal_of(form, Memory())
    assert view_problems(modal, "modal").found == []
    assert "mrkdwn" not in json.dumps(modal)


def test_few_choices_are_radio_buttons_unless_one_may_choose_none() -> None:
    fields = (
        ChoiceField("few", "Few", (("a", "A"),)),
        ChoiceField("free", "Free", (("a", "A"),), optional=True),
        ChoiceField("many", "Many", tuple((str(n), str(n)) for n in range(120))),
        ChoiceField("none", "None", ()),
    )
    modal = modal_of(Form("x.y", "T", "S", fields), Memory())
    kinds = [b["element"]["type"] for b in modal["blocks"]]
    assert kinds == ["radio_buttons", "static_select", "static_select"]
    assert view_problems(modal, "modal").found == []


def test_each_round_of_a_form_has_fields_of_its_own() -> None:
    """Slack would keep what was typed before in the place of what the new form says."""
    first, second = Memory(), Memory().next_round()
    ids = [
        {b["block_id"] for b in modal_of(VISIT, memory)["blocks"] if b["type"] == "input"}
        for memory in (first, second)
    ]
    assert not ids[0] & ids[1]
    assert {field_of(i) for i in ids[0]} == {field_of(i) for i in ids[1]}


def test_a_form_remembers_its_context_and_the_way_back() -> None:
    memory = Memory({"a": "1"}, "https://hooks.slack.com/x", "D1:1.5", 3)
    assert Memory.from_metadata(memory.to_metadata()) == memory


@pytest.mark.parametrize("metadata", [None, "", "nonsense", "[]", "{}", '{"c":[],"n":1}', 7])
def test_a_memory_that_is_not_ours_is_empty(metadata: object) -> None:
    assert Memory.from_metadata(metadata) == Memory()


def test_a_large_context_leaves_the_way_back_behind_and_a_huge_one_is_a_mistake() -> None:
    memory = Memory({"a": "x" * 2900}, "https://hooks.slack.com/" + "y" * 100)
    kept = Memory.from_metadata(memory.to_metadata())
    assert kept.context == memory.context
    assert kept.response_url == ""
    with pytest.raises(ValueError, match="context"):
        Memory({"a": "x" * 3000}).to_metadata()


def test_mistakes_stand_at_their_fields_and_the_rest_at_the_first() -> None:
    view = {"blocks": [{"type": "header"}, *modal_of(VISIT, Memory())["blocks"]]}
    errors = errors_for(view, {"who": "Say who.", "": "Too early.", "gone": "Odd."})
    assert errors == {"who~1": "Say who.", "account~1": "Too early. Odd."}
    assert errors_for({"blocks": []}, {"": "Nowhere to say it."}) == {}


def test_offers_are_shown_within_slacks_limits() -> None:
    offers = options_of([("v" * 200, "l" * 100), *((str(n), "") for n in range(150))])
    assert len(offers) == 100
    assert len(offers[0]["value"]) == 150
    assert len(offers[0]["text"]["text"]) == 75
    assert offers[1]["text"] == {"type": "plain_text", "text": "–"}
