"""D6: a contact's personal data goes on request, the figures stay."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import String
from sqlmodel import AutoString, SQLModel, select

from handlers.views.forms import TextField
from storage.forgetting import FREE_TEXT
from storage.sql import run, table_of
from storage.tables import (
    Account,
    Assignment,
    AuditEntry,
    Claim,
    ClaimNote,
    Deadline,
    ForgottenContact,
    Loss,
    Outbox,
    PendingImport,
    Visit,
)
from tests.handlers.dealt import button, buttons_of, deals, drawer, rows, text_of, view_of
from tests.handlers.files import take_in
from tests.people import (
    ADA,
    EVE,
    FAY,
    MAX,
    NOW,
    OTTO,
    WORKSPACE,
    Desk,
    errors_of,
    form_of,
    reply_of,
)

JO = "Zoë Park"


async def known_everywhere(desk: Desk) -> int:
    """An account whose contact is named wherever something can be written; gives its id."""
    [acme, _] = await drawer(desk, "Acme", "Bolt", decision_maker=JO)
    await deals(desk, MAX)
    async with desk.database.workspace(WORKSPACE) as work:
        [given] = [a for a in await rows(desk, Assignment) if a.account_id == acme]
        claim = Claim(
            workspace_id=WORKSPACE,
            account_id=acme,
            member_id=desk.ids[ADA],
            state="declined",
            value_minor=100,
            bounty_minor=10,
            currency="USD",
            rule="double",
            hold_days=30,
            clawback_days=90,
            how=f"met {JO}",
            story=f"{JO.upper()} came back",
            claimed_at=NOW,
            won_on=NOW.date(),
        )
        work.session.add_all(
            [
                claim,
                Loss(
                    workspace_id=WORKSPACE,
                    account_id=acme,
                    lost_on=date(2026, 2, 2),
                    decision_maker=JO,
                    what_happened=f"Price, says {JO}.",
                    value_minor=700,
                    logged_at=NOW,
                ),
                Visit(
                    workspace_id=WORKSPACE,
                    account_id=acme,
                    assignment_id=given.id,
                    member_id=desk.ids[ADA],
                    visited_on=date(2026, 2, 20),
                    who_was_met=JO,
                    met_decision_maker=True,
                    what_happened="Parking was bad.",
                    logged_at=NOW,
                ),
                Deadline(
                    workspace_id=WORKSPACE,
                    assignment_id=given.id or 0,
                    account_id=acme,
                    member_id=desk.ids[ADA],
                    kind="next step",
                    due_on=date(2026, 3, 9),
                    note=f"ring {JO}'s office",
                ),
                AuditEntry(
                    workspace_id=WORKSPACE, at=NOW, action="x", subject="Acme", detail=f"to {JO}"
                ),
            ]
        )
        await work.session.flush()
        work.session.add(
            ClaimNote(
                workspace_id=WORKSPACE,
                claim_id=claim.id or 0,
                by_id=desk.ids[ADA],
                at=NOW,
                text=f"ask {JO}",
            )
        )
        for name, content in (
            ("a.csv", f"Account,Contact\nAcme,{JO}\n"),
            ("b.csv", "Account\nB\n"),
        ):
            work.session.add(
                PendingImport(
                    workspace_id=WORKSPACE,
                    member_id=desk.ids[MAX],
                    name=name,
                    content=content.encode(),
                    given_at=NOW,
                    expires_at=NOW + timedelta(days=1),
                )
            )
        await work.commit()
    return acme


async def everything_kept(desk: Desk, *, but_bolt: bool = True) -> str:
    """All rows of all tables, as text; what belongs to Bolt left out."""
    kept = []
    async with desk.database.reading(WORKSPACE) as work:
        for table in SQLModel.metadata.sorted_tables:
            for row in (await run(work.session, table.select())).mappings():
                if not (but_bolt and "Bolt" in str(row)):
                    kept.append(str({key: value for key, value in row.items() if key != "id"}))
    return "\n".join(kept)


async def test_the_contact_is_gone_from_everywhere_and_the_figures_stay(desk: Desk) -> None:
    acme = await known_everywhere(desk)
    card = await desk.types(MAX, "show Acme")
    pressed = await desk.presses(MAX, "contact.forget", **button(card, "contact.forget").payload)
    form = form_of(pressed).form
    [field] = form.fields
    assert isinstance(field, TextField)
    assert field.value == JO
    said = await desk.sends(MAX, "contact.forget", {"words": field.value}, form.context)
    assert "I have forgotten the contact at Acme" in text_of(view_of(said))
    assert "One file that waited to be taken in named them" in text_of(view_of(said))
    kept = await everything_kept(desk)
    assert "park" not in kept.casefold().replace("parking", "")
    [loss] = await rows(desk, Loss)
    assert (loss.what_happened, loss.value_minor) == ("Price, says the contact.", 700)
    [visit] = await rows(desk, Visit)
    assert (visit.who_was_met, visit.what_happened) == ("the contact", "Parking was bad.")
    [note] = [d.note for d in await rows(desk, Deadline) if d.note]
    assert note == "ring the contact's office"
    [letter] = [m for m in await rows(desk, Outbox) if "Acme" in m.view_json]
    assert "Call on the contact." in letter.view_json
    assert json.loads(letter.view_json)["elements"]
    [entry] = [e for e in await rows(desk, AuditEntry) if e.action == "contact forgotten"]
    assert (entry.by_id, entry.subject, entry.detail) == (desk.ids[MAX], "Acme", "")
    assert [file.name for file in await rows(desk, PendingImport)] == ["b.csv"]
    other = next(a for a in await rows(desk, Account) if a.id != acme)
    assert other.decision_maker == JO


async def test_a_file_does_not_bring_them_back_and_says_so(desk: Desk) -> None:
    acme = await known_everywhere(desk)
    await desk.sends(MAX, "contact.forget", {"words": JO}, {"account": str(acme)})
    result = await take_in(desk, f"Account,Decision maker\nAcme,{JO}\nBolt,{JO}\n")
    assert [n for n in result.notes if "forgotten" in n] == [
        "The contact of one account was forgotten on request and was left out again."
    ]
    losses = f"Account,Reason,Lost on,Decision maker\nAcme,price,2026-02-20,{JO}\n"
    result = await take_in(desk, losses)
    assert any("forgotten on request" in note for note in result.notes)
    assert "park" not in (await everything_kept(desk)).casefold().replace("parking", "")
    result = await take_in(desk, "Account,Decision maker\nAcme,Kim Lee\n")
    assert not any("forgotten" in note for note in result.notes)
    account = next(a for a in await rows(desk, Account) if a.id == acme)
    assert account.decision_maker == "Kim Lee"


async def test_how_else_they_are_written_goes_too(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme", decision_maker="Kim Lee")
    async with desk.database.workspace(WORKSPACE) as work:
        work.session.add(
            Loss(
                workspace_id=WORKSPACE,
                account_id=acme,
                lost_on=date(2026, 2, 2),
                what_happened="Kim, kim@lee.example or +1 555 0100; Kimberley stays.",
                logged_at=NOW,
            )
        )
        await work.commit()
    words = "Kim Lee\nkim@lee.example\n+1 555 0100\nKim"
    await desk.sends(MAX, "contact.forget", {"words": words}, {"account": str(acme)})
    [loss] = await rows(desk, Loss)
    assert loss.what_happened == "the contact, the contact or the contact; Kimberley stays."
    said = await desk.sends(MAX, "contact.forget", {"words": "Kim"}, {"account": str(acme)})
    assert "waited to be taken in" not in text_of(view_of(said))
    async with desk.database.reading(WORKSPACE) as work:
        kept = list(await work.session.exec(select(ForgottenContact)))
    assert len(kept) == 4
    assert all("im" not in one.fingerprint for one in kept)


@pytest.mark.parametrize(
    ("words", "says"),
    [(" \n", "Whom shall I forget?"), ("Jo", "too short"), ("x" * 2001, "more than 2,000")],
)
async def test_what_cannot_be_erased_is_said_at_the_field(
    desk: Desk, words: str, says: str
) -> None:
    [acme] = await drawer(desk, "Acme")
    sent = await desk.sends(MAX, "contact.forget", {"words": words}, {"account": str(acme)})
    assert says in errors_of(sent)["words"]


async def test_only_those_who_lead_forget(desk: Desk) -> None:
    [acme] = await drawer(desk, "Acme", decision_maker=JO)
    await deals(desk, MAX)
    offered = [one.action for one in buttons_of(await desk.types(ADA, "show Acme"))]
    assert "contact.forget" not in offered
    for user in (ADA, EVE, FAY, OTTO):
        assert "That one is for" in reply_of(
            await desk.presses(user, "contact.forget", account=str(acme))
        )
        sent = await desk.sends(user, "contact.forget", {"words": JO}, {"account": str(acme)})
        assert errors_of(sent)
    [account] = await rows(desk, Account)
    assert account.decision_maker == JO


_BOUND = {"workspace_id", "state", "kind", "currency", "reason", "verified_reason", "fingerprint"}
_BOUND |= {"ended_as", "why", "extent", "rule", "product", "competitor", "competitor_won_by"}
_BOUND |= {"preventable", "decision_maker", "name_key", "external_id"}


def test_every_free_text_about_an_account_is_known_to_be_one() -> None:
    """A new column of text is either listed where it is scrubbed, or said here to hold no names."""
    account = table_of(Account).c.id
    listed = {table_of(model).name: set(columns) for model, columns in FREE_TEXT.items()}
    for table in SQLModel.metadata.sorted_tables:
        if any(column.references(account) for column in table.columns):
            free = {
                c.name for c in table.columns if isinstance(c.type, String | AutoString)
            } - _BOUND
            assert free == listed.get(table.name, set()), table.name
