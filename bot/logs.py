"""Log lines, for people or machines; never with tokens or customers' contacts."""

from __future__ import annotations

import json
import logging
import re
import sys

from bot.settings import Settings

_TOKEN = re.compile(r"\b(xox[a-z]|xapp)-[\w-]+")
_LOUD = ("slack_bolt", "slack_sdk", "bot.slack.sdk", "alembic", "uvicorn.access")
_LOUDER = ("apscheduler",)  # a tick that finds the one before still at work is nothing to report


def configure_logging(settings: Settings) -> None:
    """Set the form and level of log lines, and report errors where the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(settings.logging_level)  # for loggers that have a level of their own, too
    handler.setFormatter(_JsonLines() if settings.log_format == "json" else _TextLines())
    logging.basicConfig(level=settings.logging_level, handlers=[handler], force=True)
    for name in _LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, settings.logging_level))
    for name in _LOUDER:
        logging.getLogger(name).setLevel(logging.ERROR)
    if settings.sentry_dsn:
        import sentry_sdk  # noqa: PLC0415  # takes long to load, and few want it

        sentry_sdk.init(
            settings.sentry_dsn,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
        )


def redacted(text: str) -> str:
    """Take anything that looks like a token out of a text."""
    return _TOKEN.sub(r"\1-…", text)


class _TextLines(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return redacted(json.dumps(line, ensure_ascii=False))
