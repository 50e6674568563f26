"""A database of each kind for processes that share it, durable as in earnest."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

LONG = os.environ.get("TRIAL") == "long"
"""Whether trials run in the form that takes minutes (`make trial-kill`)."""

_numbers = itertools.count()


@pytest.fixture(params=("sqlite", "postgresql"))
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'desk.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"trial_{next(_numbers)}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()
