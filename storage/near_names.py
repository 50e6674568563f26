"""Accounts that came in with a file and are nearly called like another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Row, func, select

from storage.merging import Merging
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Account

_MOST_ACCOUNTS = 20_000  # past that, comparing would take longer than the import
_NEIGHBOURS = 4  # a slip changes the place in the order by little, read from the front or the back
_NEARLY = 90  # of 100, rapidfuzz ratio: "Globex" ~ "Globbex" (92), not "Betatech" ~ "Betasoloin"
_SHORTEST = 5  # letters of a key: of shorter ones, each is near to many
_FIGURES = re.compile(r"\d+")

_account = table_of(Account)


@dataclass(frozen=True, slots=True)
class Near:
    """A new account, and one known longer that is nearly called like it."""

    new_id: int
    new: str
    known_id: int
    known: str


class NearNames(Repository):
    """Queries over names."""

    async def of_new_accounts(self, now: datetime) -> list[Near]:
        """Give the accounts that were written at `now` and are nearly called like another.

        Names whose figures differ ("Unit 7", "Unit 8") are not near, and what was told apart is
        not given again. Nothing is given where there are too many accounts to compare.
        """
        own = _account.c.workspace_id == self.workspace_id
        some = select(_account.c.id).where(own).limit(_MOST_ACCOUNTS + 1).subquery()
        counted = await run(self.session, select(func.count()).select_from(some))
        if counted.scalar_one() > _MOST_ACCOUNTS:
            return []
        rows = await run(
            self.session,
            select(
                *(_account.c.name_key, _account.c.id, _account.c.name),
                (_account.c.created_at == now).label("new"),
            ).where(own),
        )
        known = [row for row in rows if len(row.name_key) >= _SHORTEST]
        found: dict[tuple[int, int], Near] = {}
        for ordered in (sorted(known), sorted(known, key=lambda row: row.name_key[::-1])):
            for i, one in enumerate(ordered):
                for other in ordered[i + 1 : i + 1 + _NEIGHBOURS]:
                    if (one.new or other.new) and _near(one.name_key, other.name_key):
                        known_first = sorted((one, other), key=lambda row: (row.new, row.id))
                        found[(known_first[0].id, known_first[1].id)] = _pair(*known_first)
        apart = await Merging(self.session, self.workspace_id).told_apart() if found else set()
        return [near for ids, near in found.items() if tuple(sorted(ids)) not in apart]


def _pair(known: Row[Any], new: Row[Any]) -> Near:
    return Near(new.id, new.name, known.id, known.name)


def _near(one: str, other: str) -> bool:
    same_figures = _FIGURES.findall(one) == _FIGURES.findall(other)
    return same_figures and fuzz.ratio(one, other, score_cutoff=_NEARLY) > 0
