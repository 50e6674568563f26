"""Whom a message rings for: so that a test can say that nobody was pinged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MARKUP = re.compile(
    r"<@(?P<user>[UW]\w+)(?:\|[^>]*)?>"
    r"|<!(?P<all>channel|here|everyone)(?:\|[^>]*)?>"
    r"|<!subteam\^(?P<group>\w+)[^>]*>"
)
BARE = re.compile(r"(?<![\w/])@(channel|here|everyone)\b")


@dataclass(frozen=True, slots=True)
class Ping:
    """One mention in what the bot wrote: `kind` is user, channel, here, everyone or usergroup."""

    channel: str
    ts: str
    kind: str
    whom: str


def pings_in(
    text: str, blocks: list[dict[str, Any]], *, links_names: bool
) -> list[tuple[str, str]]:
    """Every (kind, whom) that Slack would make a mention of; `plain_text` never is one.

    `links_names` is chat.postMessage's `link_names` or `parse=full`: a bare `@here` counts then.
    """
    found: list[tuple[str, str]] = []
    for piece in [text, *_marked_up(blocks)]:
        for match in MARKUP.finditer(piece):
            if match["user"]:
                found.append(("user", match["user"]))
            elif match["all"]:
                found.append((match["all"], "all"))
            else:
                found.append(("usergroup", match["group"]))
        if links_names:
            found += [(bare, "all") for bare in BARE.findall(piece)]
    return [*found, *_rich_mentions(blocks)]


def _marked_up(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _marked_up(item)
    elif isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "markdown") and isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from _marked_up(value)


def _rich_mentions(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _rich_mentions(item)
    elif isinstance(node, dict):
        match node.get("type"):
            case "user" if "user_id" in node:
                yield "user", str(node["user_id"])
            case "usergroup" if "usergroup_id" in node:
                yield "usergroup", str(node["usergroup_id"])
            case "broadcast" if "range" in node:
                yield str(node["range"]), "all"
        for value in node.values():
            yield from _rich_mentions(value)
