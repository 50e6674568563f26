"""A local Slack one can hold in the hand: the demo, the workbench and the double of the tests."""

from bot.sandbox.config import SandboxConfig
from bot.sandbox.manifest import Manifest, SlashCommand
from bot.sandbox.server import Sandbox
from bot.sandbox.story import (
    Person,
    SeedChannel,
    Step,
    Story,
    Suggestion,
    seen,
    story_from_json,
)

__all__ = [
    "Manifest",
    "Person",
    "Sandbox",
    "SandboxConfig",
    "SeedChannel",
    "SlashCommand",
    "Step",
    "Story",
    "Suggestion",
    "seen",
    "story_from_json",
]
