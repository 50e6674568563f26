"""Writing a deal, whole and by few statements, and taking it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from domain.account_life import DEALABLE, State
from domain.deadlines import Rung, Step
from domain.dealing import Pick
from domain.errors import Refused
from domain.rotation import Turn as Place
from storage.dealing import Ended
from storage.much_at_once import much_at_once
from storage.repository import Repository
from storage.sql import insert_into, run, table_of
from storage.staging import Staging, staging_table
from storage.tables import Account, Assignment, Deadline, Deal, Outbox, Turn, Visit


@dataclass(frozen=True, slots=True)
class Terms:
    """When an account counts as dealt to a member, and what falls due on it.

    `rungs` come with the instant from which each is told on its own, None where it is not.
    """

    assigned_on: date
    rungs: tuple[tuple[Rung, datetime | None], ...]


class Given(NamedTuple):
    """An account that came to somebody in turn: by a deal, or handed over where there is none.

    `ended_as` is how they came to hold it no longer, None while they do; `goes_back` says that an
    undo takes it from them.
    """

    assignment_id: int
    account_id: int
    member_id: int
    deal_id: int | None
    ended_as: str | None
    goes_back: bool

    @property
    def letter(self) -> str:
        """The key of the message that told them of it."""
        if self.deal_id is None:
            return passed_key(self.assignment_id)
        return letter_key(self.deal_id, self.member_id)


class IdleAccount(NamedTuple):
    """An account in hand that nobody has visited, and the day on which that was overdue."""

    assignment_id: int
    account_id: int
    member_id: int
    assigned_on: date
    due_on: date


_Ids = Sequence[int] | Select[Any]
_PLACE = ("taken", "last_seq", "pool", "weight")


class Deals(Repository):
    """Writes deals."""

    async def open(self, preview_key: str, by: int | None, now: datetime) -> Deal | None:
        """Begin a deal; None where this preview was dealt before."""
        statement = insert_into(self.session, Deal).values(
            workspace_id=self.workspace_id,
            preview_key=preview_key,
            dealt_by_id=by,
            dealt_at=now,
            turns_json="{}",
        )
        inserted = await run(self.session, statement.on_conflict_do_nothing())
        if inserted.rowcount != 1:
            return None
        rows = await run(
            self.session,
            select(table_of(Deal).c.id).where(
                table_of(Deal).c.workspace_id == self.workspace_id,
                table_of(Deal).c.preview_key == preview_key,
            ),
        )
        return await self.session.get_one(Deal, rows.scalar_one())

    async def write(
        self, deal: Deal, picks: Sequence[Pick], terms: Mapping[int, Terms], now: datetime
    ) -> None:
        """Put accounts into hands: `terms` are those of each member who gets one.

        Raises `Refused` where one of the accounts has left the drawer meanwhile.
        """
        kinds = {own: number for number, own in enumerate(dict.fromkeys(terms.values()))}
        kind_of = {member_id: kinds[own] for member_id, own in terms.items()}
        staging = Staging(self.session, _picks_table())
        await staging.open()
        await staging.add(
            {
                "place": range(len(picks)),
                "account_id": [pick.account_id for pick in picks],
                "member_id": [pick.member_id for pick in picks],
                "why": [pick.why for pick in picks],
                "terms": [kind_of[pick.member_id] for pick in picks],
            }
        )
        async with much_at_once(self.session, len(picks), Assignment, Deadline):
            await self._hand_out(staging.table, len(picks), now)
            for kind, number in kinds.items():
                await self._assign(staging.table, number, kind, deal, now)
        await staging.close()

    async def keep_turns(self, after: Mapping[int, Place]) -> None:
        """Keep the places that changed in the rotation."""
        if not after:
            return
        statement = insert_into(self.session, Turn)
        await run(
            self.session,
            statement.on_conflict_do_update(
                index_elements=["workspace_id", "member_id"],
                set_={name: statement.excluded[name] for name in _PLACE},
            ),
            [
                {"workspace_id": self.workspace_id, "member_id": member_id, **asdict(place)}
                for member_id, place in after.items()
            ],
        )

    async def forget_turns(self, member_ids: Collection[int]) -> None:
        """Take members out of the rotation; who comes back joins anew."""
        turn = table_of(Turn)
        await run(
            self.session,
            delete(turn).where(
                turn.c.workspace_id == self.workspace_id, turn.c.member_id.in_(member_ids)
            ),
        )

    async def undo(self, deal: Deal, by: int | None, now: datetime) -> list[Given]:
        """Take back a deal and what was handed over since: what nobody is on returns to the drawer.

        Gives all that came to somebody in turn since it began.

        1. Deadlines close.
        2. Accounts return.
        3. What holds an account that now lies in the drawer ends.
        """
        assignment, account, visit = table_of(Assignment), table_of(Account), table_of(Visit)
        first = select(func.min(assignment.c.id)).where(
            assignment.c.workspace_id == self.workspace_id, assignment.c.deal_id == deal.id
        )
        since = and_(
            assignment.c.workspace_id == self.workspace_id,
            assignment.c.id >= first.scalar_subquery(),
        )
        untouched = and_(
            assignment.c.ended_at.is_(None),
            account.c.state == State.ASSIGNED,
            ~exists().where(visit.c.assignment_id == assignment.c.id),
        )
        own = account.c.id == assignment.c.account_id
        rows: Iterable[Any] = await run(
            self.session,
            select(
                assignment.c.id,
                assignment.c.account_id,
                assignment.c.member_id,
                assignment.c.deal_id,
                assignment.c.ended_as,
                untouched,
            )
            .join(account, own)
            .where(since)
            .order_by(assignment.c.id)
            .with_for_update(of=account),
        )
        given = [Given(*row) for row in rows]
        back = select(assignment.c.id).join(account, own).where(since, untouched)
        await self._close_deadlines(back, now)
        await self._back_in_drawer(back.with_only_columns(assignment.c.account_id), now)
        await run(
            self.session,
            update(assignment)
            .where(since, assignment.c.ended_at.is_(None), own, account.c.state == State.CODE_99)
            .values(ended_at=now, ended_as=Ended.UNDONE),
        )
        deal.undone_at, deal.undone_by_id = now, by
        self.session.add(deal)
        return given

    async def withdraw_letters(self, keys: Collection[str]) -> set[str]:
        """Take back those of these messages that have not gone out; give which those were."""
        outbox = table_of(Outbox)
        rows = await run(
            self.session,
            delete(outbox)
            .where(
                outbox.c.workspace_id == self.workspace_id,
                outbox.c.dedupe_key.in_(keys),
                outbox.c.sent_at.is_(None),
                outbox.c.leased_until.is_(None),
            )
            .returning(outbox.c.dedupe_key),
        )
        return set(rows.scalars())

    async def hand_over(
        self, assignment: Assignment, pick: Pick, assigned_on: date, now: datetime
    ) -> Assignment:
        """Give an account that a rep holds to another; what was due on it is closed."""
        account = table_of(Account)
        assignment.ended_at, assignment.ended_as = now, Ended.HANDED_OVER
        taken = Assignment(
            workspace_id=self.workspace_id,
            account_id=pick.account_id,
            member_id=pick.member_id,
            why=pick.why,
            assigned_at=now,
            assigned_on=assigned_on,
        )
        self.session.add_all([assignment, taken])
        await self.session.flush()
        await self._close_deadlines([assignment.id or 0], now)
        await run(
            self.session,
            update(account)
            .where(account.c.workspace_id == self.workspace_id, account.c.id == pick.account_id)
            .values(state=State.ASSIGNED, holder_id=pick.member_id, touched_at=now),
        )
        return taken

    async def return_all(self, assignment_ids: Collection[int], now: datetime) -> None:
        """Put accounts that reps hold back into the drawer."""
        assignment = table_of(Assignment)
        ids = list(assignment_ids)
        await run(
            self.session,
            update(assignment)
            .where(assignment.c.workspace_id == self.workspace_id, assignment.c.id.in_(ids))
            .values(ended_at=now, ended_as=Ended.RETURNED),
        )
        returned = select(assignment.c.account_id).where(assignment.c.id.in_(ids))
        await self._back_in_drawer(returned, now)
        await self._close_deadlines(ids, now)

    async def idle(self, due_by: date) -> list[IdleAccount]:
        """Find accounts whose last deadline is past a day and that nobody has visited since."""
        assignment, account = table_of(Assignment), table_of(Account)
        deadline, visit = table_of(Deadline), table_of(Visit)
        rows: Iterable[Any] = await run(
            self.session,
            select(
                assignment.c.id,
                assignment.c.account_id,
                assignment.c.member_id,
                assignment.c.assigned_on,
                deadline.c.due_on,
            )
            .select_from(deadline)
            .join(assignment, assignment.c.id == deadline.c.assignment_id)
            .join(account, account.c.id == assignment.c.account_id)
            .where(
                deadline.c.workspace_id == self.workspace_id,
                deadline.c.kind == Step.OVERDUE,
                deadline.c.closed_at.is_(None),
                deadline.c.due_on <= due_by,
                assignment.c.ended_at.is_(None),
                account.c.state == State.ASSIGNED,
                ~exists().where(visit.c.assignment_id == assignment.c.id),
            )
            .order_by(assignment.c.id),
        )
        return [IdleAccount(*row) for row in rows]

    async def _hand_out(self, picks: Table, count: int, now: datetime) -> None:
        account = table_of(Account)
        moved = await run(
            self.session,
            update(account)
            .where(
                account.c.id == picks.c.account_id,
                account.c.workspace_id == self.workspace_id,
                account.c.state.in_(DEALABLE),
            )
            .values(state=State.ASSIGNED, holder_id=picks.c.member_id, touched_at=now),
        )
        if moved.rowcount != count:
            raise Refused("The drawer changed just now. Look again with `/lost deal`.")

    async def _assign(
        self, picks: Table, number: int, terms: Terms, deal: Deal, now: datetime
    ) -> None:
        assignment, deadline = table_of(Assignment), table_of(Deadline)
        rows: dict[str, ColumnElement[Any]] = {
            "workspace_id": literal(self.workspace_id),
            "account_id": picks.c.account_id,
            "member_id": picks.c.member_id,
            "deal_id": literal(deal.id),
            "why": picks.c.why,
            "assigned_at": literal(now, assignment.c.assigned_at.type),
            "assigned_on": literal(terms.assigned_on, assignment.c.assigned_on.type),
        }
        chosen = select(*rows.values()).where(picks.c.terms == number).order_by(picks.c.place)
        await run(self.session, insert(assignment).from_select(list(rows), chosen))
        for rung, tell_at in terms.rungs:
            due: dict[str, ColumnElement[Any]] = {
                "workspace_id": assignment.c.workspace_id,
                "assignment_id": assignment.c.id,
                "account_id": assignment.c.account_id,
                "member_id": assignment.c.member_id,
                "kind": literal(rung.step.value),
                "due_on": literal(rung.due_on, deadline.c.due_on.type),
                "tell_at": literal(tell_at, deadline.c.tell_at.type),
                "snoozes": literal(0),
            }
            dealt = (
                select(*due.values())
                .join(picks, picks.c.account_id == assignment.c.account_id)
                .where(
                    assignment.c.workspace_id == self.workspace_id,
                    assignment.c.deal_id == deal.id,
                    picks.c.terms == number,
                )
            )
            await run(self.session, insert(deadline).from_select(list(due), dealt))

    async def _back_in_drawer(self, account_ids: _Ids, now: datetime) -> None:
        account = table_of(Account)
        await run(
            self.session,
            update(account)
            .where(account.c.workspace_id == self.workspace_id, account.c.id.in_(account_ids))
            .values(state=State.CODE_99, holder_id=None, touched_at=now),
        )

    async def _close_deadlines(self, assignment_ids: _Ids, now: datetime) -> None:
        deadline = table_of(Deadline)
        await run(
            self.session,
            update(deadline)
            .where(
                deadline.c.workspace_id == self.workspace_id,
                deadline.c.assignment_id.in_(assignment_ids),
                deadline.c.closed_at.is_(None),
            )
            .values(closed_at=now, tell_at=None),
        )


def letter_key(deal_id: int | None, member_id: int) -> str:
    """Name the message that tells a member what a deal gave them."""
    return f"deal:{deal_id}:{member_id}"


def passed_key(assignment_id: int | None) -> str:
    """Name the message that tells a member what was handed over to them."""
    return f"passed:{assignment_id}"


def _picks_table() -> Table:
    return staging_table(
        "picks",
        Column("place", Integer),
        Column("account_id", BigInteger, primary_key=True),
        Column("member_id", BigInteger),
        Column("why", String),
        Column("terms", Integer),
    )
