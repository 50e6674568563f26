"""What is overdue, in words; and what became of it, in the place of those words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from domain.digest import Became, DueItem, Settled
from handlers.days import show_day
from handlers.views.digest import LINES, about, due_line, when_due
from handlers.views.elements import (
    Button,
    Buttons,
    Code,
    Element,
    Mention,
    Note,
    Paragraph,
    Strong,
    Text,
    View,
    words,
)


def overdue_to_rep(
    items: Sequence[DueItem], day: date, *, led: bool, settled: Sequence[Settled] = ()
) -> View:
    """Tell a rep what is overdue; `led`: somebody who leads them is told too."""
    lines = [_became(one, day) for one in settled]
    if not items:
        return View(_names("Overdue no more", settled), _settled(lines))
    lead = words(
        Strong("Overdue."),
        " It is not written down yet what happened at "
        + ("this account" if len(items) == 1 else f"these {len(items)} accounts")
        + (". Your manager knows too." if led else ".")
        + " Visit, meet the decision maker, find out: no sales pitch.",
    )
    elements: list[Element] = [Paragraph(lead)]
    for item in items[:LINES]:
        elements += due_line(item, day)
    if len(items) > LINES:
        rest = words(f"And {len(items) - LINES} more: ", Code("/lost mine"), " shows them all.")
        elements.append(Note(rest))
    return View(_names("Overdue", items), (*elements, *_settled(lines)))


def overdue_to_manager(
    items: Sequence[tuple[DueItem, Mention]],
    day: date,
    *,
    settled: Sequence[tuple[Settled, Mention]] = (),
) -> View:
    """Tell a manager what is overdue in their team, and with whom."""
    lines = [_became(one, day, holder) for one, holder in settled]
    if not items:
        done = [one for one, _ in settled]
        return View(_names("Overdue in your team no more", done), _settled(lines))
    elements: list[Element] = [
        Paragraph(
            words(Strong("Overdue in your team."), " It is not written down yet what happened at:")
        )
    ]
    for item, holder in items[:LINES]:
        which = {"account": str(item.account_id)}
        late = f", {when_due(item.due_on, day)}" if item.due_on < day else ""
        elements += [
            Paragraph(words(Strong(item.account), f"{about(item)}, with ", holder, late)),
            Buttons(
                (Button("Show", "account.show", which), Button("Hand over", "pass.ask", which)),
                item.account,
            ),
        ]
    if len(items) > LINES:
        elements.append(Note(words(f"And {len(items) - LINES} more.")))
    names = _names("Overdue in your team", [item for item, _ in items])
    return View(names, (*elements, *_settled(lines)))


def _became(one: Settled, day: date, holder: Mention | None = None) -> Text:
    whose = words(", with ", holder) if holder else ()
    until = f" to {show_day(one.item.due_on, day)}" if one.became is Became.PUT_OFF else ""
    return words(Strong(one.item.account), *whose, f": {one.became}{until}.")


def _settled(lines: Iterable[Text]) -> tuple[Element, ...]:
    return tuple(Paragraph(line) for line in lines)


def _names(what: str, items: Sequence[DueItem | Settled]) -> str:
    first = items[0].item if isinstance(items[0], Settled) else items[0]
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    return f"{what}: {first.account}{more}"
