"""Since when a member has had no digest.

Revision ID: 0004_missed_digests
Revises: 0003_no_key_to_workspace
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_missed_digests"
down_revision = "0003_no_key_to_workspace"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("digest_missed_since", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("member", "digest_missed_since")
