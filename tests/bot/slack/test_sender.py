"""Messages out, and what Slack's refusals mean."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.sandbox.faults import Fault
from bot.slack.refusals import meaning_of
from bot.slack.tiers import Tier
from bot.slack.web_api import WebApi, asked
from domain.errors import SendFailed
from handlers.views.elements import Button, Buttons, View, say
from tests.bot.slack.conftest import House
from tests.people import ADA, CHANNEL, WORKSPACE, Desk


async def send(house: House, **changes: Any) -> str:
    told: dict[str, Any] = {
        "user_id": ADA,
        "channel_id": None,
        "view": say("Visit Acme."),
        "dedupe_key": "digest/1/2026-03-02",
        "update_of": None,
    }
    return await house.edge.sender.send(WORKSPACE, **{**told, **changes})


async def test_a_nudge_goes_into_the_dm_with_its_own_marks(house: House) -> None:
    """N1"""
    reference = await send(house)
    [message] = house.messages(house.dm())
    assert reference == f"{house.dm()}:{message.ts}"
    assert message.metadata == {
        "event_type": "lost_and_found_nudge",
        "event_payload": {"nudge_id": "digest/1/2026-03-02"},
    }
    await send(house)
    first, second = house.called("chat.postMessage")
    assert first["client_msg_id"] == second["client_msg_id"]
    await send(house, dedupe_key="another")
    assert house.called("chat.postMessage")[-1]["client_msg_id"] != first["client_msg_id"]


async def test_the_dm_is_opened_once(house: House) -> None:
    await send(house)
    await send(house, dedupe_key="another")
    assert len(house.called("conversations.open")) == 1


async def test_a_members_dm_is_opened_once_for_all_processes(house: House, desk: Desk) -> None:
    await send(house)
    house.edge.sender.forget()  # as another process, or this one tomorrow
    async with desk.database.reading(WORKSPACE) as work:
        ada = await work.members.by_id(desk.ids[ADA])
    assert ada is not None
    assert ada.dm_channel == house.dm()
    await send(house, dedupe_key="another")
    assert len(house.called("conversations.open")) == 1


async def test_an_app_that_was_installed_anew_opens_dms_anew(house: House, desk: Desk) -> None:
    await send(house)
    async with desk.database.workspace(WORKSPACE) as work:
        workspace = await work.workspaces.get()
        assert workspace is not None
        workspace.bot_user_id = "U0FORMERBOT"
        await work.commit()
    await house.edge.identify()
    await send(house, dedupe_key="another")
    assert len(house.called("conversations.open")) == 2


async def test_no_more_dms_are_opened_at_once_than_slack_allows(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait, at_once = Tier.wait, asyncio.get_running_loop().time()  # however slow the machine is
    monkeypatch.setattr(Tier, "wait", lambda tier, whose, _: wait(tier, whose, at_once))
    for _ in range(30):
        house.edge.sender.forget()
        await send(house)
    house.edge.sender.forget()
    with pytest.raises(SendFailed) as failed:
        await send(house)
    assert failed.value.retry_after
    assert failed.value.retry_after < 2
    assert len(house.called("conversations.open")) == 30


async def test_a_post_goes_into_its_channel_and_can_be_replaced(house: House) -> None:
    """P1"""
    reference = await send(house, user_id=None, channel_id=CHANNEL)
    again = await send(
        house, user_id=None, channel_id=CHANNEL, view=say("Won."), update_of=reference
    )
    assert again == reference
    assert [m.text for m in house.messages(CHANNEL)] == ["Won."]


async def test_nobody_is_pinged_by_words(house: House) -> None:
    await send(house, user_id=None, channel_id=CHANNEL, view=say("<!channel> @channel <@U0MAX>"))
    assert house.sandbox.parts.posting.pings == []


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ({"user_id": "U0NOBODY"}, "knows nobody"),
        ({"user_id": "U0GONE"}, "deactivated"),
        ({"user_id": "U0ROBOT"}, "no direct message"),
        ({"user_id": None, "channel_id": "C0NOWHERE"}, "finds no such channel"),
        ({"user_id": None, "channel_id": "C0ELSE"}, "invite"),
        ({"user_id": None, "channel_id": "C0OLD"}, "archived"),
        ({"user_id": None}, "no account in Slack"),
        ({"user_id": None, "channel_id": CHANNEL, "update_of": f"{CHANNEL}:1.2"}, "is gone"),
    ],
)
async def test_what_cannot_succeed_is_said_to_whoever_can_mend_it(
    house: House, to: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SendFailed, match=sentence) as failed:
        await send(house, **to)
    assert failed.value.permanent


async def test_a_workspace_without_the_app_is_a_lasting_refusal(house: House) -> None:
    with pytest.raises(SendFailed, match="not installed") as failed:
        await house.edge.sender.send(
            "T0OTHER", user_id=ADA, channel_id=None, view=say("x"), dedupe_key="k", update_of=None
        )
    assert failed.value.permanent


async def test_a_view_that_slack_cannot_hold_is_a_lasting_refusal(house: House) -> None:
    view = View("x", (Buttons((Button("b", "x.y", {"all": "z" * 2000}),)),))
    with pytest.raises(SendFailed, match="cannot be shown") as failed:
        await send(house, view=view)
    assert failed.value.permanent


async def test_a_rate_limit_says_how_long_to_wait(house: House) -> None:
    house.sandbox.parts.faults.add(Fault("chat.postMessage", "rate_limit", seconds=17))
    with pytest.raises(SendFailed) as failed:
        await send(house)
    assert (failed.value.permanent, failed.value.retry_after) == (False, 17.0)


@pytest.mark.parametrize("kind", ["fail", "drop"])
async def test_a_slack_that_stumbles_is_passing_and_tried_once(house: House, kind: Any) -> None:
    """N5"""
    house.sandbox.parts.faults.add(Fault("chat.postMessage", kind, times=3))
    with pytest.raises(SendFailed) as failed:
        await send(house)
    assert (failed.value.permanent, failed.value.retry_after) == (False, None)
    assert len(house.called("chat.postMessage")) == 1


async def test_a_slack_that_hangs_is_passing(house: House) -> None:
    house.sandbox.parts.faults.add(Fault("api.test", "hang", seconds=1))
    api = house.edge._connection.api
    with pytest.raises(SendFailed, match="did not answer") as failed:
        await asked(api.client().api_test(), seconds=0.05)
    assert not failed.value.permanent


async def test_a_slack_that_is_not_there_is_passing() -> None:
    api = WebApi("http://127.0.0.1:9/api/")
    await api.open()
    try:
        with pytest.raises(SendFailed, match="could not be reached") as failed:
            await asked(api.client("xoxb-1").auth_test())
    finally:
        await api.close()
    assert not failed.value.permanent


def refusal(response: object) -> SlackApiError:
    return SlackApiError("no", response)  # type: ignore[no-untyped-call]  # the SDK's own


def refused(status: int, body: Any, **headers: str) -> SendFailed:
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="x",
        req_args={},
        data=body,
        headers=headers,
        status_code=status,
    )
    return meaning_of(refusal(response))


@pytest.mark.parametrize(
    "code", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope", "odd_new_code"]
)
def test_a_refusal_that_stays_names_itself(code: str) -> None:
    failure = refused(200, {"ok": False, "error": code})
    assert failure.permanent
    assert code in failure.reason


@pytest.mark.parametrize(
    ("status", "body"),
    [(503, "service unavailable"), (500, {}), (200, {"ok": False, "error": "internal_error"})],
)
def test_a_refusal_that_passes_is_not_permanent(status: int, body: Any) -> None:
    assert not refused(status, body).permanent


def test_a_rate_limit_without_a_figure_waits_half_a_minute() -> None:
    assert refused(429, {}).retry_after == 30.0
    assert (
        refused(200, {"ok": False, "error": "ratelimited"}, **{"Retry-After": "0"}).retry_after == 1
    )


def test_an_answer_that_is_no_json_is_passing() -> None:
    garbled = SimpleNamespace(status=200, headers={})  # aiohttp's answer, which the SDK hands on
    assert not meaning_of(refusal(garbled)).permanent


def test_only_a_local_slack_bypasses_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert WebApi("http://localhost:8099/api/").client().proxy is None
    assert WebApi("https://slack.com/api/").client().proxy == "http://proxy.example:3128"


def test_a_session_is_asked_for_in_vain_before_it_is_open() -> None:
    with pytest.raises(RuntimeError, match="not opened"):
        assert isinstance(WebApi("https://slack.com/api/").session, aiohttp.ClientSession)
