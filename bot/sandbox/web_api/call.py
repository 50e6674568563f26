"""One call of a Web API method: its arguments, and the table row that says who may make it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.pace import TIER_3
from bot.sandbox.parts import Parts
from bot.sandbox.records import Channel, Json
from bot.sandbox.story import Person

YES = frozenset({True, "true", "True", "1"})


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked, of which sandbox. Form fields arrive as texts, JSON bodies as values."""

    parts: Parts
    args: Mapping[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """An argument as text."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """An argument that must be there. Raises SlackError invalid_arguments."""
        value = self.args.get(name)
        if value is None or value == "":
            raise missing(name)
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """An argument as true or false."""
        value = self.args.get(name)
        return default if value is None else value in YES

    def number(self, name: str, default: int) -> int:
        """An argument as a whole number. Raises SlackError invalid_arguments."""
        try:
            return int(self.args.get(name, default))
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments") from None

    def data(self, name: str, default: Any, error: str = "invalid_arguments") -> Any:
        """An argument that is JSON, in a form field as text."""
        value = self.args.get(name)
        if value is None or value == "":
            return default
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def require_scope(self, scope: str) -> None:
        """Raise SlackError missing_scope unless the manifest asks for the scope."""
        provided = self.parts.config.manifest.scopes
        if scope not in provided:
            raise SlackError(
                "missing_scope", needed=scope, provided=",".join(sorted(provided)) or "none"
            )

    def person(self, id: str) -> Person:
        """A person of the workspace. Raises SlackError user_not_found."""
        person = self.parts.workspace.people.get(id)
        if person is None:
            raise SlackError("user_not_found")
        return person

    def channel(self, id: str) -> Channel:
        """A channel that the app can see, by id. Raises SlackError channel_not_found."""
        channel = self.parts.workspace.channels.get(id)
        hidden = channel is not None and channel.private and self.bot not in channel.members
        if channel is None or hidden:
            raise SlackError("channel_not_found")
        return channel

    def require_public_posting(self, channel: Channel) -> None:
        """Raise SlackError not_in_channel unless the app may post where it is not a member."""
        if channel.private or "chat:write.public" not in self.parts.config.manifest.scopes:
            raise SlackError("not_in_channel")

    @property
    def bot(self) -> str:
        """The app's user id."""
        return self.parts.config.bot_user


def missing(name: str) -> SlackError:
    """The refusal of a call that lacks an argument."""
    line = f"[ERROR] missing required field: {name}"
    return SlackError("invalid_arguments", response_metadata={"messages": [line]})


@dataclass(frozen=True, slots=True)
class Method:
    """A row of the table: function, scopes it needs, calls per minute, kind of token."""

    run: Callable[[Call], Awaitable[Json]]
    scopes: tuple[str, ...] = ()
    per_minute: int = TIER_3
    token: str | None = "bot"
