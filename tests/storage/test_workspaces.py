"""Who acts, and by which rules: read anew for every act."""

from __future__ import annotations

from domain.rules import Rules
from storage.installing import ensure_workspace
from tests.people import ADA, NOW, WORKSPACE, Desk


async def test_the_actor_comes_with_the_rules_of_now(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        known = await work.workspaces.actor(ADA)
        assert known is not None
        assert (known[0].name, known[1]) == ("Ada Fox", Rules())
        await work.workspaces.decide("currency", "EUR")
        await work.workspaces.decide("contact_days", 5)
        await work.commit()
    async with desk.database.reading(WORKSPACE) as work:
        known = await work.workspaces.actor(ADA)
        assert known is not None
        assert (known[0].id, known[1]) == (desk.ids[ADA], Rules(currency="EUR", contact_days=5))


async def test_nobody_acts_in_a_workspace_that_does_not_know_them(desk: Desk) -> None:
    async with desk.database.session() as session:
        await ensure_workspace(session, "T0OTHER", now=NOW)
        await session.commit()
    async with desk.database.workspace("T0OTHER") as work:
        await work.workspaces.decide("currency", "EUR")
        await work.commit()
        assert await work.workspaces.actor(ADA) is None
    async with desk.database.reading(WORKSPACE) as work:
        known = await work.workspaces.actor(ADA)
        assert known is not None
        assert known[1] == Rules()
