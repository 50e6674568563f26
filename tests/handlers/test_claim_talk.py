"""A claim talked over before it is decided (B2, B3, B4)."""

from __future__ import annotations

import pytest

from handlers.views.elements import Table
from tests.handlers.winning import (
    a_visit,
    an_account,
    claims,
    ledger,
    source_of,
    the_account,
    told,
)
from tests.people import (
    ADA,
    BEN,
    CHI,
    EVE,
    FAY,
    MAX,
    OTTO,
    WORKSPACE,
    Desk,
    errors_of,
    form_of,
    reply_of,
)


async def _claimed(desk: Desk, value: str = "12000") -> dict[str, str]:
    await an_account(desk)
    await desk.types(ADA, f"Acme Corp, {value}", "found")
    return {"claim": str((await claims(desk))[0].id)}


async def test_a_question_goes_to_the_claimant_and_the_answer_back(desk: Desk) -> None:
    claim = await _claimed(desk)
    form = form_of(await desk.presses(MAX, "claim.ask", **claim)).form
    assert "question" in errors_of(await desk.sends(MAX, form.id, {"question": " "}, form.context))
    asked = await desk.sends(MAX, form.id, {"question": "Is it signed?"}, form.context)
    assert "You hear from me" in reply_of(asked)
    [question] = await told(desk, ADA)
    assert "Is it signed?" in question.to_json()
    answer = form_of(await desk.presses(ADA, "claim.answer", **claim)).form
    values = {"answer": "Yes, on Monday.", "value": "12000"}
    assert "Yes" not in reply_of(await desk.sends(ADA, answer.id, values, answer.context))
    assert "Yes, on Monday." in (await told(desk, MAX))[-1].to_json()
    assert (await claims(desk))[0].state == "claimed"


async def test_an_answer_may_put_the_value_right(desk: Desk) -> None:
    claim = await _claimed(desk)
    empty = errors_of(await desk.sends(ADA, "claim.answer", {"answer": "", "value": ""}, claim))
    assert set(empty) == {"answer", "value"}
    await desk.sends(ADA, "claim.answer", {"answer": "It was less.", "value": "6000"}, claim)
    [row] = await claims(desk)
    assert (row.value_minor, row.bounty_minor) == (600_000, 120_000)
    assert "6,000" in row.rule
    assert await ledger(desk) == [
        ("claimed", "desk", "claimed", 240_000),
        ("corrected", "claimed", "desk", 240_000),
        ("claimed", "desk", "claimed", 120_000),
    ]


async def test_who_read_an_older_version_sees_it_anew_before_deciding(desk: Desk) -> None:
    claim = await _claimed(desk)
    old = {**claim, "version": "1"}
    await desk.sends(ADA, "claim.answer", {"answer": "It was less.", "value": "6000"}, claim)
    shown = source_of(await desk.presses(MAX, "claim.approve", **old))
    assert "It has changed since you were asked" in shown
    assert "$1,200" in shown
    assert (await claims(desk))[0].state == "claimed"
    assert "It has changed" in source_of(await desk.presses(MAX, "claim.decline", **old))
    newer = {**claim, "version": str((await claims(desk))[0].version)}
    await desk.presses(MAX, "claim.approve", **newer)
    assert (await claims(desk))[0].state == "approved"


async def test_a_bounty_is_shared_to_the_last_cent_and_all_are_told(desk: Desk) -> None:
    claim = await _claimed(desk, "100.05")
    form = form_of(await desk.presses(ADA, "claim.share", **claim)).form
    values = {
        "member1": str(desk.ids[BEN]),
        "percent1": "33.33",
        "member2": str(desk.ids[CHI]),
        "percent2": "33,33 %",
    }
    await desk.sends(ADA, form.id, values, form.context)
    assert [line[3] for line in await ledger(desk)] == [2001, 2001, 667, 667, 667]
    assert "$6.67" in (await told(desk, BEN))[0].to_json()
    assert "Ada Fox $6.67, Ben Ruiz $6.67, Chi Nair $6.67" in (await told(desk, MAX))[-1].to_json()
    version = str((await claims(desk))[0].version)
    await desk.presses(MAX, "claim.approve", **claim, version=version)
    assert "Your bounty is " in (await told(desk, CHI))[-1].to_json()
    shares = [line[3] for line in await ledger(desk)][5:]
    assert shares == [667, 667, 667]


async def test_the_form_shows_what_was_shared_before(desk: Desk) -> None:
    claim = await _claimed(desk)
    share = {"member1": str(desk.ids[BEN]), "percent1": "40"}
    await desk.sends(ADA, "claim.share", share, claim)
    form = form_of(await desk.presses(MAX, "claim.share", **claim)).form
    values = {field.name: getattr(field, "value", "") for field in form.fields}
    assert (values["member1"], values["percent1"]) == (str(desk.ids[BEN]), "40")
    await desk.sends(MAX, "claim.share", {}, claim)
    assert (await ledger(desk))[-1] == ("claimed", "desk", "claimed", 240_000)


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"member1": "BEN"}, "percent1", "go together"),
        ({"percent1": "50"}, "percent1", "go together"),
        ({"member1": "BEN", "percent1": "lots"}, "percent1", "A percentage such as"),
        ({"member1": "BEN", "percent1": "33.333"}, "percent1", "A percentage such as"),
        ({"member1": "ADA", "percent1": "50"}, "member1", "Name each once"),
        (
            {"member1": "BEN", "percent1": "60", "member2": "CHI", "percent2": "60"},
            "percent1",
            "more than 100",
        ),
        (
            {"member1": "BEN", "percent1": "10", "member2": "BEN", "percent2": "10"},
            "member2",
            "Name each once",
        ),
    ],
)
async def test_wrong_shares_are_answered_at_their_field(
    desk: Desk, values: dict[str, str], field: str, says: str
) -> None:
    claim = await _claimed(desk)
    ids = {"ADA": str(desk.ids[ADA]), "BEN": str(desk.ids[BEN]), "CHI": str(desk.ids[CHI])}
    sent = await desk.sends(
        ADA, "claim.share", {key: ids.get(value, value) for key, value in values.items()}, claim
    )
    assert says in errors_of(sent)[field]
    assert len(await ledger(desk)) == 1


async def test_who_shares_in_a_bounty_does_not_decide_it(desk: Desk) -> None:
    claim = await _claimed(desk)
    own = {"member1": str(desk.ids[MAX]), "percent1": "10"}
    refused = await desk.sends(MAX, "claim.share", own, claim)
    assert "Four eyes" in errors_of(refused)[""]
    await desk.sends(ADA, "claim.share", own, claim)
    assert "Four eyes" in reply_of(await desk.presses(MAX, "claim.approve", **claim))
    assert len(await told(desk, EVE)) == 1


async def test_a_withdrawn_claim_can_neither_be_decided_nor_changed(desk: Desk) -> None:
    claim = await _claimed(desk)
    withdrawn = source_of(await desk.presses(ADA, "claim.withdraw", **claim))
    assert "withdrew it" in withdrawn
    assert "withdrew it" in source_of(await desk.presses(ADA, "claim.withdraw", **claim))
    assert "withdrew it" in source_of(await desk.presses(MAX, "claim.approve", **claim))
    assert "withdrew it" in source_of(await desk.presses(MAX, "claim.ask", **claim))
    for act in (
        desk.presses(ADA, "claim.answer", **claim),
        desk.presses(ADA, "claim.share", **claim),
    ):
        assert "That claim is withdrawn by now" in reply_of(await act)
    late = await desk.sends(MAX, "claim.ask", {"question": "Well?"}, claim)
    assert "withdrawn by now" in errors_of(late)[""]
    assert (await ledger(desk))[-1] == ("withdrawn", "claimed", "desk", 240_000)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    assert len(await claims(desk)) == 2


async def test_only_the_claimant_answers_and_withdraws(desk: Desk) -> None:
    claim = await _claimed(desk)
    for act in (
        desk.presses(BEN, "claim.answer", **claim),
        desk.presses(BEN, "claim.withdraw", **claim),
    ):
        assert "Only the one who made this claim" in reply_of(await act)
    assert "That one is for managers" in reply_of(await desk.presses(BEN, "claim.share", **claim))
    assert "That one is for managers" in reply_of(await desk.presses(BEN, "claim.ask", **claim))
    sent = await desk.sends(BEN, "claim.answer", {"answer": "x", "value": "9"}, claim)
    assert "Only the one" in errors_of(sent)[""]


@pytest.mark.parametrize("user", [OTTO, FAY])
async def test_outsiders_talk_over_no_claim(desk: Desk, user: str) -> None:
    claim = await _claimed(desk)
    for action in ("claim.ask", "claim.answer", "claim.share", "claim.withdraw"):
        assert "That one is for" in reply_of(await desk.presses(user, action, **claim))
    for form in ("claim.ask", "claim.answer", "claim.share"):
        assert "That one is for" in errors_of(await desk.sends(user, form, {}, claim))[""]


async def _handed_over(desk: Desk) -> int:
    """Ada claims, then Ben has the account in hand: both worked it."""
    account_id = await an_account(desk)
    await desk.types(ADA, "Acme Corp, 12000", "found")
    await a_visit(desk, account_id, BEN)
    return account_id


async def test_two_who_claim_one_account_are_shown_side_by_side(desk: Desk) -> None:
    await _handed_over(desk)
    await desk.types(BEN, "Acme Corp, 9000, Lite, I called first", "found")
    first, second = await claims(desk)
    both = (await told(desk, MAX))[-1]
    [table] = [element for element in both.elements if isinstance(element, Table)]
    assert table.columns == ("", "Ben Ruiz", "Ada Fox")
    assert table.rows[0] == ("Value", "$9,000", "$12,000")
    assert "Approve Ada Fox" in both.to_json()
    old = source_of(await desk.presses(MAX, "claim.approve", claim=str(first.id), version="1"))
    assert "2 people claim" in old
    await desk.presses(MAX, "claim.approve", claim=str(first.id), version="2")
    assert [claim.state for claim in await claims(desk)] == ["approved", "declined"]
    assert "credited to Ada Fox" in (await told(desk, BEN))[-1].to_json()
    assert (await ledger(desk))[-1] == ("declined", "claimed", "desk", 180_000)
    assert second.id != first.id


async def test_the_one_whose_claim_wins_has_the_account(desk: Desk) -> None:
    account_id = await _handed_over(desk)
    await desk.types(BEN, "Acme Corp, 9000", "found")
    _, second = await claims(desk)
    await desk.presses(MAX, "claim.approve", claim=str(second.id))
    assert (await the_account(desk, account_id)).holder_id == desk.ids[BEN]


async def test_who_never_worked_it_cannot_contest_a_claim(desk: Desk) -> None:
    await _handed_over(desk)
    refused = reply_of(await desk.types(CHI, "Acme Corp, 9000", "found"))
    assert "Ada Fox has claimed Acme Corp already (today)" in refused


async def test_above_the_limit_an_executive_has_the_last_word(desk: Desk) -> None:
    await desk.types(MAX, "settings executive_limit 2000")
    claim = await _claimed(desk)
    waiting = source_of(await desk.presses(MAX, "claim.approve", **claim))
    assert "Eve Stone" in waiting
    assert (await claims(desk))[0].state == "claimed"
    again = source_of(await desk.presses(MAX, "claim.approve", **claim))
    assert "one approval more" in again
    [asked] = await told(desk, EVE)
    assert "above the limit for one" in asked.to_json()
    await desk.presses(EVE, "claim.approve", **claim)
    assert (await claims(desk))[0].state == "approved"


async def test_below_the_limit_or_from_an_executive_one_word_is_enough(desk: Desk) -> None:
    await desk.types(MAX, "settings executive_limit 2400")
    claim = await _claimed(desk)
    await desk.presses(MAX, "claim.approve", **claim)
    assert (await claims(desk))[0].state == "approved"
    await desk.types(MAX, "settings executive_limit 1")
    await an_account(desk, "Beta")
    await desk.types(ADA, "Beta, 12000", "found")
    await desk.presses(EVE, "claim.approve", claim=str((await claims(desk))[1].id))
    assert (await claims(desk))[1].state == "approved"


async def test_without_an_executive_the_limit_says_so(desk: Desk) -> None:
    await desk.types(MAX, "settings executive_limit 1")
    claim = await _claimed(desk)
    async with desk.database.workspace(WORKSPACE) as work:
        eve = await work.members.by_id(desk.ids[EVE])
        assert eve is not None
        eve.active = False
        await work.commit()
    assert "an executive approves too, and none is here" in reply_of(
        await desk.presses(MAX, "claim.approve", **claim)
    )
