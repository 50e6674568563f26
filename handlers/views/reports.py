"""Reports as files, in words."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.views.elements import Button, Buttons, Code, Note, Paragraph, View, say, words

_FORMATS = (("xlsx", "For Excel:"), ("csv", "As CSV, which every program reads:"))


def which_report(reports: Sequence[str]) -> View:
    """Offer the reports, in either format."""
    elements: list[Paragraph | Buttons | Note] = []
    for file_format, says in _FORMATS:
        buttons = tuple(
            Button(report.capitalize(), "report.give", {"report": report, "format": file_format})
            for report in reports
        )
        elements += [Paragraph(words(says)), Buttons(buttons, says.partition(",")[0].rstrip(":"))]
    typed = Note(words("Or in one line: ", Code(f"/lost export {reports[0]} excel")))
    return View("Which report?", (*elements, typed))


def on_its_way(report: str) -> View:
    """Say where a report comes to."""
    return say(f"Making the file ({report}). It comes to our messages.")
