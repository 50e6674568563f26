"""Whether Slack would take a message or a view: its blocks, its surface, its totals."""

import json
from collections.abc import Callable
from typing import Any

from bot.sandbox.block_ids import every_element
from bot.sandbox.block_shapes import BLOCKS, text_length
from bot.sandbox.elements import option, option_group, plain_text
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Json
from bot.sandbox.shapes import (
    Problems,
    anything,
    by_type,
    exactly_one,
    flag,
    items,
    shape,
    string,
)

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 40_000
UPDATE_TEXT = 4_000
MESSAGE_CHARACTERS = 12_000  # undocumented; people report refusals from here on, tables not counted
MARKDOWN_CHARACTERS = 12_000
MESSAGE_CHARTS = 2
VIEW_BYTES = 250_000

ONLY_MESSAGES = frozenset(
    {"context_actions", "data_visualization", "file", "markdown", "plan", "task_card"}
)
SURFACES: dict[str, frozenset[str]] = {
    "message": frozenset(BLOCKS) - {"alert"},
    "modal": frozenset(BLOCKS) - ONLY_MESSAGES - {"carousel", "container", "data_table", "table"},
    "home": frozenset(BLOCKS) - ONLY_MESSAGES - {"alert"},
}


def check_message(text: str, blocks: Any, attachments: Any = ()) -> None:
    """Raise SlackError where Slack would refuse a message.

    no_text, msg_too_long, too_many_attachments, invalid_blocks_format, invalid_blocks,
    msg_blocks_too_long.
    """
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    if len(text) > MESSAGE_TEXT:
        raise SlackError("msg_too_long")
    if not isinstance(attachments, list | tuple):
        raise SlackError("invalid_attachments")
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = block_problems(blocks, "message", "/blocks")
    for index, attachment in enumerate(attachments):
        inner = attachment.get("blocks") if isinstance(attachment, dict) else None
        if isinstance(inner, list):
            at = f"/attachments/{index}/blocks"
            problems.found += block_problems(inner, "message", at).found
    if problems.found:
        raise SlackError(
            "invalid_blocks",
            errors=[message for _, message in problems.found],
            response_metadata={"messages": problems.messages()},
        )
    if text_length([b for b in blocks if "table" not in b["type"]]) > MESSAGE_CHARACTERS:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, *, kind: str) -> None:
    """Raise SlackError where Slack would refuse a view of that kind (`modal` or `home`).

    invalid_arguments with a line for each mistake, or view_too_large.
    """
    problems = view_problems(view, kind)
    if problems.found:
        raise SlackError("invalid_arguments", response_metadata={"messages": problems.messages()})
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")


def view_problems(view: Any, kind: str) -> Problems:
    """What is wrong with a view."""
    problems = Problems()
    if not isinstance(view, dict):
        problems.add("/view", "must be an object")
        return problems
    if view.get("type") != kind:
        problems.add("/view/type", f"must be {kind}")
        return problems
    _VIEWS[kind](problems, "/view", view)
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        problems.found += block_problems(blocks, kind, "/view/blocks").found
        has_input = any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
        if kind == "modal" and has_input and not view.get("submit"):
            problems.add("/view/submit", "a submit element is required when there are input blocks")
    return problems


def option_problems(answer: Json) -> list[str]:
    """What is wrong with the answer to a request for options."""
    problems = Problems()
    _OPTIONS(problems, "", answer)
    return problems.messages()


def block_problems(blocks: list[Any], surface: str, at: str) -> Problems:
    """What is wrong with a list of blocks on a surface: `message`, `modal` or `home`."""
    problems = Problems()
    allowed = by_type({name: BLOCKS[name] for name in SURFACES[surface]})
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    items(allowed, most, 0)(problems, at, blocks)
    if problems.found:
        return problems
    _check_unique_ids(problems, at, blocks)
    if surface == "message":
        _check_message_totals(problems, at, blocks)
        _check_no_file_input(problems, at, blocks)
    focused = sum(bool(e.get("focus_on_load")) for _, e in every_element(blocks))
    if focused > 1:
        problems.add(at, "only one element can have focus_on_load")
    return problems


def _check_unique_ids(problems: Problems, at: str, blocks: list[Json]) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        id = block.get("block_id")
        if id and id in seen:
            problems.add(f"{at}/{index}/block_id", f"`block_id` {id} already exists")
        seen.add(id or "")


def _check_message_totals(problems: Problems, at: str, blocks: list[Json]) -> None:
    def count(of: Callable[[Json], bool]) -> int:
        inner = [c for b in blocks if b["type"] == "container" for c in b["child_blocks"]]
        return sum(of(b) for b in [*blocks, *inner])

    if count(lambda b: b["type"] == "table") > 1:
        problems.add(at, "only one table block is allowed")
    if count(lambda b: b["type"] == "data_visualization") > MESSAGE_CHARTS:
        problems.add(at, f"no more than {MESSAGE_CHARTS} data_visualization blocks allowed")
    marked = sum(len(b["text"]) for b in blocks if b["type"] == "markdown")
    if marked > MARKDOWN_CHARACTERS:
        problems.add(at, f"markdown must be less than {MARKDOWN_CHARACTERS + 1} characters in all")


def _check_no_file_input(problems: Problems, at: str, blocks: list[Json]) -> None:
    if any(e["type"] == "file_input" for _, e in every_element(blocks)):
        problems.add(at, "unsupported type: file_input")


_OPTIONS = shape(
    {"options": items(option, 100, 0), "option_groups": items(option_group, 100, 0)},
    also=exactly_one("options", "option_groups"),
)
_VIEWS = {
    "modal": shape(
        {
            "type": anything,
            "title": plain_text(24),
            "submit": plain_text(24),
            "close": plain_text(24),
            "blocks": items(anything, VIEW_BLOCKS, 0),
            "private_metadata": string(3000),
            "callback_id": string(255),
            "external_id": string(255),
            "clear_on_close": flag,
            "notify_on_close": flag,
        },
        ("title", "blocks"),
    ),
    "home": shape(
        {
            "type": anything,
            "blocks": items(anything, VIEW_BLOCKS, 0),
            "private_metadata": string(3000),
            "callback_id": string(255),
            "external_id": string(255),
        },
        ("blocks",),
    ),
}
