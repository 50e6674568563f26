from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.bot.sandbox.conftest import Page, StartSandbox, until, web_client
from tests.bot.sandbox.test_web_api import error, refused

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def text_input(block: str = "b", action: str = "a", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": action, **more.pop("element", {})}
    return {"type": "input", "block_id": block, "label": plain("Label"), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Title"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [text_input()],
        **more,
    }


def trigger(sandbox: Sandbox, person: str = "U0ALICE") -> str:
    return sandbox.parts.triggers.give(person, channel="C0TEAM")


async def test_a_form_opens_with_what_slack_adds(
    client: AsyncWebClient, sandbox: Sandbox, page: Page
) -> None:
    block = {**text_input(element={"initial_value": "Acme"}), "block_id": None}
    view = modal(block, private_metadata="m", external_id="x1", notify_on_close=True)
    opened = (await client.views_open(trigger_id=trigger(sandbox), view=view))["view"]
    assert opened["id"].startswith("V")
    assert opened["root_view_id"] == opened["id"]
    assert opened["previous_view_id"] is None
    assert opened["hash"]
    block_id = opened["blocks"][0]["block_id"]
    assert block_id
    assert opened["state"]["values"][block_id]["a"] == {
        "type": "plain_text_input",
        "value": "Acme",
    }
    assert (opened["private_metadata"], opened["external_id"]) == ("m", "x1")
    assert [v["id"] for v in await page.stack()] == [opened["id"]]
    assert await page.as_("U0BOB").stack() == []


async def test_a_trigger_serves_once_and_not_for_long(start: StartSandbox) -> None:
    sandbox, slow = await start(), await start(trigger_seconds=-1)
    async with aiohttp.ClientSession() as session:
        client = web_client(sandbox, session)
        id = trigger(sandbox)
        await client.views_open(trigger_id=id, view=modal())
        again = client.views_open(trigger_id=id, view=modal())
        assert await error(again) == "exchanged_trigger_id"
        late = web_client(slow, session).views_open(trigger_id=trigger(slow), view=modal())
        assert await error(late) == "expired_trigger_id"
        unknown = client.views_open(trigger_id="1.2.3", view=modal())
        assert await error(unknown) == "invalid_trigger_id"
        none = client.api_call("views.open", json={"view": modal()})
        assert await error(none) == "invalid_arguments"


async def test_the_trigger_of_a_command_lives_three_seconds_of_real_time(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    got: list[str] = []

    @bolt.command("/lost")
    async def lost(ack: Any, body: Json) -> None:
        await ack()
        got.append(body["trigger_id"])

    await page.command("/lost")
    await page.post("clock", by_seconds=3600)
    assert sandbox.config.trigger_seconds == 3.0
    await bolt.client.views_open(trigger_id=got[0], view=modal())
    assert len(await page.stack()) == 1


async def test_at_most_three_forms_lie_on_each_other(
    client: AsyncWebClient, sandbox: Sandbox, page: Page
) -> None:
    none = client.views_push(trigger_id=trigger(sandbox), view=modal())
    assert await error(none) == "not_found"
    root = (await client.views_open(trigger_id=trigger(sandbox), view=modal()))["view"]
    second = (await client.views_push(trigger_id=trigger(sandbox), view=modal()))["view"]
    third = (await client.views_push(trigger_id=trigger(sandbox), view=modal()))["view"]
    assert second["previous_view_id"] == root["id"]
    assert third["root_view_id"] == root["id"]
    fourth = client.views_push(trigger_id=trigger(sandbox), view=modal())
    assert await error(fourth) == "push_limit_reached"
    assert [v["id"] for v in await page.stack()] == [root["id"], second["id"], third["id"]]


async def test_an_update_keeps_what_was_typed_and_gives_a_new_hash(
    client: AsyncWebClient, sandbox: Sandbox, page: Page, bolt: AsyncApp
) -> None:
    @bolt.action("more")
    async def more(ack: Any) -> None:
        await ack()

    button = {"type": "button", "action_id": "more", "text": plain("More")}
    actions = {"type": "actions", "block_id": "acts", "elements": [button]}
    view = modal(text_input("kept"), text_input("changed"), actions)
    opened = (await client.views_open(trigger_id=trigger(sandbox), view=view))["view"]
    state = {"values": {"kept": {"a": {"value": "one"}}, "changed": {"a": {"value": "two"}}}}
    await page.post(
        "action",
        container={"type": "view", "view_id": opened["id"]},
        action={"block_id": "acts", "action_id": "more", "type": "button"},
        state=state,
    )
    new = modal(text_input("kept"), text_input("other"), text_input("changed", "b"))
    updated = await client.views_update(view_id=opened["id"], hash=opened["hash"], view=new)
    values = updated["view"]["state"]["values"]
    assert values["kept"]["a"]["value"] == "one"
    assert values["changed"]["b"]["value"] is None
    assert values["other"]["a"]["value"] is None
    assert updated["view"]["id"] == opened["id"]
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=new)
    assert await error(stale) == "hash_conflict"
    assert (await page.stack())[0]["hash"] == updated["view"]["hash"]


async def test_forms_are_found_by_external_id_which_is_unique(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    await client.views_open(trigger_id=trigger(sandbox), view=modal(external_id="mine"))
    await client.views_update(external_id="mine", view=modal(external_id="mine"))
    second = client.views_push(trigger_id=trigger(sandbox), view=modal(external_id="mine"))
    assert await error(second) == "duplicate_external_id"
    assert await error(client.views_update(external_id="other", view=modal())) == "not_found"
    neither = client.api_call("views.update", json={"view": modal()})
    assert await error(neither) == "invalid_arguments"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            {"title": plain("x" * 25)},
            "must be less than 25 characters [json-pointer:/view/title/text]",
        ),
        (
            {"submit": plain("x" * 25)},
            "must be less than 25 characters [json-pointer:/view/submit/text]",
        ),
        (
            {"close": plain("x" * 25)},
            "must be less than 25 characters [json-pointer:/view/close/text]",
        ),
        ({"private_metadata": "x" * 3001}, "must be less than 3001 characters"),
        ({"callback_id": "x" * 256}, "must be less than 256 characters"),
        ({"submit": None}, "a submit element is required"),
        ({"title": None}, "missing required field: title"),
        ({"blocks": [{"type": "divider"}] * 101}, "no more than 100 items allowed"),
        ({"blocks": [{"type": "table", "rows": []}]}, "unsupported type: table"),
        ({"blocks": [text_input(), text_input()]}, "already exists"),
        ({"colour": "red"}, "invalid additional property: colour"),
        ({"type": "home"}, "must be modal"),
    ],
)
async def test_a_form_slack_would_refuse_is_refused(
    client: AsyncWebClient, sandbox: Sandbox, change: Json, complaint: str
) -> None:
    view = {k: v for k, v in {**modal(), **change}.items() if v is not None}
    answer = await refused(client.views_open(trigger_id=trigger(sandbox), view=view))
    assert answer["error"] == "invalid_arguments"
    assert any(complaint in line for line in answer["response_metadata"]["messages"])


async def test_a_view_may_not_be_larger_than_slack_allows(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    big = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    view = modal(*[big] * 90)
    assert await error(client.views_open(trigger_id=trigger(sandbox), view=view)) == (
        "view_too_large"
    )


async def test_a_home_is_published_for_one_person_and_guarded_by_its_hash(
    client: AsyncWebClient, page: Page
) -> None:
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    first = (await client.views_publish(user_id="U0ALICE", view=view))["view"]
    assert (await page.get("home"))["view"]["id"] == first["id"]
    assert (await page.as_("U0BOB").get("home"))["view"] is None
    again = await client.views_publish(user_id="U0ALICE", view=view, hash=first["hash"])
    assert again["view"]["id"] == first["id"]
    stale = client.views_publish(user_id="U0ALICE", view=view, hash=first["hash"])
    assert await error(stale) == "hash_conflict"
    nobody = client.views_publish(user_id="U0NOBODY", view=view)
    assert await error(nobody) == "user_not_found"
    chart = {**view, "blocks": [{"type": "data_visualization", "title": "x", "chart": {}}]}
    refusal = await refused(client.views_publish(user_id="U0ALICE", view=chart))
    assert "unsupported type: data_visualization" in refusal["response_metadata"]["messages"][0]


async def test_closing_tells_the_app_only_where_it_asked(
    sandbox: Sandbox, bolt: AsyncApp, page: Page
) -> None:
    closed: list[Json] = []

    @bolt.view_closed("form")
    async def gone(ack: Any, body: Json) -> None:
        await ack()
        closed.append(body)

    client = bolt.client
    first = await client.views_open(trigger_id=trigger(sandbox), view=modal())
    await page.post("view/close", view_id=first["view"]["id"])
    assert await page.stack() == []
    view = modal(notify_on_close=True)
    root = await client.views_open(trigger_id=trigger(sandbox), view=view)
    top = await client.views_push(trigger_id=trigger(sandbox), view=view)
    await page.post("view/close", view_id=top["view"]["id"])
    await until(lambda: len(closed) == 1)
    assert closed[0]["is_cleared"] is False
    assert closed[0]["view"]["id"] == top["view"]["id"]
    await client.views_push(trigger_id=trigger(sandbox), view=view)
    await page.post("view/close", view_id=root["view"]["id"], all=True)
    await until(lambda: len(closed) == 3)
    assert closed[2]["is_cleared"] is True
    assert await page.stack() == []
    await page.post("view/close", view_id="V1", status=400)


async def test_an_update_drops_a_choice_that_is_no_longer_offered(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    def picking(*values: str) -> Json:
        options = [{"text": plain(v), "value": v} for v in values]
        element = {"type": "static_select", "action_id": "a", "options": options}
        return modal({"type": "input", "block_id": "b", "label": plain("L"), "element": element})

    opened = await client.views_open(trigger_id=trigger(sandbox), view=picking("x", "y"))
    view = sandbox.parts.views.find("U0ALICE", opened["view"]["id"])
    assert view is not None
    view["state"]["values"]["b"]["a"]["selected_option"] = {"text": plain("y"), "value": "y"}
    kept = await client.views_update(view_id=view["id"], view=picking("y", "z"))
    held = kept["view"]["state"]["values"]["b"]["a"]
    assert held["selected_option"]["value"] == "y"
    dropped = await client.views_update(view_id=view["id"], view=picking("z"))
    assert dropped["view"]["state"]["values"]["b"]["a"]["selected_option"] is None


async def test_a_home_is_updated_by_its_id_too(client: AsyncWebClient, page: Page) -> None:
    home = {"type": "home", "blocks": []}
    view = (await client.views_publish(user_id="U0ALICE", view=home))["view"]
    await client.views_update(view_id=view["id"], view={**home, "callback_id": "again"})
    assert (await page.get("home"))["view"]["callback_id"] == "again"


async def test_clearing_on_close_takes_what_lies_below_along(
    client: AsyncWebClient, sandbox: Sandbox, page: Page
) -> None:
    await client.views_open(trigger_id=trigger(sandbox), view=modal())
    top = await client.views_push(trigger_id=trigger(sandbox), view=modal(clear_on_close=True))
    await page.post("view/close", view_id=top["view"]["id"])
    assert await page.stack() == []
