"""Files that wait for a manager's word, and what was learned from those before them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.accounts import BY_CODE


class PendingImport(SQLModel, table=True):
    """A file given to the bot, kept until it is taken in, dropped or `expires_at`.

    `wishes_json`: how it is to be read, as far as anybody said. `rows`: as counted at the preview.
    `wanted_at` is when the manager said yes to a file that is too long to be taken in at once;
    `done_at` when it was. `rejects` are then the rows given back, as CSV.
    """

    __tablename__ = "pending_import"
    __table_args__ = (
        Index("ix_pending_import_member", "workspace_id", "member_id", "done_at"),
        Index("ix_pending_import_wanted", "wanted_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    member_id: int = Field(foreign_key="member.id")
    name: str
    content: bytes
    wishes_json: str = "{}"
    rows: int = 0
    given_at: datetime
    expires_at: datetime
    wanted_at: datetime | None = None
    done_at: datetime | None = None
    rejects: bytes = b""


class RememberedColumns(SQLModel, table=True):
    """How columns with these headings were read the last time somebody had a say in it."""

    __tablename__ = "remembered_columns"
    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    signature: str = Field(primary_key=True)
    wishes_json: str


class RememberedReason(SQLModel, table=True):
    """What words for a reason mean here, as a manager said; `words` in lower case."""

    __tablename__ = "remembered_reason"
    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    words: str = Field(primary_key=True)
    reason: str


class RememberedName(SQLModel, table=True):
    """What files go on calling an account that was merged into another: its name and id there."""

    __tablename__ = "remembered_name"
    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    name_key: str = Field(primary_key=True, sa_type=BY_CODE)
    external_id: str | None = None
    account_id: int = Field(foreign_key="account.id", index=True)


class ToldApart(SQLModel, table=True):
    """Two accounts that are called alike and are not the same, as a manager said.

    `one_id` is the smaller. The row goes with either of them.
    """

    __tablename__ = "told_apart"
    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    one_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    other_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
