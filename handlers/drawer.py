"""`/lost drawer [FILTER]`: what waits for the next deal, found and leafed through."""

from __future__ import annotations

from datetime import date, timedelta

from domain.drawer_filter import DrawerFilter, Sort, read_filter
from domain.errors import Refused
from domain.roles import Permission, can
from handlers.context import Context
from handlers.effects import Effect, ReplaceSource, Reply
from handlers.events import Action, Command
from handlers.finding import either, shortened
from handlers.reasons import all_reasons_of
from handlers.views.drawer import Page, drawer_page, empty_drawer, nothing_fits
from handlers.views.elements import View
from storage.drawer import Sought
from storage.unit_of_work import UnitOfWork

_PAGE = 10
_LONGEST = 300  # characters of a filter: it travels in the buttons


async def show_drawer(context: Context, event: Command) -> list[Effect]:
    """Show the first page of what fits the filter."""
    if len(event.text) > _LONGEST:
        raise Refused(f"That filter is longer than {_LONGEST} characters. Try fewer words.")
    return [Reply(await _page(context, event.text))]


async def turn_drawer(context: Context, event: Action) -> list[Effect]:
    """Show the page after (`way` back: before) an account, or the first in another order."""
    payload = event.payload
    view = await _page(
        context,
        payload.get("filter", ""),
        sort=payload.get("sort", ""),
        beside=payload.get("beside", ""),
        back=payload.get("way") == "back",
        before=int(payload.get("before", "0")),
    )
    return [ReplaceSource(view)]


async def _page(
    context: Context,
    text: str,
    *,
    sort: str = "",
    beside: str = "",
    back: bool = False,
    before: int = 0,
) -> View:
    """Make one page; `before` is how many accounts come before it, as far as that is known."""
    drawer = context.work.drawer
    wanted = read_filter(text, all_reasons_of(context.rules))
    order = Sort(sort) if sort else wanted.sort
    sought, people = await sought_by(context.work, wanted, context.today)
    found = await drawer.find(sought, order)
    if not found.count:
        if sought == Sought():
            return empty_drawer()
        regions = await drawer.regions() if wanted.region else []
        return nothing_fits(wanted, people, regions, context.rules, by_beginning=found.by_beginning)
    leaf = await drawer.leaf(found, _PAGE, beside=int(beside) if beside else None, back=back)
    if not leaf.accounts:  # all that came after was dealt or taken back meanwhile
        leaf = await drawer.leaf(found, _PAGE)
    lost_by = await context.work.members.by_ids(
        account.lost_by_id for account in leaf.accounts if account.lost_by_id is not None
    )
    page = Page(
        leaf.accounts,
        lost_by,
        count=found.count,
        more=found.more,
        size=_PAGE,
        before=before if leaf.earlier else 0,
        earlier=leaf.earlier,
        later=leaf.later,
        filter=text,
        wanted=wanted,
        sort=order,
        people=people,
        deals=can(context.role, Permission.DEAL),
    )
    return drawer_page(page, context.rules, context.today)


async def sought_by(
    work: UnitOfWork, wanted: DrawerFilter, today: date
) -> tuple[Sought, list[str]]:
    """Turn the words into what the rows say; give also the names of the people who are meant."""
    people = []
    if wanted.lost_by:
        people = await work.drawer.people_called(wanted.lost_by)
        if not people:
            team = [member.name for member in await work.members.team()]
            raise Refused(
                f"I know nobody called “{shortened(wanted.lost_by)}”. "
                f"In the team are {either(team[:8])}."
            )
    older = wanted.older_than
    sought = Sought(
        reasons=wanted.reasons,
        tier=wanted.tier or "",
        lost_before=None if older is None else today - timedelta(days=older),
        lost_by=frozenset(m.id for m in people if m.id is not None) if people else None,
        region=wanted.region or "",
        name=wanted.name or "",
    )
    return sought, [member.name for member in people]
