"""The body of a request from Slack, read and held to the shape that everything behind relies on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

Body = dict[str, Any]


def read_body(raw: bytes, content_type: str) -> Body | None:
    """Read JSON, or a form that may hold JSON in `payload`; None where it is no message of Slack's.

    What has the right shape but is unknown to us is given as it is.
    """
    try:
        text = raw.decode()
        if content_type.partition(";")[0].strip().lower() == "application/json":
            body = json.loads(text)
        else:
            body = dict(parse_qsl(text, keep_blank_values=True))
            if "payload" in body and "command" not in body:
                body = json.loads(body["payload"])
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    body.pop("response_urls", None)  # we read none of them, and Bolt trips over several
    return body if _is_well_formed(body) else None


def _is_well_formed(body: Body) -> bool:
    """Whether a body has what its kind needs, and nothing of a shape that Slack does not send."""
    if not all(fits(body[key]) for key, fits in _ANYWHERE.items() if body.get(key) is not None):
        return False
    if "command" in body:
        return _are_texts(body, "command", "team_id", "user_id", "trigger_id")
    match body.get("type"):
        case "event_callback":
            return _are_texts(body, "team_id", "event_id") and _are_texts(body.get("event"), "type")
        case "block_actions":
            return bool(body.get("actions")) and _has_person(body) and "trigger_id" in body
        case "view_submission" | "view_closed":
            return _has_person(body) and _are_texts(body.get("view"), "callback_id")
        case "block_suggestion":
            return _has_person(body) and _are_texts(body, "action_id", "value")
        case "url_verification":
            return _are_texts(body, "challenge")
    return True


def _are_texts(body: object, *keys: str) -> bool:
    return isinstance(body, Mapping) and all(
        isinstance(body.get(key), str) and body[key] for key in keys if key != "value"
    )


def _has_person(body: Body) -> bool:
    return _are_texts(body.get("user"), "id") and isinstance(body.get("team"), dict | None)


def _is_mapping(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_mapping(value: object) -> bool:
    return isinstance(value, str | Mapping)


def _are_mappings(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_mapping, value))


_ANYWHERE: Mapping[str, Callable[[object], bool]] = {
    "type": _is_text,
    "event": _is_mapping,
    "view": _is_mapping,
    "state": _is_mapping,
    "container": _is_mapping,
    "message": _is_mapping,
    "team": _is_text_or_mapping,
    "user": _is_text_or_mapping,
    "channel": _is_text_or_mapping,
    "enterprise": _is_text_or_mapping,
    "actions": _are_mappings,
    "authorizations": _are_mappings,
    "trigger_id": _is_text,
    "team_id": _is_text,
    "user_id": _is_text,
    "response_url": _is_text,
}
