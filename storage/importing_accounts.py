"""Taking a file's accounts over: staged first, then written whole by a few statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    String,
    Subquery,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)

from domain.account_life import State
from storage.importing_afresh import AccountIntake
from storage.much_at_once import Room
from storage.repository import Repository
from storage.sql import insert_into, run, table_of
from storage.staging import Staging
from storage.staging_tables import ABOUT_ACCOUNT
from storage.tables import Account, RememberedName
from storage.tables.accounts import BY_CODE

_MANY = 500  # lines named in one statement
_LINES = 1_000_000_000  # more than a file has: added to a line, it gives each as many figures
_TWO_NAMED = "Two accounts of this file have this name: give one of them another."
_TWO_WITH_ID = "Two accounts of this file have this External id: mend one of them."
_TWO_IDS = "An earlier row gives this account another External id."
_KEPT_AS = {BY_CODE: String(), Date: Date().with_variant(String(), "sqlite")}
"""What to cast words to: SQLite keeps days as text, and would cast them to years."""
_FILLED_ONLY = ("lost_by_id", "lost_on", "reason", "competitor", "why_verified")
"""What is taken only where no loss, and no visit, has said it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of staged rows: written anew, changed something, said nothing new, or refused.

    `refused` are line numbers and why.
    """

    new: int
    changed: int
    duplicates: int
    refused: list[tuple[int, str]]


class AccountTaking(Repository):
    """Writes staged accounts into the workspace; what is not committed is as if never sent."""

    async def take(self, intake: AccountIntake) -> Taken:
        """Write staged accounts: by external id, else by name; new ones go into the drawer.

        An empty cell never erases. Where several rows name one account, each adds to what the
        ones before it said. How it was lost is filled in only where no loss has said it, the
        verified reason where no visit has.
        """
        staged = intake.staging.table
        total = await intake.staging.count()
        if not total:
            return Taken(intake.written, 0, 0, [])
        await self._call_by_present_names(staged)
        await intake.room.make(intake.written + total)
        new = await self._insert_accounts(staged, intake.now, State.CODE_99)
        if new == total:
            return Taken(intake.written + new, 0, 0, [])
        await intake.room.look_again(Account)
        await self._resolve(staged)
        refused = await self._refuse_mistaken_identity(staged)
        known = staged.c.account_id <= intake.room.highest(Account)
        changed = await self._update_accounts(staged, known)
        await self._update_accounts(staged, ~known)  # what came with this very file is no change
        distinct = func.count(func.distinct(staged.c.account_id))
        met = await run(self.session, select(distinct).where(known))
        duplicates = total - len(refused) - new - int(met.scalar_one())
        return Taken(intake.written + new, changed, duplicates, refused)

    async def _call_by_present_names(self, staged: Table) -> None:
        """Give rows that mean an account merged into another that one's name and id."""
        account, former = table_of(Account), table_of(RememberedName)
        own = former.c.workspace_id == self.workspace_id
        if (await run(self.session, select(former.c.name_key).where(own).limit(1))).first() is None:
            return
        same_id = staged.c.external_id == former.c.external_id
        values = {
            "name": account.c.name,
            "name_key": account.c.name_key,
            "external_id": case((same_id, account.c.external_id), else_=staged.c.external_id),
        }
        meant = or_(same_id, staged.c.name_key == former.c.name_key)
        statement = update(staged).values(values)
        await run(self.session, statement.where(own, meant, account.c.id == former.c.account_id))

    async def _insert_accounts(self, staged: Table, now: datetime, state: State) -> int:
        """Write the accounts that are known neither by id nor by name, the earliest line first."""
        account = table_of(Account)
        values: dict[str, ColumnElement[Any]] = {
            "workspace_id": literal(self.workspace_id),
            "state": literal(state.value),
            "created_at": literal(now, account.c.created_at.type),
            "touched_at": literal(now, account.c.touched_at.type),
            **{key: staged.c[key] for key, _ in ABOUT_ACCOUNT},
        }
        values["name"] = func.coalesce(staged.c.name, literal("Account ") + staged.c.external_id)
        rows = select(*values.values()).where(staged.c.line > 0).order_by(staged.c.line)
        insert = insert_into(self.session, Account).from_select(list(values), rows)
        return (await run(self.session, insert.on_conflict_do_nothing())).rowcount

    async def _resolve(self, staged: Table) -> None:
        """Find each staged row's account: by external id, else by name unless the ids differ."""
        account = table_of(Account)
        own = account.c.workspace_id == self.workspace_id
        by_id = select(account.c.id).where(own, account.c.external_id == staged.c.external_id)
        same_id = or_(
            staged.c.external_id.is_(None),
            account.c.external_id.is_(None),
            account.c.external_id == staged.c.external_id,
        )
        by_name = select(account.c.id).where(own, account.c.name_key == staged.c.name_key, same_id)
        for found, unless in (
            (by_id, staged.c.external_id.is_not(None)),
            (by_name, staged.c.account_id.is_(None)),
        ):
            statement = update(staged).values(account_id=found.scalar_subquery()).where(unless)
            await run(self.session, statement)

    async def _refuse_mistaken_identity(self, staged: Table) -> list[tuple[int, str]]:
        """Take out rows whose name or id is another account's, and say whose."""
        account = table_of(Account)
        named = and_(
            account.c.workspace_id == self.workspace_id, account.c.name_key == staged.c.name_key
        )
        taken = await run(
            self.session,
            select(staged.c.line, account.c.name, account.c.external_id)
            .join_from(staged, account, named)
            .where(staged.c.account_id.is_distinct_from(account.c.id), staged.c.name.is_not(None)),
        )
        refused = {row.line: _is_called(row.name, row.external_id) for row in taken}
        await self._take_out(staged, list(refused))
        for one, many, why in (
            (staged.c.name_key, staged.c.account_id, _TWO_NAMED),
            (staged.c.external_id, staged.c.account_id, _TWO_WITH_ID),
            (staged.c.account_id, staged.c.external_id, _TWO_IDS),
        ):
            later = await self._later_of_those_that_differ(staged, one, many)
            await self._take_out(staged, later)
            refused.update(dict.fromkeys(later, why))
        return sorted(refused.items())

    async def _later_of_those_that_differ(
        self, staged: Table, one: Column[Any], many: Column[Any]
    ) -> list[int]:
        """Give the lines that have the same `one` as an earlier line and another `many`."""
        lowest, highest = (of(many).over(partition_by=one) for of in (func.min, func.max))
        told = (staged.c.line, one.label("same"), many.label("other"))
        each = select(*told, lowest.label("lowest"), highest.label("highest"))
        found = each.where(one.is_not(None), many.is_not(None)).subquery()
        rows = await run(
            self.session,
            select(found).where(found.c.lowest != found.c.highest).order_by(found.c.line),
        )
        first: dict[Any, Any] = {}
        return [row.line for row in rows if first.setdefault(row.same, row.other) != row.other]

    async def _take_out(self, staged: Table, lines: list[int]) -> None:
        for start in range(0, len(lines), _MANY):
            part = lines[start : start + _MANY]
            await run(self.session, staged.delete().where(staged.c.line.in_(part)))

    async def _update_accounts(self, staged: Table, among: ColumnElement[bool]) -> int:
        """Write what the rows of each account say that was not known; give how many said so."""
        account = table_of(Account)
        said = _said_together(staged, among)
        says = {key: said.c[key] for key, _ in ABOUT_ACCOUNT}
        fills = {key: func.coalesce(account.c[key], says.pop(key)) for key in _FILLED_ONLY}
        keeps = or_(said.c.name_key.is_(None), said.c.name_key == account.c.name_key)
        values: dict[str, ColumnElement[Any]] = {
            **{key: func.coalesce(word, account.c[key]) for key, word in says.items()},
            **fills,
        }
        for key in ("name", "name_key"):
            values[key] = case((keeps, account.c[key]), else_=said.c[key])
        differs = or_(*(account.c[key].is_distinct_from(value) for key, value in values.items()))
        statement = update(account).values(values).where(account.c.id == said.c.account_id, differs)
        return (await run(self.session, statement)).rowcount

    async def find_for_losses(
        self, losses: Table, names: Staging, room: Room, now: datetime
    ) -> list[tuple[int, str]]:
        """Find or write the account of every staged loss, and note its id there.

        `names` is filled with one row for each way in which an account is named. Losses whose
        account cannot be told are taken out and given back, with the reason.
        """
        await self._call_by_present_names(losses)
        staged = names.table
        first = select(func.min(losses.c.line)).group_by(losses.c.name_key, losses.c.external_id)
        copied = ("line", "name", "name_key", "external_id")
        rows = select(*(losses.c[key] for key in copied)).where(losses.c.line.in_(first))
        await run(self.session, staged.insert().from_select(list(copied), rows))
        await self._insert_accounts(staged, now, State.ACTIVE)
        await room.look_again(Account)
        await self._resolve(staged)
        same = and_(
            losses.c.name_key == staged.c.name_key,
            losses.c.external_id.is_not_distinct_from(staged.c.external_id),
        )
        await run(self.session, update(losses).values(account_id=staged.c.account_id).where(same))
        account = table_of(Account)
        homeless = await run(
            self.session,
            select(losses.c.line, account.c.name, account.c.external_id)
            .join_from(losses, account, account.c.name_key == losses.c.name_key)
            .where(account.c.workspace_id == self.workspace_id, losses.c.account_id.is_(None)),
        )
        refused = [(row.line, _is_called(row.name, row.external_id)) for row in homeless]
        await self._take_out(losses, [line for line, _ in refused])
        return refused


def _said_together(staged: Table, among: ColumnElement[bool]) -> Subquery:
    """Select what each account's rows say: the last word of each kind, or the first to fill in.

    Each word has its line before it, in as many figures as any, so that one pass finds all. A row
    without a name says no `name_key` either.
    """
    line = cast(staged.c.line + _LINES, String)
    named = case((staged.c.name.is_not(None), staged.c.name_key))
    words: list[ColumnElement[Any]] = []
    for key, kind in ABOUT_ACCOUNT:
        chosen = func.min if key in _FILLED_ONLY else func.max
        said = named if key == "name_key" else staged.c[key]
        word = func.substr(chosen(line + cast(said, String)), len(str(_LINES)) + 1)
        words.append(cast(word, _KEPT_AS.get(kind, kind)).label(key))
    rows = select(staged.c.account_id, *words).where(among).group_by(staged.c.account_id)
    return rows.subquery("said")


def _is_called(name: str, external_id: str | None) -> str:
    its_id = f" (External id {external_id})" if external_id else ""
    return f"Another account is already called “{name}”{its_id}: give this one its own name or id."
