"""Finance at play: what is payable is drawn up, paid by file, told twice, and taken back."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from sqlmodel import select

from domain.money import Money
from handlers.effects import Effect, SendFile
from handlers.events import FileShared
from handlers.money import show_money
from handlers.views.elements import Facts, in_plain_words
from storage.tables import Member, Payout
from tests.people import FAY, WORKSPACE
from tests.trials.books import file_sums
from tests.trials.company import view_of
from tests.trials.play import Play, said

_AS_SAID = {
    "claimed": "Waiting for approval",
    "held": "Held",
    "payable": "Payable",
    "sent": "Being paid",
    "paid": "Paid",
}


async def pay(play: Play) -> None:
    """Draw up all that is payable, pay most of it by the file, twice; let some of it bounce."""
    before, open_ = play.books.payable(), await _open_payments(play)
    [drawn] = await play.act(play.desk.presses(FAY, "payment.draw"), {"sent for payment"})
    if not isinstance(drawn, SendFile):
        assert not before, drawn
        return
    rows = list(csv.DictReader(io.StringIO(drawn.content.decode("utf-8-sig"))))
    due = {key: minor for key, minor in before.items() if key not in open_} | open_
    written = sorted((row["Currency"], int(Decimal(row["Amount"]) * 100)) for row in rows)
    assert written == sorted((currency, minor) for (_, currency), minor in due.items())
    again = await play.act(play.desk.presses(FAY, "payment.draw"))
    assert again == [drawn], "pressed twice, the file is the same"
    play.counts["payments drawn up"] += len(rows)
    for row in rows:
        if play.dice.random() < 0.8:
            row["Paid on"] = play.desk.now.date().isoformat()
    some = {row["Payment"] for row in rows if row["Paid on"]}
    file = _as_file(rows)
    if some:
        await play.act(_shares(play, file), {"paid"})
        twice = said(await play.act(_shares(play, file)))
        assert "Paid before and left alone" in twice, twice
        play.counts["payments paid"] += len(some)
    if some and play.dice.random() < 0.3:
        bounced = {"references": sorted(some)[0]}
        sent = play.desk.sends(FAY, "payment.return", bounced)
        await play.act(sent, {"payment returned"})
        late = said(await play.act(_shares(play, file)))
        assert "taken back" in late, late
        play.counts["payments bounced"] += 1


async def read_statements(play: Play) -> int:
    """Check that each member's figures are what their lines add up to; give how many."""
    async with play.desk.database.reading(WORKSPACE) as work:
        members = list(await work.session.exec(select(Member)))
    read = 0
    for member in members:
        stands = play.books.of_member(member.id or 0)
        asked = play.desk.presses(FAY, "bounties.file", member=str(member.id))
        [file] = await play.act(asked)
        assert isinstance(file, SendFile)
        assert file_sums(file.content) == stands, member.name
        if member.role == "rep" and member.platform_user_id and stands:
            shown = view_of(await play.act(play.desk.types(member.platform_user_id, "bounties")))
            facts = next(one for one in shown.elements if isinstance(one, Facts))
            assert {label: in_plain_words(text) for label, text in facts.rows} == _in_words(stands)
            read += 1
    return read


def _in_words(stands: dict[tuple[str, str], int]) -> dict[str, str]:
    """Say what stands for a member, as they are told it, whichever currency came first."""
    words: dict[str, list[str]] = {}
    for (currency, pot), minor in sorted(stands.items(), key=lambda item: item[0][0] == "USD"):
        words.setdefault(_AS_SAID[pot], []).append(show_money(Money(minor, currency)))
    return {label: " + ".join(sums) for label, sums in words.items()}


async def _shares(play: Play, file: bytes) -> list[Effect]:
    origin = play.desk.origin(FAY)
    return await play.desk.dispatcher.handle(FileShared(origin, "bounties.csv", file))


def _as_file(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


async def _open_payments(play: Play) -> dict[tuple[int, str], int]:
    async with play.desk.database.reading(WORKSPACE) as work:
        payouts = await work.session.exec(select(Payout).where(Payout.state == "open"))
        return {(one.member_id, one.currency): one.amount_minor for one in payouts}
