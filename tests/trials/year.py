"""A year of play: a seeded team visits, claims, decides, pays and errs, day by day."""

from __future__ import annotations

from datetime import timedelta

from domain.account_life import IN_HAND
from handlers.effects import FormErrors
from storage.tables import Account
from tests.people import ADA, FAY, MAX
from tests.trials import paying, winning_back
from tests.trials.company import pressable, view_of
from tests.trials.play import PLANS, Now, Play, said
from tests.trials.slips import slip

_REASONS = ("price", "service", "neglect", "product_gap", "billing", "unknown")
_DAY = timedelta(days=1)
_TO_EVENING = timedelta(hours=7)


async def play_week(play: Play, week: int, weeks: int) -> None:
    """Play one week of so many, from its Monday to its Sunday; each quarter has a plan."""
    if week % -(-weeks // len(PLANS)) == 0:
        await play.decide_plan(week // -(-weeks // len(PLANS)))
    for weekday in range(7):
        await play.tick()
        if weekday < 5:
            await _work(play)
        match weekday:
            case 0:
                await _deal(play)
            case 1:
                await winning_back.leave_again(play)
            case 2:
                await winning_back.leave_again(play)
                await slip(play)
            case 3:
                await _live(play, week, weeks)
            case 4:
                await paying.pay(play)
        play.desk.now += _TO_EVENING
        await play.tick()
        play.desk.now += _DAY - _TO_EVENING


async def _work(play: Play) -> None:
    """A day's visits, claims and decisions."""
    now, dice = await play.now(), play.dice
    for account in dice.sample(held := now.held(*IN_HAND), min(6, len(held))):
        await _visit(play, now, account)
    now = await play.now()
    ripe = now.held(*winning_back.CLAIMABLE)
    for account in dice.sample(ripe, min(2, len(ripe))):
        await winning_back.claim(play, await play.now(), account)
    for waits in (await play.now()).waiting():
        await winning_back.talk(play, waits)
    for waits in (await play.now()).waiting():
        if dice.random() < 0.5:
            await winning_back.decide(play, waits.id or 0)


async def _visit(play: Play, now: Now, account: Account) -> None:
    day = play.desk.now.date()
    values = {
        "who_was_met": "Road Runner",
        "decision_maker": play.dice.choice(("yes", "yes", "no")),
        "what_happened": "They told us what went wrong.",
        "verified_reason": play.dice.choice(_REASONS),
        "next_step": play.dice.choice(("", "Send the report")),
        "next_step_on": (day + 5 * _DAY).isoformat(),
        "visited_on": day.isoformat(),
    }
    sent = play.desk.sends(
        now.user(account.holder_id), "visit", values, {"account": str(account.id)}
    )
    effects = await play.act(sent)
    assert not isinstance(effects[0], FormErrors), effects
    play.counts["visits"] += 1


async def _deal(play: Play) -> None:
    preview = view_of(await play.act(play.desk.types(MAX, "deal")))
    payload = pressable(preview, "deal.confirm")
    if payload is not None:
        await play.act(play.desk.presses(MAX, "deal.confirm", **payload))
        play.counts["deals"] += 1


async def _live(play: Play, week: int, weeks: int) -> None:
    """What happens beside the work: people go away, pass on, leave and return; customers leave."""
    desk, dice, now = play.desk, play.dice, await play.now()
    reps = [m.platform_user_id or "" for m in now.people.values() if m.role == "rep"]
    monday = desk.now.date() + 4 * _DAY
    for user in dice.sample(reps, 2):
        await play.act(desk.types(user, f"away {monday} to {monday + 4 * _DAY}"))
    held = now.held(*IN_HAND)
    for account, words in zip(
        dice.sample(held, min(2, len(held))), ("pass", "snooze"), strict=False
    ):
        when = " in 6 days" if words == "snooze" else ""
        await play.act(desk.types(now.user(account.holder_id), f"{words} {account.name}{when}"))
    await play.act(desk.types(dice.choice(reps), f"Newcomer {week}, price, went to Globex"))
    if week == weeks // 4:
        await play.act(desk.types(reps[-1], "board off"))
    if week == weeks // 3:
        await _leave(play, now)
    if week == weeks // 2:
        rated = next(m for m in now.people.values() if m.role == "rep" and m.id != desk.ids[ADA])
        answer = await play.act(
            desk.types(MAX, f"settings commission <@{rated.platform_user_id}> 12.5")
        )
        assert "12.5" in said(answer)
        play.rates[rated.id or 0] = "12.5"
    if week == 2 * weeks // 3:
        await play.act(desk.types(MAX, f"team add <@{ADA}> rep"))


async def _leave(play: Play, now: Now) -> None:
    """Ada leaves the team with whatever is claimed, held or owed; a correction follows her."""
    answer = await play.act(play.desk.types(MAX, f"team remove <@{ADA}>"))
    assert "Ada Fox" in said(answer)
    ada = play.desk.ids[ADA]
    hers = [claim for claim in now.claims.values() if claim.member_id == ada]
    if hers:
        values = {
            "claim": str(hers[0].id),
            "way": "less",
            "amount": "1.234,56",
            "why": "Counted twice",
        }
        sent = play.desk.sends(FAY, "bounties.correct", values, {"member": str(ada)})
        written = await play.act(sent, {"corrected"}, {hers[0].currency: -123456})
        assert "Written down" in said(written)
        play.counts["corrected"] += 1
    play.counts["left the team"] += 1
