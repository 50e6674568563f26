"""A customer who was won back leaves again, as a file tells (B4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.handlers.files import take_in
from tests.handlers.winning import an_account, claims, ledger, told
from tests.people import ADA, MAX, Desk

HEADER = "Account,Reason,Last day,Kind,External id\n"


async def _won(desk: Desk, name: str = "Acme") -> None:
    """Won back on 2 March for 2,400 dollars, to be kept for 90 days."""
    await an_account(desk, name, holder=ADA)
    await desk.types(ADA, f"{name}, 12000", "found")
    await desk.presses(MAX, "claim.approve", claim=str((await claims(desk))[-1].id))
    desk.now += timedelta(days=60)


async def _taken(desk: Desk) -> list[int]:
    return [line[3] for line in await ledger(desk) if line[0] == "clawed back"]


async def test_an_imported_loss_takes_back_as_one_logged_by_hand_does(desk: Desk) -> None:
    await _won(desk)
    await _won(desk, "Beta")
    await take_in(desk, HEADER + "Acme,Price,2026-03-17,,D-1\nCora,Price,2026-03-18,,D-2\n")
    assert await _taken(desk) == [200_000]
    assert (await claims(desk))[1].left_loss_id is None
    assert "left again after 15 of 90 days" in (await told(desk, ADA, "left again"))[-1].to_json()


async def test_the_first_loss_since_the_win_counts_and_only_once(desk: Desk) -> None:
    await _won(desk)
    rows = "Acme,Price,2026-04-01,,D-2\nAcme,Price,2026-03-17,,D-1\nAcme,Price,2026-01-17,,D-0\n"
    for _ in range(2):
        await take_in(desk, HEADER + rows)
        desk.now += timedelta(minutes=1)
    await take_in(desk, HEADER + "Acme,Price,2026-04-20,,D-3\n")
    assert await _taken(desk) == [200_000]


@pytest.mark.parametrize(
    "row",
    [
        "Acme,Price,2026-02-27,,D-1",  # before the win
        "Acme,Price,2026-03-17,ebbing,D-1",
        "Acme,Price,2026-05-31,,D-1",  # after the 90 days
    ],
)
async def test_what_is_no_leaving_within_the_window_takes_nothing(desk: Desk, row: str) -> None:
    await _won(desk)
    desk.now += timedelta(days=60)
    await take_in(desk, f"{HEADER}{row}\n")
    assert await _taken(desk) == []


async def test_a_preview_takes_nothing_back_and_tells_nobody(desk: Desk) -> None:
    await _won(desk)
    await take_in(desk, HEADER + "Acme,Price,2026-03-17,,D-1\n", dry_run=True)
    assert await _taken(desk) == []
    assert await told(desk, ADA, "left again") == []
