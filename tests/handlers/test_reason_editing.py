"""The list of reasons edited in chat (L3, S4)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from domain.errors import Refused
from domain.reason_list import line_of
from domain.reasons import DEFAULT_REASONS
from handlers.effects import Effect, OpenForm
from handlers.settings_page import change
from handlers.views.forms import ChoiceField, Form
from tests.handlers.files import take_in
from tests.handlers.losing import audit, filled, losses_of, the_account
from tests.people import ADA, MAX, WORKSPACE, Desk, errors_of, form_of, reply_of


async def _edits(desk: Desk, key: str, changes: Mapping[str, str]) -> list[Effect]:
    """Go through both forms as a manager does."""
    chosen = form_of(await desk.presses(MAX, "settings.change", group="Reasons")).form
    form = form_of(await desk.sends(MAX, chosen.id, {"reason": key})).form
    return await desk.sends(MAX, form.id, {**filled(form), **changes}, form.context)


def _offered(effects: list[Effect]) -> dict[str, str]:
    """The reasons that a form offers."""
    form: Form = form_of(effects).form
    [field] = [f for f in form.fields if f.name in {"reason", "verified_reason"}]
    assert isinstance(field, ChoiceField)
    return dict(field.options)


async def test_a_reason_is_added_and_known_everywhere_from_then(desk: Desk) -> None:
    await _edits(desk, "other", {"retired": "yes"})
    page = reply_of(
        await _edits(
            desk,
            "",
            {
                "label": "Too slow",
                "evidence": "How long they waited",
                "avoidable": "no",
                "no_fault": "yes",
                "synonyms": "slow, took ages",
            },
        )
    )
    assert "Too slow" in page
    assert "beyond our control, no-fault" in page
    assert "Retired, for old losses alone: Other." in page
    assert "Too slow" in reply_of(await desk.types(ADA, "Acme, took ages"))
    [loss] = await losses_of(desk, "Acme")
    assert loss.reason == "too_slow"
    options = _offered(await desk.types(ADA, ""))
    assert options["too_slow"] == "Too slow"
    assert "other" not in options
    assert "1 account" in reply_of(await desk.types(MAX, "drawer slow"))


async def test_a_renamed_reason_renames_what_was_logged_under_it(desk: Desk) -> None:
    await desk.types(ADA, "Acme, price")
    await _edits(desk, "price", {"label": "Too dear", "synonyms": "price, cost"})
    assert "Too dear" in reply_of(await desk.types(MAX, "drawer"))
    [*_, (action, subject, detail)] = await audit(desk)
    assert (action, subject) == ("change setting", "reasons")
    was, became = detail.split(" → ")
    assert was == line_of(DEFAULT_REASONS[0])
    assert became.startswith("price | Too dear |")


async def test_a_retired_reason_keeps_its_word_and_is_not_offered(desk: Desk) -> None:
    await desk.types(ADA, "Acme, legal")
    await _edits(desk, "legal", {"retired": "yes"})
    assert "Legal or dispute" in reply_of(await desk.types(MAX, "drawer legal"))
    assert "legal" not in _offered(await desk.types(ADA, ""))
    [loss] = await losses_of(desk, "Acme")
    opened = await desk.presses(ADA, "loss.edit", loss=str(loss.id))
    assert _offered(opened)["legal"] == "Legal or dispute"
    form = form_of(opened).form
    saved = await desk.sends(ADA, form.id, {**filled(form), "competitor": "Globex"}, form.context)
    assert "Legal or dispute" in reply_of(saved)
    asked = form_of(await desk.types(ADA, "Globex, legal")).form
    assert filled(asked)["reason"] == ""
    choice = _offered(await desk.presses(MAX, "settings.change", group="Reasons"))
    assert choice["legal"] == "Legal or dispute (retired)"
    await _edits(desk, "legal", {"retired": "no"})
    assert "legal" in _offered(await desk.types(ADA, ""))
    assert (await the_account(desk, "Acme")).reason == "legal"


async def test_a_file_may_still_name_a_retired_reason(desk: Desk) -> None:
    await _edits(desk, "legal", {"retired": "yes"})
    await take_in(desk, "Account,Why they left,Verified reason\nAcme,Legal or dispute,legal\n")
    [loss] = await losses_of(desk, "Acme")
    assert (loss.reason, loss.verified_reason) == ("legal", "legal")


async def test_what_is_wrong_is_said_at_its_field(desk: Desk) -> None:
    sent = await _edits(desk, "", {"label": "Price", "evidence": " ", "synonyms": "a|b"})
    assert set(errors_of(sent)) == {"label", "evidence", "synonyms"}
    sent = await _edits(desk, "", {"label": "Too slow", "evidence": "x"})
    assert "that would be 13" in errors_of(sent)["retired"]
    assert [line for line in await audit(desk) if line[0] == "change setting"] == []


async def test_a_reason_that_is_not_there_is_told(desk: Desk) -> None:
    [effect] = await desk.sends(MAX, "reason.choose", {"reason": "gone"})
    assert not isinstance(effect, OpenForm)
    assert "not on the list any more" in errors_of([effect])[""]


async def test_the_list_is_shown_on_its_own(desk: Desk) -> None:
    page = reply_of(await desk.types(MAX, "settings reasons"))
    assert "The competing offer" in page
    assert "Retired" not in page


async def test_the_command_line_writes_the_whole_list_and_history_stays(desk: Desk) -> None:
    listed = "\n".join(line_of(reason) for reason in DEFAULT_REASONS[1:6])
    async with desk.database.workspace(WORKSPACE) as work:
        await change(work, desk.now, None, {"reasons": listed})
        text = (await work.workspaces.rules()).reasons
        assert text.count("\n") == len(DEFAULT_REASONS) - 1
        assert text.count("retired") == len(DEFAULT_REASONS) - 5
        with pytest.raises(Refused, match="Bring that one back"):
            await change(work, desk.now, None, {"reasons": f"{listed}\nmoney | Price | x"})
        await change(work, desk.now, None, {"reasons": "none"})
        assert (await work.workspaces.rules()).reasons == ""
        await work.commit()
