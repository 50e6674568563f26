"""Accounts that came in with a file and are nearly called like another."""

from __future__ import annotations

import re
from datetime import datetime

from rapidfuzz import fuzz
from sqlalchemy import func, select

from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Account

_MOST_ACCOUNTS = 20_000  # past that, comparing would take longer than the import
_NEIGHBOURS = 4  # a slip changes the place in the order by little, read from the front or the back
_NEARLY = 90  # of 100, rapidfuzz ratio: "Globex" ~ "Globbex" (92), not "Betatech" ~ "Betasoloin"
_SHORTEST = 5  # letters of a key: of shorter ones, each is near to many
_FIGURES = re.compile(r"\d+")

_account = table_of(Account)


class NearNames(Repository):
    """Queries over names."""

    async def of_new_accounts(self, now: datetime) -> list[tuple[str, str]]:
        """Give (new name, name nearly like it) of the accounts that were written at `now`.

        Names whose figures differ ("Unit 7", "Unit 8") are not near. Nothing is given where there
        are too many accounts to compare.
        """
        own = _account.c.workspace_id == self.workspace_id
        counted = await run(self.session, select(func.count()).select_from(_account).where(own))
        if counted.scalar_one() > _MOST_ACCOUNTS:
            return []
        rows = await run(
            self.session,
            select(
                _account.c.name_key,
                _account.c.name,
                (_account.c.created_at == now).label("new"),
            ).where(own),
        )
        known = [
            (row.name_key, row.name, bool(row.new))
            for row in rows
            if len(row.name_key) >= _SHORTEST
        ]
        found: dict[tuple[str, str], None] = {}
        for ordered in (sorted(known), sorted(known, key=lambda row: row[0][::-1])):
            for i, (key, name, new) in enumerate(ordered):
                for other_key, other, other_new in ordered[i + 1 : i + 1 + _NEIGHBOURS]:
                    if (new or other_new) and _near(key, other_key):
                        found[(name, other) if new else (other, name)] = None
        return [pair for pair in found if not (pair[::-1] in found and pair > pair[::-1])]


def _near(one: str, other: str) -> bool:
    same_figures = _FIGURES.findall(one) == _FIGURES.findall(other)
    return same_figures and fuzz.ratio(one, other, score_cutoff=_NEARLY) > 0
