"""The forms in which a file's columns and words are put right."""

from __future__ import annotations

from difflib import get_close_matches
from hashlib import blake2b

from domain.columns import FIELDS, Kind, Reads
from domain.matching import Column, Match
from domain.reasons import UNKNOWN
from domain.rules import Rules
from domain.written_days import Order
from handlers.reasons import reason_options, reasons_of
from handlers.views.elements import Note, words
from handlers.views.forms import ChoiceField, Field, Form

KIND, ORDER = "kind", "order"
LEFT_OUT = "-"
_MOST_COLUMNS = 80  # a form holds no more; the columns behind them are matched by their headings
_MOST_WORDINGS = 20
_SHOWN = 60  # characters of a heading or cell
_KINDS = (
    (Kind.ACCOUNTS.value, "An account"),
    (Kind.LOSSES.value, "A loss"),
    (Kind.MEMBERS.value, "A member of the team"),
)
_ORDERS = (
    (Order.MONTH_FIRST.value, "3/4 is March 4th: the month first"),
    (Order.DAY_FIRST.value, "3/4 is the 3rd of April: the day first"),
)


def column_field(number: int) -> str:
    """Name the form's field for a column, counted from 0."""
    return f"column{number}"


def reason_field(wording: str) -> str:
    """Name the form's field for words whose meaning is asked."""
    return "reason" + blake2b(wording.encode("utf-8", "replace"), digest_size=8).hexdigest()


def columns_form(file: str, match: Match, order: Order | None) -> Form:
    """Ask what each column is; `file` is the id of the pending one."""
    fields: list[Field] = [
        ChoiceField(
            KIND,
            "Each row is",
            _KINDS,
            match.kind.value,
            hint="With another choice here, send the form, and the columns are asked anew.",
        )
    ]
    options = (
        (LEFT_OUT, "Leave it out"),
        *((f.key, f.label) for f in FIELDS[match.kind] if f.reads is not Reads.NOTHING),
    )
    offered = {key for key, _ in options}
    for number, column in enumerate(match.columns[:_MOST_COLUMNS]):
        value = column.field if column.field in offered else LEFT_OUT
        label = _shortened(column.heading)
        fields.append(
            ChoiceField(column_field(number), label, options, value, hint=_examples(column))
        )
    fields.append(
        ChoiceField(
            ORDER,
            "Dates",
            _ORDERS,
            order.value if order else "",
            hint="Only where a date can be read both ways.",
            optional=True,
        )
    )
    context = {"file": file, "kind": match.kind.value}
    return Form("import.columns", "Columns", "Look again", tuple(fields), context=context)


def reasons_form(file: str, wordings: list[str], rules: Rules) -> Form:
    """Ask what words for a reason mean; the likeliest is filled in."""
    options = reason_options(rules)
    fields = tuple(
        ChoiceField(
            reason_field(wording),
            f"“{_shortened(wording)}”",
            options,
            _likeliest(wording, rules),
            optional=True,
        )
        for wording in wordings[:_MOST_WORDINGS]
    )
    more = len(wordings) - len(fields)
    intro = "I remember what you say, for this file and the next ones."
    if more > 0:
        intro += f" {more} more wordings come after these."
    return Form(
        "import.reasons",
        "Reasons",
        "Remember",
        fields,
        intro=(Note(words(intro)),),
        context={"file": file},
    )


def _likeliest(wording: str, rules: Rules) -> str:
    """Guess the reason whose words are nearest; empty where none is near."""
    lower = wording.lower()
    called = {
        word.lower(): reason.key
        for reason in reasons_of(rules)
        for word in (reason.label, *reason.synonyms)
    }
    held = [key for word, key in called.items() if len(word) > 3 and word in lower]
    near = get_close_matches(lower, called, 1, 0.7)
    key = held[0] if held else called[near[0]] if near else ""
    return "" if key == UNKNOWN.key else key


def _examples(column: Column) -> str:
    return ", ".join(_shortened(sample) for sample in column.samples)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
