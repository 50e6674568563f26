"""`/lost board`: who won customers back, on demand and for the scheduled post."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.errors import Refused
from domain.leaderboard import Standing, standings
from domain.periods import CAMPAIGN, Period, campaign_period, period_with, read_period
from domain.roles import Permission, can
from domain.rules import Rules
from handlers.context import Context
from handlers.effects import Effect, Reply
from handlers.events import Action, Command
from handlers.views.board import board_page, empty_board, on_board_note, with_post_button
from handlers.views.elements import View, say
from storage.unit_of_work import UnitOfWork

_WEEK = timedelta(days=7)
_SWITCH = {"on": True, "off": False}


async def show_board(context: Context, event: Command) -> list[Effect]:
    """Show the board of a period to the asker; who sets the rules here may post it."""
    asked = event.text.strip().lower()
    if asked in _SWITCH:
        return [Reply(await _show_or_hide(context, shown=_SWITCH[asked]))]
    today = _today(context.rules, context.now)
    default, campaign = context.rules.leaderboard_period, campaign_of(context.rules)
    period = read_period(event.text, today, default, campaign)
    board = await _standings(context.work, context.rules, period)
    if not board:
        return [Reply(empty_board(period))]
    view = board_page(board, period, context.rules)
    if can(context.role, Permission.CHANGE_SETTINGS):
        view = with_post_button(view, period)
    return [Reply(view)]


async def post_board(context: Context, event: Action) -> list[Effect]:
    """Post a board to the leaderboard's channel, or where the button was pressed."""
    period = _period_meant(context.rules, event.payload)
    board = await _standings(context.work, context.rules, period)
    if not board:
        return [Reply(empty_board(period))]
    view = board_page(board, period, context.rules)
    channel = context.rules.leaderboard_channel or context.rules.team_channel
    if not channel:
        return [Reply(view, public=True)]
    posted = await context.post(
        channel,
        view,
        kind="board",
        dedupe_key=f"board:{period.name}:{period.start}:posted:{context.today}",
    )
    return [Reply(say("It is on its way." if posted else "It was posted today already."))]


async def board_view(work: UnitOfWork, rules: Rules, now: datetime, period: str) -> View | None:
    """Give the scheduled board; None where nobody has points.

    A week's board covers the seven days before today. A month's or quarter's covers the one that
    ran a week ago: the running one, and in its first week the one before, whole.
    """
    today = _today(rules, now)
    a_week_ago = today - _WEEK
    span = (
        Period(period, a_week_ago, today) if period == "week" else period_with(period, a_week_ago)
    )
    board = await _standings(work, rules, span)
    return board_page(board, span, rules) if board else None


async def _show_or_hide(context: Context, *, shown: bool) -> View:
    """Let a member say whether the board names them; what they did counts all the same."""
    context.actor.on_board = shown
    context.work.workspaces.audit(
        "show on board" if shown else "hide from board",
        context.actor.name,
        by=context.actor_id,
        now=context.now,
    )
    return on_board_note(shown=shown)


async def _standings(work: UnitOfWork, rules: Rules, period: Period) -> list[Standing]:
    start, end = period.instants(ZoneInfo(rules.time_zone))
    counted = await work.board.counted(start, end, first_day=period.start, currency=rules.currency)
    return standings(counted, rules)


def campaign_of(rules: Rules) -> Period | None:
    """Give the campaign that is set, None where there is none."""
    if not rules.campaign_name:
        return None
    first, last = map(date.fromisoformat, (rules.campaign_from, rules.campaign_to))
    return campaign_period(rules.campaign_name, first, last)


def _period_meant(rules: Rules, payload: Mapping[str, str]) -> Period:
    """Give the period whose board a button posts."""
    start = date.fromisoformat(payload["start"])
    if payload["period"] != CAMPAIGN:
        return period_with(payload["period"], start)
    campaign = campaign_of(rules)
    if campaign is None or campaign.start != start:
        raise Refused("The campaign is another one by now. See it with `/lost board campaign`.")
    return campaign


def _today(rules: Rules, now: datetime) -> date:
    return now.astimezone(UTC).astimezone(ZoneInfo(rules.time_zone)).date()
