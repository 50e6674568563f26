"""Writes docs/reference/ from the code: `python docs/write_reference.py`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.settings import VARIABLES  # noqa: E402  # the path above comes first
from domain.roles import Permission, Role, can, holders  # noqa: E402
from domain.rules import describe  # noqa: E402
from handlers.registry import ACTIONS, COMMANDS, FORMS  # noqa: E402
from jobs.table import JOBS  # noqa: E402


class Reached(Protocol):
    """A row of the registry, as far as roles go."""

    @property
    def permission(self) -> Permission: ...


_GROUPS = {"rep": "For reps", "manager": "For managers", "everyone": "For everyone"}


def pages() -> dict[str, str]:
    """Give the text of each page of the reference by its file's name."""
    return {
        "commands.md": _commands(),
        "settings.md": _settings(),
        "environment.md": _environment(),
        "jobs.md": _jobs(),
        "roles.md": _roles(),
    }


def _commands() -> str:
    parts = [
        "# Commands in chat",
        "`/lost ACCOUNT, REASON` logs a loss, bare `/lost` opens the form, and "
        "`/found ACCOUNT` is `/lost found ACCOUNT`. An account whose name begins with the name of "
        "a command goes into quotes.",
    ]
    for group, title in _GROUPS.items():
        rows = [row for row in COMMANDS.values() if row.group == group]
        lines = [
            f"| `/lost {row.usage}` | {row.says} | {', '.join(holders(row.permission))} |"
            for row in rows
        ]
        parts.append(
            f"## {title}\n\n" + "\n".join(["| type | does | who may |", "|---|---|---|", *lines])
        )
    return "\n\n".join(parts).replace("[add|remove", "[add\\|remove") + "\n"


def _settings() -> str:
    lines = [f"| `{key}` | {_shown(default)} | {says} |" for key, default, says in describe()]
    head = (
        "# Settings of a workspace\n\nIn chat with `/lost settings`, or from a script with "
        "`python -m bot settings KEY=VALUE`.\n\n| setting | default | says |\n|---|---|---|\n"
    )
    return head + "\n".join(lines) + "\n"


def _shown(default: str | int | bool) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    text = str(default)
    if "\n" in text:
        return "(a text)"
    return text.replace(",", ", ") or "(none)"


def _environment() -> str:
    lines = [f"| `{name}` | {says} |" for name, says in VARIABLES.items()]
    head = "# Environment\n\nRead from the environment and from a `.env` in the current folder.\n\n"
    return head + "| variable | says |\n|---|---|\n" + "\n".join(lines) + "\n"


def _jobs() -> str:
    lines = [f"| `{job.name}` | {job.says} |" for job in JOBS]
    head = "# Jobs\n\n`python -m bot jobs run NAME --at INSTANT` runs one as if it were then.\n\n"
    return head + "| job | does |\n|---|---|\n" + "\n".join(lines) + "\n"


def _roles() -> str:
    columns = list(Role)
    matrix = [
        f"| {permission} | " + " | ".join("✓" if can(r, permission) else "" for r in columns) + " |"
        for permission in Permission
    ]
    reached = [
        f"| {permission} | {_behind(permission, COMMANDS, '/lost ')} | "
        f"{_behind(permission, ACTIONS)} | {_behind(permission, FORMS)} |"
        for permission in Permission
    ]
    return (
        "# Who may do what\n\nWritten from `domain/roles.py`; every command, button and form asks "
        "there. Owners and admins of Slack count as admins until a workspace has one of its own."
        f"\n\n| may | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}\n"
        + "\n".join(matrix)
        + "\n\n## What each stands before\n\n| may | commands | buttons | forms |\n"
        + "|---|---|---|---|\n"
        + "\n".join(reached)
        + "\n"
    )


def _behind(permission: Permission, rows: Mapping[str, Reached], before: str = "") -> str:
    return ", ".join(f"`{before}{name}`" for name, r in rows.items() if r.permission == permission)


if __name__ == "__main__":
    for name, text in pages().items():
        (ROOT / "docs" / "reference" / name).write_text(text)
