"""S6: what a newcomer may try ticks itself off when it is done, and not before."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.story import STORY

FOUND = next(step for step in STORY.steps if step.id == "found")


def entry(kind: str, name: str, response: Any) -> dict[str, Any]:
    return {"kind": kind, "name": name, "ok": True, "request": {"text": ""}, "response": response}


@pytest.mark.parametrize(
    ("kind", "name", "response", "done"),
    [
        ("submit", "claim.send", {}, True),
        ("submit", "claim.send", {"response_action": "errors", "errors": {}}, False),
        ("command", "/found", {"text": "Acme is back: claimed"}, True),
        ("command", "/found", {"text": "I know no account called “Acne”."}, False),
        ("command", "/found", {}, False),
        ("command", "/found", None, False),
        ("command", "/lost", {"text": "Acme is back: claimed"}, False),
        ("response_url", "response_url", "ok", False),
    ],
)
def test_a_claim_counts_by_form_and_in_one_line(
    kind: str, name: str, response: Any, done: bool
) -> None:
    assert FOUND.done_by(entry(kind, name, response)) is done
