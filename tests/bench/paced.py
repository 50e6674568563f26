"""`python -m tests.bench.paced worker`: the bot as it is, in a workspace without a pace as a whole.

Slack lets one workspace have some messages a second. To see hundreds of channels at their own pace
in one workspace, that limit is lifted; the one of each channel stays.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from unittest.mock import patch

from bot.app import Application, build
from bot.cli import processes
from bot.cli.main import main
from bot.settings import Settings
from domain.pace import Pace
from jobs.worker import Worker


def _paced(settings: Settings) -> Application:
    app = build(settings)
    app.worker = Worker(app.database, app.slack.sender, app.clock, pace=Pace(workspace=timedelta()))
    return app


if __name__ == "__main__":
    with patch.object(processes, "build", _paced):
        sys.exit(main(sys.argv[1:], os.environ))
