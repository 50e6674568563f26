"""How the words after `/lost drawer` are read: which accounts, in which order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.names import tidy
from domain.reasons import DEFAULT_REASONS, LONGEST_WORDING, Reason, match_reason


class Sort(StrEnum):
    """The orders of the drawer: dearest first, longest lost first, by name."""

    VALUE = "value"
    AGE = "age"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class DrawerFilter:
    """What is looked for; all of it has to fit.

    `reasons`: keys, any of which fits. `older_than`: days since the loss. `lost_by`: a person's
    name or part of it. `name`: words of the account's name.
    """

    reasons: tuple[str, ...] = ()
    tier: str | None = None
    older_than: int | None = None
    lost_by: str | None = None
    region: str | None = None
    name: str | None = None
    sort: Sort = Sort.VALUE


_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_BEGINS = r"(?:older|lost\s+by|tier|region|in|sort(?:ed)?|by|biggest|oldest)\b"
_PHRASE = rf"(?:[\"“”](?P<quoted>[^\"“”]+)[\"“”]|(?P<words>(?:(?!{_BEGINS})[^\s,]+\s*)+))"
_OLDER = re.compile(
    r"\bolder\s+than\s+(?P<count>\d{1,4})(?:\s*(?P<unit>d|w|m|y)(?:ays?|eeks?|onths?|ears?)?)?\b",
    re.IGNORECASE,
)
_LOST_BY = re.compile(rf"\blost\s+by\s+{_PHRASE}", re.IGNORECASE)
_TIER = re.compile(
    r"\btier\s+(?:[\"“”](?P<quoted>[^\"“”]+)[\"“”]|(?P<words>most\s+profitable|longest\s+held|[^\s,]+))",
    re.IGNORECASE,
)
_REGION = re.compile(rf"\b(?:region|in)\s+{_PHRASE}", re.IGNORECASE)
_SORT = re.compile(
    r"\b(?:(?P<first>biggest|oldest)(?:\s+first|(?=\s*(?:,|$)))|(?:sort(?:ed)?\s+)?by\s+(?P<by>value|age|name))\b",
    re.IGNORECASE,
)
_SORTS = {"biggest": Sort.VALUE, "oldest": Sort.AGE}
_QUOTED_NAME = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")
_JOINTS = re.compile(r"(?:^|\s)(?:and|with|reason)(?=\s|$)|,", re.IGNORECASE)


def read_filter(text: str, reasons: tuple[Reason, ...] = DEFAULT_REASONS) -> DrawerFilter:
    """Read a filter such as "price, tier A, older than 30, lost by Ada, in Central, by age".

    What is none of these is part of the account's name; in quotes it always is.
    """
    rest = tidy(text)
    sort, rest = _cut(_SORT, rest)
    older, rest = _cut(_OLDER, rest)
    lost_by, rest = _cut(_LOST_BY, rest)
    tier, rest = _cut(_TIER, rest)
    region, rest = _cut(_REGION, rest)
    quoted, rest = _cut(_QUOTED_NAME, rest)
    keys, words = _take_reasons(_JOINTS.sub(" ", rest).split(), reasons)
    name = " ".join([*([quoted[1]] if quoted else []), *words])
    return DrawerFilter(
        reasons=tuple(keys),
        tier=_phrase(tier),
        older_than=int(older["count"]) * _DAYS[(older["unit"] or "d").lower()] if older else None,
        lost_by=_phrase(lost_by),
        region=_phrase(region),
        name=tidy(name) or None,
        sort=_sort(sort),
    )


def _cut(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    """Cut the first match out of a text."""
    match = pattern.search(text)
    return match, text if match is None else f"{text[: match.start()]} {text[match.end() :]}"


def _phrase(match: re.Match[str] | None) -> str | None:
    return tidy(match["quoted"] or match["words"]) if match else None


def _sort(match: re.Match[str] | None) -> Sort:
    if match is None:
        return Sort.VALUE
    return _SORTS[match["first"].lower()] if match["first"] else Sort(match["by"].lower())


def _take_reasons(words: list[str], reasons: tuple[Reason, ...]) -> tuple[list[str], list[str]]:
    """Take the reasons out of the words, the longest wording first; give both."""
    for length in range(min(len(words), LONGEST_WORDING), 0, -1):
        for start in range(len(words) - length + 1):
            reason = match_reason(" ".join(words[start : start + length]), reasons)
            if reason is not None:
                before, left = _take_reasons(words[:start], reasons)
                after, right = _take_reasons(words[start + length :], reasons)
                return list(dict.fromkeys([*before, reason.key, *after])), [*left, *right]
    return [], words
