"""The line after `/found` (B2)."""

from __future__ import annotations

import pytest

from domain.claim_line import ClaimLine, read_claim_line


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ClaimLine("")),
        ("Acme Corp", ClaimLine("Acme Corp")),
        ("Acme, 12,000, CRM", ClaimLine("Acme", "12,000", "CRM")),
        ("Acme,12000,CRM", ClaimLine("Acme", "12000", "CRM")),
        ("Acme, 1.234,56 €", ClaimLine("Acme", "1.234,56 €")),
        (
            "Acme - $12k – suite — by, listening",
            ClaimLine("Acme", "$12k", "suite", "by, listening"),
        ),
        ("Coca-Cola, 5", ClaimLine("Coca-Cola", "5")),
        ('"Smith, Jones & Co", 300', ClaimLine("Smith, Jones & Co", "300")),
        ("“Mine” - 300", ClaimLine("Mine", "300")),
        ('"visit"', ClaimLine("visit")),
        ("Acme\n300", ClaimLine("Acme", "300")),
        ("O'Neill's, 4", ClaimLine("O'Neill's", "4")),
        ("Acme, , CRM", ClaimLine("Acme", "CRM")),
        ("<!channel> 😀, 9", ClaimLine("<!channel> 😀", "9")),
    ],
)
def test_a_line_is_read_as_it_was_meant(text: str, read: ClaimLine) -> None:
    assert read_claim_line(text) == read
