"""A sandbox as a process of its own: `python -m bot.sandbox --manifest FILE --seed FILE …`."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from bot.sandbox.config import SandboxConfig
from bot.sandbox.manifest import Manifest
from bot.sandbox.server import Sandbox
from bot.sandbox.story import story_from_json


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; the first line of output is the address, as JSON."""
    try:
        config = _config(_parser().parse_args(arguments))
    except (OSError, KeyError, TypeError, ValueError) as wrong:
        sys.stderr.write(f"{type(wrong).__name__}: {wrong}\n")
        return 2
    asyncio.run(_serve(config))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bot.sandbox", description="A local Slack for a bot.")
    parser.add_argument("--manifest", type=Path, required=True, help="the app's manifest, JSON")
    parser.add_argument("--seed", type=Path, required=True, help="people and channels, JSON")
    parser.add_argument("--port", type=int, default=0, help="0: the system chooses")
    parser.add_argument("--state", type=Path, default=None, help="a folder; none: in memory")
    parser.add_argument("--mode", choices=("socket", "http"), default="socket")
    parser.add_argument("--events-url", default=None, help="the bot's request URL (mode http)")
    parser.add_argument("--bot-token", default=SandboxConfig.bot_token)
    parser.add_argument("--app-token", default=SandboxConfig.app_token)
    parser.add_argument("--signing-secret", default=SandboxConfig.signing_secret)
    parser.add_argument("--client-id", default=SandboxConfig.client_id)
    parser.add_argument("--client-secret", default=SandboxConfig.client_secret)
    parser.add_argument("--ack-seconds", type=float, default=3.0)
    parser.add_argument(
        "--retry-delays", default="0,60,300", help="seconds before each retry of an event"
    )
    parser.add_argument("--post-per-second", type=float, default=1.0, help="0: no pace")
    parser.add_argument("--enforce-rates", action="store_true", help="every method's tier too")
    return parser


def _config(asked: argparse.Namespace) -> SandboxConfig:
    return SandboxConfig(
        Manifest.from_dict(json.loads(asked.manifest.read_text())),
        story_from_json(json.loads(asked.seed.read_text())),
        state_folder=asked.state,
        port=asked.port,
        mode=asked.mode,
        events_url=asked.events_url,
        bot_token=asked.bot_token,
        app_token=asked.app_token,
        signing_secret=asked.signing_secret,
        client_id=asked.client_id,
        client_secret=asked.client_secret,
        ack_seconds=asked.ack_seconds,
        retry_delays=tuple(float(s) for s in asked.retry_delays.split(",")),
        post_per_second=asked.post_per_second,
        enforce_rates=asked.enforce_rates,
    )


async def _serve(config: SandboxConfig) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    sandbox = Sandbox(config)
    address = await sandbox.start()
    sys.stdout.write(json.dumps({"address": address, "api_url": sandbox.api_url}) + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await sandbox.stop()


if __name__ == "__main__":
    sys.exit(main())
