"""Accounts that a manager told apart.

Revision ID: 0002_told_apart
Revises: 0001_initial
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_told_apart"
down_revision = "0001_initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_apart",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["one_id"], ["account.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["account.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", "one_id", "other_id"),
    )


def downgrade() -> None:
    op.drop_table("told_apart")
