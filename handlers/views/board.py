"""The leaderboard, in words, as a chart and as figures."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from domain.leaderboard import Standing
from domain.money import Money
from domain.periods import Period, words_for
from domain.rules import Rules
from handlers.money import show_money
from handlers.views.elements import (
    Button,
    Buttons,
    Chart,
    Code,
    Element,
    Heading,
    Note,
    Paragraph,
    Table,
    View,
    say,
    words,
)

SHOWN = 20
"""Places on one board: as many as a chart takes."""


def board_page(standings: list[Standing], period: Period, rules: Rules) -> View:
    """Show who leads, for everyone: only those with points."""
    days = words_for(period)
    shown = standings[:SHOWN]
    elements: list[Element] = [
        Heading(f"Leaderboard: {days}"),
        Paragraph(words(_headline(standings, rules))),
        Chart(
            "Points",
            "points",
            tuple((standing.tally.name, float(standing.tally.points)) for standing in shown),
        ),
        _table(shown, rules),
    ]
    more = len(standings) - len(shown)
    if more:
        elements.append(Note(words(f"And {more} more with points. Well done, all of you.")))
    late = [standing.tally for standing in standings if standing.tally.late]
    if late:
        names = ", ".join(f"{tally.name} ({tally.late})" for tally in late)
        elements.append(
            Note(words(f"Came back earlier, approved since the last board, counted now: {names}."))
        )
    elements.append(Note(words(_rule(rules))))
    return View(f"Leaderboard: {days}", tuple(elements))


def with_post_button(view: View, period: Period) -> View:
    """Offer to post a board where the team sees it."""
    payload = {"period": period.name, "start": period.start.isoformat()}
    button = Button("Post it", "board.post", payload, "primary")
    return View(view.summary, (*view.elements, Buttons((button,))))


def empty_board(period: Period) -> View:
    """Say kindly that there is nothing to show yet."""
    return View(
        "No points yet",
        (
            Paragraph(words(f"No points yet in {words_for(period)}. The first visit starts it.")),
            Note(words("Also: ", Code("/lost board last week"), " or month, quarter, campaign.")),
        ),
    )


def on_board_note(*, shown: bool) -> View:
    """Say whether the board names the asker from now on."""
    other = Code(f"/lost board {'off' if shown else 'on'}")
    now = "The board names you" if shown else "The board leaves you out"
    return say(f"{now} from now on. To change it: ", other, ".")


def _headline(standings: list[Standing], rules: Rules) -> str:
    wins = ceil(sum(standing.tally.wins for standing in standings))
    visits = sum(standing.tally.visits for standing in standings)
    footholds = ceil(sum(standing.tally.footholds for standing in standings))
    value = sum(standing.tally.value_minor for standing in standings)
    leaders = " and ".join(s.tally.name for s in standings if s.rank == 1)
    said = [
        _count(wins, "customer", " back"),
        f"{show_money(Money(value, rules.currency))} won back" if value else "",
        _count(footholds, "foothold"),
        _count(visits, "visit"),
    ]
    sums = ", ".join(part for part in said if part)
    return f"{sums}. In front: {leaders}." if sums else f"In front: {leaders}."


def _count(number: int, what: str, became: str = "") -> str:
    return f"{number} {what if number == 1 else f'{what}s'}{became}" if number else ""


def _table(standings: list[Standing], rules: Rules) -> Table:
    """Show the figures; a column in which nobody has one is left out, for the width of a phone."""
    titles = ("#", "Who", "Points", "Wins", "Won back", "Visits", "Whys")
    rows = [_row(standing, rules) for standing in standings]
    kept = [number for number in range(len(titles)) if any(row[number] for row in rows)]
    return Table(
        tuple(titles[number] for number in kept),
        tuple(tuple(row[number] for number in kept) for row in rows),
        frozenset(range(len(kept))) - {1},
    )


def _row(standing: Standing, rules: Rules) -> tuple[str, ...]:
    tally = standing.tally
    value = show_money(Money(tally.value_minor, rules.currency)) if tally.value_minor else ""
    figures = (standing.rank, tally.name, tally.points, show_part(tally.wins), value)
    return tuple(str(cell) for cell in (*figures, tally.visits or "", tally.whys or ""))


def show_part(wins: Fraction) -> str:
    """Write how many wins are somebody's, of shared ones their part: "2", "0.5"; none is empty."""
    return f"{float(wins):.2f}".rstrip("0").rstrip(".") if wins else ""


def _rule(rules: Rules) -> str:
    return (
        f"Points: {rules.points_win} a win, {rules.points_foothold} a foothold, "
        f"{rules.points_visit} a visit, "
        f"{rules.points_why} a why documented. A shared win is shared here as its bounty is."
    )
