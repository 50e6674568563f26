import json
from typing import Any

import pytest
import slackblocks as sb

from bot.sandbox.block_shapes import BLOCKS
from bot.sandbox.errors import SlackError
from bot.sandbox.limits import block_problems, check_message, check_view
from tests.bot.sandbox.test_views import plain

Json = dict[str, Any]


def built(block: sb.Block) -> Json:
    made: Json = json.loads(repr(block))
    return made


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def problems(*blocks: Json, surface: str = "message") -> list[str]:
    return block_problems(list(blocks), surface, "/blocks").messages()


def opt(text: str, value: str) -> sb.Option:
    return sb.Option(sb.PlainText(text), value)


CARD = sb.CardBlock(title="Acme", body="Lost", actions=[sb.Button("Open", "open", value="1")])
SERIES = [sb.DataSeries("Wins", [sb.DataPoint("May", 1), sb.DataPoint("June", 2)])]
RICH = sb.RichTextBlock(
    [
        sb.RichTextSection([sb.RichText("Bold", bold=True), sb.RichTextUser("U0BOB")]),
        sb.RichTextList("bullet", [sb.RichTextSection([sb.RichText("one")])]),
        sb.RichTextQuote([sb.RichText("said")]),
        sb.RichTextCodeBlock([sb.RichText("code")]),
    ]
)
BUILT_BY_SLACKBLOCKS = [
    sb.ActionsBlock(
        [
            sb.Button("Go", "go", value="v", style="primary"),
            sb.StaticSelectMenu("pick", [opt("A", "a"), opt("B", "b")], placeholder="P"),
            sb.DatePicker("when", placeholder="When"),
            sb.OverflowMenu("more", [opt("A", "a"), opt("B", "b")]),
            sb.UserSelectMenu("who", placeholder="Who"),
            sb.CheckboxGroup("check", [opt("A", "a")]),
            sb.RadioButtonGroup("one", [opt("A", "a")]),
        ]
    ),
    CARD,
    sb.CarouselBlock([CARD]),
    sb.ContainerBlock([sb.SectionBlock("x")], title="T", is_collapsible=True),
    sb.ContextBlock([sb.Text("x"), sb.Image("https://x.y/z.png", "alt")]),
    sb.ContextActionsBlock(
        [
            sb.FeedbackButtons(
                sb.FeedbackButton("Good", "good"), sb.FeedbackButton("Bad", "bad"), "feedback"
            )
        ]
    ),
    sb.DataTableBlock(
        [
            [sb.RawText("Account"), sb.RawText("Value")],
            [sb.RawText("Acme"), sb.RawNumber(12, "12 EUR")],
        ],
        caption="The drawer",
    ),
    sb.DataVisualizationBlock(
        "Wins", sb.BarChart(SERIES, sb.AxisConfig(["May", "June"], "Month", "Wins"))
    ),
    sb.DataVisualizationBlock("Wins", sb.LineChart(SERIES, sb.AxisConfig(["May", "June"]))),
    sb.DataVisualizationBlock("Wins", sb.AreaChart(SERIES, sb.AxisConfig(["May", "June"]))),
    sb.DataVisualizationBlock("Why", sb.PieChart([sb.ChartSegment("Price", 3)])),
    sb.DividerBlock(),
    sb.FileBlock("external"),
    sb.HeaderBlock("Header"),
    sb.ImageBlock("https://x.y/z.png", "alt", "title"),
    sb.InputBlock("Label", sb.PlainTextInput("a"), hint="Hint", optional=True),
    sb.MarkdownBlock("**x**"),
    sb.PlanBlock("Plan", [sb.TaskCardBlock("1", "Task", status="pending")]),
    RICH,
    sb.SectionBlock("*x*", fields=["a", "b"], accessory=sb.Button("Go", "go")),
    sb.TableBlock(
        [[sb.RawText("A"), sb.RawText("B")], [sb.RawText("1"), sb.RawText("2")]],
        [sb.ColumnSettings("right", True)],
    ),
    sb.TaskCardBlock("1", "Task", status="complete", details=RICH),
    sb.VideoBlock("alt", "https://x.y/t.png", "Title", "https://x.y/v.mp4"),
]
INPUTS = [
    sb.PlainTextInput("a", multiline=True, max_length=100),
    sb.EmailInput("a", placeholder="P"),
    sb.URLInput("a"),
    sb.NumberInput(True, "a", min_value=1, max_value=9),
    sb.StaticSelectMenu("a", [opt("A", "a")]),
    sb.StaticMultiSelectMenu("a", [opt("A", "a")]),
    sb.ExternalSelectMenu("a", min_query_length=1),
    sb.ExternalMultiSelectMenu("a"),
    sb.UserSelectMenu("a"),
    sb.UserMultiSelectMenu("a"),
    sb.ConversationSelectMenu("a", default_to_current_conversation=True),
    sb.ConversationMultiSelectMenu("a"),
    sb.ChannelSelectMenu("a"),
    sb.ChannelMultiSelectMenu("a"),
    sb.CheckboxGroup("a", [opt("A", "a")]),
    sb.RadioButtonGroup("a", [opt("A", "a")]),
    sb.DatePicker("a", "2026-11-22"),
    sb.TimePicker("a", "09:00"),
    sb.DateTimePicker("a"),
    sb.FileInput("a", ["csv"], 1),
    sb.RichTextInput("a"),
]


@pytest.mark.parametrize("block", BUILT_BY_SLACKBLOCKS, ids=lambda b: str(b.type.value))
def test_what_the_builder_builds_is_accepted(block: sb.Block) -> None:
    assert problems(built(block)) == []


def test_every_block_type_is_tried() -> None:
    tried = {built(b)["type"] for b in BUILT_BY_SLACKBLOCKS}
    assert tried == set(BLOCKS) - {"alert"}
    assert problems(built(sb.AlertBlock("Mind this", "warning")), surface="modal") == []


@pytest.mark.parametrize("element", INPUTS, ids=lambda e: type(e).__name__)
def test_every_input_the_builder_builds_is_accepted_in_a_form(element: sb.Element) -> None:
    view = json.loads(
        repr(sb.ModalView("Title", [sb.InputBlock("Label", element)], "Cancel", "Send"))
    )
    check_view(view, kind="modal")


def section(text: Any) -> Json:
    return {"type": "section", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def table(rows: int, columns: int) -> Json:
    row = [{"type": "raw_text", "text": "x"}] * columns
    return {"type": "table", "rows": [row] * rows}


def bar(series: int = 1, categories: int = 1, **more: Any) -> Json:
    names = [f"c{n}" for n in range(categories)]
    made = [
        {"name": f"s{n}", "data": [{"label": c, "value": 1} for c in names]} for n in range(series)
    ]
    chart = {"type": "bar", "series": made, "axis_config": {"categories": names}}
    return {"type": "data_visualization", "title": "T", "chart": {**chart, **more}}


def options(count: int, **more: Any) -> list[Json]:
    return [{"text": plain(f"{n}"), "value": f"{n}", **more} for n in range(count)]


def acting(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def picking(**more: Any) -> Json:
    return acting({"type": "static_select", "action_id": "a", **more})


AT_THE_LIMIT_AND_PAST_IT = [
    (section(mrkdwn("x" * 3000)), section(mrkdwn("x" * 3001)), "less than 3001"),
    (
        {"type": "section", "fields": [mrkdwn("x" * 2000)] * 5},
        {"type": "section", "fields": [mrkdwn("x" * 2001)]},
        "less than 2001",
    ),
    (
        {"type": "section", "fields": [mrkdwn("x")] * 10},
        {"type": "section", "fields": [mrkdwn("x")] * 11},
        "no more than 10 items",
    ),
    (
        {"type": "header", "text": plain("x" * 150)},
        {"type": "header", "text": plain("x" * 151)},
        "less than 151",
    ),
    (
        {"type": "context", "elements": [mrkdwn("x")] * 10},
        {"type": "context", "elements": [mrkdwn("x")] * 11},
        "no more than 10 items",
    ),
    (
        acting(*[button(action_id=f"a{n}") for n in range(25)]),
        acting(*[button(action_id=f"a{n}") for n in range(26)]),
        "no more than 25 items",
    ),
    (acting(button(text=plain("x" * 75))), acting(button(text=plain("x" * 76))), "less than 76"),
    (acting(button(value="x" * 2000)), acting(button(value="x" * 2001)), "less than 2001"),
    (acting(button(url="x" * 3000)), acting(button(url="x" * 3001)), "less than 3001"),
    (acting(button(action_id="x" * 255)), acting(button(action_id="x" * 256)), "less than 256"),
    (picking(options=options(100)), picking(options=options(101)), "no more than 100 items"),
    (
        picking(options=options(1, text=plain("x" * 75))),
        picking(options=options(1, text=plain("x" * 76))),
        "less than 76",
    ),
    (
        picking(options=options(1, value="x" * 150)),
        picking(options=options(1, value="x" * 151)),
        "less than 151",
    ),
    (
        acting({"type": "overflow", "action_id": "a", "options": options(5)}),
        acting({"type": "overflow", "action_id": "a", "options": options(6)}),
        "no more than 5 items",
    ),
    (
        acting({"type": "checkboxes", "action_id": "a", "options": options(10)}),
        acting({"type": "checkboxes", "action_id": "a", "options": options(11)}),
        "no more than 10 items",
    ),
    (
        acting({"type": "radio_buttons", "action_id": "a", "options": options(10)}),
        acting({"type": "radio_buttons", "action_id": "a", "options": options(11)}),
        "no more than 10 items",
    ),
    (
        {"type": "image", "image_url": "https://x.y", "alt_text": "x" * 2000},
        {"type": "image", "image_url": "https://x.y", "alt_text": "x" * 2001},
        "less than 2001",
    ),
    (
        {"type": "markdown", "text": "x" * 12_000},
        {"type": "markdown", "text": "x" * 12_001},
        "less than 12001",
    ),
    (table(100, 20), table(101, 20), "no more than 100 items"),
    (table(100, 20), table(100, 21), "no more than 20 items"),
    (bar(series=6), bar(series=7), "no more than 6 items"),
    (bar(categories=20), bar(categories=21), "no more than 20 items"),
    ({**bar(), "title": "x" * 50}, {**bar(), "title": "x" * 51}, "less than 51"),
    (
        {"type": "card", "title": mrkdwn("x" * 150)},
        {"type": "card", "title": mrkdwn("x" * 151)},
        "less than 151",
    ),
    (
        {**section(mrkdwn("x")), "block_id": "x" * 255},
        {**section(mrkdwn("x")), "block_id": "x" * 256},
        "less than 256",
    ),
]


@pytest.mark.parametrize("case", AT_THE_LIMIT_AND_PAST_IT, ids=lambda c: f"{c[0]['type']}-{c[2]}")
def test_what_is_at_a_limit_is_taken_and_what_is_past_it_is_not(
    case: tuple[Json, Json, str],
) -> None:
    at, past, complaint = case
    assert problems(at) == []
    assert any(complaint in line for line in problems(past))


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ({"type": "no_such"}, "unsupported type: no_such [json-pointer:/blocks/0/type]"),
        ({}, "missing required field: type"),
        ("x", "must be an object"),
        (section(mrkdwn("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ({"type": "section"}, "must define at least one of: text, fields"),
        (section({**mrkdwn("x"), "emoji": True}), "invalid additional property: emoji"),
        ({**section(mrkdwn("x")), "colour": "red"}, "invalid additional property: colour"),
        ({"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn"),
        (section("bare text"), "must be an object"),
        (acting(button(style="green")), "must be a valid enum value"),
        (acting(button(), button()), "`action_id` go already exists"),
        (acting({"type": "plain_text_input", "action_id": "a"}), "unsupported type"),
        (picking(), "exactly one of: options, option_groups"),
        (picking(options=[]), "at least 1 item"),
        (
            picking(options=options(1), initial_option=options(2)[1]),
            "must match exactly one of the provided options",
        ),
        ({"type": "image", "alt_text": "x"}, "exactly one of: image_url, slack_file"),
        ({"type": "alert", "text": mrkdwn("x")}, "unsupported type: alert"),
        ({"type": "card", "subtitle": mrkdwn("x")}, "at least one of"),
        ({"type": "table", "rows": [[{"type": "text"}]]}, "unsupported type: text"),
        ({"type": "data_table", "rows": table(2, 1)["rows"]}, "missing required field: caption"),
        (
            {
                "type": "data_table",
                "caption": "c",
                "rows": [*table(1, 2)["rows"], *table(1, 1)["rows"]],
            },
            "same number of columns",
        ),
        (bar(axis_config={"categories": ["other"]}), "one point for every category"),
        (bar(axis_config={"categories": ["c0", "c0"]}), "must be unique"),
        (
            {
                "type": "data_visualization",
                "title": "T",
                "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]},
            },
            "must be greater than 0",
        ),
        ({"type": "task_card", "task_id": "1", "title": "t", "status": "pending"}, "enum value"),
        (
            {
                "type": "input",
                "label": plain("L"),
                "element": {"type": "file_input", "action_id": "a"},
            },
            "unsupported type: file_input",
        ),
        (
            {
                "type": "input",
                "label": plain("L"),
                "element": {"type": "datepicker", "action_id": "a", "initial_date": "22.11.26"},
            },
            "does not match the expected format",
        ),
    ],
)
def test_what_slack_refuses_is_refused_with_its_words(block: Any, complaint: str) -> None:
    assert any(complaint in line for line in problems(block)), problems(block)


def test_a_message_has_limits_as_a_whole() -> None:
    divider = {"type": "divider"}
    assert problems(*[divider] * 50) == []
    assert "no more than 50 items" in problems(*[divider] * 51)[0]
    assert "only one table" in problems(table(1, 1), table(1, 1))[0]
    assert problems(bar(), bar()) == []
    assert "no more than 2 data_visualization" in problems(bar(), bar(), bar())[0]
    long = {"type": "markdown", "text": "x" * 7000}
    assert "12001 characters in all" in problems(long, long)[0]
    named = {"type": "divider", "block_id": "d"}
    assert "`block_id` d already exists" in problems(named, named)[0]


def test_a_messages_text_has_limits_as_a_whole() -> None:
    blocks = [section(mrkdwn("x" * 3000))] * 4
    check_message("x", blocks)
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message("x", [*blocks, section(mrkdwn("x"))])
    with pytest.raises(SlackError, match="too_many_attachments"):
        check_message("x", [], [{}] * 101)
    with pytest.raises(SlackError, match="no_text"):
        check_message("", [])
    with pytest.raises(SlackError, match="invalid_blocks"):
        check_message("x", [], [{"blocks": [{"type": "nonsense"}]}])
    check_message("", [{"type": "divider"}])


@pytest.mark.parametrize("surface", ["modal", "home"])
def test_charts_and_markdown_are_for_messages_only(surface: str) -> None:
    for block in (bar(), {"type": "markdown", "text": "x"}):
        assert "unsupported type" in problems(block, surface=surface)[0]
