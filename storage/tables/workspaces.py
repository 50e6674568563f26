"""Workspaces, who is in them and what they have decided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

UNPLANNED = text(
    "digest_due_at IS NULL AND active AND role IN ('rep', 'manager', 'executive', 'admin')"
)
"""Members who get a digest and whose next one is still to be worked out."""


class Workspace(SQLModel, table=True):
    """One installation's tenant: a Slack team or a Teams tenant. `id` is the platform's own.

    `leaderboard_due_at` is when the next scheduled board falls due.
    """

    id: str = Field(primary_key=True)
    platform: str = "slack"
    name: str = ""
    bot_user_id: str = ""
    bot_token: str = ""  # encrypted unless the one workspace's token lives in the environment
    active: bool = True
    created_at: datetime
    leaderboard_due_at: datetime | None = Field(default=None, index=True)


class Setting(SQLModel, table=True):
    """One thing a workspace has decided; `value_json` as `domain.rules.read` gave it."""

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    key: str = Field(primary_key=True)
    value_json: str


class Member(SQLModel, table=True):
    """A person of the workspace. Without a `platform_user_id` they are known by name alone.

    `dm_channel` is the platform's id of their messages with the bot, once it was opened;
    `time_zone` is IANA, the platform's unless the member chose it (`zone_chosen`); `weight` is
    their share of a deal in per cent (100 full time);
    `digest_due_at` is when their next digest falls due, None where that is still to be worked out;
    `digest_on` is the local day of the last, and `digest_missed_since` the first day of which it
    made up for a digest that never came. Of their own choosing: `digest_time` (HH:MM),
    `working_days`, `country` (of their holidays), `paused_until` (the last day without nudges) and
    `muted` (kinds of nudge, comma-separated); None leaves it to the workspace.
    `commission_percentage` is their own rate where it is not the workspace's; `on_board` whether
    the leaderboard names them.
    `platform_admin` is whether the platform has them as an owner or admin.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "platform_user_id"),
        Index("ix_member_name", "workspace_id", "name_key"),
        Index("ix_member_digest_due", "digest_due_at"),
        Index("ix_member_digest_turn", "workspace_id", "digest_due_at"),
        Index(
            "ix_member_unplanned",
            "workspace_id",
            sqlite_where=UNPLANNED,
            postgresql_where=UNPLANNED,
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    platform_user_id: str | None = None
    dm_channel: str | None = None
    name: str
    name_key: str
    email: str | None = None
    role: str = "colleague"
    manager_id: int | None = Field(default=None, foreign_key="member.id")
    region: str | None = None
    time_zone: str | None = None
    zone_chosen: bool = False
    active: bool = True
    platform_admin: bool = False
    weight: int = 100
    digest_due_at: datetime | None = None
    digest_on: date | None = None
    digest_missed_since: date | None = None
    digest_time: str | None = None
    working_days: str | None = None
    country: str | None = None
    paused_until: date | None = None
    muted: str = ""
    commission_percentage: str | None = None
    on_board: bool = True
    joined_at: datetime


class Absence(SQLModel, table=True):
    """Days a member is away, both ends included."""

    __table_args__ = (Index("ix_absence_member", "workspace_id", "member_id", "to_on"),)
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    member_id: int = Field(foreign_key="member.id")
    from_on: date
    to_on: date
