"""Ids that Slack gives to blocks and elements that came without, and how to find them again."""

import copy
import secrets
from collections.abc import Iterator, Sequence

from bot.sandbox.records import Json

WITHOUT_ACTION = frozenset({"image", "mrkdwn", "plain_text", "url", "icon"})


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """A deep copy in which every block has a block_id and every element an action_id."""
    copied = copy.deepcopy(list(blocks))
    for block in copied:
        for inner in _family(block):
            if not inner.get("block_id"):
                inner["block_id"] = secrets.token_urlsafe(4)
            for element in elements_of(inner):
                if not element.get("action_id"):
                    element["action_id"] = secrets.token_urlsafe(4)
    return copied


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of one block, in order."""
    match block.get("type"):
        case "section":
            found = [block["accessory"]] if block.get("accessory") else []
        case "input":
            found = [block["element"]]
        case "actions" | "context_actions":
            found = block.get("elements", [])
        case "card":
            found = block.get("actions", [])
        case _:
            found = []
    return [e for e in found if e.get("type") not in WITHOUT_ACTION]


def every_element(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) pair, in containers and carousels too."""
    for block in blocks:
        for inner in _family(block):
            for element in elements_of(inner):
                yield inner, element


def find_element(blocks: Sequence[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The (block, element) with those ids, or None."""
    for block, element in every_element(blocks):
        if block.get("block_id") == block_id and element.get("action_id") == action_id:
            return block, element
    return None


def _family(block: Json) -> Iterator[Json]:
    yield block
    nested = block.get("child_blocks") if block.get("type") == "container" else None
    if block.get("type") == "carousel":
        nested = block.get("elements")
    for child in nested or []:
        yield from _family(child)
