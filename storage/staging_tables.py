"""What is known of a file's row while it waits to be taken over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table

from storage.staging import staging_table
from storage.tables.accounts import BY_CODE

ABOUT_ACCOUNT: tuple[tuple[str, Any], ...] = (
    ("name", String),
    ("name_key", BY_CODE),
    ("external_id", String),
    ("tier", String),
    ("region", String),
    ("sector", String),
    ("product", String),
    ("decision_maker", String),
    ("value_minor", BigInteger),
    ("currency", String),
    ("lost_by_id", Integer),
    ("lost_on", Date),
    ("reason", String),
    ("why_verified", String),
    ("competitor", String),
)
"""Columns of every staging table, named as those of `Account`."""

ABOUT_LOSS: tuple[tuple[str, Any], ...] = (
    ("fingerprint", String),
    ("kind", String),
    ("verified_reason", String),
    ("what_happened", String),
    ("competitor_won_by", String),
    ("last_day_on", Date),
    ("preventable", String),
    ("wake_on", Date),
)
"""Further columns of a loss, named as those of `Loss`."""


def _staged(name: str, *about: tuple[str, Any]) -> Table:
    return staging_table(
        name,
        Column("line", Integer, primary_key=True),
        *(Column(column, kind) for column, kind in about),
        Column("account_id", Integer),
    )


STAGED_ACCOUNT = _staged("staged_account", *ABOUT_ACCOUNT)
STAGED_NAME = _staged("staged_name", *ABOUT_ACCOUNT)
Index("ix_staged_name", STAGED_NAME.c.name_key)
STAGED_LOSS = _staged("staged_loss", *ABOUT_ACCOUNT, *ABOUT_LOSS)
