"""Settings in chat (S4)."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from bot.slack.blocks import blocks_of
from bot.slack.forms import Memory, modal_of
from domain.errors import Refused
from domain.rules import Rules
from handlers.settings_page import change, read_pairs
from handlers.views import settings_page as view
from tests.handlers.losing import decide
from tests.handlers.screens import buttons, read, seen
from tests.people import ADA, FAY, MAX, OTTO, WORKSPACE, Desk, errors_of, form_of, reply_of


async def _rules(desk: Desk) -> Rules:
    async with desk.database.reading(WORKSPACE) as work:
        return await work.workspaces.rules()


async def _audit(desk: Desk) -> list[tuple[str, str, int | None]]:
    async with desk.database.reading(WORKSPACE) as work:
        return [(e.subject, e.detail, e.by_id) for e in await work.workspaces.audit_log()]


async def test_the_page_is_one_short_message_with_a_button_for_each_topic(desk: Desk) -> None:
    page = seen(await desk.types(MAX, "settings"))
    assert len(read(page)) < 2000
    offered = buttons(page)
    assert [button.payload["group"] for button in offered] == list(view.GROUPS)
    for button in offered:
        assert form_of(await desk.presses(MAX, button.action, **button.payload))


def test_every_setting_has_one_topic() -> None:
    named = [key for keys in view.GROUPS.values() for key in keys]
    assert sorted(named) == sorted(setting.name for setting in fields(Rules))


async def test_a_channel_is_called_by_its_name_not_its_id(desk: Desk) -> None:
    await desk.types(MAX, "settings team_channel C0TEAM")
    for shown in ("settings", "settings team_channel", "settings team_channel C0WIN"):
        blocks = json.dumps(blocks_of(seen(await desk.types(MAX, shown)), "message"))
        assert '{"type": "channel", "channel_id": "C0TEAM"}' in blocks
    form = form_of(await desk.presses(MAX, "settings.change", group="Channels")).form
    modal = json.dumps(modal_of(form, Memory()))
    assert '"initial_conversation": "C0WIN"' in modal


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "no team channel yet; the leaderboard goes to none"),
        ({"team_channel": "C0TEAM"}, "#C0TEAM hears of losses; the leaderboard goes to #C0TEAM"),
        ({"team_channel": "C0TEAM", "announce_losses": "off"}, "#C0TEAM does not hear of losses"),
        ({}, "Mondays at 09:00, of the week"),
        ({"leaderboard": "off"}, "not posted"),
        ({}, "none set; once it has a name and days"),
        (
            {"campaign_name": "Spring", "campaign_from": "2026-03-02", "campaign_to": "2026-03-31"},
            "Spring, 2026-03-02 to 2026-03-31",
        ),
        ({}, "one approval; a testimonial is asked for after 30 days"),
        ({"executive_limit": "500"}, "above $500 an executive approves too"),
        ({"testimonial_days": "0"}, "no testimonial asked for"),
        ({}, "in fair turns; new losses are dealt with the next deal"),
        (
            {
                "deal_by_value": "on",
                "deal_by_region": "on",
                "open_accounts_cap": "9",
                "deal_new_losses": "on",
            },
            "even in value, by region, at most 9 open accounts each; new losses are dealt at once",
        ),
        ({}, "not on holidays (US)"),
        ({"public_holidays": "off"}, "on Mon, Tue, Wed, Thu, Fri; quiet"),
        ({}, "12, from Price to Other"),
        ({}, "no concessions on price"),
        ({"concessions": "approval"}, "concessions up to 10\xa0%, with approval"),
        ({"policy": "We listen."}, "We listen."),
    ],
)
async def test_each_topic_says_in_a_line_what_is_decided(
    desk: Desk, changes: dict[str, str], says: str
) -> None:
    await decide(desk, **changes)
    assert says in read(seen(await desk.types(MAX, "settings")))


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("contact_days 5", "contact_days", 5),
        ("contact_days=5", "contact_days", 5),
        ("Contact_Days 5", "contact_days", 5),
        ("team_channel <#C0SALES|sales>", "team_channel", "C0SALES"),
        ("leaderboard=false", "leaderboard", False),
        ("leaderboard_channel = C0BOARD", "leaderboard_channel", "C0BOARD"),
        ("policy We listen. 2 = 2 holds.", "policy", "We listen. 2 = 2 holds."),
    ],
)
async def test_one_setting_is_set_from_the_line_and_audited(
    desk: Desk, line: str, key: str, value: object
) -> None:
    assert "Settings changed" in reply_of(await desk.types(MAX, f"settings {line}"))
    assert getattr(await _rules(desk), key) == value
    [(subject, detail, by)] = await _audit(desk)
    assert (subject, by) == (key, desk.ids[MAX])
    assert " → " in detail


def test_several_pairs_are_read_from_one_line() -> None:
    assert read_pairs("a_b=1 c = two words d=") == {"a_b": "1", "c": "two words", "d": ""}
    assert read_pairs("contact_days") == {}


async def test_what_does_not_change_is_not_audited(desk: Desk) -> None:
    assert "nothing changed" in reply_of(await desk.types(MAX, "settings contact_days 3"))
    assert await _audit(desk) == []


async def test_one_setting_is_shown_with_the_way_to_set_it(desk: Desk) -> None:
    shown = reply_of(await desk.types(MAX, "settings leaderboard"))
    assert "Post the leaderboard on its schedule" in shown
    assert '"true"' in shown


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("contakt_days 5", "Did you mean contact_days?"),
        ("zzz", "There is no setting called zzz. See all"),
        ("contact_days five", "whole number from 1 to 365"),
        ("contact_days 20", "3, 14, 21"),
        ("leaderboard maybe", "on or off"),
        ("team_channel #sales", "is a channel"),
        ("campaign_name Spring", "a name, a first and a last day"),
        (
            "campaign_name=Spring campaign_from=2026-03-02 campaign_to=2026-03-01",
            "would end before it begins",
        ),
        ("currency EURO", "ISO code such as USD"),
        ("policy " + "x" * 3000, "at most 2900 characters"),
    ],
)
async def test_a_wrong_value_is_refused_and_nothing_is_kept(
    desk: Desk, line: str, sentence: str
) -> None:
    answer = reply_of(await desk.types(MAX, f"settings {line}"))
    assert sentence.replace("3, 14", "20, 14") in answer
    assert await _rules(desk) == Rules()
    assert await _audit(desk) == []


async def test_a_group_is_changed_in_its_form(desk: Desk) -> None:
    form = form_of(await desk.presses(MAX, "settings.change", group="Deadlines")).form
    values = {field.name: getattr(field, "value", "") for field in form.fields}
    assert values["contact_days"] == "3"
    sent = await desk.sends(
        MAX, form.id, {**values, "contact_days": "0", "meeting_days": "x"}, form.context
    )
    assert set(errors_of(sent)) == {"contact_days", "meeting_days"}
    sent = await desk.sends(MAX, form.id, {**values, "contact_days": "20"}, form.context)
    assert set(errors_of(sent)) == {"contact_days"}
    sent = await desk.sends(MAX, form.id, {**values, "contact_days": "2"}, form.context)
    assert "2 (was 3)" in read(seen(sent))
    assert (await _rules(desk)).contact_days == 2


async def test_every_groups_form_can_be_saved_as_it_stands(desk: Desk) -> None:
    for group in view.GROUPS:
        form = form_of(await desk.presses(MAX, "settings.change", group=group)).form
        values = {field.name: getattr(field, "value", "") for field in form.fields}
        sent = await desk.sends(MAX, form.id, values, form.context)
        if group == view.REASONS_GROUP:
            continue
        if group == view.PLAN_GROUP:
            example = form_of(sent).form
            sent = await desk.sends(MAX, example.id, {}, example.context)
        assert "nothing changed" in reply_of(sent), group


async def test_a_group_that_is_gone_is_told(desk: Desk) -> None:
    assert "have moved" in reply_of(await desk.presses(MAX, "settings.change", group="Gone"))


async def test_the_command_line_sets_all_or_nothing(desk: Desk) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        asked = {"contact_days": "4", "currency": "eur", "hold_days": "30"}
        assert await change(work, desk.now, None, asked) == {"contact_days": 4, "currency": "EUR"}
        await work.commit()
    assert [by for _, _, by in await _audit(desk)] == [None, None]
    async with desk.database.workspace(WORKSPACE) as work:
        with pytest.raises(Refused) as refusal:
            await change(work, desk.now, None, {"contact_days": "5", "hold_days": "-1"})
        assert refusal.value.field == "hold_days"
    assert (await _rules(desk)).contact_days == 4


@pytest.mark.parametrize("user", [ADA, FAY, OTTO])
async def test_who_may_not_is_told_who_may(desk: Desk, user: str) -> None:
    says = "That one is for managers and admins"
    assert says in reply_of(await desk.types(user, "settings contact_days 5"))
    assert says in reply_of(await desk.presses(user, "settings.change", group="Deadlines"))
    sent = await desk.sends(user, "settings.save", {"contact_days": "5"}, {"group": "Deadlines"})
    assert says in errors_of(sent)[""]
    assert await _rules(desk) == Rules()
