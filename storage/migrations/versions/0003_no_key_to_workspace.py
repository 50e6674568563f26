"""Accounts and losses name their workspace without a key to it.

Revision ID: 0003_no_key_to_workspace
Revises: 0002_told_apart
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_no_key_to_workspace"
down_revision = "0002_told_apart"
branch_labels = None
depends_on = None

_TABLES = ("account", "loss")
_KEY = "FOREIGN KEY(workspace_id) REFERENCES workspace (id), \n\t"
_BEFORE = "FOREIGN KEY(lost_by_id) REFERENCES member (id), \n\t"  # in SQLite's text of both


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _reword(_BEFORE + _KEY, _BEFORE)
        return
    for table in _TABLES:
        op.drop_constraint(f"{table}_workspace_id_fkey", table, type_="foreignkey")


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _reword(_BEFORE, _BEFORE + _KEY)
        return
    for table in _TABLES:
        op.create_foreign_key(
            f"{table}_workspace_id_fkey", table, "workspace", ["workspace_id"], ["id"]
        )


def _reword(old: str, new: str) -> None:
    """Change SQLite's text of the tables, as its manual has it for keys that change no row.

    To write the tables anew is forbidden by other tables' keys to them. By the version all
    connections know that they have to read the text again.
    """
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    for table in _TABLES:
        words = {"old": old, "new": new, "name": table}
        changed = "UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE name = :name"
        connection.execute(sa.text(changed), words)
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))
