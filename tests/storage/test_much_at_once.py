"""Indexes that are built whole: there again afterwards, whatever happens between."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, inspect, text

from storage.database import Database
from storage.much_at_once import much_at_once
from storage.tables import Account, Loss
from tests.people import ADA, WORKSPACE, Desk

MANY = 5_000
pytestmark = pytest.mark.filterwarnings("ignore:.*expression-based index")


def _indexes(connection: Connection) -> set[str | None]:
    return {index["name"] for index in inspect(connection).get_indexes("account")}


async def _kept(database: Database) -> set[str | None]:
    async with database.engine.connect() as connection:
        return await connection.run_sync(_indexes)


async def test_many_rows_find_no_indexes_and_leave_them(desk: Desk) -> None:
    before = await _kept(desk.database)
    async with desk.database.workspace(WORKSPACE) as work:
        async with much_at_once(work.session, MANY, Account):
            connection = await work.session.connection()
            between = await connection.run_sync(_indexes)
        await work.commit()
    assert "ix_account_drawer_age" not in between
    assert await _kept(desk.database) == before


async def test_what_breaks_off_has_never_been_without(desk: Desk) -> None:
    before = await _kept(desk.database)
    with pytest.raises(ZeroDivisionError):
        async with (
            desk.database.workspace(WORKSPACE) as work,
            much_at_once(work.session, MANY, Account),
        ):
            raise ZeroDivisionError
    assert await _kept(desk.database) == before


async def test_few_rows_leave_indexes_alone(desk: Desk) -> None:
    async with (
        desk.database.workspace(WORKSPACE) as work,
        much_at_once(work.session, MANY - 1, Account),
    ):
        connection = await work.session.connection()
        assert "ix_account_drawer_age" in await connection.run_sync(_indexes)


async def test_tables_that_others_read_on_postgresql_keep_theirs(desk: Desk) -> None:
    await desk.types(ADA, "Acme, price")
    async with desk.database.workspace(WORKSPACE) as work:
        async with much_at_once(work.session, MANY, Account):
            connection = await work.session.connection()
            there = "ix_account_drawer_age" in await connection.run_sync(_indexes)
        assert there == (desk.database.kind == "postgresql")


async def test_an_empty_table_has_all_its_keys_again(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        connection = await work.session.connection()
        before = await connection.run_sync(_keys_of_loss)
        async with much_at_once(work.session, 0, Account, Loss, strict=False) as room:
            await room.make(MANY, all_new=True)
            between = await connection.run_sync(_keys_of_loss)
        assert await connection.run_sync(_keys_of_loss) == before
    assert (between == before) == (desk.database.kind == "sqlite")
    assert ("account_id",) in before - between or desk.database.kind == "sqlite"


async def test_keys_stay_where_it_is_strict(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        connection = await work.session.connection()
        before = await connection.run_sync(_keys_of_loss)
        async with much_at_once(work.session, 0, Account, Loss) as room:
            await room.make(MANY, all_new=True)
            assert await connection.run_sync(_keys_of_loss) == before


@pytest.mark.parametrize("rows", [MANY - 1, MANY])
async def test_postgresql_plans_with_what_it_saw_of_many_rows(desk: Desk, rows: int) -> None:
    await desk.types(ADA, "Acme, price")
    async with desk.database.workspace(WORKSPACE) as work:
        async with much_at_once(work.session, rows, Account) as room:
            await room.look_again(Account)
        if desk.database.kind == "postgresql":
            connection = await work.session.connection()
            sizes = text("SELECT reltuples FROM pg_class WHERE relname = 'account'")
            assert ((await connection.execute(sizes)).scalar_one() == 1) == (rows >= MANY)


def _keys_of_loss(connection: Connection) -> set[tuple[str, ...]]:
    seen = inspect(connection)
    keys = [each["column_names"] for each in seen.get_unique_constraints("loss")]
    foreign = [each["constrained_columns"] for each in seen.get_foreign_keys("loss")]
    return {tuple(columns) for columns in (*keys, *foreign)}
