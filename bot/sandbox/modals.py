"""Forms and App Homes: one stack of at most three per person, guarded by hashes."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.block_ids import every_element, with_ids
from bot.sandbox.config import SandboxConfig
from bot.sandbox.errors import SlackError
from bot.sandbox.inputs import FIELDS, state_of
from bot.sandbox.limits import check_view
from bot.sandbox.records import Json
from bot.sandbox.state import new_id
from bot.sandbox.store import Store
from bot.sandbox.watchers import Watchers

DEEPEST = 3


@dataclass(slots=True)
class _Stack:
    views: list[Json] = field(default_factory=list)
    channel: str | None = None


class Views:
    """Every view that is open, whose it is, and what stands in it."""

    def __init__(self, config: SandboxConfig, store: Store, watchers: Watchers) -> None:
        self._config = config
        self._store = store
        self._watchers = watchers
        self._stacks: dict[str, _Stack] = {}
        self._homes: dict[str, Json] = dict(store.all("home"))

    def forget(self) -> None:
        """Close everything."""
        self._stacks.clear()
        self._homes.clear()

    # What is there

    def stack(self, person: str) -> list[Json]:
        """A person's open forms, bottom first."""
        return list(self._stacks[person].views) if person in self._stacks else []

    def home(self, person: str) -> Json | None:
        """The App Home as last published to that person."""
        return self._homes.get(person)

    def origin(self, person: str) -> str | None:
        """The channel in which the person's forms were opened."""
        return self._stacks[person].channel if person in self._stacks else None

    def find(self, person: str, view_id: str) -> Json | None:
        """A person's view by id: a form of their stack, or their App Home."""
        home = self._homes.get(person)
        if home is not None and home["id"] == view_id:
            return home
        return next((v for v in self.stack(person) if v["id"] == view_id), None)

    # What the bot does

    def open(self, person: str, view: Any, channel: str | None = None) -> Json:
        """Open a form as the first of a new stack.

        Raises SlackError: invalid_arguments, view_too_large, duplicate_external_id.
        """
        check_view(view, kind="modal")
        self._check_external_id(view)
        made = self._made(view, here=channel)
        made["root_view_id"] = made["id"]
        self._stacks[person] = _Stack([made], channel)
        self._tell(person)
        return made

    def push(self, person: str, view: Any) -> Json:
        """Put a form on top of the open ones.

        Raises SlackError: not_found when none is open, push_limit_reached, and what `open` raises.
        """
        check_view(view, kind="modal")
        stack = self._stacks.get(person)
        if stack is None:
            raise SlackError("not_found")
        if len(stack.views) >= DEEPEST:
            raise SlackError("push_limit_reached")
        self._check_external_id(view)
        made = self._made(view, here=stack.channel)
        made["root_view_id"] = stack.views[0]["id"]
        made["previous_view_id"] = stack.views[-1]["id"]
        stack.views.append(made)
        self._tell(person)
        return made

    def update(
        self, view: Any, *, view_id: str | None, external_id: str | None, hash: str | None
    ) -> Json:
        """Replace an open form, or a Home, by id or external id; inputs keep what was typed.

        Raises SlackError: not_found, hash_conflict, invalid_arguments, duplicate_external_id.
        """
        person, stack, index = self._locate(view_id, external_id)
        if stack is None:
            return self.publish(person, view, hash=hash)
        check_view(view, kind="modal")
        old = stack.views[index]
        if hash is not None and hash != old["hash"]:
            raise SlackError("hash_conflict")
        self._check_external_id(view, besides=old["id"])
        stack.views[index] = self._made(view, old, here=stack.channel)
        self._tell(person)
        return stack.views[index]

    def publish(self, person: str, view: Any, *, hash: str | None = None) -> Json:
        """Set a person's App Home. Raises SlackError: hash_conflict, invalid_arguments."""
        check_view(view, kind="home")
        old = self._homes.get(person)
        if hash is not None and (old is None or hash != old["hash"]):
            raise SlackError("hash_conflict")
        made = self._made(view, old)
        made["root_view_id"] = made["id"]
        self._homes[person] = made
        self._store.put("home", person, made)
        self._watchers.tell("home", {"view": made}, person)
        return made

    # What the person does

    def remember(self, view: Json, state: Json) -> None:
        """Keep what the person has filled in so far."""
        view["state"] = state

    def close(self, person: str, view_id: str) -> list[Json]:
        """Take a form off the stack, and all below it if it clears on close; returns the closed."""
        stack = self._stacks[person]
        index = next(i for i, v in enumerate(stack.views) if v["id"] == view_id)
        start = 0 if stack.views[index].get("clear_on_close") else index
        return self._cut(person, start)

    def clear(self, person: str) -> list[Json]:
        """Close all of a person's forms; returns them, bottom first."""
        return self._cut(person, 0) if person in self._stacks else []

    def _cut(self, person: str, start: int) -> list[Json]:
        stack = self._stacks[person]
        closed = stack.views[start:]
        del stack.views[start:]
        if not stack.views:
            del self._stacks[person]
        self._tell(person)
        return closed

    def _tell(self, person: str) -> None:
        self._watchers.tell("view", {"stack": self.stack(person)}, person)

    def _locate(
        self, view_id: str | None, external_id: str | None
    ) -> tuple[str, _Stack | None, int]:
        def wanted(view: Json) -> bool:
            if view_id is not None:
                return bool(view["id"] == view_id)
            return bool(external_id and view["external_id"] == external_id)

        for person, stack in self._stacks.items():
            for index, view in enumerate(stack.views):
                if wanted(view):
                    return person, stack, index
        for person, view in self._homes.items():
            if wanted(view):
                return person, None, 0
        raise SlackError("not_found")

    def _check_external_id(self, view: Json, besides: str | None = None) -> None:
        wanted = view.get("external_id")
        open_views = [v for s in self._stacks.values() for v in s.views]
        for other in [*open_views, *self._homes.values()]:
            if wanted and other["external_id"] == wanted and other["id"] != besides:
                raise SlackError("duplicate_external_id")

    def _made(self, view: Json, old: Json | None = None, here: str | None = None) -> Json:
        blocks = with_ids(view["blocks"])
        made: Json = {
            "id": old["id"] if old else new_id("V"),
            "team_id": self._config.story.team_id,
            "type": view["type"],
            "blocks": blocks,
            "private_metadata": view.get("private_metadata") or "",
            "callback_id": view.get("callback_id") or "",
            "state": state_of(blocks, _still_fitting(blocks, old), here=here),
            "hash": f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}",
            "title": view.get("title"),
            "clear_on_close": bool(view.get("clear_on_close")),
            "notify_on_close": bool(view.get("notify_on_close")),
            "close": view.get("close"),
            "submit": view.get("submit"),
            "previous_view_id": old["previous_view_id"] if old else None,
            "root_view_id": old["root_view_id"] if old else None,
            "app_id": self._config.app_id,
            "external_id": view.get("external_id") or "",
            "app_installed_team_id": self._config.story.team_id,
            "bot_id": self._config.bot_id,
        }
        return made


def _still_fitting(blocks: list[Json], old: Json | None) -> Json:
    """What was typed into inputs that are still there: same block, same action, same kind."""
    if old is None:
        return {}
    kept: Json = {}
    for block, element in every_element(blocks):
        was = old["state"]["values"].get(block["block_id"], {}).get(element["action_id"])
        if was is None or was["type"] != element["type"]:
            continue
        if _fits(element, was):
            kept.setdefault(block["block_id"], {})[element["action_id"]] = was
    return kept


def _fits(element: Json, was: Json) -> bool:
    held = was[FIELDS[element["type"]].holds]
    if "options" not in element and "option_groups" not in element:
        return True
    known = {
        o["value"]
        for o in [
            *(element.get("options") or []),
            *(o for g in element.get("option_groups") or [] for o in g["options"]),
        ]
    }
    chosen = held if isinstance(held, list) else [held] if held else []
    return all(o["value"] in known for o in chosen)
