"""What Slack accepts of each block, by its type."""

from typing import Any

from bot.sandbox.elements import (
    button,
    image,
    in_actions,
    in_context,
    in_context_actions,
    in_input,
    in_section,
    plain_text,
    slack_file,
    text,
)
from bot.sandbox.shapes import (
    Problems,
    Rule,
    all_of,
    anything,
    at_least_one,
    by_type,
    exactly_one,
    flag,
    integer,
    items,
    number,
    one_of,
    shape,
    string,
)

TABLE_ROWS, TABLE_COLUMNS = 100, 20
CHART_SERIES = 6  # sources name 6 and 12; what keeps to the smaller is right either way
CHART_CATEGORIES = 20
DATA_TABLE_CHARACTERS = 20_000


def _block(fields: dict[str, Rule], required: tuple[str, ...] = (), also: Rule = anything) -> Rule:
    return shape({"type": anything, "block_id": string(255), **fields}, required, also)


def _unique_actions(name: str) -> Rule:
    def rule(problems: Problems, at: str, value: Any) -> None:
        seen: set[str] = set()
        for index, element in enumerate(value.get(name) or []):
            id = element.get("action_id") if isinstance(element, dict) else None
            if id is not None and id in seen:
                problems.add(f"{at}/{name}/{index}/action_id", f"`action_id` {id} already exists")
            seen.add(id or "")

    return rule


# Rich text

_style = shape(dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), flag))
_inline = by_type(
    {
        "text": shape({"type": anything, "text": string(None, 1), "style": _style}, ("text",)),
        "link": shape(
            {
                "type": anything,
                "url": string(None, 1),
                "text": string(),
                "unsafe": flag,
                "style": _style,
            },
            ("url",),
        ),
        "user": shape({"type": anything, "user_id": string(), "style": _style}, ("user_id",)),
        "channel": shape(
            {"type": anything, "channel_id": string(), "style": _style}, ("channel_id",)
        ),
        "usergroup": shape(
            {"type": anything, "usergroup_id": string(), "style": _style}, ("usergroup_id",)
        ),
        "emoji": shape(
            {
                "type": anything,
                "name": string(),
                "unicode": string(),
                "skin_tone": anything,
                "style": _style,
            },
            ("name",),
        ),
        "broadcast": shape(
            {"type": anything, "range": one_of(("here", "channel", "everyone"))}, ("range",)
        ),
        "date": shape(
            {
                "type": anything,
                "timestamp": number(),
                "format": string(),
                "url": string(),
                "fallback": string(),
                "style": _style,
            },
            ("timestamp", "format"),
        ),
        "color": shape({"type": anything, "value": string(), "style": _style}, ("value",)),
    }
)
_run: dict[str, Rule] = {"type": anything, "elements": items(_inline, 1000, 0)}
_section_of_rich_text = shape(_run, ("elements",))
rich_parts = by_type(
    {
        "rich_text_section": _section_of_rich_text,
        "rich_text_preformatted": shape(
            {**_run, "border": integer(0, 1), "language": string()}, ("elements",)
        ),
        "rich_text_quote": shape({**_run, "border": integer(0, 1)}, ("elements",)),
        "rich_text_list": shape(
            {
                "type": anything,
                "style": one_of(("bullet", "ordered")),
                "elements": items(by_type({"rich_text_section": _section_of_rich_text}), 1000),
                "indent": integer(0, 8),
                "offset": integer(0, 10_000),
                "border": integer(0, 1),
            },
            ("style", "elements"),
        ),
    }
)
rich_text = _block({"elements": items(rich_parts, 1000)}, ("elements",))
_rich_only = by_type({"rich_text": rich_text})

# Tables

_raw_text = shape({"type": anything, "text": string(None, 1), "emoji": flag}, ("text",))
_raw_number = shape(
    {"type": anything, "value": number(), "text": string(None, 1)}, ("value", "text")
)
_table_cell = by_type({"raw_text": _raw_text, "raw_number": _raw_number, "rich_text": rich_text})
_column = shape({"align": one_of(("left", "center", "right")), "is_wrapped": flag})


def _even_rows(problems: Problems, at: str, value: Any) -> None:
    rows = [r for r in value.get("rows") or [] if isinstance(r, list)]
    if len({len(r) for r in rows}) > 1:
        problems.add(f"{at}/rows", "all rows must have the same number of columns")


def _data_table_rules(problems: Problems, at: str, value: Any) -> None:
    _even_rows(problems, at, value)
    rows = [r for r in value.get("rows") or [] if isinstance(r, list)]
    for index, cell in enumerate(rows[0] if rows else []):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            problems.add(f"{at}/rows/0/{index}/type", "unsupported type: rich_text")
    if text_length(rows) > DATA_TABLE_CHARACTERS:
        problems.add(f"{at}/rows", f"must be less than {DATA_TABLE_CHARACTERS + 1} characters")
    index = value.get("row_header_column_index")
    if rows and isinstance(index, int) and index >= len(rows[0]):
        problems.add(f"{at}/row_header_column_index", "must be one of the columns")


def text_length(node: Any) -> int:
    """How many characters of text there are in blocks, however deep."""
    if isinstance(node, list):
        return sum(text_length(item) for item in node)
    if isinstance(node, dict):
        return sum(
            len(value) if key == "text" and isinstance(value, str) else text_length(value)
            for key, value in node.items()
        )
    return 0


# Charts

_label = string(20, 1)
_point = shape({"label": _label, "value": number()}, ("label", "value"))
_series = shape({"name": _label, "data": items(_point, CHART_CATEGORIES)}, ("name", "data"))
_axes = shape(
    {
        "categories": items(_label, CHART_CATEGORIES),
        "x_label": string(50),
        "y_label": string(50),
    },
    ("categories",),
)


def _series_fit_axes(problems: Problems, at: str, value: Any) -> None:
    axes, series = value.get("axis_config"), value.get("series")
    if not isinstance(axes, dict) or not isinstance(series, list):
        return
    categories = [c for c in axes.get("categories") or [] if isinstance(c, str)]
    if len(set(categories)) != len(categories):
        problems.add(f"{at}/axis_config/categories", "must be unique")
    names = [s.get("name") for s in series if isinstance(s, dict)]
    if len(set(names)) != len(names):
        problems.add(f"{at}/series", "names must be unique")
    for index, one in enumerate(series):
        points = one.get("data") if isinstance(one, dict) else None
        labels = [p.get("label") for p in points or [] if isinstance(p, dict)]
        if sorted(map(str, labels)) != sorted(categories):
            problems.add(f"{at}/series/{index}/data", "must have one point for every category")


_axis_chart = shape(
    {"type": anything, "series": items(_series, CHART_SERIES), "axis_config": _axes},
    ("series", "axis_config"),
    _series_fit_axes,
)
_pie = shape(
    {
        "type": anything,
        "segments": items(
            shape({"label": _label, "value": number(above=0)}, ("label", "value")), CHART_SERIES
        ),
    },
    ("segments",),
)
_chart = by_type({"pie": _pie, "bar": _axis_chart, "line": _axis_chart, "area": _axis_chart})

# Cards, tasks, containers

_card = _block(
    {
        "hero_image": image,
        "icon": image,
        "slack_icon": shape({"type": one_of(("icon",)), "name": string()}, ("type", "name")),
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": items(button, 3),
    },
    also=all_of(at_least_one("hero_image", "title", "actions", "body"), _unique_actions("actions")),
)
_source = by_type({"url": shape({"type": anything, "url": string(), "text": string()}, ("url",))})
_task_fields: dict[str, Rule] = {
    "task_id": string(None, 1),
    "title": string(None, 1),
    "details": _rich_only,
    "output": _rich_only,
    "sources": items(_source, 100, 0),
}


def _collapse_needs_collapsible(problems: Problems, at: str, value: Any) -> None:
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        problems.add(f"{at}/default_collapsed", "requires is_collapsible")
    if value.get("has_header_divider") and value.get("is_collapsible"):
        problems.add(f"{at}/has_header_divider", "is not allowed with is_collapsible")


BLOCKS: dict[str, Rule] = {
    "actions": _block(
        {"elements": items(in_actions, 25)}, ("elements",), _unique_actions("elements")
    ),
    "alert": _block(
        {
            "text": text(200),
            "level": one_of(("default", "info", "warning", "error", "success")),
        },
        ("text",),
    ),
    "card": _card,
    "carousel": _block({"elements": items(by_type({"card": _card}), 10)}, ("elements",)),
    "context": _block({"elements": items(in_context, 10)}, ("elements",)),
    "context_actions": _block(
        {"elements": items(in_context_actions, 5)}, ("elements",), _unique_actions("elements")
    ),
    "data_table": _block(
        {
            "caption": string(None, 1),
            "rows": items(items(_table_cell, TABLE_COLUMNS), 201, 2),
            "page_size": integer(1, 100),
            "row_header_column_index": integer(0, TABLE_COLUMNS - 1),
        },
        ("rows", "caption"),
        _data_table_rules,
    ),
    "data_visualization": _block({"title": string(50, 1), "chart": _chart}, ("title", "chart")),
    "divider": _block({}),
    "file": _block({"external_id": string(), "source": one_of(("remote",))}, ("external_id",)),
    "header": _block({"text": plain_text(150), "level": integer(1, 4)}, ("text",)),
    "image": _block(
        {
            "image_url": string(3000),
            "slack_file": slack_file,
            "alt_text": string(2000),
            "title": plain_text(2000),
        },
        ("alt_text",),
        exactly_one("image_url", "slack_file"),
    ),
    "input": _block(
        {
            "label": plain_text(2000),
            "element": in_input,
            "dispatch_action": flag,
            "hint": plain_text(2000),
            "optional": flag,
        },
        ("label", "element"),
    ),
    "markdown": _block({"text": string(12_000, 1)}, ("text",)),
    "plan": _block(
        {
            "title": string(None, 1),
            "tasks": items(
                shape(
                    {
                        **_task_fields,
                        "status": one_of(("pending", "in_progress", "complete", "error")),
                    },
                    ("task_id", "title", "status"),
                ),
                50,
            ),
        },
        ("title",),
    ),
    "rich_text": rich_text,
    "section": _block(
        {
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": in_section,
            "expand": flag,
        },
        also=at_least_one("text", "fields"),
    ),
    "table": _block(
        {
            "rows": items(items(_table_cell, TABLE_COLUMNS), TABLE_ROWS),
            "column_settings": items(_column, TABLE_COLUMNS, 0),
        },
        ("rows",),
    ),
    "task_card": _block(
        {**_task_fields, "status": one_of(("in_progress", "complete", "error"))},
        ("task_id", "title", "status"),
    ),
    "video": _block(
        {
            "alt_text": string(2000),
            "title": plain_text(200),
            "thumbnail_url": string(3000),
            "video_url": string(3000),
            "author_name": string(50),
            "description": plain_text(200),
            "provider_icon_url": string(2000),
            "provider_name": string(50),
            "title_url": string(2000),
        },
        ("alt_text", "title", "thumbnail_url", "video_url"),
    ),
}
_IN_CONTAINER = [
    "actions",
    "context",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "table",
    "video",
]
BLOCKS["container"] = _block(
    {
        "title": plain_text(150),
        "rich_text_title": _rich_only,
        "subtitle": text(150),
        "child_blocks": items(by_type({name: BLOCKS[name] for name in _IN_CONTAINER}), 10),
        "width": one_of(("narrow", "standard", "wide", "full")),
        "icon": image,
        "is_collapsible": flag,
        "default_collapsed": flag,
        "has_header_divider": flag,
    },
    ("child_blocks",),
    all_of(at_least_one("title", "rich_text_title"), _collapse_needs_collapsible),
)
