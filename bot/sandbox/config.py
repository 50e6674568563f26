"""Everything a sandbox is told before it starts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.sandbox.manifest import Manifest
from bot.sandbox.story import Story

ClockHook = Callable[[datetime], Awaitable[None]]
ResetHook = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class SandboxConfig:
    """How one sandbox is set up.

    Times are in real seconds and default to Slack's own. `port` 0 lets the system choose; a port
    that is taken gives way to the next free one. Without a `state_folder` nothing outlives the
    process. `enforce_rates` adds the tiers of every method to the pace of posting, which is kept
    unless `post_per_second` is 0. `on_clock_moved` is awaited after each step of the clock,
    `on_reset` after the workspace was emptied.
    """

    manifest: Manifest
    story: Story
    state_folder: Path | None = None
    port: int = 0
    mode: Literal["socket", "http"] = "socket"
    events_url: str | None = None
    bot_token: str = "xoxb-sandbox-bot-token"
    app_token: str = "xapp-sandbox-app-token"
    signing_secret: str = "sandbox-signing-secret"
    client_id: str = "1000.2000"
    client_secret: str = "sandbox-client-secret"
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    response_url_seconds: float = 30 * 60.0
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    enforce_rates: bool = False
    post_per_second: float = 1.0
    post_burst: int = 5
    on_clock_moved: ClockHook | None = None
    on_reset: ResetHook | None = None
    page_folder: Path = Path(__file__).parent / "page"

    app_id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    bot_user: str = "U0SANDBOT"

    def __post_init__(self) -> None:
        if self.mode == "http" and not self.events_url:
            raise ValueError("mode 'http' needs the bot's events_url")
