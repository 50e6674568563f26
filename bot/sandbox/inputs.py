"""state.values: what each input holds, as Slack would report it, and whether it may be sent."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.block_ids import every_element
from bot.sandbox.errors import Nonsense
from bot.sandbox.records import Json

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://[^\s/$.?#].[^\s]*", re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
REQUIRED = "Please complete this required field."


@dataclass(frozen=True, slots=True)
class _Field:
    """Where an element's value stands in the state, where its initial one, and what empty is."""

    holds: str
    initial: str
    empty: Any = None


FIELDS: dict[str, _Field] = {
    "plain_text_input": _Field("value", "initial_value"),
    "email_text_input": _Field("value", "initial_value"),
    "url_text_input": _Field("value", "initial_value"),
    "number_input": _Field("value", "initial_value"),
    "rich_text_input": _Field("rich_text_value", "initial_value"),
    "static_select": _Field("selected_option", "initial_option"),
    "external_select": _Field("selected_option", "initial_option"),
    "users_select": _Field("selected_user", "initial_user"),
    "conversations_select": _Field("selected_conversation", "initial_conversation"),
    "channels_select": _Field("selected_channel", "initial_channel"),
    "multi_static_select": _Field("selected_options", "initial_options", ()),
    "multi_external_select": _Field("selected_options", "initial_options", ()),
    "multi_users_select": _Field("selected_users", "initial_users", ()),
    "multi_conversations_select": _Field("selected_conversations", "initial_conversations", ()),
    "multi_channels_select": _Field("selected_channels", "initial_channels", ()),
    "checkboxes": _Field("selected_options", "initial_options", ()),
    "radio_buttons": _Field("selected_option", "initial_option"),
    "datepicker": _Field("selected_date", "initial_date"),
    "timepicker": _Field("selected_time", "initial_time"),
    "datetimepicker": _Field("selected_date_time", "initial_date_time"),
    "file_input": _Field("files", "", ()),
}
FROM_OPTIONS = frozenset({"static_select", "multi_static_select", "checkboxes", "radio_buttons"})
MULTI = frozenset(k for k, f in FIELDS.items() if f.empty == ())


def state_of(
    blocks: Sequence[Json],
    given: Json | None = None,
    *,
    file_object: Callable[[str], Json] | None = None,
    here: str | None = None,
) -> Json:
    """The `state` of a message or view.

    For every element that holds something: what `given` (`{block_id: {action_id: {…}}}`) says, else
    its initial value, else Slack's empty value. `file_object` makes a file id into a file object;
    `here` is the conversation that `default_to_current_conversation` stands for.
    Raises Nonsense for a value that the element cannot hold.
    """
    values: Json = {}
    for block, element in every_element(blocks):
        if element["type"] not in FIELDS:
            continue
        said = (given or {}).get(block["block_id"], {}).get(element["action_id"])
        held = _held(element, said, file_object, here)
        values.setdefault(block["block_id"], {})[element["action_id"]] = held
    return {"values": values}


def options_of(element: Json) -> list[Json]:
    """All options of an element, those in groups too."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(o for g in groups for o in g["options"])]


def holds(element_type: str) -> str | None:
    """The key under which such an element reports what was chosen, or None for a button."""
    field = FIELDS.get(element_type)
    return field.holds if field else None


def _held(
    element: Json,
    said: Json | None,
    file_object: Callable[[str], Json] | None,
    here: str | None,
) -> Json:
    kind = element["type"]
    field = FIELDS[kind]
    if said is None or field.holds not in said:
        value = element.get(field.initial)
        if value is None and element.get("default_to_current_conversation") and here:
            value = [here] if kind in MULTI else here
    else:
        value = said[field.holds]
    if value in (None, "", []):
        value = list(field.empty) if field.empty == () else field.empty
    elif kind in FROM_OPTIONS:
        value = _own_options(element, value)
    elif kind == "file_input":
        ids = [f["id"] if isinstance(f, dict) else f for f in value]
        value = [file_object(id) if file_object else {"id": id} for id in ids]
    elif kind in MULTI and not isinstance(value, list):
        raise Nonsense("invalid_state", f"{element['action_id']} holds a list")
    held: Json = {"type": kind, field.holds: value}
    if kind == "timepicker" and element.get("timezone"):
        held["timezone"] = element["timezone"]
    return held


def _own_options(element: Json, chosen: Any) -> Any:
    """The element's own option objects for what was chosen: the page cannot invent one."""
    known = {o["value"]: o for o in options_of(element)}
    many = isinstance(chosen, list)
    picked = []
    for one in chosen if many else [chosen]:
        value = one.get("value") if isinstance(one, dict) else one
        if value not in known:
            raise Nonsense("invalid_state", f"{element['action_id']} has no option {value!r}")
        picked.append(known[value])
    return picked if many else picked[0]


def complaints(blocks: Sequence[Json], state: Json) -> dict[str, str]:
    """What keeps a form from being sent, by block_id, in the words Slack shows under the input."""
    found: dict[str, str] = {}
    for block, element in every_element(blocks):
        field = FIELDS.get(element["type"])
        if block["type"] != "input" or field is None:
            continue
        value = state["values"][block["block_id"]][element["action_id"]][field.holds]
        empty = value in (None, [], "") or (isinstance(value, str) and not value.strip())
        if empty:
            if not block.get("optional"):
                found[block["block_id"]] = REQUIRED
            continue
        complaint = _complaint(element, value)
        if complaint:
            found[block["block_id"]] = complaint
    return found


def _complaint(element: Json, value: Any) -> str | None:
    match element["type"]:
        case "plain_text_input":
            return _length_complaint(element, value)
        case "number_input":
            return _number_complaint(element, value)
        case "email_text_input" if not EMAIL.fullmatch(value):
            return "Please enter a valid email address."
        case "url_text_input" if not URL.fullmatch(value):
            return "Please enter a valid URL."
        case "datepicker" if not DATE.fullmatch(value):
            return "Please enter a valid date."
        case "timepicker" if not TIME.fullmatch(value):
            return "Please enter a valid time."
        case "file_input":
            return _file_complaint(element, value)
        case kind if kind in MULTI and len(value) > element.get("max_selected_items", 10**6):
            return f"Please select no more than {element['max_selected_items']}."
    return None


def _length_complaint(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter no more than {most} characters."
    return None


def _number_complaint(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError):
        return "Please enter a valid number."
    if not number.is_finite():
        return "Please enter a valid number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(least):
        return f"Please enter a number that is at least {least}."
    if most is not None and number > Decimal(most):
        return f"Please enter a number that is at most {most}."
    return None


def _file_complaint(element: Json, files: list[Json]) -> str | None:
    most = element.get("max_files", 10)
    if len(files) > most:
        return f"Please add no more than {most} files."
    allowed = [t.lower() for t in element.get("filetypes") or []]
    for file in files:
        extension = str(file.get("filetype") or "").lower()
        if allowed and extension not in allowed:
            return f"Please add files of these types only: {', '.join(allowed)}."
    return None
