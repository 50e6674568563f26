"""`python -m tests.trials.hurried worker`: the bot as it is, on a clock that runs fast.

A lease of a dead worker then runs out within seconds, and so does every other wait.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from unittest.mock import patch

from bot.app import Application, Clock, build, real_clock
from bot.cli import processes
from bot.cli.main import main
from bot.settings import Settings

SINCE, RATE = "TRIAL_SINCE", "TRIAL_RATE"
"""The variables that say since when the clock runs fast (ISO, with zone), and how fast."""

BUILT = "built, and about to work"
"""What it says once everything slow about beginning is over."""


def hurried_clock(since: datetime, rate: float) -> Clock:
    """Make a clock that shows the same in every process."""
    return lambda: since + (real_clock() - since) * rate


def _hurried(settings: Settings) -> Application:
    clock = hurried_clock(datetime.fromisoformat(os.environ[SINCE]), float(os.environ[RATE]))
    app = build(settings, clock)
    print(BUILT, flush=True)  # noqa: T201  # for whoever waits until it can be killed at work
    return app


if __name__ == "__main__":
    with patch.object(processes, "build", _hurried):
        sys.exit(main(sys.argv[1:], os.environ))
