"""Who lives in the workspace, and what there is to try: passed in, never invented here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TrafficEntry = Mapping[str, Any]
"""One line of the traffic inspector: kind, name, direction, ok, request, response."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone to act as.

    `id` looks like Slack's (`U…`), `name` is the handle, `tz` an IANA zone, `colour` six hex
    digits, `quiet` the local do-not-disturb window as (`"22:00"`, `"08:00"`).
    """

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "UTC"
    tz_label: str = ""
    colour: str = "4a6fa5"
    role_hint: str = ""
    email: str = ""
    locale: str = "en-US"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    deleted: bool = False
    quiet: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SeedChannel:
    """A channel that exists from the start; `members` are ids of people."""

    id: str
    name: str
    topic: str = ""
    members: tuple[str, ...] = ()
    app_member: bool = False
    is_private: bool = False
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One line of "what to try", done once `done_by` accepts an entry of the traffic."""

    id: str
    text: str
    done_by: Callable[[TrafficEntry], bool]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the message box offers behind a slash command."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the workspace starts with."""

    people: tuple[Person, ...]
    channels: tuple[SeedChannel, ...] = ()
    steps: tuple[Step, ...] = ()
    suggestions: Mapping[str, tuple[Suggestion, ...]] = field(default_factory=dict)
    team_id: str = "T0SANDBOX"
    workspace_name: str = "Sandbox"
    workspace_domain: str = "sandbox"


def seen(kind: str, name_starts_with: str = "", **request: Any) -> Callable[[TrafficEntry], bool]:
    """A predicate for `Step`: a good entry of that kind, name prefix and request values."""

    def done_by(entry: TrafficEntry) -> bool:
        if entry["kind"] != kind or not entry["ok"]:
            return False
        if not str(entry["name"]).startswith(name_starts_with):
            return False
        sent = entry.get("request") or {}
        return all(isinstance(sent, Mapping) and sent.get(k) == v for k, v in request.items())

    return done_by


def story_from_json(seed: Mapping[str, Any]) -> Story:
    """Build a story from parsed JSON; steps are `{"id", "text", "kind", "name"}`.

    Raises KeyError or TypeError where the seed does not have the shape of `Story`.
    """
    people = tuple(
        Person(**{**p, "quiet": tuple(p["quiet"]) if p.get("quiet") else None})
        for p in seed["people"]
    )
    channels = tuple(
        SeedChannel(**{**c, "members": tuple(c.get("members", ()))})
        for c in seed.get("channels", ())
    )
    steps = tuple(
        Step(s["id"], s["text"], seen(s["kind"], s.get("name", ""), **s.get("request", {})))
        for s in seed.get("steps", ())
    )
    suggestions = {
        command: tuple(Suggestion(**s) for s in offered)
        for command, offered in seed.get("suggestions", {}).items()
    }
    plain = {k: seed[k] for k in ("team_id", "workspace_name", "workspace_domain") if k in seed}
    return Story(people, channels, steps, suggestions, **plain)
