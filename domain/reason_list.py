"""A workspace's own list of reasons: how it is written, and what it may hold.

One reason a line: `key | words | evidence | marks | other words`, such as
`budget | Budget cut | Who cut it | beyond our control, no fault | no budget, cost cutting`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from domain.errors import Refused
from domain.names import name_key, tidy
from domain.reasons import DEFAULT_REASONS, LONGEST_WORDING, UNKNOWN, Reason

FEWEST, MOST = 5, 12
"""How many reasons may be in use at a time."""

LONGEST_LABEL = 60
LONGEST_EVIDENCE = 150
_KEPT = 100  # reasons a list holds in all, retired ones included
_MOST_SYNONYMS = 20
_KEY = re.compile(r"[a-z0-9_]{1,40}")
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")
_BEYOND, _NO_FAULT, _RETIRED = "beyond our control", "no fault", "retired"
_MARKS = {"avoidable", _BEYOND, _NO_FAULT, _RETIRED}
_AS_LINES = "One reason a line: key | words | evidence | marks | other words."


@lru_cache(maxsize=256)
def read_reasons(text: str) -> tuple[Reason, ...]:
    """Read a list; empty is the one that every workspace starts with. Raises `Refused`."""
    if not text.strip():
        return DEFAULT_REASONS
    reasons = tuple(_read_line(line) for line in text.splitlines() if line.strip())
    for at, reason in enumerate(reasons):
        wrong = mistakes(reason, [*reasons[:at], *reasons[at + 1 :]])
        if wrong:
            raise Refused(f"{reason.label or reason.key}: {next(iter(wrong.values()))}")
    check_count(reasons)
    return reasons


def reasons_text(reasons: Sequence[Reason]) -> str:
    """Write a list as it is stored and typed; the one all start with is empty."""
    return "" if tuple(reasons) == DEFAULT_REASONS else "\n".join(map(line_of, reasons))


def line_of(reason: Reason) -> str:
    """Write one reason."""
    marks = ["avoidable" if reason.avoidable else _BEYOND]
    marks += [mark for mark, on in ((_NO_FAULT, reason.no_fault), (_RETIRED, reason.retired)) if on]
    parts = (reason.key, reason.label, reason.evidence, ", ".join(marks))
    return " | ".join((*parts, ", ".join(reason.synonyms)))


def mistakes(reason: Reason, others: Sequence[Reason]) -> dict[str, str]:
    """Say what is wrong with a reason beside the `others`, by field: label, evidence, synonyms."""
    wrong = {}
    said = _wrong_label(reason, others)
    if said:
        wrong["label"] = said
    if not reason.evidence or len(reason.evidence) > LONGEST_EVIDENCE or "|" in reason.evidence:
        wrong["evidence"] = f"What proves it, in up to {LONGEST_EVIDENCE} characters and no “|”."
    if len(reason.synonyms) > _MOST_SYNONYMS or not all(map(_is_wording, reason.synonyms)):
        wrong["synonyms"] = (
            f"Up to {_MOST_SYNONYMS} wordings with commas between them, each of up to "
            f"{LONGEST_WORDING} words."
        )
    return wrong


def check_count(reasons: Sequence[Reason]) -> None:
    """Refuse a list with too few or too many reasons in use."""
    in_use = sum(not reason.retired for reason in reasons)
    if not FEWEST <= in_use <= MOST:
        raise Refused(f"{FEWEST} to {MOST} reasons are in use at a time; that would be {in_use}.")
    if len(reasons) > _KEPT:
        raise Refused(f"The list holds {_KEPT} reasons, retired ones included.")


def new_key(label: str, reasons: Sequence[Reason]) -> str:
    """Make up the key under which a new reason is stored, whatever becomes of its words."""
    taken = {UNKNOWN.key, *(reason.key for reason in reasons)}
    stem = _NOT_IN_A_KEY.sub("_", name_key(label)).strip("_")[:36] or "reason"
    keys = (stem if number == 1 else f"{stem}_{number}" for number in range(1, len(taken) + 2))
    return next(key for key in keys if key not in taken)


def with_history(before: Sequence[Reason], after: Sequence[Reason]) -> tuple[Reason, ...]:
    """Give the new list; what it leaves out is kept as retired, so that old losses keep words."""
    listed = {reason.key for reason in after}
    gone = (replace(reason, retired=True) for reason in before if reason.key not in listed)
    return (*after, *gone)


def differing(before: Sequence[Reason], after: Sequence[Reason]) -> tuple[str, str]:
    """Write the reasons that differ between two lists: as they were, and as they are."""
    was, are = [line_of(reason) for reason in before], [line_of(reason) for reason in after]
    return (
        "; ".join(line for line in was if line not in are) or "none",
        "; ".join(line for line in are if line not in was) or "none",
    )


def split_synonyms(text: str) -> tuple[str, ...]:
    """Read other words for a reason, with commas or line breaks between them."""
    return tuple(dict.fromkeys(tidy(part) for part in re.split(r"[,\n]", text) if tidy(part)))


def _read_line(line: str) -> Reason:
    key, *rest = (tidy(part) for part in line.split("|"))
    if not 2 <= len(rest) <= 4 or not _KEY.fullmatch(key) or key == UNKNOWN.key:
        raise Refused(_AS_LINES)
    label, evidence, marked, synonyms = (*rest, "", "")[:4]
    marks = set(split_synonyms(marked.lower()))
    if marks - _MARKS:
        raise Refused(f"{label}: the marks are {', '.join(sorted(_MARKS))}.")
    return Reason(
        key,
        label,
        evidence,
        avoidable=_BEYOND not in marks,
        no_fault=_NO_FAULT in marks,
        synonyms=split_synonyms(synonyms),
        retired=_RETIRED in marks,
    )


def _wrong_label(reason: Reason, others: Sequence[Reason]) -> str:
    if not _is_wording(reason.label):
        return (
            f"Up to {LONGEST_WORDING} words and {LONGEST_LABEL} characters, without commas: it is "
            "what people type."
        )
    if reason.key in {other.key for other in others}:
        return f"The key {reason.key} is there twice."
    same = [o for o in (*others, UNKNOWN) if name_key(o.label) == name_key(reason.label)]
    if not same:
        return ""
    if same[0].retired and not reason.retired:
        return f"“{same[0].label}” is on the list, retired. Bring that one back."
    return f"“{same[0].label}” is on the list already."


def _is_wording(words: str) -> bool:
    return (
        0 < len(words) <= LONGEST_LABEL
        and len(words.split()) <= LONGEST_WORDING
        and not set(words) & set(",|\n")
    )
