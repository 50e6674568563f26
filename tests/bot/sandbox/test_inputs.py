from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox import Sandbox
from bot.sandbox.block_ids import with_ids
from bot.sandbox.errors import Nonsense
from bot.sandbox.inputs import FIELDS, complaints, state_of
from tests.bot.sandbox.conftest import Page
from tests.bot.sandbox.test_views import modal, plain, trigger

Json = dict[str, Any]


def option(value: str, text: str | None = None) -> Json:
    return {"text": plain(text or value.title()), "value": value}


OPTIONS = [option("a"), option("b"), option("c")]
CASES: list[tuple[Json, Json, Json, Json]] = [
    # element, its state when empty, what a person chose, the state then
    ({"type": "plain_text_input"}, {"value": None}, {"value": "x"}, {"value": "x"}),
    ({"type": "email_text_input"}, {"value": None}, {"value": "a@b.co"}, {"value": "a@b.co"}),
    (
        {"type": "url_text_input"},
        {"value": None},
        {"value": "https://x.y"},
        {"value": "https://x.y"},
    ),
    (
        {"type": "number_input", "is_decimal_allowed": True},
        {"value": None},
        {"value": "1.5"},
        {"value": "1.5"},
    ),
    (
        {"type": "static_select", "options": OPTIONS},
        {"selected_option": None},
        {"selected_option": {"value": "b"}},
        {"selected_option": OPTIONS[1]},
    ),
    (
        {"type": "static_select", "option_groups": [{"label": plain("G"), "options": OPTIONS}]},
        {"selected_option": None},
        {"selected_option": {"value": "c"}},
        {"selected_option": OPTIONS[2]},
    ),
    (
        {"type": "multi_static_select", "options": OPTIONS},
        {"selected_options": []},
        {"selected_options": [{"value": "a"}, {"value": "c"}]},
        {"selected_options": [OPTIONS[0], OPTIONS[2]]},
    ),
    (
        {"type": "external_select"},
        {"selected_option": None},
        {"selected_option": option("z")},
        {"selected_option": option("z")},
    ),
    (
        {"type": "multi_external_select"},
        {"selected_options": []},
        {"selected_options": [option("z")]},
        {"selected_options": [option("z")]},
    ),
    (
        {"type": "users_select"},
        {"selected_user": None},
        {"selected_user": "U0BOB"},
        {"selected_user": "U0BOB"},
    ),
    (
        {"type": "multi_users_select"},
        {"selected_users": []},
        {"selected_users": ["U0BOB"]},
        {"selected_users": ["U0BOB"]},
    ),
    (
        {"type": "conversations_select"},
        {"selected_conversation": None},
        {"selected_conversation": "C0TEAM"},
        {"selected_conversation": "C0TEAM"},
    ),
    (
        {"type": "multi_conversations_select"},
        {"selected_conversations": []},
        {"selected_conversations": ["C0TEAM"]},
        {"selected_conversations": ["C0TEAM"]},
    ),
    (
        {"type": "channels_select"},
        {"selected_channel": None},
        {"selected_channel": "C0TEAM"},
        {"selected_channel": "C0TEAM"},
    ),
    (
        {"type": "multi_channels_select"},
        {"selected_channels": []},
        {"selected_channels": ["C0TEAM"]},
        {"selected_channels": ["C0TEAM"]},
    ),
    (
        {"type": "checkboxes", "options": OPTIONS},
        {"selected_options": []},
        {"selected_options": [{"value": "a"}]},
        {"selected_options": [OPTIONS[0]]},
    ),
    (
        {"type": "radio_buttons", "options": OPTIONS},
        {"selected_option": None},
        {"selected_option": {"value": "a"}},
        {"selected_option": OPTIONS[0]},
    ),
    (
        {"type": "datepicker"},
        {"selected_date": None},
        {"selected_date": "2026-11-22"},
        {"selected_date": "2026-11-22"},
    ),
    (
        {"type": "timepicker"},
        {"selected_time": None},
        {"selected_time": "09:30"},
        {"selected_time": "09:30"},
    ),
    (
        {"type": "datetimepicker"},
        {"selected_date_time": None},
        {"selected_date_time": 1_800_000_000},
        {"selected_date_time": 1_800_000_000},
    ),
    ({"type": "rich_text_input"}, {"rich_text_value": None}, {}, {"rich_text_value": None}),
    ({"type": "file_input"}, {"files": []}, {"files": ["F1"]}, {"files": [{"id": "F1"}]}),
]


def as_input(element: Json, **more: Any) -> Json:
    element = {"action_id": "a", **element}
    return {"type": "input", "block_id": "b", "label": plain("L"), "element": element, **more}


def test_every_kind_of_input_is_tried() -> None:
    assert {case[0]["type"] for case in CASES} == set(FIELDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0]["type"])
def test_state_of_an_input_untouched_and_chosen(case: tuple[Json, Json, Json, Json]) -> None:
    element, empty, chosen, state = case
    blocks = [as_input(element)]
    kind = {"type": element["type"]}
    assert state_of(blocks)["values"]["b"]["a"] == kind | empty
    assert state_of(blocks, {"b": {"a": chosen}})["values"]["b"]["a"] == kind | state


@pytest.mark.parametrize(
    ("element", "initial", "state"),
    [
        ({"type": "plain_text_input"}, {"initial_value": "x"}, {"value": "x"}),
        (
            {"type": "static_select", "options": OPTIONS},
            {"initial_option": OPTIONS[1]},
            {"selected_option": OPTIONS[1]},
        ),
        (
            {"type": "checkboxes", "options": OPTIONS},
            {"initial_options": OPTIONS[:2]},
            {"selected_options": OPTIONS[:2]},
        ),
        ({"type": "users_select"}, {"initial_user": "U0BOB"}, {"selected_user": "U0BOB"}),
        ({"type": "datepicker"}, {"initial_date": "2026-01-02"}, {"selected_date": "2026-01-02"}),
        ({"type": "timepicker"}, {"initial_time": "08:00"}, {"selected_time": "08:00"}),
        (
            {"type": "datetimepicker"},
            {"initial_date_time": 1_800_000_000},
            {"selected_date_time": 1_800_000_000},
        ),
        (
            {"type": "multi_channels_select"},
            {"initial_channels": ["C0TEAM"]},
            {"selected_channels": ["C0TEAM"]},
        ),
    ],
)
def test_initial_values_are_part_of_the_state(element: Json, initial: Json, state: Json) -> None:
    [held] = state_of([as_input(element | initial)])["values"]["b"].values()
    assert held == {"type": element["type"]} | state


def test_what_a_person_emptied_is_empty_and_not_the_initial_value() -> None:
    blocks = [as_input({"type": "plain_text_input", "initial_value": "x"})]
    assert state_of(blocks, {"b": {"a": {"value": None}}})["values"]["b"]["a"]["value"] is None


def test_accessories_and_actions_hold_state_and_buttons_do_not() -> None:
    blocks = with_ids(
        [
            {
                "type": "section",
                "block_id": "s",
                "text": plain("x"),
                "accessory": {"type": "datepicker", "action_id": "when"},
            },
            {
                "type": "actions",
                "block_id": "r",
                "elements": [
                    {"type": "button", "action_id": "press", "text": plain("x")},
                    {"type": "overflow", "action_id": "more", "options": OPTIONS},
                    {"type": "static_select", "action_id": "pick", "options": OPTIONS},
                ],
            },
        ]
    )
    values = state_of(blocks)["values"]
    assert values == {
        "s": {"when": {"type": "datepicker", "selected_date": None}},
        "r": {"pick": {"type": "static_select", "selected_option": None}},
    }


def test_an_option_that_is_not_offered_cannot_be_chosen() -> None:
    blocks = [as_input({"type": "static_select", "options": OPTIONS})]
    with pytest.raises(Nonsense):
        state_of(blocks, {"b": {"a": {"selected_option": {"value": "z"}}}})
    with pytest.raises(Nonsense):
        state_of([as_input({"type": "multi_users_select"})], {"b": {"a": {"selected_users": "U"}}})


def test_the_current_conversation_may_be_the_default() -> None:
    blocks = [as_input({"type": "conversations_select", "default_to_current_conversation": True})]
    held = state_of(blocks, here="C0TEAM")["values"]["b"]["a"]
    assert held["selected_conversation"] == "C0TEAM"


def test_a_time_in_a_zone_says_which() -> None:
    blocks = [as_input({"type": "timepicker", "timezone": "Asia/Tokyo"})]
    assert state_of(blocks)["values"]["b"]["a"]["timezone"] == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("element", "held", "complains"),
    [
        (
            {"type": "multi_users_select", "max_selected_items": 1},
            {"selected_users": ["U1", "U2"]},
            True,
        ),
        (
            {"type": "multi_users_select", "max_selected_items": 2},
            {"selected_users": ["U1", "U2"]},
            False,
        ),
        ({"type": "datepicker"}, {"selected_date": "22.11.2026"}, True),
        ({"type": "timepicker"}, {"selected_time": "25:00"}, True),
        ({"type": "file_input", "max_files": 1}, {"files": ["F1", "F2"]}, True),
        ({"type": "file_input", "filetypes": ["csv"]}, {"files": ["F1"]}, True),
    ],
)
def test_choices_are_checked(element: Json, held: Json, complains: bool) -> None:
    blocks = [as_input(element)]
    assert bool(complaints(blocks, state_of(blocks, {"b": {"a": held}}))) is complains


async def test_a_files_input_hands_over_whole_files(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    got: list[Json] = []

    @bolt.view("form")
    async def take(ack: Any, view: Json) -> None:
        await ack()
        got.append(view["state"]["values"]["b"]["a"]["files"][0])

    file = sandbox.parts.uploads.drop("U0ALICE", "drawer.csv", b"Account\nAcme\n")
    view = modal(as_input({"type": "file_input", "filetypes": ["csv"]}))
    opened = await bolt.client.views_open(trigger_id=trigger(sandbox), view=view)
    state = {"values": {"b": {"a": {"files": [{"id": file.id}]}}}}
    await page.post("view/submit", view_id=opened["view"]["id"], state=state)
    assert (got[0]["name"], got[0]["filetype"], got[0]["size"]) == ("drawer.csv", "csv", 13)
    assert got[0]["url_private"].startswith(sandbox.address)
