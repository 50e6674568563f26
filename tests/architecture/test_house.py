"""What must stay true of the house whoever builds in it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  # fills the metadata

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "jobs", "storage", "domain")
_CLOCKS = {"now", "today", "utcnow", "time", "time_ns"}


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_every_table_is_scoped_by_workspace() -> None:
    for name, table in SQLModel.metadata.tables.items():
        scope = "id" if name == "workspace" else "workspace_id"
        assert scope in table.c, f"{name} has no {scope}"


def test_every_unique_key_begins_with_the_workspace() -> None:
    for table in SQLModel.metadata.tables.values():
        keys: list[Index | UniqueConstraint] = [i for i in table.indexes if i.unique]
        keys += [c for c in table.constraints if isinstance(c, UniqueConstraint)]
        for key in keys:
            assert next(iter(key.columns)).name == "workspace_id", key.name


def test_the_rules_import_the_standard_library_alone() -> None:
    for path in _files("domain"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                top = name.split(".")[0]
                assert top == "domain" or top in sys.stdlib_module_names, f"{path.name}: {name}"


@pytest.mark.parametrize(
    "path",
    list(_files("domain", "storage", "handlers", "jobs")),
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_time_is_given_never_read(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            reads = node.func.attr in _CLOCKS and owner in {"datetime", "date", "time"}
            assert not reads, f"{path.name}:{node.lineno} reads the clock"


def test_one_file_alone_imports_the_scheduler() -> None:
    found = [
        p
        for p in _files(*ROOMS)
        if re.search(r"^\s*(from|import) apscheduler", p.read_text(), re.M)
    ]
    assert [p.relative_to(ROOT).as_posix() for p in found] == ["jobs/clock.py"]


def test_no_slack_type_above_its_own_room() -> None:
    for path in _files("handlers", "jobs", "storage", "domain"):
        assert not re.search(r"^\s*(from|import) slack", path.read_text(), re.M), path


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    for path in _files(*ROOMS):
        if "migrations" not in path.parts:
            assert len(path.read_text().splitlines()) <= 400, path
