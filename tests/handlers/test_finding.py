"""Which account is meant."""

from __future__ import annotations

import pytest

from handlers.finding import either, id_of_account, shortened
from storage.tables import Account
from tests.people import NOW, WORKSPACE


def test_names_are_offered_as_alternatives() -> None:
    assert either(["Acme"]) == "Acme"
    assert either(["Acme", "Apex", "Apollo"]) == "Acme, Apex or Apollo"


def test_a_long_name_does_not_fill_the_screen() -> None:
    assert shortened("x" * 81) == "x" * 79 + "…"
    assert shortened("x" * 80) == "x" * 80


def test_an_account_without_an_id_was_never_stored() -> None:
    account = Account(
        workspace_id=WORKSPACE,
        name="Acme",
        name_key="acme",
        state="active",
        created_at=NOW,
        touched_at=NOW,
    )
    with pytest.raises(ValueError, match="never stored"):
        id_of_account(account)
