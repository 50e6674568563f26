"""What people get wrong: each slip is answered by a sentence and changes nothing in the ledger."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from domain.account_life import State
from handlers.effects import Effect
from tests.people import BEN, EVE, FAY, MAX, OTTO
from tests.trials.play import Now, Play, said

_OPEN = (State.UNDERSTOOD, State.FOOTHOLD)


async def slip(play: Play) -> None:
    """Let several people slip, each of them at one thing."""
    slips = _slips(play, await play.now())
    told = {name: said(await play.act(act)) for name, (act, _) in slips.items()}
    wrong = {name: text for name, text in told.items() if slips[name][1] not in text}
    assert not wrong, wrong
    play.counts["slips answered"] += len(slips)


def _slips(play: Play, now: Now) -> dict[str, tuple[Coroutine[Any, Any, list[Effect]], str]]:
    """Give each slip with a word of its answer; those that need a customer, where there is one."""
    desk, day = play.desk, play.desk.now.date()
    terms = play.plans[-1][1]
    slips = {
        "nobody known": (desk.types(BEN, "Nobody We Know Ltd, 100", "found"), "no account"),
        "an outsider": (desk.types(OTTO, "bounties"), "ask a manager"),
        "unknown payment": (
            desk.sends(FAY, "payment.mark", {"references": "LF-0-0", "paid_on": str(day)}),
            "no such payment",
        ),
        "paid tomorrow": (
            desk.sends(FAY, "payment.mark", {"references": "LF-1-1", "paid_on": "2099-01-01"}),
            "still to come",
        ),
        "150 per cent": (desk.types(MAX, "settings bounty_percentage=150"), "percentage"),
        "no such claim": (desk.presses(EVE, "claim.approve", claim="999999"), "not known"),
    }
    waits = next((one for one in now.waiting() if now.user(one.member_id)), None)
    if waits is not None:
        user, about = now.user(waits.member_id), {"claim": str(waits.id)}
        too_much = {"member1": str(desk.ids[MAX]), "percent1": "101"}
        no_reason = desk.sends(MAX, "claim.decline", {"reason": " "}, about)
        slips |= {
            "a rep approves": (desk.presses(user, "claim.approve", **about), "for managers"),
            "more than all": (desk.sends(user, "claim.share", too_much, about), "percentage"),
            "no reason": (no_reason, "why helps"),
        }
    back = next((one for one in now.accounts.values() if one.state == State.WON_BACK), None)
    if back is not None:
        slips["back already"] = desk.types(MAX, f"{back.name}, 10", "found"), "back already"
    claimed = {one.account_id for one in now.waiting()}
    free = [one for one in now.held(*_OPEN) if one.id not in claimed]
    deals = [play.terms_at(now.dealt(one).assigned_at) for one in free]
    ours = [one for one, of in zip(free, deals, strict=True) if of["currency"] == terms["currency"]]
    if ours:
        holder, name = now.user(ours[0].holder_id), ours[0].name
        other = next(
            u for m in now.people.values() if m.role == "rep" and (u := now.user(m.id)) != holder
        )
        foreign = "£1.234,56"
        slips |= {
            "somebody else's": (desk.types(other, f"{name}, 100", "found"), "hands"),
            "another currency": (desk.types(holder, f"{name}, {foreign}", "found"), "reckoned in"),
            "below zero": (desk.types(holder, f"{name}, -500", "found"), "amount"),
            "huge": (desk.types(holder, f"{name}, 9999999999999999", "found"), "too large"),
            "nothing": (desk.types(holder, f"{name}, 0", "found"), "above zero"),
        }
    return slips
