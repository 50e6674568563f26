"""What the app's manifest says of it: its commands, scopes and subscriptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EVENT_SCOPES: Mapping[str, str] = {
    "app_mention": "app_mentions:read",
    "file_shared": "files:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "user_change": "users:read",
}


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command the app has registered; `escapes` asks for `<@U…|name>` in place of `@name`."""

    command: str
    description: str = ""
    usage_hint: str = ""
    escapes: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of a Slack app manifest that decide how Slack treats the app."""

    name: str
    bot_name: str
    commands: tuple[SlashCommand, ...]
    scopes: frozenset[str]
    events: frozenset[str]
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool
    interactivity: bool
    redirect_urls: tuple[str, ...]

    @classmethod
    def from_dict(cls, manifest: Mapping[str, Any]) -> "Manifest":
        """Read a parsed manifest; what it leaves out has Slack's own default.

        Raises KeyError when the app has no name.
        """
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        oauth = manifest.get("oauth_config", {})
        home = features.get("app_home", {})
        name = manifest["display_information"]["name"]
        return cls(
            name=name,
            bot_name=features.get("bot_user", {}).get("display_name", name),
            commands=tuple(
                SlashCommand(
                    c["command"],
                    c.get("description", ""),
                    c.get("usage_hint", ""),
                    bool(c.get("should_escape", False)),
                )
                for c in features.get("slash_commands", ())
            ),
            scopes=frozenset(oauth.get("scopes", {}).get("bot", ())),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            home_tab=bool(home.get("home_tab_enabled", False)),
            messages_tab=bool(home.get("messages_tab_enabled", True)),
            messages_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
            interactivity=bool(settings.get("interactivity", {}).get("is_enabled", False)),
            redirect_urls=tuple(oauth.get("redirect_urls", ())),
        )

    def hears(self, event: str) -> bool:
        """Whether Slack sends the app this event: subscribed to, and with the scope it needs."""
        needed = EVENT_SCOPES.get(event)
        return event in self.events and (needed is None or needed in self.scopes)

    def command(self, name: str) -> SlashCommand | None:
        """The registered command of that name, with its slash, or None."""
        return next((c for c in self.commands if c.command == name), None)
