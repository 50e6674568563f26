"""The written win-back policy (S4)."""

from __future__ import annotations

from tests.people import MAX, OTTO, Desk, reply_of


async def test_everyone_reads_the_policy_with_price_and_bounty(desk: Desk) -> None:
    page = reply_of(await desk.types(OTTO, "policy"))
    assert "No sales pitch." in page
    assert "No concessions on price" in page
    assert "$2,000 (double commission: 2 × 10\xa0% of $10,000)" in page


async def test_the_workspace_writes_its_own(desk: Desk) -> None:
    await desk.types(MAX, "settings policy We call first.")
    await desk.types(MAX, "settings concessions=approval concession_limit=7.5")
    page = reply_of(await desk.types(OTTO, "policy"))
    assert "We call first." in page
    assert "Concessions up to 7.5\xa0%, with approval" in page
