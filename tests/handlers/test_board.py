"""The leaderboard (P1, P2, P4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.rules import Rules
from handlers.board import board_view
from handlers.effects import Effect, Reply
from handlers.views.board import SHOWN
from handlers.views.elements import Buttons, Chart, Note, Table, View
from storage.tables import Member, Outbox
from tests.handlers.losing import decide
from tests.handlers.winning import a_visit, an_account, claims
from tests.people import ADA, BEN, CHI, FAY, MAX, OTTO, WORKSPACE, Desk, reply_of


async def _win(desk: Desk, user: str, name: str, value: int = 12_000) -> None:
    await an_account(desk, name, holder=user)
    await desk.types(user, f"{name}, {value}", "found")
    newest = (await claims(desk))[-1]
    await desk.presses(MAX, "claim.approve", claim=str(newest.id))


def _shown(effects: list[Effect]) -> View:
    [reply] = [effect for effect in effects if isinstance(effect, Reply)]
    return reply.view


def _rows(view: View) -> tuple[tuple[str, ...], ...]:
    [table] = [element for element in view.elements if isinstance(element, Table)]
    return table.rows


async def test_wins_visits_and_whys_are_counted_and_ties_share_a_rank(desk: Desk) -> None:
    await _win(desk, ADA, "Acme")
    await _win(desk, BEN, "Beta", 500)
    other = await an_account(desk, "Cora", holder=CHI)
    await a_visit(desk, other, CHI)
    await a_visit(desk, other, CHI, why="service")
    await a_visit(desk, other, CHI, met=False, why=None)
    board = _shown(await desk.types(FAY, "board"))
    assert _rows(board) == (
        ("1", "Ada Fox", "10", "1", "$12,000", "", ""),
        ("1", "Ben Ruiz", "10", "1", "$500", "", ""),
        ("3", "Chi Nair", "6", "", "", "3", "1"),
    )
    [chart] = [element for element in board.elements if isinstance(element, Chart)]
    assert chart.bars == (("Ada Fox", 10.0), ("Ben Ruiz", 10.0), ("Chi Nair", 6.0))
    assert "2 customers back, $12,500 won back, 3 visits. In front: Ada Fox and Ben Ruiz." in (
        board.to_json()
    )


async def test_columns_without_a_figure_are_left_out(desk: Desk) -> None:
    await _win(desk, ADA, "Acme")
    board = _shown(await desk.types(FAY, "board"))
    [table] = [element for element in board.elements if isinstance(element, Table)]
    assert table.columns == ("#", "Who", "Points", "Wins", "Won back")
    assert table.numeric == {0, 2, 3, 4}


async def test_whoever_did_nothing_is_not_on_it(desk: Desk) -> None:
    await _win(desk, ADA, "Acme")
    text = reply_of(await desk.types(BEN, "board"))
    assert "Chi Nair" not in text
    assert "1 customer back, $12,000 won back. In front: Ada Fox." in text


async def test_an_empty_board_says_how_it_starts(desk: Desk) -> None:
    assert "The first visit starts it" in reply_of(await desk.types(ADA, "board month"))
    posted = await desk.presses(MAX, "board.post", period="week", start="2026-03-02")
    assert "No points yet" in reply_of(posted)


async def test_a_period_is_named_or_refused(desk: Desk) -> None:
    await _win(desk, ADA, "Acme")
    assert "Leaderboard: Q1 2026" in reply_of(await desk.types(OTTO, "board quarter"))
    assert "No points yet in 23 February" in reply_of(await desk.types(ADA, "board last week"))
    assert "Write week, month or quarter" in reply_of(await desk.types(ADA, "board decade"))


async def test_a_campaign_is_shown_by_its_days_and_name(desk: Desk) -> None:
    await _win(desk, ADA, "Acme")
    assert "No campaign is set yet" in reply_of(await desk.types(ADA, "board campaign"))
    days = "campaign_from=2026-03-01 campaign_to=2026-03-31"
    await desk.types(MAX, f"settings campaign_name=Spring is here {days}")
    for asked in ("campaign", "spring IS here"):
        said = _shown(await desk.types(MAX, f"board {asked}"))
        assert said.summary == "Leaderboard: Spring is here: 1–31 March 2026"
    [post] = [b for e in said.elements if isinstance(e, Buttons) for b in e.buttons]
    assert "Spring is here" in reply_of(await desk.presses(MAX, post.action, **post.payload))
    await desk.types(MAX, "settings campaign_name= campaign_from= campaign_to=")
    gone = reply_of(await desk.presses(MAX, post.action, **post.payload))
    assert "The campaign is another one by now" in gone


async def test_a_win_that_several_brought_in_is_shared_on_the_board_too(desk: Desk) -> None:
    """P1, B4"""
    await an_account(desk, "Acme", holder=ADA)
    await desk.types(ADA, "Acme, 12000", "found")
    [claim] = await claims(desk)
    shares = {"member1": str(desk.ids[BEN]), "percent1": "40"}
    await desk.sends(MAX, "claim.share", shares, {"claim": str(claim.id)})
    await desk.presses(MAX, "claim.approve", claim=str(claim.id))
    board = _shown(await desk.types(FAY, "board"))
    assert _rows(board) == (
        ("1", "Ada Fox", "6", "0.6", "$7,200"),
        ("2", "Ben Ruiz", "4", "0.4", "$4,800"),
    )
    assert "1 customer back, $12,000 won back" in board.to_json()
    await desk.types(BEN, "board off")
    board = _shown(await desk.types(FAY, "board"))
    assert _rows(board) == (("1", "Ada Fox", "6", "0.6", "$7,200"),)
    assert "1 customer back, $7,200 won back" in board.to_json()


async def test_a_win_that_pays_nothing_is_its_claimants(desk: Desk) -> None:
    await decide(desk, bounty_kind="fixed", bounty_fixed="0")
    await _win(desk, ADA, "Acme")
    assert _rows(_shown(await desk.types(FAY, "board")))[0][:4] == ("1", "Ada Fox", "10", "1")


async def test_a_claim_that_waits_or_was_declined_does_not_count(desk: Desk) -> None:
    await an_account(desk, "Acme")
    await desk.types(ADA, "Acme, 12000", "found")
    assert "No points yet" in reply_of(await desk.types(ADA, "board"))


async def test_only_who_sets_the_rules_may_post_it(desk: Desk) -> None:
    await _win(desk, ADA, "Acme")
    assert "board.post" not in reply_of(await desk.types(ADA, "board"))
    assert "board.post" in reply_of(await desk.types(MAX, "board"))
    for user in (ADA, OTTO, FAY):
        refused = await desk.presses(user, "board.post", period="week", start="2026-03-02")
        assert "That one is for managers" in reply_of(refused)


async def test_posting_goes_to_the_channel_once_a_day(desk: Desk) -> None:
    await _win(desk, ADA, "Acme")
    here = await desk.presses(MAX, "board.post", period="week", start="2026-03-02")
    assert isinstance(here[0], Reply)
    assert here[0].public
    await desk.types(MAX, "settings leaderboard_channel <#C0BOARD|wins>")
    for says in ("on its way", "posted today already"):
        posted = await desk.presses(MAX, "board.post", period="week", start="2026-03-02")
        assert says in reply_of(posted)
    async with desk.database.reading(WORKSPACE) as work:
        from sqlmodel import select

        rows = list(await work.session.exec(select(Outbox).where(Outbox.channel_id == "C0BOARD")))
    assert len(rows) == 1
    assert "board.post" not in rows[0].view_json


async def _scheduled(desk: Desk, now: datetime, period: str) -> View | None:
    async with desk.database.reading(WORKSPACE) as work:
        return await board_view(work, await work.workspaces.rules(), now, period)


async def test_mondays_board_covers_the_week_that_ended(desk: Desk) -> None:
    await _win(desk, ADA, "Acme")
    assert await _scheduled(desk, desk.now, "week") is None
    monday = datetime(2026, 3, 9, 9, tzinfo=UTC)
    board = await _scheduled(desk, monday, "week")
    assert board is not None
    assert board.summary == "Leaderboard: 2–8 March 2026"
    assert await _scheduled(desk, monday + timedelta(days=7), "week") is None


async def test_a_month_is_shown_whole_in_the_first_week_of_the_next(desk: Desk) -> None:
    await _win(desk, ADA, "Acme")
    for day, said in ((30, "March 2026"), (31, "March 2026")):
        board = await _scheduled(desk, datetime(2026, 3, day, 9, tzinfo=UTC), "month")
        assert board is not None
        assert said in board.summary
    april = await _scheduled(desk, datetime(2026, 4, 6, 9, tzinfo=UTC), "month")
    assert april is not None
    assert "March 2026" in april.summary


async def test_a_late_approval_is_on_the_next_board_and_said_so(desk: Desk) -> None:
    account_id = await an_account(desk, "Acme")
    await desk.sends(
        ADA,
        "claim.send",
        {"value": "12000", "won_on": "2026-02-27"},
        {"account": str(account_id)},
    )
    await desk.presses(MAX, "claim.approve", claim=str((await claims(desk))[0].id))
    board = _shown(await desk.types(ADA, "board"))
    notes = [element for element in board.elements if isinstance(element, Note)]
    assert "approved since the last board, counted now: Ada Fox (1)" in str(notes)


async def test_who_left_the_company_is_not_on_it(desk: Desk) -> None:
    await _win(desk, ADA, "Acme")
    async with desk.database.workspace(WORKSPACE) as work:
        ada = await work.members.by_id(desk.ids[ADA])
        assert ada is not None
        ada.active = False
        await work.commit()
    assert "No points yet" in reply_of(await desk.types(MAX, "board"))


async def test_a_long_board_shows_the_first_and_names_no_last(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        crowd = [
            Member(workspace_id=WORKSPACE, name=f"Rep {n}", name_key=f"rep {n}", joined_at=desk.now)
            for n in range(SHOWN + 2)
        ]
        work.session.add_all(crowd)
        await work.session.flush()
        for n, member in enumerate(crowd):
            desk.ids[f"R{n}"] = member.id or 0
        await work.commit()
    account_id = await an_account(desk)
    for n in range(SHOWN + 2):
        await a_visit(desk, account_id, f"R{n}")
    board = _shown(await desk.types(ADA, "board"))
    assert len(_rows(board)) == SHOWN
    assert "And 2 more with points" in board.to_json()


def test_the_rule_of_the_points_is_said() -> None:
    from domain.leaderboard import Counted, Work, standings
    from domain.periods import period_with
    from handlers.views.board import board_page

    rules = Rules(points_win=7)
    board = standings(Counted({1: "Ada"}, work={1: Work(visits=1)}), rules)
    view = board_page(board, period_with("week", datetime(2026, 3, 2, tzinfo=UTC).date()), rules)
    assert "Points: 7 a win, 5 a foothold, 1 a visit, 3 a why documented." in view.to_json()
    assert "1 visit. In front: Ada." in view.to_json()
