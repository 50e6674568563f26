"""Less to keep for each account and loss: no key to the workspace, and fewer that wait untouched.

Revision ID: 0003_lighter_imports
Revises: 0002_told_apart
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_lighter_imports"
down_revision = "0002_told_apart"
branch_labels = None
depends_on = None

_TABLES = ("account", "loss")
_KEY = "FOREIGN KEY(workspace_id) REFERENCES workspace (id), \n\t"
_BEFORE = "FOREIGN KEY(lost_by_id) REFERENCES member (id), \n\t"  # in SQLite's text of both
_IN_DRAWER = sa.text("state IN ('code 99', 'lost')")


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _reword(_BEFORE + _KEY, _BEFORE)
    else:
        for table in _TABLES:
            op.drop_constraint(f"{table}_workspace_id_fkey", table, type_="foreignkey")
    op.drop_index("ix_account_touched", "account")
    op.create_index(
        "ix_account_touched",
        "account",
        ["workspace_id", "touched_at"],
        sqlite_where=_IN_DRAWER,
        postgresql_where=_IN_DRAWER,
    )


def downgrade() -> None:
    op.drop_index("ix_account_touched", "account")
    op.create_index("ix_account_touched", "account", ["workspace_id", "state", "touched_at"])
    if op.get_context().dialect.name == "sqlite":
        _reword(_BEFORE, _BEFORE + _KEY)
        return
    for table in _TABLES:
        op.create_foreign_key(
            f"{table}_workspace_id_fkey", table, "workspace", ["workspace_id"], ["id"]
        )


def _reword(old: str, new: str) -> None:
    """Change SQLite's text of the tables, as its manual has it for keys that change no row.

    To write the tables anew is forbidden by other tables' keys to them. Other connections learn of
    it as of the index that is made anew.
    """
    connection = op.get_bind()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    for table in _TABLES:
        words = {"old": old, "new": new, "name": table}
        changed = "UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE name = :name"
        connection.execute(sa.text(changed), words)
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))
