"""Processes of the bot that begin where loading ends: forked from one that has loaded everything.

Loading costs some two seconds of processor, a hundred times over. A process begun so has memory,
signals, files and an end of its own like any other; those that load for themselves have tests too.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_LOADED = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(
    [
        *(f"bot.cli.{name}" for name in ("main", "desk", "files", "processes", "setup", "work")),
        *("bot.slack.ears", "alembic.command", "holidays", "openpyxl"),
    ]
)


class Forked:
    """What `subprocess.Popen` gives for `python -m module words…`; output goes to files' ends."""

    def __init__(
        self,
        module: str,
        words: Sequence[str],
        *,
        folder: Path,
        environ: Mapping[str, str],
        out: Path,
        err: Path,
    ) -> None:
        given = (module, tuple(words), folder, dict(environ), (out, err))
        self._process = _LOADED.Process(target=_become, args=given, daemon=True)
        self._process.start()

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and give its exit code. Raises `TimeoutExpired` as Popen does."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired("bot", timeout or 0)
        return code

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def _become(
    module: str,
    words: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    outputs: tuple[Path, Path],
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    for stream, path in enumerate(outputs, start=1):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(opened, stream)
        os.close(opened)
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
