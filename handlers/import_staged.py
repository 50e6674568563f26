"""Accounts and losses taken in, batch by batch; those that know something already, together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
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
from storage.importing_afresh import (
    OF_ACCOUNT,
    AccountIntake,
    Intake,
    LossIntake,
    LossTerms,
)
from storage.importing_losses import LossTaking
from storage.much_at_once import TwoAreTheSame, much_at_once
from storage.near_names import NearNames
from storage.staging import Staging
from storage.staging_tables import STAGED_ACCOUNT, STAGED_LOSS
from storage.tables import Account, Loss, Member
from storage.unit_of_work import UnitOfWork

_NOBODY = frozenset({"nobody", "none", "unassigned", "not assigned", "unknown", "tbd", "?"})

Compose = Callable[[Sequence[int], Values, list[object] | None], Columns]


async def take_accounts(
    work: UnitOfWork, directory: Directory, rows: Rows, result: ImportResult, *, now: datetime
) -> None:
    """Take in a file of accounts."""

    async def take(strict: bool) -> Taken:
        people = People(work, now, directory)
        async with (
            _staging(work, STAGED_ACCOUNT) as staging,
            much_at_once(work.session, 0, Account, strict=strict) as room,
        ):
            intake = AccountIntake(work.session, work.workspace_id, staging, room, now)
            await _bring_in(rows, intake, people, account_columns)
            taken = await AccountTaking(work.session, work.workspace_id).take(intake)
        _note_people(result, people)
        return taken

    await _note(work, rows, result, await _until_settled(work, take), now)


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
    today = now.astimezone(ZoneInfo(rules.time_zone)).date()
    described = [key for key in OF_ACCOUNT if key in rows.reader.positions]
    terms = LossTerms(now, today, by, rules.revisit_days, described)
    kind = "deal" if rows.of_deals else "customer"
    compose = partial(loss_columns, today=today, kind=kind)

    async def take(strict: bool) -> Taken:
        people = People(work, now, directory)
        async with (
            _staging(work, STAGED_LOSS) as staging,
            much_at_once(work.session, 0, Account, Loss, strict=strict) as room,
        ):
            intake = LossIntake(work.session, work.workspace_id, staging, room, terms)
            await _bring_in(rows, intake, people, compose)
            taken = await LossTaking(work.session, work.workspace_id).take(intake)
        _note_people(result, people)
        return taken

    taken = await _until_settled(work, take)
    await take_back_after_import(work, now)
    await _note(work, rows, result, taken, now)


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


class _ReadAnew(Exception):
    """The end of a column has decided how its beginning is read."""


async def _until_settled(work: UnitOfWork, take: Callable[[bool], Awaitable[Taken]]) -> Taken:
    """Take a file in; where it has to be read anew, as if it had never been begun.

    `take` is told whether to look for accounts that come twice from the first row on.
    """
    strict = False
    while True:
        try:
            async with work.session.begin_nested():
                return await take(strict)
        except TwoAreTheSame:
            strict = True
        except _ReadAnew:
            continue


async def _bring_in(rows: Rows, intake: Intake, people: People, compose: Compose) -> None:
    await intake.begin()
    try:
        async for lines, values in rows.batches():
            words = values.get("lost_by")
            if words:
                await intake.settle()
            ids = await people.ids(words) if words else None
            await intake.add(compose(lines, values, ids))
    finally:
        await intake.settle()
    if not rows.reader.settled:
        raise _ReadAnew


def _note_people(result: ImportResult, people: People) -> None:
    result.people = people.added
    result.notes += people.notes


async def _note(
    work: UnitOfWork, rows: Rows, result: ImportResult, taken: Taken, now: datetime
) -> None:
    await rows.give_back_lines(taken.refused)
    result.new, result.changed, result.duplicates = taken.new, taken.changed, taken.duplicates
    result.near = await NearNames(work.session, work.workspace_id).of_new_accounts(now)
