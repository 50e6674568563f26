"""The command line: from words to an exit code."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import Coroutine, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol

from dotenv import dotenv_values
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.arguments import parser
from bot.cli.wrong_usage import WrongUsage
from bot.logs import configure_logging
from bot.settings import Settings, SettingsError
from domain.errors import LostAndFoundError, Refused

DONE, FAILED, WRONG_USAGE = 0, 1, 2


def main(words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Carry out one command and give its exit code.

    0 done, 1 failed (one line on stderr says why), 2 wrong usage or settings. A `.env` in the
    current folder is read; what the environment sets itself wins.
    """
    try:
        arguments = parser().parse_args(words)
    except SystemExit as ended:
        return int(ended.code or 0)
    try:
        written = {k: v for k, v in dotenv_values(Path(".env")).items() if v is not None}
        told = {**_quiet(arguments), **written, **environ}
        settings = Settings.from_env(told)
        configure_logging(settings)
        return asyncio.run(_run(arguments, settings))
    except SettingsError as error:
        for mistake in error.mistakes:
            print(f"settings: {mistake}.", file=sys.stderr)
        return WRONG_USAGE
    except WrongUsage as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE
    except KeyboardInterrupt:
        return DONE
    except BrokenPipeError:  # whoever reads us has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (LostAndFoundError, OSError, SQLAlchemyError) as error:
        says = error.sentence if isinstance(error, Refused) else _one_line(error)
        print(says, file=sys.stderr)
        return FAILED


def _quiet(arguments: Namespace) -> dict[str, str]:
    """Let a command that ends by itself say on stderr why it failed, and nothing else."""
    return {} if arguments.run.startswith("processes.") else {"LOG_LEVEL": "error"}


class _Runs(Protocol):
    def __call__(
        self, arguments: Namespace, settings: Settings
    ) -> Coroutine[object, object, int]: ...


async def _run(arguments: Namespace, settings: Settings) -> int:
    module, _, function = arguments.run.partition(".")
    run: _Runs = getattr(import_module(f"bot.cli.{module}"), function)
    return await run(arguments, settings)


def _one_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else 'no more is known'}"
