"""The part of a year of play that moves money: claims, their talk, their decision, and the loss."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from domain.account_life import DEALABLE, State
from handlers.effects import Effect
from storage.tables import Account, Assignment, Claim
from tests.people import EVE, MAX
from tests.trials.books import bounty, goes_back
from tests.trials.company import pressable, view_of
from tests.trials.play import Now, Play, said

CLAIMABLE = (State.UNDERSTOOD, State.FOOTHOLD)
_DAY = timedelta(days=1)


async def claim(play: Play, now: Now, account: Account) -> None:
    """Claim an account by its holder, or beside their claim by somebody who had it before."""
    dice, day = play.dice, play.desk.now.date()
    dealt = now.dealt(account)
    has_claimed = {one.member_id for one in now.waiting() if one.account_id == account.id}
    holder = account.holder_id or 0
    had_it = {a.member_id for a in now.assignments.values() if a.account_id == account.id}
    able = [one for one in sorted(had_it - {holder}) if now.user(one)] if has_claimed else [holder]
    able = [one for one in able if one not in has_claimed]
    if not able:
        return
    member = able[0]
    minor = dice.choice((dice.randint(1, 10**6), dice.randint(10**5, 4 * 10**6)))
    foothold = account.state == State.UNDERSTOOD and dice.random() < 0.3
    won_on = max(day - dice.randint(0, 3) * _DAY, account.lost_on or day)
    terms = play.terms_at(dealt.assigned_at)
    pays = _reckoned(
        play, now, account, dealt, member=member, minor=minor, won_on=won_on, foothold=foothold
    )
    values = {
        "extent": "foothold" if foothold else "whole",
        "value": f"{minor / 100:.2f}",
        "won_on": won_on.isoformat(),
        "story": "They asked for a visit.",
    }
    about = {"account": str(account.id)}
    sent = play.desk.sends(now.user(member), "claim.send", values, about)
    await play.act(sent, {"claimed"}, {terms["currency"]: pays})
    play.counts["rival claims" if has_claimed else "claims"] += 1


async def talk(play: Play, waits: Claim) -> None:
    """Share a claim, ask back about it, or withdraw it, before it is decided; mostly none of it."""
    match play.dice.randrange(12):
        case 0 | 1 | 2:
            await _share(play, waits)
        case 3:
            await _ask_back(play, waits)
        case 4 if play.dice.random() < 0.4:
            user = (await play.now()).user(waits.member_id)
            if user:
                pressed = play.desk.presses(user, "claim.withdraw", claim=str(waits.id))
                await play.act(pressed, {"withdrawn"}, {waits.currency: -waits.bounty_minor})
                play.counts["withdrawn"] += 1
                late = play.desk.presses(MAX, "claim.approve", claim=str(waits.id))
                assert "withdrawn" in said(await play.act(late)).lower()


async def decide(play: Play, claim_id: int) -> None:
    """Approve a claim where that can be, with an executive where it is large; or decline it."""
    now, dice = await play.now(), play.dice
    waits = now.claims[claim_id]
    if waits.state != "claimed":
        return
    about = {"claim": str(claim_id)}
    if not _may_be_approved(now, waits):
        answer = said(await play.act(play.desk.presses(MAX, "claim.approve", **about)))
        assert "cannot become" in answer, answer
        play.counts["approvals that came too late"] += 1
    elif dice.random() < 0.85:
        await _approve(play, now, waits)
        return
    reason = play.desk.sends(MAX, "claim.decline", {"reason": "It is not signed."}, about)
    await play.act(reason, {"declined"}, {waits.currency: -waits.bounty_minor})
    play.counts["declined"] += 1


async def leave_again(play: Play) -> None:
    """Lose a customer who had come back, mostly one who did not stay; at times by mistake."""
    now, dice = await play.now(), play.dice
    back = [one for one in now.accounts.values() if one.state == State.WON_BACK]
    if not back:
        return
    account, day = dice.choice(back[-20:]), play.desk.now.date()
    taken: dict[str, int] = {}
    for one in now.claims.values():
        if one.account_id != account.id or one.state != "approved" or one.left_loss_id is not None:
            continue
        pots = play.books.of_claim(one.id or 0)
        granted = sum(pots[pot] for pot in ("held", "payable", "sent", "paid"))
        minor = goes_back(granted, (day - one.won_on).days, one.clawback_days)
        taken[one.currency] = taken.get(one.currency, 0) + minor
    card = view_of(
        await play.act(
            play.desk.types(MAX, f"{account.name}, price"),
            {"clawed back"},
            {currency: -minor for currency, minor in taken.items()},
        )
    )
    play.counts["left again"] += 1
    play.counts["clawed back"] += any(taken.values())
    undo = pressable(card, "loss.undo")
    assert undo is not None
    if dice.random() < 0.2:
        await play.act(play.desk.presses(MAX, "loss.undo", **undo), {"given back"}, taken)
        play.counts["had not left after all"] += 1


async def _share(play: Play, waits: Claim) -> None:
    now, dice = await play.now(), play.dice
    user = now.user(waits.member_id)
    reps = [m for m in now.people.values() if m.role == "rep" and m.id != waits.member_id]
    first, second = dice.sample(reps, 2)
    values = {
        "member1": str(first.id),
        "percent1": f"{dice.randint(1, 60)}.{dice.randint(0, 99):02}",
        "member2": str(second.id),
        "percent2": "33.33",
    }
    about = {"claim": str(waits.id)}
    if user:
        sent = play.desk.sends(user, "claim.share", values, about)
        await play.act(sent, {"corrected", "claimed"})
        play.counts["shared"] += 1


async def _ask_back(play: Play, waits: Claim) -> None:
    """Ask for more, and get an answer with another value."""
    now, about = await play.now(), {"claim": str(waits.id)}
    user = now.user(waits.member_id)
    if not user:
        return
    asked = play.desk.sends(MAX, "claim.ask", {"question": "Is it signed?"}, about)
    await play.act(asked)
    minor = waits.value_minor + play.dice.randint(-100, 10**5)
    pays = _reckoned(
        play,
        now,
        now.accounts[waits.account_id],
        now.assignments[waits.assignment_id or 0],
        member=waits.member_id,
        minor=max(1, minor),
        won_on=waits.won_on,
        foothold=waits.extent == "foothold",
        but_for=waits.id,
    )
    values = {"answer": "It is.", "value": f"{max(1, minor) / 100:.2f}"}
    sent = play.desk.sends(user, "claim.answer", values, about)
    grows = {waits.currency: pays - waits.bounty_minor}
    await play.act(sent, {"corrected", "claimed"}, grows)
    play.counts["asked back"] += 1


async def _approve(play: Play, now: Now, waits: Claim) -> None:
    about = {"claim": str(waits.id)}
    terms = play.plans[-1][1]
    large = waits.bounty_minor > int(terms["executive_limit"]) * 100
    rivals = [
        one for one in now.waiting() if one.account_id == waits.account_id and one.id != waits.id
    ]
    grows: dict[str, int] = {}
    for rival in rivals:
        grows[rival.currency] = grows.get(rival.currency, 0) - rival.bounty_minor
    decider = MAX
    if large or waits.currency != terms["currency"]:
        await play.act(play.desk.presses(MAX, "claim.approve", **about))
        play.counts["endorsed for an executive"] += 1
        decider = EVE
    written = {"approved", "released", "declined"}
    if play.dice.random() < 0.2:
        await play.act(_both_at_once(play, decider, about), written, grows)
        play.counts["approved by two at once"] += 1
    else:
        await play.act(play.desk.presses(decider, "claim.approve", **about), written, grows)
    play.counts["approved"] += 1


async def _both_at_once(play: Play, decider: str, about: dict[str, str]) -> list[Effect]:
    presses = (play.desk.presses(user, "claim.approve", **about) for user in (decider, EVE))
    return [effect for effects in await asyncio.gather(*presses) for effect in effects]


def _may_be_approved(now: Now, waits: Claim) -> bool:
    """Say whether the account still stands where a claim can count."""
    account = now.accounts[waits.account_id]
    left_since = account.lost_on is not None and account.lost_on > waits.won_on
    if waits.extent == "whole" and account.state in DEALABLE:
        return not left_since
    return account.state in CLAIMABLE


def _reckoned(
    play: Play,
    now: Now,
    account: Account,
    dealt: Assignment,
    *,
    member: int,
    minor: int,
    won_on: date,
    foothold: bool,
    but_for: int | None = None,
) -> int:
    """Reckon what a claim should pay, from the tables and the plans that were decided."""
    terms = play.terms_at(dealt.assigned_at)
    earlier = [
        one
        for one in now.claims.values()
        if one.account_id == account.id
        and (one.state, one.extent) == ("approved", "foothold")
        and one.currency == terms["currency"]
        and (account.lost_on is None or one.won_on >= account.lost_on)
    ]
    pays = bounty(
        terms,
        minor,
        tier=account.tier or "",
        dealt_on=dealt.assigned_on,
        won_on=won_on,
        own_rate=play.rates.get(member),
        foothold=foothold,
        paid_before=sum(one.bounty_minor for one in earlier),
    )
    most = int(terms["bounty_member_cap"]) * 100
    earned = sum(
        one.bounty_minor
        for one in now.claims.values()
        if one.member_id == member
        and one.id != but_for
        and one.state in {"claimed", "approved"}
        and play.terms_at(now.assignments[one.assignment_id or 0].assigned_at) is terms
    )
    return min(pays, max(0, most - earned)) if most else pays
