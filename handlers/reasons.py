"""The workspace's list of reasons: the one place it is read from."""

from __future__ import annotations

from domain.reasons import DEFAULT_REASONS, UNKNOWN, Reason, reason_label
from domain.rules import Rules


def reasons_of(_rules: Rules) -> tuple[Reason, ...]:
    """Give the reasons of a workspace, in the order in which they are offered."""
    return DEFAULT_REASONS


def label_of(key: str | None, rules: Rules) -> str:
    """Give the words for a stored reason, "Not known yet" for none."""
    return reason_label(key, reasons_of(rules))


def reason_options(rules: Rules) -> tuple[tuple[str, str], ...]:
    """Give (key, words) of every reason for a form, and last that it is not known yet."""
    return tuple((r.key, r.label) for r in (*reasons_of(rules), UNKNOWN))
