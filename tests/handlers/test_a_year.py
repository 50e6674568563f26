"""A year of play by a seeded team: whatever happens, the ledger adds up (B4)."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from datetime import timedelta

from sqlmodel import select

from domain.account_life import State
from domain.ledger import Pot, standing
from handlers.effects import SendFile
from jobs.context import JobContext
from jobs.ledger import run_some
from storage.tables import Account, Assignment, Claim, Payout
from tests.handlers.winning import an_account
from tests.people import ADA, BEN, CHI, EVE, FAY, MAX, WORKSPACE, Desk

_REPS = (ADA, BEN, CHI)


async def _proof(desk: Desk) -> dict[Pot, int]:
    """Check every claim and payment, and give what stands in each pot."""
    totals: dict[Pot, int] = defaultdict(int)
    async with desk.database.reading(WORKSPACE) as work:
        claims = list(await work.session.exec(select(Claim)))
        lines = await work.ledger.lines([claim.id or 0 for claim in claims])
        for claim in claims:
            of_claim = lines[claim.id or 0]
            sums: dict[Pot, int] = defaultdict(int)
            for (_, pot), money in standing(of_claim).items():
                sums[pot] += money.minor
                totals[pot] += money.minor
            assert sum(sums.values()) == 0
            promised = sums[Pot.CLAIMED]
            assert promised == (claim.bounty_minor if claim.state == "claimed" else 0)
            back = sum(one.amount.minor for one in of_claim if one.entry == "clawed back")
            granted = sum(sums[pot] for pot in (Pot.HELD, Pot.PAYABLE, Pot.SENT, Pot.PAID))
            assert granted == (claim.bounty_minor - back if claim.state == "approved" else 0)
            assert claim.state == "approved" or not back
        paid: dict[str, int] = defaultdict(int)
        for payout in await work.session.exec(select(Payout)):
            paid[payout.state] += payout.amount_minor
        assert paid["paid"] == totals[Pot.PAID]
        assert paid["open"] == totals[Pot.SENT]
    return totals


async def _act(desk: Desk, dice: random.Random) -> None:
    async with desk.database.reading(WORKSPACE) as work:
        claims = list(await work.session.exec(select(Claim)))
        accounts = list(await work.session.exec(select(Account)))
    claim = {"claim": str(dice.choice(claims).id) if claims else "1"}
    match dice.randrange(12):
        case 0 | 1 | 2 | 3:
            account = dice.choice(accounts)
            holder = next((user for user, i in desk.ids.items() if i == account.holder_id), ADA)
            user = dice.choice((holder, holder, *_REPS))
            extent = dice.choice(("", "", ", foothold"))
            value = f"{dice.randint(1, 10**7) / 100:.2f}"
            await desk.types(user, f"{account.name}, {value}{extent}", "found")
        case 4 | 5 | 6:
            await desk.presses(dice.choice((MAX, EVE, ADA)), "claim.approve", **claim)
        case 7:
            reason = {"reason": "Not signed yet"}
            await desk.sends(dice.choice((MAX, EVE)), "claim.decline", reason, claim)
        case 8:
            values = {
                "member1": str(desk.ids[dice.choice((BEN, CHI))]),
                "percent1": f"{dice.randint(1, 99)}.{dice.randint(0, 99):02}",
            }
            await desk.sends(dice.choice(_REPS), "claim.share", values, claim)
        case 9:
            await desk.presses(dice.choice(_REPS), "claim.withdraw", **claim)
        case 10:
            back = [account for account in accounts if account.state == State.WON_BACK]
            if back:
                await desk.types(MAX, f"{dice.choice(back).name}, price")
        case _:
            await _pay(desk, dice)


async def _pay(desk: Desk, dice: random.Random) -> None:
    """Draw up what is payable and say of some of it that it was paid, or not after all."""
    [drawn] = await desk.presses(FAY, "payment.draw")
    if isinstance(drawn, SendFile):
        found = re.findall(r"LF-\d+-\d+", drawn.content.decode())
        some = " ".join(dice.sample(found, dice.randint(1, len(found))))
        way = dice.choice(("payment.mark", "payment.mark", "payment.return"))
        await desk.sends(FAY, way, {"references": some})


async def _deal_anew(desk: Desk, dice: random.Random) -> None:
    """Give what came back to the drawer to somebody, understood at once, as a visit would."""
    async with desk.database.workspace(WORKSPACE) as work:
        for account in await work.session.exec(select(Account)):
            if account.state in {State.CODE_99, State.LOST}:
                rep = desk.ids[dice.choice(_REPS)]
                account.state, account.holder_id = State.UNDERSTOOD, rep
                work.session.add(
                    Assignment(
                        workspace_id=WORKSPACE,
                        account_id=account.id or 0,
                        member_id=rep,
                        why="in turn",
                        assigned_at=desk.now,
                        assigned_on=desk.now.date(),
                    )
                )
        await work.commit()


async def test_no_year_makes_or_loses_a_cent(desk: Desk) -> None:
    dice = random.Random(7)  # noqa: S311  # play, not secrets
    await desk.types(MAX, "settings bounty_cap=9000 bounty_early=14 days 1.5 executive_limit=4000")
    for n in range(12):
        await an_account(desk, f"Customer {n}", holder=dice.choice(_REPS))
    seen: dict[Pot, int] = defaultdict(int)
    for week in range(52):
        for _ in range(3):
            await _act(desk, dice)
        if week % 4 == 0:
            await _deal_anew(desk, dice)
            kind = dice.choice(("fixed", "percentage", "commission"))
            await desk.types(
                MAX, f"settings bounty_kind={kind} hold_days={dice.choice((0, 14, 30))}"
            )
        desk.now += timedelta(days=7)
        while await run_some(JobContext(desk.database, desk.now, deliver_at=desk.now)):
            pass
        if week % 4 == 3:
            for pot, minor in (await _proof(desk)).items():
                seen[pot] = max(seen[pot], minor)
    assert {pot for pot, minor in seen.items() if minor > 0} == set(Pot) - {Pot.DESK}
