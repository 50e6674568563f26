"""The documents say what the code does."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_PAGES = runpy.run_path(str(ROOT / "docs" / "write_reference.py"))["pages"]()
_DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("name", sorted(_PAGES))
def test_the_reference_is_what_the_code_says(name: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text()
    assert written == _PAGES[name], "run: python docs/write_reference.py"


@pytest.mark.parametrize("path", _DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", _DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_that_a_document_types_exists(path: Path) -> None:
    from bot.cli.arguments import parser
    from handlers.registry import COMMANDS

    known = set(parser().format_help().split())
    for word in re.findall(r"python -m bot ([a-z]+)", path.read_text()):
        assert word in known, word
    for word in re.findall(r"`/lost ([a-z]+)[ `]", path.read_text()):
        assert word in COMMANDS, word
