"""Files given to the bot, in words: what is in them, what came of them, what came back."""

from __future__ import annotations

from domain.columns import FIELDS, Kind, Reads
from domain.matching import Column
from domain.written_days import Order
from handlers.import_results import ImportResult
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Code,
    Element,
    Facts,
    Heading,
    Note,
    Paragraph,
    Strong,
    Table,
    Text,
    View,
    say,
    words,
)
from storage.near_names import Near
from storage.tables import PendingImport

FILL_DOWN, LEAVE_BLANK = "fill down", "leave blank"
"""What becomes of rows without a name below one that has it."""

_COLUMNS = 20  # columns shown of a file
_REJECTS = 5  # rejected rows named before the file of all of them
_NEAR = 5  # pairs of names that are nearly the same
_CELL = 40  # characters of a cell
_WHAT = {
    Kind.ACCOUNTS: ("account", "accounts"),
    Kind.LOSSES: ("loss", "losses"),
    Kind.MEMBERS: ("member", "members"),
}


def import_preview(pending: PendingImport, result: ImportResult) -> View:
    """Show what a file would do, and ask whether it shall."""
    file = {"file": str(pending.id)}
    elements: list[Element] = [
        Heading(f"{pending.name}: {_counted(result.taken, result.kind)}"),
        Paragraph(words("Nothing is written yet. This is how I read it:")),
        _columns(result),
        Facts(_figures(result, would=True)),
    ]
    elements += _remarks(result, would=True)
    if result.near:
        elements.append(Note(words(_nearly_called(result.near))))
    elements += _grouped(result, file)
    asked = result.questions[:1]
    for question in asked:
        elements += [
            Paragraph(
                words(
                    *("In ", Strong(question.heading), " each date can be read in two ways. "),
                    *("What is ", Strong(question.example), "?"),
                )
            ),
            Buttons(
                tuple(
                    Button(says, "import.order", {**file, "order": order.value})
                    for order, says in (
                        (Order.MONTH_FIRST, "The month comes first"),
                        (Order.DAY_FIRST, "The day comes first"),
                    )
                )
            ),
        ]
    buttons = []
    if result.taken and not asked:
        buttons.append(Button("Import", "import.confirm", file, "primary"))
    buttons.append(Button("Change columns", "import.columns", file))
    if result.unsure:
        buttons.append(Button("Say what reasons mean", "import.reasons", file))
    buttons.append(Button("Not now", "import.drop", file))
    elements.append(Buttons(tuple(buttons)))
    summary = f"{pending.name}: import {_counted(result.taken, result.kind)}?"
    return View(summary, tuple(elements))


def import_result(pending: PendingImport, result: ImportResult) -> View:
    """Show what a file has done."""
    elements: list[Element] = [
        Heading(f"{pending.name} is in"),
        Facts(_figures(result, would=False)),
    ]
    if result.filled_down and result.below:
        elements.append(Paragraph(words(named_above(result.below, "took"))))
    elements += _remarks(result, would=False)
    if result.kind is not Kind.MEMBERS and result.new:
        elements.append(
            Note(
                words(
                    "See them with ", Code("/lost drawer"), ", deal them with ", Code("/lost deal")
                )
            )
        )
    if result.rejected:
        elements.append(
            Buttons((Button("Give me the rejects", "import.rejects", {"file": str(pending.id)}),))
        )
    summary = f"{pending.name} is in: {_counted(result.new, result.kind)} new"
    return View(summary, tuple(elements))


def names_none(rows: int, then: str) -> str:
    """Say how many rows name no account, and what to do `then` where those above are meant."""
    if rows > 1:
        return f"{rows:,} rows name no account. If each is about the one above it, {then}."
    return f"1 row names no account. If it is about the one above it, {then}."


def named_above(rows: int, take: str) -> str:
    """Say how many rows have the name above them; `take` is what many do."""
    if rows > 1:
        return f"{rows:,} rows {take} the account named above them."
    return f"1 row {take if take == 'took' else 'takes'} the account named above it."


def not_understood(pending: PendingImport, sentence: str) -> View:
    """Say that no column was known, and ask for help."""
    file = {"file": str(pending.id)}
    return View(
        f"{pending.name}: what are its columns?",
        (
            Heading(pending.name),
            Paragraph(words(sentence)),
            Buttons(
                (
                    Button("Say what they are", "import.columns", file, "primary"),
                    Button("Not now", "import.drop", file),
                )
            ),
        ),
    )


def how_to_import() -> View:
    """Say how a file is given to the bot."""
    return View(
        "Drop a CSV or Excel file here",
        (
            Paragraph(
                words(
                    "Drop a CSV or Excel file into our direct messages: lost accounts, losses, or "
                    "the team. I show you how I read it, and write nothing before you say so."
                )
            ),
            Bullets(
                tuple(
                    words(Strong(name), f": {', '.join(field.label for field in FIELDS[kind][:8])}")
                    for name, kind in (
                        ("Accounts", Kind.ACCOUNTS),
                        ("Losses", Kind.LOSSES),
                        ("Team", Kind.MEMBERS),
                    )
                )
            ),
            Note(
                words(
                    "Headings may be called otherwise, in any order. Rows that cannot be taken "
                    "come back as a file with the reason; nothing is ever taken twice."
                )
            ),
        ),
    )


def not_for_you(name: str, sentence: str) -> View:
    """Refuse a file kindly."""
    return say(f"Thank you for {name}. {sentence}")


def under_way(name: str, rows: int) -> View:
    """Say that a long file is being taken in."""
    return say(f"I am at it: {name} has {rows:,} rows. I write to you when they are in.")


def taken_in_already(name: str) -> View:
    """Say that a button was pressed twice."""
    return say(f"{name} was taken in already. Drop it here again if it has changed.")


def dropped() -> View:
    """Say that nothing was written."""
    return say("All right, I wrote nothing and have forgotten the file.")


def expired() -> View:
    """Say that a file is no longer here."""
    return say("I no longer have that file. Please drop it here once more.")


def _columns(result: ImportResult) -> Table:
    taken = (field for field in FIELDS[result.kind] if field.reads is not Reads.NOTHING)
    labels = {field.key: field.label for field in taken}
    return Table(
        ("Column", "is", "for example"),
        tuple(
            (_cell(c.heading), labels.get(c.field, "left out"), _example(c))
            for c in result.columns[:_COLUMNS]
        ),
    )


def _figures(result: ImportResult, *, would: bool) -> tuple[tuple[str, Text], ...]:
    new, changed = ("Would be new", "Would change") if would else ("New", "Changed")
    figures = (
        ("Rows", result.rows),
        (new, result.new),
        (changed, result.changed),
        ("Known already", result.unchanged - result.duplicates),
        ("Twice in the file", result.duplicates),
        ("Left out", result.skipped),
        ("Come back to you" if would else "Came back", len(result.rejected)),
    )
    return tuple((label, words(f"{count:,}")) for label, count in figures if count)


def _remarks(result: ImportResult, *, would: bool) -> list[Element]:
    """List what else there is to know: rejects, people, reasons."""
    remarks = [words(note) for note in result.notes]
    if result.people:
        remarks.append(words(_people(result.people, would=would)))
    if result.unsure:
        named = ", ".join(
            f"“{_cell(wording)}” ({n})" for wording, n in list(result.unsure.items())[:3]
        )
        count, then = len(result.unsure), "come in" if would else "are in"
        kept = ", words and all" if result.kind is Kind.LOSSES else ""
        remarks.append(
            words(
                f"{count} {'wording of a reason is' if count == 1 else 'wordings of a reason are'} "
                f"not clear to me, such as {named}: those rows {then} as Other{kept}."
            )
        )
    for bad in result.rejected[:_REJECTS]:
        remarks.append(words(f"Line {bad.line:,}: {bad.why}"))
    return [Bullets(tuple(remarks))] if remarks else []


def _grouped(result: ImportResult, file: dict[str, str]) -> list[Element]:
    """Offer to give rows the name above them, or say that they have it."""
    if result.filled_down and result.below:
        says = named_above(result.below, "take")
        answer, label = LEAVE_BLANK, "Leave them blank"
    elif result.may_be_grouped:
        says = names_none(result.below, "fill down the names")
        answer, label = FILL_DOWN, "Fill down the names"
    else:
        return []
    return [
        Paragraph(words(says)),
        Buttons((Button(label, "import.names", {**file, "names": answer}),)),
    ]


def _nearly_called(near: list[Near]) -> str:
    named = ", ".join(f"{_cell(pair.new)} / {_cell(pair.known)}" for pair in near[:_NEAR])
    more = f" and {len(near) - _NEAR} more" if len(near) > _NEAR else ""
    return f"Nearly called alike: {named}{more}. Once they are in I ask whether they are the same."


def _people(names: list[str], *, would: bool) -> str:
    shown = ", ".join(names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    verb = "would be" if would else "is" if len(names) == 1 else "are"
    return f"{shown}{more} {verb} known by name from now on, not linked to anybody here."


def _counted(count: int, kind: Kind) -> str:
    one, many = _WHAT[kind]
    return f"{count:,} {one if count == 1 else many}"


def _example(column: Column) -> str:
    return ", ".join(_cell(sample) for sample in column.samples)


def _cell(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CELL else line[: _CELL - 1] + "…"
