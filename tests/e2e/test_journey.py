"""One account all the way, on a CRM's own export and seen from outside: nothing is reached into."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from tests.conftest import KINDS
from tests.e2e.crm import OUTSIDER, SALES, WIN_BACKS, Crm, crm_in, needs_crm, rows_of
from tests.e2e.page import labels_of
from tests.e2e.town import Town, end

pytestmark = needs_crm

EAST, WEST = time(12, 30), time(17, 45)
"""Instants in UTC: at the first it is past nine in Berlin and Kolkata, at the second in America."""


@pytest.fixture
def crm(tmp_path: Path) -> Crm:
    return crm_in(tmp_path)


@pytest.fixture(params=KINDS)
async def town(request: pytest.FixtureRequest, crm: Crm) -> AsyncIterator[Town]:
    """The workspace with an empty database of each kind that was asked for."""
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        admin = await asyncpg.connect(server)
        await admin.execute("CREATE DATABASE journey")
        await admin.close()
        url = make_url(server).set(database="journey").render_as_string(hide_password=False)
    opened = await Town(crm.story, crm.folder, url).open()
    yield opened
    await opened.close()


async def test_one_account_all_the_way(town: Town, crm: Crm) -> None:
    """L1 D1 A1 A2 A4 W1 W3 N1 N2 N5 B1 B2 B3 P1: the same road in order, one step after another."""
    if town.database_url.startswith("postgresql"):
        refused = await town.bot("team", "list")
        assert (refused.code, refused.err.count("\n")) == (2, 1)
        assert "python -m bot migrate" in refused.err
        assert (await town.bot("migrate")).code == 0
    await files_are_taken_in_once(town, crm)
    await rows_that_cannot_be_taken_come_back(town, crm)
    first = await the_deal_is_fair_and_told_before_it_is_done(town, crm)
    bot = await town.start()
    await one_press_deals_it_out(town, crm, first)
    assert await end(bot) == 0
    told = await everyone_gets_one_digest(town, crm)
    bot = await town.start()
    rep, account = await a_visit_finds_out_why(town, crm)
    boss = await a_claim_is_approved(town, crm, rep, account)
    assert await end(bot) == 0
    await overdue_ones_interrupt_once(town, crm, account)
    await the_board_is_posted(town, crm, rep)
    seen = {who: len(await town.page.dms(who)) for who in people(crm)}
    await town.start()
    await town.page.types(boss, "/lost help", SALES)
    assert (await town.bot("deliver", "--until-empty", "--json")).data() == {"sent": 0}
    assert {who: len(await town.page.dms(who)) for who in people(crm)} == seen
    assert all(seen[who] >= told[who] for who in people(crm))
    kept = (await town.bot("export", "ledger", "--json")).data()
    assert [(line["Entry"], line["Member"], line["Account"]) for line in kept[:1]] == [
        ("claimed", name_of(crm, rep), account)
    ]


async def files_are_taken_in_once(town: Town, crm: Crm) -> None:
    members, accounts, losses = (
        ("import", "sales_teams.csv", "--as", "members"),
        ("import", "accounts.csv", "--as", "accounts"),
        ("import", "sales_pipeline.csv", "--as", "losses", "--where", "deal_stage=Lost"),
    )
    for words, rows in ((members, 35), (accounts, 85), (losses, 2_473)):
        for new, unchanged in ((rows, 0), (0, rows)):
            done = (await town.bot(*words, "--json")).data()
            assert (done["taken"], done["rejected"]) == (rows, 0)
            assert (done["new"], done["changed"], done["unchanged"]) == (new, 0, unchanged)
    assert not list(crm.folder.glob("*.rejects.csv"))
    team = (await town.bot("team", "list", "--json")).data()
    assert {m["slack_id"]: m["role"] for m in team} == {
        **dict.fromkeys(crm.agents.values(), "rep"),
        **dict.fromkeys(crm.managers.values(), "manager"),
    }
    managers = {
        row["sales_agent"]: row["manager"] for row in rows_of(crm.folder / "sales_teams.csv")
    }
    assert {m["name"]: m["manager"] for m in team if m["role"] == "rep"} == managers
    drawer = (await town.bot("export", "drawer", "--json")).data()
    assert {row["Account"]: row["Lost by"] for row in drawer} == crm.last_lost_by()
    assert {(row["State"], row["Holder"]) for row in drawer} == {("code 99", None)}


async def rows_that_cannot_be_taken_come_back(town: Town, crm: Crm) -> None:
    lines = (crm.folder / "sales_pipeline.csv").read_text().splitlines()
    lost = [i for i, line in enumerate(lines) if ",Lost," in line][:4]
    for i in lost[:3]:
        cells = lines[i].split(",")
        lines[i] = ",".join([f"N{cells[0]}", *cells[1:3], "", *cells[4:]])
    cells = lines[lost[3]].split(",")
    lines[lost[3]] = ",".join([f"N{cells[0]}", *cells[1:6], "13/45/2017", *cells[7:]])
    torn = crm.folder / "torn.csv"
    torn.write_text("\n".join(lines))
    ran = await town.bot("import", "torn.csv", "--as", "losses", "--where", "deal_stage=Lost")
    assert (ran.code, ran.err) == (0, "")
    assert "2,469 taken" in ran.out
    assert "4 rejected" in ran.out
    rejects = rows_of(crm.folder / "torn.csv.rejects.csv")
    assert [int(row["Line"]) for row in rejects] == [i + 1 for i in lost]
    assert [row["Why"] for row in rejects[:3]] == ["No account is named."] * 3
    assert "13/45/2017" in rejects[3]["Why"]
    assert [row["opportunity_id"] for row in rejects] == [lines[i].split(",")[0] for i in lost]


async def the_deal_is_fair_and_told_before_it_is_done(town: Town, crm: Crm) -> dict[str, str]:
    preview = (await town.bot("deal", "--preview", "--json")).data()
    assert (preview["dealt"], preview["left"]) == (0, [])
    holders = {pick["account"]: pick["rep"] for pick in preview["picks"]}
    is_fair(holders, crm)
    assert all(pick["why"] for pick in preview["picks"])
    shown = await town.bot("deal", "--preview")
    assert shown.out.endswith("85 would be dealt.\n")
    waiting = (await town.bot("export", "drawer", "--json")).data()
    assert {row["State"] for row in waiting} == {"code 99"}
    return holders


async def one_press_deals_it_out(town: Town, crm: Crm, foretold: dict[str, str]) -> None:
    page, boss = town.page, crm.managers["Cara Losch"]
    for nobody in (OUTSIDER, crm.agents["Carl Lin"]):
        told = await page.types(nobody, "/lost deal", SALES)
        assert "managers" in told.lower()
    assert "85 accounts for 35 reps" in await page.types(boss, "/lost deal", SALES)
    await page.press_last(boss, SALES, "Deal them out")
    await page.sees(boss, SALES, "Dealt: 85 accounts to 35 reps")
    for name, rep in crm.agents.items():
        dm = await page.dm_with(rep, "to win back")
        mine = [account for account, holder in foretold.items() if holder == name]
        assert not [account for account in mine if account not in dm["text"]], dm["text"]
        assert "No sales pitch." in dm["text"]
        assert len(await page.dms(rep)) == 1
    rows = (await town.bot("export", "drawer", "--json")).data()
    assert {row["Account"]: row["Holder"] for row in rows} == foretold
    assert {row["State"] for row in rows} == {"assigned"}
    again = (await town.bot("deal", "--json")).data()
    assert (again["dealt"], again["picks"]) == (0, [])


async def everyone_gets_one_digest(town: Town, crm: Crm) -> dict[str, int]:
    """N1 N5: at nine in their own zone, one each, however often the job runs."""
    await town.bot("settings", "public_holidays=false")
    day = worked_day(2)
    east = {
        who for who in crm.agents.values() if zone_of(crm, who) in ("Europe/Berlin", "Asia/Kolkata")
    }
    before = {who: len(await town.page.dms(who)) for who in people(crm)}
    for at, new in ((EAST, east), (EAST, set()), (WEST, set(crm.agents.values()) - east)):
        ran = await town.bot("jobs", "run", "digest", "--at", f"{day}T{at}Z")
        assert (ran.code, ran.err) == (0, "")
        sent = (await town.bot("deliver", "--until-empty", "--json")).data()
        assert sent == {"sent": len(new)}
        for who in new:
            before[who] += 1
            digest = (await town.page.dms(who))[-1]
            assert "Log visit" in labels_of(digest)
    assert {who: len(await town.page.dms(who)) for who in people(crm)} == before
    return before


async def a_visit_finds_out_why(town: Town, crm: Crm) -> tuple[str, str]:
    """W3: by form, from the command; who was met, what was heard, why they really left."""
    page, rep = town.page, crm.agents["Violet Mclelland"]
    rows = (await town.bot("export", "drawer", "--json")).data()
    account = next(row["Account"] for row in rows if row["Holder"] == "Violet Mclelland")
    early = await page.types(rep, f"/found {account}, 12000", SALES)
    assert "visit" in early.lower()
    assert account in await page.types(rep, "/lost mine", SALES)
    await page.types(rep, f"/lost visit {account}", SALES)
    wrong = await page.fill(rep, who_was_met="Jo Park, purchasing", decision_maker="Yes")
    assert not wrong["ok"]
    assert wrong["errors"]
    done = await page.fill(
        rep,
        who_was_met="Jo Park, head of purchasing",
        decision_maker="Yes",
        what_happened="Our invoices were wrong three times, and nobody called back.",
        verified_reason="Billing error",
        next_step="Bring the corrected invoices",
    )
    assert done["ok"], done
    assert "know why they left" in await page.sees(rep, SALES, "the visit is written down")
    assert "Billing error" in await page.types(rep, f"/lost show {account}", SALES)
    return rep, account


async def a_claim_is_approved(town: Town, crm: Crm, rep: str, account: str) -> str:
    """B1 B2 B3: double commission, by somebody else's hand, and the rep is told."""
    page, boss = town.page, crm.managers["Cara Losch"]
    told = await page.types(rep, f"/found {account}, 12000, GTX Pro, we mended the invoices", SALES)
    assert "$12,000" in told
    assert "$2,400" in told
    request = await page.dm_with(boss, "approve?")
    assert {"Approve", "Decline"} <= set(labels_of(request))
    await page.press(boss, await page.dm(boss), request, "Approve")
    await page.dm_with(rep, "$2,400")
    rows = (await town.bot("export", "accounts", "--json")).data()
    assert {row["State"] for row in rows if row["Account"] == account} == {"won back"}
    board = await page.types(OUTSIDER, "/lost board", SALES)
    assert "Violet Mclelland" in board
    assert "$12,000" in board
    return boss


async def overdue_ones_interrupt_once(town: Town, crm: Crm, won: str) -> None:
    """N2: three weeks on, to the rep and to their manager, in a message of its own."""
    before = {who: len(await town.page.dms(who)) for who in people(crm)}
    day = worked_day(24)
    for at in (EAST, WEST, WEST):
        await town.bot("jobs", "run", "deadlines", "--at", f"{day}T{at}Z")
        assert (await town.bot("deliver", "--until-empty")).code == 0
    for who, count in before.items():
        news = (await town.page.dms(who))[count:]
        assert news, who
        assert not any(won in message["text"] for message in news)
        if who in crm.agents.values():
            assert len(news) == 1


async def the_board_is_posted(town: Town, crm: Crm, rep: str) -> None:
    """P1: on Monday at nine, once, with who won and nobody who did not."""
    assert (await town.bot("settings", f"leaderboard_channel={WIN_BACKS}")).code == 0
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=7 - today.weekday())
    for _ in range(2):
        await town.bot("jobs", "run", "leaderboard", "--at", f"{monday}T09:30:00Z")
        await town.bot("deliver", "--until-empty")
    [post] = await town.page.messages(OUTSIDER, WIN_BACKS)
    assert "Violet Mclelland" in post["text"]
    assert "Carl Lin" not in post["text"]


def is_fair(holders: dict[str, str], crm: Crm) -> None:
    """A2 A4: every account dealt, counts that differ by one at most, none to who lost it last."""
    assert set(holders) == crm.accounts
    counts = Counter(holders.values())
    assert set(counts) == set(crm.agents)
    assert max(counts.values()) - min(counts.values()) <= 1
    last = crm.last_lost_by()
    assert not [account for account, rep in holders.items() if last[account] == rep]


def people(crm: Crm) -> list[str]:
    return [*crm.agents.values(), *crm.managers.values()]


def name_of(crm: Crm, person: str) -> str:
    return next(one.real_name for one in crm.story.people if one.id == person)


def zone_of(crm: Crm, person: str) -> str:
    return next(one.tz for one in crm.story.people if one.id == person)


def worked_day(ahead: int) -> date:
    """The first day from Monday to Friday that is so many days ahead, or more."""
    day = datetime.now(UTC).date() + timedelta(days=ahead)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
