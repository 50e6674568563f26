"""The team, in words and forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.names import tidy
from domain.roles import Role
from domain.rules import Rules
from domain.seating import in_accounts
from handlers.context import mention
from handlers.team import TeamLine
from handlers.views.elements import (
    Button,
    Buttons,
    Code,
    Confirm,
    Element,
    Heading,
    Note,
    Paragraph,
    Span,
    Strong,
    View,
    in_plain_words,
    say,
    words,
)
from handlers.views.forms import ChoiceField, Form, LookupField, PersonField, TextField
from storage.tables import Member

PAGE = 10
"""Members on one page of the list."""

_OPTIONS = 100  # choices a form takes
_FULL_TIME = 100

_ROLES = (
    (Role.REP, "Rep: works accounts"),
    (Role.MANAGER, "Manager: deals, approves, sets the rules"),
    (Role.EXECUTIVE, "Executive: calls in person, approves"),
    (Role.FINANCE, "Finance: sees the ledger"),
    (Role.ADMIN, "Admin: everything"),
)
_OUT = (Role.COLLEAGUE, "Not in the team")


def nobody_yet() -> View:
    """Say that the team is empty, and how it fills."""
    text = words("Nobody is in the team yet. Add people: ", Code("/lost team add @ada rep"))
    return View(in_plain_words(text), (Paragraph(text), Buttons((_add_button(),))))


def nobody_found(typed: str) -> View:
    """Say that the filter fits nobody."""
    return say(f"Nobody in the team fits “{tidy(typed)[:60]}”. ", Code("/lost team"), " lists all.")


def team_list(
    lines: Sequence[TeamLine],
    count: int,
    rules: Rules,
    *,
    page: int,
    pages: int,
    words_typed: str,
) -> View:
    """List members with their part, and buttons to change it."""
    summary = f"{count} in the team" if not words_typed else f"{count} found"
    elements: list[Element] = [Heading(summary)]
    for line in lines:
        elements += [Paragraph(words(Strong(line.name), _about(line, rules))), _line_buttons(line)]
    if pages > 1:
        turns = []
        typed = {"words": words_typed}
        if page:
            turns.append(Button("Back", "team.page", {**typed, "page": str(page - 1)}))
        if page + 1 < pages:
            turns.append(Button("More", "team.page", {**typed, "page": str(page + 1)}))
        elements += [Note(words(f"Page {page + 1} of {pages}")), Buttons(tuple(turns))]
    elements.append(Buttons((_add_button(),)))
    return View(summary, tuple(elements))


def _about(line: TeamLine, rules: Rules) -> str:
    parts = [line.role, line.region, f"manager {line.manager}" if line.manager else ""]
    parts.append(line.time_zone or f"{rules.time_zone} (as the workspace)")
    if line.weight != _FULL_TIME:
        parts.append(f"{line.weight} % of full time")
    if line.holds:
        parts.append(f"{in_accounts(line.holds)} in hand")
    if line.away_until:
        until = date.fromisoformat(line.away_until)
        parts.append(f"away until {until:%a} {until.day} {until:%b}")
    if not line.slack_id:
        parts.append("not in Slack yet")
    return "".join(f" · {part}" for part in parts if part)


def _line_buttons(line: TeamLine) -> Buttons:
    which = {"member": str(line.member_id)}
    back = f" {in_accounts(line.holds)} return to the drawer." if line.holds else ""
    question = Confirm(
        "Take them out of the team?",
        f"{line.name[:60]} gets no more accounts.{back}",
        "Take out",
        "Keep",
    )
    return Buttons(
        (
            Button("Change", "team.change", which),
            Button("Remove", "team.remove", which, style="danger", confirm=question),
        ),
        line.name,
    )


def _add_button() -> Button:
    return Button("Add somebody", "team.add", style="primary")


def add_form(unlinked: Sequence[Member], role: Role = Role.REP) -> Form:
    """Ask who comes in, as what, and whether they are one of those known by name alone."""
    fields: list[PersonField | ChoiceField] = [
        PersonField("person", "Who?"),
        ChoiceField("role", "As what?", tuple((r.value, text) for r, text in _ROLES), role.value),
    ]
    if unlinked:
        fields.append(
            ChoiceField(
                "known",
                "Known so far as",
                tuple((str(m.id), m.name[:75]) for m in unlinked[:_OPTIONS]),
                hint="Only if an import has them under another name.",
                optional=True,
            )
        )
    return Form("team.add", "Add to the team", "Add", tuple(fields))


def change_form(member: Member, lead: Member | None) -> Form:
    """Ask what changes in a member's part."""
    roles = tuple((role.value, text) for role, text in (*_ROLES, _OUT))
    return Form(
        "team.change",
        "Change their part",
        "Save",
        (
            ChoiceField("role", "Part", roles, Role(member.role).value),
            TextField("region", "Region", member.region or "", optional=True, most=80),
            TextField(
                "weight",
                "Share of a deal, in per cent",
                str(member.weight),
                hint="100 is full time, 50 is half; 0 takes no accounts.",
                most=4,
            ),
            LookupField(
                "manager",
                "Manager",
                "members",
                str(lead.id) if lead else "",
                lead.name if lead else "",
                optional=True,
            ),
        ),
        intro=(Paragraph(words(Strong(member.name))),),
        context={"member": str(member.id)},
    )


def added(members: Sequence[Member]) -> View:
    """Say who is in now, and as what."""
    names: list[str | Span] = []
    for number, member in enumerate(members):
        names += [", " if number else "", mention(member)]
    verb = "is" if len(members) == 1 else "are"
    role = "" if len(members) == 1 else "s"
    part = members[0].role
    shown = part if part == Role.FINANCE else f"{_article(part, len(members))}{part}{role}"
    return say(*names, f" {verb} in the team now, as {shown}.")


def changed(member: Member) -> View:
    """Say what a member's part is now."""
    region = f", {member.region}" if member.region else ""
    weight = f", {member.weight} % of full time" if member.weight != _FULL_TIME else ""
    return say("Saved: ", Strong(member.name), f" is {member.role}{region}{weight}.")


def removed(member: Member, freed: int) -> View:
    """Say who is out, and where their accounts are."""
    back = f" {in_accounts(freed)} returned to the drawer." if freed else ""
    return say(Strong(member.name), f" is not in the team any more.{back}")


def _article(role: str, count: int) -> str:
    if count > 1:
        return ""
    return "an " if role[0] in "ae" else "a "
