"""The parts that every payload to the bot has in common."""

import time

from bot.sandbox.config import SandboxConfig
from bot.sandbox.letters import VERIFICATION_TOKEN
from bot.sandbox.records import Channel, Json
from bot.sandbox.state import Workspace


class Payloads:
    """Writes who, where and which app, as Slack does."""

    def __init__(self, config: SandboxConfig, workspace: Workspace) -> None:
        self._config = config
        self._workspace = workspace

    def interaction(self, kind: str, person: str) -> Json:
        """The head of an interactive payload: type, user, team, app."""
        story = self._config.story
        handle = self._workspace.people[person].name
        return {
            "type": kind,
            "user": {"id": person, "username": handle, "name": handle, "team_id": story.team_id},
            "team": {"id": story.team_id, "domain": story.workspace_domain},
            "api_app_id": self._config.app_id,
            "token": VERIFICATION_TOKEN,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def command(
        self, person: str, channel: Channel, command: str, *, text: str, trigger: str, url: str
    ) -> Json:
        """The fields of a slash command."""
        story = self._config.story
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": story.team_id,
            "team_domain": story.workspace_domain,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": person,
            "user_name": self._workspace.people[person].name,
            "command": command,
            "text": text,
            "api_app_id": self._config.app_id,
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": trigger,
        }


def action_ts() -> str:
    """The moment of a press, in real time, as `action_ts` has it."""
    now = time.time_ns() // 1000
    return f"{now // 1_000_000}.{now % 1_000_000:06d}"
