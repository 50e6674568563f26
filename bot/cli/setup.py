"""`migrate`, `manifest` and `doctor`: getting it to run, and to go on running."""

from __future__ import annotations

import json
from argparse import Namespace

from bot.app import build
from bot.cli.doctor import Finding, examine
from bot.settings import Settings
from bot.slack.manifest import manifest as slack_manifest
from storage.migrating import revisions, upgrade


async def migrate(arguments: Namespace, settings: Settings) -> int:
    """Upgrade the database to the present schema."""
    app = build(settings)
    try:
        await upgrade(app.database)
    finally:
        await app.database.close()
    print(f"The database is at {revisions()[-1]}.")
    return 0


async def manifest(arguments: Namespace, settings: Settings) -> int:
    """Print the app manifest to paste into Slack."""
    print(json.dumps(slack_manifest(arguments.url), indent=2))
    return 0


async def doctor(arguments: Namespace, settings: Settings) -> int:
    """Check the installation; 1 where something has to be mended."""
    findings = await examine(settings, arguments.workspace)
    if arguments.json:
        print(json.dumps([finding.as_dict() for finding in findings], indent=2))
    else:
        for finding in findings:
            print(_line(finding))
    return 0 if all(finding.well for finding in findings) else 1


def _line(finding: Finding) -> str:
    line = f"{'ok  ' if finding.well else 'MEND'}  {finding.what}: {finding.found}"
    return f"{line}\n      {finding.mend}" if finding.mend and not finding.well else line
