"""What Slack accepts of each Block Kit element and composition object."""

from typing import Any

from bot.sandbox.shapes import (
    Problems,
    Rule,
    all_of,
    anything,
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

DATE = r"\d{4}-\d{2}-\d{2}"
TIME = r"([01]\d|2[0-3]):[0-5]\d"
action_id = string(255)


def plain_text(most: int) -> Rule:
    """A `plain_text` object of 1 to `most` characters."""
    inner = shape({"type": anything, "text": string(most, 1), "emoji": flag}, ("text",))
    return by_type({"plain_text": inner})


def text(most: int) -> Rule:
    """A `plain_text` or `mrkdwn` object of 1 to `most` characters."""
    plain = shape({"type": anything, "text": string(most, 1), "emoji": flag}, ("text",))
    marked = shape({"type": anything, "text": string(most, 1), "verbatim": flag}, ("text",))
    return by_type({"plain_text": plain, "mrkdwn": marked})


confirm = shape(
    {
        "title": plain_text(100),
        "text": text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
        "style": one_of(("primary", "danger")),
    },
    ("title", "text", "confirm", "deny"),
)
_plain_option_fields: dict[str, Rule] = {
    "text": plain_text(75),
    "value": string(150),
    "description": plain_text(75),
}
option = shape(_plain_option_fields, ("text", "value"))
overflow_option = shape({**_plain_option_fields, "url": string(3000)}, ("text", "value"))
marked_option = shape(
    {"text": text(75), "value": string(150), "description": text(75)}, ("text", "value")
)
option_group = shape({"label": plain_text(75), "options": items(option, 100)}, ("label", "options"))
dispatch_config = shape(
    {"trigger_actions_on": items(one_of(("on_enter_pressed", "on_character_entered")), 2)}
)
conversation_filter = shape(
    {
        "include": items(one_of(("im", "mpim", "private", "public")), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    }
)
slack_file = shape({"id": string(), "url": string()}, also=exactly_one("id", "url"))


def _among_options(name: str) -> Rule:
    """The initial choice must be one of the choices."""

    def rule(problems: Problems, at: str, value: Any) -> None:
        given = value.get(name)
        if given is None:
            return
        choices = list(value.get("options") or [])
        for group in value.get("option_groups") or []:
            choices += group.get("options", []) if isinstance(group, dict) else []
        known = {c.get("value") for c in choices if isinstance(c, dict)}
        for one in given if isinstance(given, list) else [given]:
            if not isinstance(one, dict) or one.get("value") not in known:
                problems.add(f"{at}/{name}", "must match exactly one of the provided options")

    return rule


def _element(
    fields: dict[str, Rule], required: tuple[str, ...] = (), also: Rule = anything
) -> Rule:
    return shape({"type": anything, "action_id": action_id, **fields}, required, also)


_common: dict[str, Rule] = {"confirm": confirm, "focus_on_load": flag}
_select: dict[str, Rule] = {**_common, "placeholder": plain_text(150)}
_multi: dict[str, Rule] = {**_select, "max_selected_items": integer(1, 100)}
_typed: dict[str, Rule] = {
    "placeholder": plain_text(150),
    "dispatch_action_config": dispatch_config,
    "focus_on_load": flag,
}
_choices: dict[str, Rule] = {
    "options": items(option, 100),
    "option_groups": items(option_group, 100),
}
_ids = items(string(), 100, 0)

button = _element(
    {
        "text": plain_text(75),
        "url": string(3000),
        "value": string(2000),
        "style": one_of(("primary", "danger")),
        "confirm": confirm,
        "accessibility_label": string(75),
    },
    ("text",),
)
image = shape(
    {
        "type": anything,
        "image_url": string(3000),
        "slack_file": slack_file,
        "alt_text": string(2000),
    },
    ("alt_text",),
    exactly_one("image_url", "slack_file"),
)
_feedback = shape(
    {"text": plain_text(75), "value": string(2000), "accessibility_label": string(75)},
    ("text", "value"),
)

SELECTS: dict[str, Rule] = {
    "static_select": _element(
        {**_select, **_choices, "initial_option": option},
        also=all_of(exactly_one("options", "option_groups"), _among_options("initial_option")),
    ),
    "external_select": _element(
        {**_select, "initial_option": option, "min_query_length": integer(0, 150)}
    ),
    "users_select": _element({**_select, "initial_user": string()}),
    "conversations_select": _element(
        {
            **_select,
            "initial_conversation": string(),
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": conversation_filter,
        }
    ),
    "channels_select": _element(
        {**_select, "initial_channel": string(), "response_url_enabled": flag}
    ),
    "multi_static_select": _element(
        {**_multi, **_choices, "initial_options": items(option, 100)},
        also=all_of(exactly_one("options", "option_groups"), _among_options("initial_options")),
    ),
    "multi_external_select": _element(
        {**_multi, "initial_options": items(option, 100), "min_query_length": integer(0, 150)}
    ),
    "multi_users_select": _element({**_multi, "initial_users": _ids}),
    "multi_conversations_select": _element(
        {
            **_multi,
            "initial_conversations": _ids,
            "default_to_current_conversation": flag,
            "filter": conversation_filter,
        }
    ),
    "multi_channels_select": _element({**_multi, "initial_channels": _ids}),
}
PICKERS: dict[str, Rule] = {
    "datepicker": _element({**_select, "initial_date": string(10, pattern=DATE)}),
    "timepicker": _element(
        {**_select, "initial_time": string(5, pattern=TIME), "timezone": string()}
    ),
    "datetimepicker": _element({**_common, "initial_date_time": number(1_000_000_000)}),
    "checkboxes": _element(
        {
            **_common,
            "options": items(marked_option, 10),
            "initial_options": items(marked_option, 10),
        },
        ("options",),
        _among_options("initial_options"),
    ),
    "radio_buttons": _element(
        {**_common, "options": items(marked_option, 10), "initial_option": marked_option},
        ("options",),
        _among_options("initial_option"),
    ),
}
TYPED: dict[str, Rule] = {
    "plain_text_input": _element(
        {
            **_typed,
            "initial_value": string(3000),
            "multiline": flag,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        }
    ),
    "email_text_input": _element({**_typed, "initial_value": string()}),
    "url_text_input": _element({**_typed, "initial_value": string()}),
    "number_input": _element(
        {
            **_typed,
            "is_decimal_allowed": flag,
            "initial_value": string(),
            "min_value": string(),
            "max_value": string(),
        },
        ("is_decimal_allowed",),
    ),
    "rich_text_input": _element(
        {
            **_typed,
            "initial_value": anything,
            "min_lines": integer(1, 100),
            "max_lines": integer(1, 100),
        }
    ),
    "file_input": _element({"filetypes": items(string(), 100), "max_files": integer(1, 10)}),
}
OTHERS: dict[str, Rule] = {
    "button": button,
    "workflow_button": _element(
        {
            "text": plain_text(75),
            "workflow": anything,
            "style": one_of(("primary", "danger")),
            "accessibility_label": string(75),
        },
        ("text", "workflow"),
    ),
    "overflow": _element({"options": items(overflow_option, 5), "confirm": confirm}, ("options",)),
}
CONTEXT_ACTIONS: dict[str, Rule] = {
    "feedback_buttons": _element(
        {"positive_button": _feedback, "negative_button": _feedback},
        ("positive_button", "negative_button"),
    ),
    "icon_button": _element(
        {
            "icon": one_of(("trash",)),
            "text": plain_text(75),
            "value": string(2000),
            "confirm": confirm,
            "accessibility_label": string(75),
            "visible_to_user_ids": items(string(), 10),
        },
        ("icon", "text"),
    ),
}

in_section = by_type({"image": image, **OTHERS, **SELECTS, **PICKERS})
in_actions = by_type({**OTHERS, **SELECTS, **PICKERS, "rich_text_input": TYPED["rich_text_input"]})
in_input = by_type({**SELECTS, **PICKERS, **TYPED})
in_context = by_type(
    {
        "image": image,
        "plain_text": shape({"type": anything, "text": string(3000, 1), "emoji": flag}, ("text",)),
        "mrkdwn": shape({"type": anything, "text": string(3000, 1), "verbatim": flag}, ("text",)),
    }
)
in_context_actions = by_type(CONTEXT_ACTIONS)
