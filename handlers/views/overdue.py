"""What is overdue, in words; and what became of it, in the place of those words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.digest import Became, DueItem, Settled, order
from handlers.days import name_day
from handlers.views.digest import LINES, about, due_buttons, when_due
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
    rest = _became([(one, None) for one in settled], day)
    if not items:
        return View(_names("Overdue no more", settled), rest)
    items = sorted(items, key=order)
    lead = words(
        Strong("Overdue."),
        " It is not written down yet what happened at "
        + ("this account" if len(items) == 1 else f"these {len(items)} accounts")
        + (". Your manager knows too." if led else ".")
        + " Visit, meet the decision maker, find out: no sales pitch.",
    )
    elements: list[Element] = [Paragraph(lead)]
    for item in items[:LINES]:
        elements += [_line(item, (), day), due_buttons(item)]
    if len(items) > LINES:
        more = words(f"And {len(items) - LINES} more: ", Code("/lost mine"), " shows them all.")
        elements.append(Note(more))
    return View(_names("Overdue", items), (*elements, *rest))


def overdue_to_manager(
    items: Sequence[tuple[DueItem, Mention]],
    day: date,
    *,
    settled: Sequence[tuple[Settled, Mention]] = (),
) -> View:
    """Tell a manager what is overdue in their team, and with whom."""
    rest = _became(settled, day)
    if not items:
        done = [one for one, _ in settled]
        return View(_names("Overdue in your team no more", done), rest)
    items = sorted(items, key=lambda line: order(line[0]))
    holders = {holder for _, holder in items}
    alone = holders.pop() if len(holders) == 1 else None
    whom = words(" with ", alone) if alone else words(" in your team")
    says = ". It is not written down yet what happened at:"
    elements: list[Element] = [Paragraph(words(Strong("Overdue"), *whom, says))]
    for item, holder in items[:LINES]:
        which = {"account": str(item.account_id)}
        whose = () if alone else words(", with ", holder)
        elements += [
            _line(item, whose, day),
            Buttons(
                (Button("Show", "account.show", which), Button("Hand over", "pass.ask", which)),
                item.account,
            ),
        ]
    if len(items) > LINES:
        elements.append(Note(words(f"And {len(items) - LINES} more.")))
    names = _names("Overdue in your team", [item for item, _ in items])
    return View(names, (*elements, *rest))


def _line(item: DueItem, whose: Text, day: date) -> Paragraph:
    late = f", {when_due(item.due_on, day)}" if item.due_on < day else ""
    return Paragraph(words(Strong(item.account), about(item), *whose, late))


def _became(settled: Sequence[tuple[Settled, Mention | None]], day: date) -> tuple[Element, ...]:
    """Say what became of the rest: one line for all of which it is the same."""
    alike: dict[tuple[str, Mention | None], list[str]] = {}
    for one, holder in settled:
        until = f" to {name_day(one.item.due_on, day)}" if one.became is Became.PUT_OFF else ""
        alike.setdefault((f"{one.became}{until}", holder), []).append(one.item.account)
    return tuple(
        Paragraph(words(Strong(", ".join(names)), *_whose(holder), f": {became}."))
        for (became, holder), names in alike.items()
    )


def _whose(holder: Mention | None) -> Text:
    return words(" (", holder, ")") if holder else ()


def _names(what: str, items: Sequence[DueItem | Settled]) -> str:
    first = items[0].item if isinstance(items[0], Settled) else items[0]
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    return f"{what}: {first.account}{more}"
