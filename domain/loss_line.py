"""How the line after `/lost` is read: ACCOUNT, REASON[, anything else]."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from domain.names import name_key, tidy
from domain.reasons import DEFAULT_REASONS, LONGEST_WORDING, Reason, match_reason

Reasons = tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class LossLine:
    """What a line says; no word of it is dropped: what was not understood is in `note`.

    `reason`: the key of the reason it names for certain; `guess`: one it may mean, for a person to
    confirm. `amount`: a sum of money as it was written. `separated`: whether commas, dashes or
    quotes told the account apart.
    """

    account: str
    reason: str | None = None
    guess: str | None = None
    competitor: str | None = None
    amount: str | None = None
    note: str = ""
    separated: bool = True

    @property
    def clear(self) -> bool:
        """Say whether account and reason are both plain."""
        return bool(self.account) and self.reason is not None


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece between separators: its text without quotes, and where it stands in the line."""

    text: str
    index: int
    start: int
    end: int
    quoted: bool = False


# A comma between two figures belongs to a number; a dash without spaces around it, to a word.
_SEPARATOR = re.compile(r"(?<!\d),|,(?!\d)|[،，、]|(?<=\s)[-–—](?=\s)")
_QUOTED = re.compile(
    r"""\s*(?:["“”„«](?P<double>[^"“”„«»]*)["“”»]"""
    r"""|['‘’‚](?P<single>(?:[^'‘’‚]|(?<=\w)['’](?=\w))*)['’])"""
    rf"""\s*(?={_SEPARATOR.pattern}|$)"""
)

_SUM = r"\d[\d.,'’ ]*(?:\s?(?:k|m|bn)\b)?"
_MONEY = re.compile(
    r"(?:worth\s+)?(?:about\s+|around\s+|some\s+|~\s*)?"
    rf"(?P<sum>[$€£¥₹]\s?{_SUM}|{_SUM}\s?[$€£¥₹]|\d[\d.,'’ ]*\s?(?:k|m|bn)"
    rf"|(?-i:[A-Z]{{3}})\s?{_SUM}|{_SUM}\s?(?-i:[A-Z]{{3}}))"
    r"(?:\s*(?:a|per|/)\s*(?:year|yr|annum)|\s+yearly)?",
    re.IGNORECASE,
)

_VERB = (
    r"\b(?:(?:went|gone|moved|switched|lost|defected)(?:\s+over|\s+back)?\s+to|went\s+with"
    r"|left\s+for|signed\s+with|now\s+with|chose|picked|competitor(?:\s+is)?:?)\s+(?P<who>\S.*)"
)
_LEAD_IN = r"(?:(?:and|they|it|he|she|the\s+customer|have|has|had|just|they['’]ve)\s+)*"
_WENT = re.compile(_VERB, re.IGNORECASE | re.DOTALL)
_ONLY_WENT = re.compile(_LEAD_IN + _VERB, re.IGNORECASE | re.DOTALL)
_CLAUSE = re.compile(
    r"\s+(?:(?:because\s+of|because|due\s+to|on|for|over)\s+(?P<why>.*)"
    r"|(?:after|since|as|who|which|when|while|with|and|at|in|but|by|from|last|this|until|before|so"
    r"|instead|yesterday|today)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOBODY = re.compile(
    r"(?:an?|another|any(?:one)?|court|in|it|nobody|none|not|nothing|one|other|our|own|some\w+"
    r"|tender|that|theirs?|them|these|this|those|to|us|we|zero"
    r"|(?:the )?(?:competit(?:ion|ors?)|rivals?))\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:a|about|all|and|bad|because|big|biggest|due|high|higher|huge|is|issues?|it|main|mainly|of|on"
    r"|our|over|poor|problems?|really|reason|simply|the|their|too?|up|very|was|went|were)\b"
)
_GUESSED = 3  # parts in which a misspelt reason is looked for
_LONGEST_COMPETITOR = 80  # characters; what is longer is a story, not a name


def read_line(text: str, reasons: Reasons = DEFAULT_REASONS) -> LossLine:
    """Read a line by its parts.

    The first is the account, in quotes where its name holds a comma or a dash. Of the others the
    first that is a reason, a competitor ("went to Globex") or a sum of money is taken as that; the
    rest is what happened. Without a separator nothing is certain, but a guess is made.
    """
    first, *rest = _split(text)
    if not rest:
        return LossLine(first.text) if first.quoted else _without_separator(first.text, reasons)
    rest = [part for part in rest if name_key(part.text)]
    reason, rest = _take(rest, lambda words: _exactly(words, reasons))
    competitor, rest = _take(rest, _only_competitor)
    amount, rest = _take(rest, _only_money)
    guess = None
    for part in rest:
        told, why = _competitor_in(part.text)
        competitor = competitor or told
        reason = reason or _loosely(why, reasons) or _loosely(part.text, reasons)
    if reason is None:
        guesses = (_nearly(part.text, reasons) for part in rest[:_GUESSED])
        guess = next((key for key in guesses if key), None)
    return LossLine(first.text, reason, guess, competitor, amount, _rejoin(text, rest))


def unquoted(text: str) -> str:
    """Give a name that stands alone, on one line and without quotes around it."""
    parts = _split(text)
    return parts[0].text if len(parts) == 1 else tidy(text)


def first_part(text: str) -> tuple[str, str]:
    """Give what stands before the first separator, without quotes, and the rest as written."""
    first, *rest = _split(text)
    return first.text, text[rest[0].start :].strip() if rest else ""


def _split(text: str) -> list[_Part]:
    """Cut a line at its separators; a part that is wholly in quotes may hold them."""
    parts: list[_Part] = []
    at = 0
    while True:
        quoted = _QUOTED.match(text, at)
        if quoted:
            body = tidy(quoted["double"] or quoted["single"] or "")
            parts.append(_Part(body, len(parts), quoted.start(), quoted.end(), quoted=True))
            separator = _SEPARATOR.match(text, quoted.end())
        else:
            separator = _SEPARATOR.search(text, at)
            end = separator.start() if separator else len(text)
            parts.append(_Part(tidy(text[at:end]), len(parts), at, end))
        if separator is None:
            return parts
        at = separator.end()


def _rejoin(text: str, rest: list[_Part]) -> str:
    """Give what is left as it was written; neighbours keep the separator between them."""
    runs: list[tuple[_Part, _Part]] = []
    for part in rest:
        if runs and runs[-1][1].index + 1 == part.index:
            runs[-1] = (runs[-1][0], part)
        else:
            runs.append((part, part))
    return ", ".join(text[first.start : last.end].strip() for first, last in runs)


def _take(
    parts: list[_Part], reading: Callable[[str], str | None]
) -> tuple[str | None, list[_Part]]:
    """Take out the first part that `reading` makes something of; give that, and the other parts."""
    for position, part in enumerate(parts):
        found = reading(part.text)
        if found:
            return found, parts[:position] + parts[position + 1 :]
    return None, parts


def _exactly(words: str, reasons: Reasons) -> str | None:
    reason = match_reason(words, reasons)
    return reason.key if reason else None


def _loosely(words: str, reasons: Reasons) -> str | None:
    """Name the reason that is left when words like "the … was too high" are taken away."""
    return _exactly(_FILLER.sub(" ", name_key(words)), reasons)


def _nearly(words: str, reasons: Reasons) -> str | None:
    """Name the reason whose words differ by a slip of the pen."""
    keys = {name_key(s): r.key for r in reasons for s in (r.label, *r.synonyms)}
    near = get_close_matches(name_key(words), keys, n=1, cutoff=0.8)
    return keys[near[0]] if near else None


def _only_money(words: str) -> str | None:
    match = _MONEY.fullmatch(words)
    return match["sum"].strip() if match else None


def _only_competitor(words: str) -> str | None:
    """Name the competitor where the words say nothing else."""
    match = _ONLY_WENT.fullmatch(words)
    name, _ = _competitor_in(words)
    return name if match and match["who"].rstrip(" .!") == name else None


def _competitor_in(words: str) -> tuple[str | None, str]:
    """Name the competitor that a sentence tells of, and why they went there ("… on price")."""
    match = _WENT.search(words)
    if match is None:
        return None, ""
    clause = _CLAUSE.search(match["who"])
    name = match["who"][: clause.start()] if clause else match["who"]
    name = name.strip(" .!;:\"“”'‘’")
    why = (clause["why"] or "") if clause else ""
    if len(name) > _LONGEST_COMPETITOR or _NOBODY.match(name):
        return None, why
    return name or None, why


def _without_separator(words: str, reasons: Reasons) -> LossLine:
    """Guess where the account ends: before "went to …", or before a reason at the end."""
    went = _WENT.search(words)
    competitor, why = _competitor_in(words)
    if went and competitor and words[: went.start()].strip():
        guess = _loosely(why, reasons)
        account, said = words[: went.start()].strip(), words[went.start() :]
        note = "" if _only_competitor(said) else said
        return LossLine(account, None, guess, competitor, None, note, separated=False)
    pieces = words.split()
    for cut in range(max(1, len(pieces) - LONGEST_WORDING), len(pieces)):
        guess = _exactly(" ".join(pieces[cut:]), reasons)
        if guess:
            return LossLine(" ".join(pieces[:cut]).rstrip(":;"), guess=guess, separated=False)
    return LossLine(words, separated=False)
