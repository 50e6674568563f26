"""Which column of a file is which field: by its heading first, then by what stands below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache

from domain.account_life import State
from domain.cell_words import (
    Stage,
    any_of,
    is_figure,
    read_currency,
    read_email,
    read_kind,
    read_platform_id,
    read_role,
    read_stage,
    read_weight,
    read_yes_no,
)
from domain.columns import FIELDS, WHO, Field, Kind, Reads, field_named, folded
from domain.errors import Refused
from domain.reasons import DEFAULT_REASONS, Reason, match_reason
from domain.written_days import Order, read_day
from domain.written_sums import CURRENCIES

IGNORED = ""
"""What a column is mapped to that is to be passed over."""

_OWN_COLUMNS = ["line", "why"]  # what a rejects file puts before the row's own columns
_NEARLY = 0.9  # of 1, difflib: "Custommer" is "customer"
_SHORTEST_SLIP = 5  # letters of a heading that may be mistyped
_MOSTLY = 0.8  # share of a column's cells that must read as a field before its content decides
_LONGEST_HEADING = 60
_SHORT_ID = 6  # characters: an article's number may look like a short Slack id
_ABOUT_DEALS = any_of(
    "deal, opportunity, opp, subscription, subscriptions, customers, custom, properties, churn, "
    "churned, cancellation"
)
"""Words that a system puts before the name of a column; "Churn ARR" is "ARR"."""

_TOO_BARE = frozenset({"id", "name", "title", "type"})  # what is left of "Deal name" is no account
_ANOTHER_THING = any_of(
    "id, ids, number, email, mail, phone, mobile, fax, domain, url, website, link, address, type, "
    "role, count, currency, probability, expected, due, forecast, estimated, est, projected, "
    "target, previous, prior, next, parent, created, create, creation, modified, updated, update, "
    "activity, seen, login, start, started, signed, signup, timestamp, birth, resolved, founded, "
    "won, renewal, import"
)
"""Words that make another thing of a heading: the "Last activity date" is no last day."""
_TELLS_A_LOSS = frozenset(
    {"reason", "last_day", "lost_on", "stage", "what_happened", "wake_on", "preventable"}
)
_TELLS_A_MEMBER = frozenset({"manager", "role", "email", "platform_id", "time_zone", "weight"})
_TELLS_NO_MEMBER = frozenset({"reason", "competitor", "lost_on"})
_TELLS_A_NAME = frozenset({"name", "first_name", "last_name"})
_STATES = frozenset(State)
_UNITS = CURRENCIES | {"IN"}
_VOCABULARY: dict[Reads, Callable[[str], object | None]] = {
    Reads.KIND: read_kind,
    Reads.ROLE: read_role,
    Reads.YES_NO: read_yes_no,
    Reads.WEIGHT: read_weight,
    Reads.CURRENCY: read_currency,
    Reads.DAY: re.compile(r"\d").search,
    Reads.SUM: re.compile(r"\d").search,
}


def _read_any_day(text: str) -> date | None:
    return read_day(text, Order.MONTH_FIRST) or read_day(text, Order.DAY_FIRST)


_CONTENT: dict[Reads, Callable[[str], object | None]] = {
    Reads.EMAIL: read_email,
    Reads.PLATFORM_ID: lambda text: read_platform_id(text) if len(text) > _SHORT_ID else None,
    Reads.DAY: lambda text: None if text.isdigit() else _read_any_day(text),
}
_BY_CONTENT = {
    Kind.ACCOUNTS: (),
    Kind.LOSSES: ("reason", "last_day"),
    Kind.MEMBERS: ("platform_id", "email"),
}


class Unmatched(Refused):
    """No column says whom the rows are about; somebody who knows the file can."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its heading, a few of its values, and the field it is ("" for none)."""

    heading: str
    samples: tuple[str, ...]
    field: str = IGNORED


@dataclass(frozen=True, slots=True)
class Match:
    """What a file is about, and each of its columns in order."""

    kind: Kind
    columns: tuple[Column, ...]

    def positions(self) -> dict[str, int]:
        """Give the column number (from 0) of each field that was found."""
        return {column.field: i for i, column in enumerate(self.columns) if column.field}


def match_columns(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    kind: Kind | None = None,
    chosen: Mapping[str, str] | None = None,
    reasons: tuple[Reason, ...] = DEFAULT_REASONS,
) -> Match:
    """Match a file's columns to fields; `rows` are the first rows below the headings.

    `chosen` maps headings to fields in words and counts before all guesses; `IGNORED`, "-" or
    "ignore" leaves a column out. Raises `Refused` where a heading or field is not known, and
    `Unmatched` where no column says whom the rows are about.
    """
    samples = [
        tuple(row[i].strip() for row in rows if i < len(row) and row[i].strip())
        for i in range(len(headings))
    ]
    wishes = {column_called(name, headings): words for name, words in (chosen or {}).items()}
    kinds = [kind] if kind else [k for k in Kind if all(_known(k, w) for w in wishes.values())]
    found = {k: _assign(k, headings, samples, wishes, reasons) for k in kinds or Kind}
    best = kind or _guess(found, headings)
    if best is None or not _says_who(best, found[best]):
        raise Unmatched(_nobody(headings, best))
    fields = found[best]
    return Match(
        best,
        tuple(
            Column(heading, samples[i][:3], fields.get(i, IGNORED))
            for i, heading in enumerate(headings)
        ),
    )


def heading_score(cells: Sequence[str]) -> int:
    """Count the cells of a row that are the heading of some field, for finding the header row.

    A row with as many figures as headings is none of headings.
    """
    filled = [cell for cell in cells if cell and not cell.isspace()]
    known = sum(len(cell) <= _LONGEST_HEADING and _is_heading(folded(cell)) for cell in filled)
    figures = sum(map(is_figure, filled))
    return known if known > figures else 0


def column_called(name: str, headings: Sequence[str]) -> int:
    """Find a column, from 0, by its heading, however that is spelt; raises `Refused`."""
    for same in (str.strip, folded):
        for i, heading in enumerate(headings):
            if same(heading) == same(name):
                return i
    listed = ", ".join(heading for heading in headings if heading)
    raise Refused(f"The file has no column “{name}”. Its columns are: {listed}.")


def _known(kind: Kind, words: str) -> bool:
    return _leaves_out(words) or field_named(kind, words) is not None


def _leaves_out(words: str) -> bool:
    return words.strip().lower() in {"", "-", "ignore", "none"}


def _assign(
    kind: Kind,
    headings: Sequence[str],
    samples: Sequence[Sequence[str]],
    wishes: Mapping[int, str],
    reasons: tuple[Reason, ...],
) -> dict[int, str]:
    """Give each column its field: wishes first, then the best headings, then content."""
    taken = {column: _wished(kind, words) for column, words in wishes.items()}
    own = 2 if [folded(h) for h in headings[:2]] == _OWN_COLUMNS else 0
    free = [i for i in range(own, len(headings)) if i not in taken]
    for i, key in _by_headings(kind, headings, samples, free):
        if i not in taken and key not in taken.values():
            taken[i] = key
    for key in _BY_CONTENT[kind]:
        field = _field(kind, key)
        fitting = [
            i
            for i in free
            if i not in taken
            and _may_be(kind, field, headings[i])
            and _looks_like(field, samples[i], reasons)
        ]
        told = {key, "lost_on"} if key == "last_day" else {key}
        if told.isdisjoint(taken.values()) and len(fitting) == 1:
            taken[fitting[0]] = key
    return taken


def _wished(kind: Kind, words: str) -> str:
    """Give the field that somebody means; raises `Refused`."""
    if _leaves_out(words):
        return IGNORED
    field = field_named(kind, words)
    if field is None:
        labels = ", ".join(f.label for f in FIELDS[kind] if f.reads is not Reads.NOTHING)
        raise Refused(f"There is no field “{words}” for {kind}. There are: {labels}.")
    return field.key


def _by_headings(
    kind: Kind, headings: Sequence[str], samples: Sequence[Sequence[str]], free: Sequence[int]
) -> list[tuple[int, str]]:
    """Give the columns that may be a field by their heading, the surest first."""
    offers = sorted(
        (_tells_of_no_loss(field, headings[i], samples[i]), *likeness, "(" in headings[i], i, n)
        for i in free
        for n, field in enumerate(FIELDS[kind])
        if (likeness := _likeness(field, headings[i]))[0] and _fits(field, headings[i], samples[i])
    )
    return [(i, FIELDS[kind][n].key) for *_, i, n in offers]


def _likeness(field: Field, heading: str) -> tuple[int, int]:
    """Score how surely a heading names a field: -5 its own label, up to 0 for not at all.

    The second figure tells how far back in the field's list of words the heading stands.
    """
    wanted = folded(heading)
    ranks = _ranks(field)
    if field.reads is Reads.SUM:  # "Umsatz CHF", "ARR in USD"
        wanted = " ".join(word for word in wanted.split() if word.upper() not in _UNITS) or wanted
    first, _, bare = wanted.partition(" ")
    words = set(wanted.split())
    if wanted and wanted == folded(field.label):
        return -5, 0
    if _joined(wanted) in ranks:
        return -4, ranks[_joined(wanted)]
    ours = field.reads is Reads.NOTHING
    if first in _ABOUT_DEALS and bare not in _TOO_BARE and not ours and _joined(bare) in ranks:
        return -3, ranks[_joined(bare)]
    for rank, synonym in enumerate(field.synonyms):
        parts = set(synonym.split())
        if len(parts) > 1 and words > parts and _ANOTHER_THING.isdisjoint(words - parts):
            return -2, rank
    if len(wanted) < _SHORTEST_SLIP or any(map(str.isdigit, wanted)):
        return 0, 0
    close = get_close_matches(wanted, [folded(field.label), *field.synonyms], 1, _NEARLY)
    return (-1, 0) if close else (0, 0)


@cache
def _ranks(field: Field) -> dict[str, int]:
    """Give the words for a field, joined ("accountname"), and their place in its list."""
    words = (folded(field.label), *field.synonyms)
    return {_joined(each): rank for rank, each in reversed(list(enumerate(words)))}


@cache
def _headings(kind: Kind) -> frozenset[str]:
    return frozenset(word for field in FIELDS[kind] for word in _ranks(field))


def _joined(words: str) -> str:
    return words.replace(" ", "")


def _is_heading(words: str) -> bool:
    return any(_joined(words) in _headings(kind) for kind in Kind)


def _fits(field: Field, heading: str, samples: Sequence[str]) -> bool:
    """Say whether what stands in a column may be a field; an empty one may be any."""
    if not samples:
        return True
    ours = folded(heading) == "state" and all(text.lower() in _STATES for text in samples)
    if field.key == "state":
        return ours
    if field.key == "account":
        return any(map(_has_letter, samples))
    if field.key == "name":
        return any(read_email(text) is None for text in samples)
    if field.key == "stage":
        return not ours and any(read_stage(text, heading) is not None for text in samples)
    if field.key == "reason":
        return any(read_stage(text) is None or " " in text for text in samples)
    read = _VOCABULARY.get(field.reads)
    return read is None or any(read(text) is not None for text in samples)


def _tells_of_no_loss(field: Field, heading: str, samples: Sequence[str]) -> bool:
    """Say that of two columns with stages or states another is to be taken first."""
    return field.key == "stage" and all(
        read_stage(text, heading) is not Stage.LOST for text in samples
    )


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _may_be(kind: Kind, field: Field, heading: str) -> bool:
    """Say whether the content may decide for a field: the heading names nothing else."""
    words = folded(heading)
    if _joined(words) in _headings(kind):
        says_so = field.reads is Reads.DAY and kind is Kind.LOSSES  # of "Churned", a date says more
        return says_so and _joined(words) in _ranks(_field(kind, "stage"))
    return field.reads is not Reads.DAY or _ANOTHER_THING.isdisjoint(words.split())


def _looks_like(field: Field, samples: Sequence[str], reasons: tuple[Reason, ...]) -> bool:
    if field.reads is Reads.REASON:
        fitting = sum(match_reason(text, reasons) is not None for text in samples)
    else:
        fitting = sum(_CONTENT[field.reads](text) is not None for text in samples)
    return bool(samples) and fitting >= _MOSTLY * len(samples)


def _field(kind: Kind, key: str) -> Field:
    return next(field for field in FIELDS[kind] if field.key == key)


def _guess(found: Mapping[Kind, Mapping[int, str]], headings: Sequence[str]) -> Kind | None:
    """Tell from the fields found what a file is about."""
    as_losses = set(found.get(Kind.LOSSES, {}).values())
    as_accounts = set(found.get(Kind.ACCOUNTS, {}).values())
    as_members = set(found.get(Kind.MEMBERS, {}).values())
    named_only = {folded(h) for i, h in enumerate(headings) if _is_account(found, i)} <= {"name"}
    a_member = as_members & _TELLS_A_NAME and as_members & _TELLS_A_MEMBER
    if named_only and a_member and not as_losses & _TELLS_NO_MEMBER:
        return Kind.MEMBERS
    if "state" in as_accounts and _says_who(Kind.ACCOUNTS, found[Kind.ACCOUNTS]):
        return Kind.ACCOUNTS
    if as_losses & _TELLS_A_LOSS and _says_who(Kind.LOSSES, found[Kind.LOSSES]):
        return Kind.LOSSES
    for kind in (Kind.ACCOUNTS, Kind.MEMBERS, Kind.LOSSES):
        if kind in found and _says_who(kind, found[kind]):
            return kind
    return None


def _is_account(found: Mapping[Kind, Mapping[int, str]], column: int) -> bool:
    return any(fields.get(column) == "account" for fields in found.values())


def _says_who(kind: Kind, fields: Mapping[int, str]) -> bool:
    return not frozenset(WHO[kind]).isdisjoint(fields.values())


def _nobody(headings: Sequence[str], kind: Kind | None) -> str:
    listed = ", ".join(heading for heading in headings if heading) or "no headings"
    if kind is Kind.MEMBERS:
        return f"None of the columns names a member: {listed}. Say which one does, as Name."
    if kind is None:
        return (
            f"I found these columns: {listed}. None of them names an account or a member. "
            "Say which one does, as Account or Name."
        )
    return f"None of the columns names an account: {listed}. Say which one does, as Account."
