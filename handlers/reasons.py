"""The workspace's list of reasons: the one place it is read from."""

from __future__ import annotations

from domain.reason_list import read_reasons
from domain.reasons import UNKNOWN, Reason, reason_label
from domain.rules import Rules


def reasons_of(rules: Rules) -> tuple[Reason, ...]:
    """Give the reasons that are in use, in the order in which they are offered."""
    return tuple(reason for reason in all_reasons_of(rules) if not reason.retired)


def all_reasons_of(rules: Rules) -> tuple[Reason, ...]:
    """Give every reason the workspace ever had, those in use first: what is stored bears them."""
    return tuple(sorted(read_reasons(rules.reasons), key=lambda reason: reason.retired))


def label_of(key: str | None, rules: Rules) -> str:
    """Give the words for a stored reason, "Not known yet" for none."""
    return reason_label(key, all_reasons_of(rules))


def known_reasons(rules: Rules) -> tuple[str, ...]:
    """Give the keys that may be stored: a retired one stays where it is, in a form that has it."""
    return tuple(reason.key for reason in (*all_reasons_of(rules), UNKNOWN))


def reason_options(rules: Rules, kept: str | None = None) -> tuple[tuple[str, str], ...]:
    """Give (key, words) of the reasons for a form, and last that it is not known yet.

    `kept` is the one chosen before; it is offered though it be retired.
    """
    offered = [r for r in all_reasons_of(rules) if not r.retired or r.key == kept]
    return tuple((r.key, r.label) for r in (*offered, UNKNOWN))
