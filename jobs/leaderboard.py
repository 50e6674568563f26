"""The leaderboard, posted on the workspace's schedule."""

from __future__ import annotations

from domain.calendar import board_after, board_before
from handlers.board import board_view
from handlers.hours import known_zone
from jobs.context import JobContext
from storage import due


async def run_some(context: JobContext) -> int:
    """Post the board of one workspace where it is due; give 1, or 0 where none is.

    A board that was missed is posted late, once. One without a name on it is not posted.
    """
    async with context.database.looking() as session:
        workspace_id = await due.workspace_with_board(session, context.now)
    if workspace_id is None:
        return 0
    async with context.workspace(workspace_id) as work:
        workspace = await work.due.board()
        if workspace is None:
            return 0
        rules = await work.workspaces.rules()
        zone = known_zone(rules.time_zone)
        due_at = workspace.leaderboard_due_at or board_after(workspace.created_at, rules, zone)
        await work.due.plan_board(max(due_at, board_after(context.now, rules, zone)))
        channel = rules.leaderboard_channel or rules.team_channel
        if due_at <= context.now and rules.leaderboard and channel and workspace.active:
            view = await board_view(work, rules, context.now, rules.leaderboard_period)
            if view is not None:
                slot = board_before(context.now, rules, zone).astimezone(zone).date()
                await work.outbox.put(
                    view_json=view.to_json(),
                    kind="leaderboard",
                    dedupe_key=f"leaderboard:{slot}",
                    now=context.now,
                    channel_id=channel,
                )
        await work.commit()
    return 1
