"""Accounts and losses taken in: staged batch by batch, then written by a few statements."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Table

from domain.errors import Refused
from domain.row_reading import Values
from domain.rules import Rules
from handlers.context import id_of
from handlers.import_results import ImportResult
from handlers.import_rows import Rows
from handlers.leaving_again import take_back_after_import
from handlers.ports import Directory
from handlers.roster import Roster
from handlers.staging_rows import Columns, account_columns, loss_columns
from storage.importing_accounts import AccountTaking, Taken
from storage.importing_losses import OF_ACCOUNT, LossTaking
from storage.near_names import NearNames
from storage.staging import Staging
from storage.staging_tables import STAGED_ACCOUNT, STAGED_LOSS, STAGED_NAME
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

_NOBODY = frozenset({"nobody", "none", "unassigned", "not assigned", "unknown", "tbd", "?"})

Compose = Callable[[Sequence[int], Values, list[object] | None], Columns]


async def take_accounts(
    work: UnitOfWork, directory: Directory, rows: Rows, result: ImportResult, *, now: datetime
) -> None:
    """Take in a file of accounts."""
    people = People(work, now, directory)
    async with _staging(work, STAGED_ACCOUNT) as staging:
        await _stage(rows, staging, people, account_columns)
        taken = await AccountTaking(work.session, work.workspace_id).take(staging, now)
    await _note(rows, result, taken, people)
    result.near = await NearNames(work.session, work.workspace_id).of_new_accounts(now)


async def take_losses(
    work: UnitOfWork,
    directory: Directory,
    rows: Rows,
    result: ImportResult,
    *,
    rules: Rules,
    now: datetime,
    by: int | None,
) -> None:
    """Take in a file of losses, and the accounts and people they name."""
    people = People(work, now, directory)
    today = now.astimezone(ZoneInfo(rules.time_zone)).date()
    kind = "deal" if "stage" in rows.reader.positions else "customer"
    compose = partial(loss_columns, today=today, kind=kind)
    async with _staging(work, STAGED_LOSS) as staging, _staging(work, STAGED_NAME) as names:
        await _stage(rows, staging, people, compose)
        taken = await LossTaking(work.session, work.workspace_id).take(
            staging,
            names,
            now=now,
            today=today,
            by=by,
            revisit_days=rules.revisit_days,
            described=[key for key in OF_ACCOUNT if key in rows.reader.positions],
        )
    await take_back_after_import(work, now)
    await _note(rows, result, taken, people)
    result.near = await NearNames(work.session, work.workspace_id).of_new_accounts(now)


class People:
    """The ids of those whom cells name as the one who lost it; unknown ones become colleagues."""

    def __init__(self, work: UnitOfWork, now: datetime, directory: Directory) -> None:
        self._work, self._now, self._directory = work, now, directory
        self._roster: Roster | None = None
        self._ids: dict[object, int | None] = {None: None}
        self.notes: list[str] = []
        """Whom several members could be, and is left out."""

    async def ids(self, words: Sequence[object]) -> list[object]:
        """Give the member id for each cell, None for an empty one."""
        unknown = set(words).difference(self._ids)
        if unknown:
            roster = self._roster = self._roster or await Roster.load(
                self._work, self._directory, self._now
            )
            members = {
                word: self._enrol(roster, str(word)) for word in sorted(unknown, key=words.index)
            }
            await roster.settle()
            for word, member in members.items():
                self._ids[word] = id_of(member) if member else None
        return list(map(self._ids.__getitem__, words))

    def _enrol(self, roster: Roster, words: str) -> Member | None:
        if words.casefold() in _NOBODY:
            return None
        try:
            return roster.enrol_words(words)
        except Refused as refusal:
            self.notes.append(refusal.sentence)
            return None

    @property
    def added(self) -> list[str]:
        """The names of those who were not known before."""
        return [member.name for member in self._roster.added] if self._roster else []


@asynccontextmanager
async def _staging(work: UnitOfWork, table: Table) -> AsyncIterator[Staging]:
    staging = Staging(work.session, table)
    await staging.open()
    yield staging
    await staging.close()


async def _stage(rows: Rows, staging: Staging, people: People, compose: Compose) -> None:
    """Stage all rows; once more from the start where the end of a column decides it otherwise."""
    while True:
        async for lines, values in rows.batches():
            words = values.get("lost_by")
            ids = await people.ids(words) if words else None
            await staging.add(compose(lines, values, ids))
        if rows.reader.settled:
            return
        await staging.clear()


async def _note(rows: Rows, result: ImportResult, taken: Taken, people: People) -> None:
    await rows.give_back_lines(taken.refused)
    result.new, result.changed, result.duplicates = taken.new, taken.changed, taken.duplicates
    result.people = people.added
    result.notes += people.notes
