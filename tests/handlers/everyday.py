"""Everything that can be done at the desk, done: each command, button and form at least once."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import col, select

from handlers.effects import Effect
from handlers.events import FileShared, HomeOpened
from handlers.ports import Profile
from handlers.views.elements import Buttons, View, say
from jobs.context import JobContext
from jobs.ledger import run_some
from storage.tables import Outbox
from tests.handlers.dealt import button, buttons_of, deals, drawer, rep
from tests.handlers.losing import fills, the_account
from tests.handlers.winning import an_account, claims
from tests.jobs.files import VISIT, hand_out
from tests.people import ADA, BEN, CHANNEL, EVE, FAY, MAX, WORKSPACE, Desk, form_of

NEWCOMER = "U0NEWCOMER1"
LOSSES = """Client;Why;When;Amount;Rep
Acme Corp;too pricey;03/04/2025;1200;Ada Fox
Cora;their cat died;07/08/2025;abc;Ada Fox
"""
NEAR = """Account,Account id,Reason,Last day
Globbex Trading,C-2,Price,2025-03-01
Vehemant Capital,C-3,Price,2025-04-01
"""


async def all_of_it(desk: Desk) -> None:
    """Do all of it, in an order in which each finds what it needs."""
    for part in (
        looking_around,
        losses,
        deals_and_undoings,
        an_account_in_hand,
        a_claim,
        payments,
        settings,
        the_team,
        files,
        near_names,
        forgetting,
    ):
        await part(desk)


async def looking_around(desk: Desk) -> None:
    for name in (
        "help",
        "board",
        "me",
        "policy",
        "mine",
        "bounties",
        "away",
        "drawer",
        "import",
        "export",
    ):
        await desk.types(MAX, "", name)
    await desk.dispatcher.handle(HomeOpened(desk.origin(ADA)))
    await desk.presses(MAX, "report.give", report="drawer", format="csv", filter="price")
    for action in ("home.page", "mine.page", "drawer.page"):
        await desk.presses(MAX, action, page="0")
    await fills(desk, ADA, await desk.presses(ADA, "me.open"), {"digest_time": "08:30"})
    away = await desk.types(ADA, "friday", "away")
    assert away
    shown = await desk.types(ADA, "", "away")
    await desk.presses(ADA, "away.back", **button(shown, "away.back").payload)


async def losses(desk: Desk) -> None:
    """A line, the form, its corrections, and what is asked where a name is known already."""
    logged = await desk.types(ADA, "Bolt & Co, price, went to Globex")
    edit = await desk.presses(ADA, "loss.edit", **button(logged, "loss.edit").payload)
    await fills(desk, ADA, edit, {"competitor": "Initech"})
    asked = await desk.types(BEN, "Bolt & Com, price")
    for action in ("loss.known", "loss.new"):
        payload = next(b.payload for b in buttons_of(asked) if b.action == action)
        again = await desk.presses(BEN, action, **payload)
        asked = asked if action == "loss.known" else again
    known = await desk.types(BEN, "Bolt & Co, billing")
    await desk.presses(BEN, "loss.another", **button(known, "loss.another").payload)
    account = await the_account(desk, "Bolt & Co")
    await desk.presses(BEN, "loss.add", account=str(account.id), line="Bolt & Co, late again")
    opened = await desk.presses(ADA, "loss.open")
    by_form = {"account": "new:Cora", "reason": "price", "kind": "customer"}
    filed = await fills(desk, ADA, opened, by_form)
    await desk.presses(ADA, "loss.undo", **button(filed, "loss.undo").payload)


async def deals_and_undoings(desk: Desk) -> None:
    await drawer(desk, "Dune", "Echo", "Fern")
    preview = await desk.types(MAX, "", "deal")
    await desk.presses(MAX, "deal.preview")
    await desk.presses(MAX, "deal.page", page="0")
    await desk.presses(MAX, "deal.cancel")
    dealt = await desk.presses(MAX, "deal.confirm", **button(preview, "deal.confirm").payload)
    await desk.presses(MAX, "deal.undo", **button(dealt, "deal.undo").payload)
    await deals(desk, MAX)
    await desk.types(MAX, "", "undo")
    gone = await rep(desk, "Gil Gone")
    await hand_out(desk, ADA, "Gale", date(2026, 3, 2))
    async with desk.database.workspace(WORKSPACE) as work:
        member = await work.members.by_id(gone)
        account = await work.accounts.named("Gale")
        assert member is not None
        assert account is not None
        assignment = await work.dealing.open_assignment(account.id or 0)
        assert assignment is not None
        account.holder_id = assignment.member_id = gone
        member.active = False
        await work.commit()
    await desk.presses(MAX, "deal.free", member=str(gone))


async def an_account_in_hand(desk: Desk) -> None:
    """Shown, visited, put off, heard by an executive, passed on, and held."""
    account = await hand_out(desk, ADA, "Hill Ltd", date(2026, 3, 2))
    which = {"account": str(account.id)}
    await desk.types(ADA, "Hill Ltd", "show")
    await desk.presses(ADA, "account.show", **which)
    await desk.types(ADA, "Hill Ltd friday", "snooze")
    await fills(desk, ADA, await desk.presses(ADA, "snooze.open", **which), {"day": "2026-03-20"})
    await fills(desk, ADA, await desk.presses(ADA, "contact.changed", **which), {"contact": "Ann"})
    await desk.types(ADA, "Hill Ltd", "visit")
    await fills(desk, ADA, await desk.presses(ADA, "visit.open", **which), VISIT)
    for number in (1, 2):
        await fills(
            desk, MAX, await desk.presses(MAX, "followup.ask", **which), {"who": str(desk.ids[EVE])}
        )
        task = {"task": str(number)}
        if number == 1:
            await desk.presses(EVE, "followup.decline", **task)
        else:
            opened = await desk.presses(EVE, "followup.open", **task)
            await fills(desk, EVE, opened, {"heard": "Nobody called."})
    for action in ("pass.ask", "pass.keep", "pass.on"):
        await desk.presses(ADA, action, **which)
    await desk.types(MAX, "Hill Ltd", "pass")
    await fills(desk, MAX, await desk.presses(MAX, "hold.open", **which), {"why": "A lawsuit"})
    await desk.presses(MAX, "hold.lift", **which)


async def a_claim(desk: Desk) -> None:
    """Claimed, taken back, claimed again, talked over, declined, approved, and told of."""
    account = {"account": str(await an_account(desk, "Iris Inc"))}
    await desk.types(ADA, "Iris Inc, 9000", "found")
    claim = {"claim": str((await claims(desk))[-1].id)}
    await desk.presses(ADA, "claim.withdraw", **claim)
    await desk.presses(ADA, "claim.meant", **account, rest="the new suite")
    opened = await desk.presses(ADA, "claim.open", **account)
    await fills(desk, ADA, opened, {"value": "12000"})
    claim = {"claim": str((await claims(desk))[-1].id)}
    await desk.presses(MAX, "claim.look", **claim)
    question = {"question": "Is it signed?"}
    await fills(desk, MAX, await desk.presses(MAX, "claim.ask", **claim), question)
    await fills(desk, ADA, await desk.presses(ADA, "claim.answer", **claim), {"answer": "Yes."})
    share = {"member1": str(desk.ids[BEN]), "percent1": "40"}
    await fills(desk, ADA, await desk.presses(ADA, "claim.share", **claim), share)
    declined = await desk.presses(MAX, "claim.decline", **claim)
    await fills(desk, MAX, declined, {"reason": "Not yet"})
    await desk.types(ADA, "Iris Inc, 12000", "found")
    claim = {"claim": str((await claims(desk))[-1].id)}
    await desk.presses(MAX, "claim.approve", **claim)
    await desk.types(MAX, f"team_channel {CHANNEL}", "settings")
    board = await desk.types(MAX, "", "board")
    await desk.presses(MAX, "board.post", **button(board, "board.post").payload)
    story = {"story": "We listened."}
    await fills(desk, ADA, await desk.presses(ADA, "win.tell", **claim), story)


async def payments(desk: Desk) -> None:
    desk.now += timedelta(days=31)
    await run_some(JobContext(desk.database, desk.now, deliver_at=desk.now))
    member = {"member": str(desk.ids[ADA])}
    for action in ("bounties.lines", "bounties.file"):
        await desk.presses(ADA, action, **member)
    claim = str((await claims(desk))[-1].id)
    less = {"claim": claim, "way": "less", "amount": "50", "why": "Counted twice"}
    await fills(desk, FAY, await desk.presses(FAY, "bounties.correct", **member), less)
    await desk.presses(FAY, "payment.open")
    await desk.presses(FAY, "payment.draw")
    opened = await desk.presses(FAY, "payment.mark")
    await fills(desk, FAY, opened, {})
    paid = {
        "references": next(f.value for f in form_of(opened).form.fields if f.name == "references")
    }
    await fills(desk, FAY, await desk.presses(FAY, "payment.return"), paid)


async def settings(desk: Desk) -> None:
    """A deadline, the bounty plan after its example, and a reason."""
    asked = await desk.presses(MAX, "settings.change", group="Deadlines")
    await fills(desk, MAX, asked, {"contact_days": "4"})
    asked = await desk.presses(MAX, "settings.change", group="Bounty plan")
    example = await fills(desk, MAX, asked, {"bounty_window_days": "60"})
    await fills(desk, MAX, example, {})
    asked = await desk.presses(MAX, "settings.change", group="Reasons")
    chosen = await fills(desk, MAX, asked, {"reason": "price"})
    await fills(desk, MAX, chosen, {"label": "Too dear"})


async def the_team(desk: Desk) -> None:
    """Somebody comes, changes their part and goes; a message that did not arrive is sent again."""
    desk.book.profiles[NEWCOMER] = Profile(NEWCOMER, "New Comer", "new@example.com", "Europe/Rome")
    await desk.types(MAX, "", "team")
    await desk.presses(MAX, "team.page", page="0")
    opened = await desk.presses(MAX, "team.add")
    await fills(desk, MAX, opened, {"person": NEWCOMER, "role": "rep"})
    async with desk.database.workspace(WORKSPACE) as work:
        member = await work.members.by_platform_id(NEWCOMER)
        assert member is not None
        which = {"member": str(member.id)}
        dead = Outbox(
            workspace_id=WORKSPACE,
            member_id=member.id,
            kind="test",
            view_json=say("Hello").to_json(),
            dedupe_key="dead",
            created_at=desk.now,
            dead_at=desk.now,
        )
        work.session.add(dead)
        await work.session.flush()
        letter = {"letter": str(dead.id)}
        await work.commit()
    await fills(desk, MAX, await desk.presses(MAX, "team.change", **which), {"region": "North"})
    await desk.presses(MAX, "letter.resend", **letter)
    await desk.presses(MAX, "team.remove", **which)


async def files(desk: Desk) -> None:
    """A file is shown, understood, taken in; another is left."""
    shown = await drop(desk, LOSSES)
    which = dict(button(shown, "import.order").payload)
    ordered = await desk.presses(MAX, "import.order", **which)
    meaning = await desk.presses(MAX, "import.reasons", **button(ordered, "import.reasons").payload)
    await fills(desk, MAX, meaning, {})
    file = {"file": which["file"]}
    await fills(desk, MAX, await desk.presses(MAX, "import.columns", **file), {})
    await desk.presses(MAX, "import.confirm", **file)
    await desk.presses(MAX, "import.rejects", **file)
    left = await drop(desk, "Account,Reason,Product\nNever Mind Ltd,Price,Gold\n,Service,Tin\n")
    await desk.presses(MAX, "import.names", **button(left, "import.names").payload)
    await desk.presses(MAX, "import.drop", **button(left, "import.drop").payload)


async def near_names(desk: Desk) -> None:
    """Two new accounts are nearly called like known ones: one is the same, one is not."""
    for content in ("Account\nGlobex Trading\nVehement Capital\n", NEAR):
        shown = await drop(desk, content)
        await desk.presses(MAX, "import.confirm", **button(shown, "import.confirm").payload)
    async with desk.database.reading(WORKSPACE) as work:
        rows = list(await work.session.exec(select(Outbox).order_by(col(Outbox.id).desc())))
    asked = next(View.from_json(row.view_json) for row in rows if "near.same" in row.view_json)
    pairs = [b for e in asked.elements if isinstance(e, Buttons) for b in e.buttons]
    same = next(one for one in pairs if one.action == "near.same")
    apart = [one for one in pairs if one.action == "near.different"][1]
    await desk.presses(MAX, "near.same", **same.payload)
    await desk.presses(MAX, "near.different", **apart.payload)


async def forgetting(desk: Desk) -> None:
    which = {"account": str((await the_account(desk, "Hill Ltd")).id)}
    await fills(desk, MAX, await desk.presses(MAX, "contact.forget", **which), {"words": "Ann"})


async def drop(desk: Desk, content: str) -> list[Effect]:
    """Give the bot a file."""
    return await desk.dispatcher.handle(FileShared(desk.origin(MAX), "f.csv", content.encode()))
