"""A small bot for tests of the sandbox's page: a little of everything the page has to show."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower().replace(" ", "_")}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def entry(block_id: str, label: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "value", **element},
        **more,
    }


REASONS = [option("Price"), option("Neglect"), option("Product gap")]
ACCOUNTS = ("Brightwater Foods", "Harbour & Sons", "Nordic Paper")
UNDO = {
    "title": plain("Undo this loss?"),
    "text": mrkdwn("The account goes back."),
    "confirm": plain("Undo it"),
    "deny": plain("Keep it"),
}
CARD: list[Json] = [
    section("*Brightwater Foods* goes into the drawer."),
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            button("Edit", "edit", style="primary"),
            button("Undo", "undo", style="danger", confirm=UNDO),
            {"type": "overflow", "action_id": "more", "options": [option("Legal hold")]},
        ],
    },
]
CATEGORIES = ["Price", "Neglect", "Service"]
MARKUP = (
    "*bold* _soft_ ~gone~ `code` <https://example.com/x|a link> <@U0BEN> <#C0TEAM> :tada:\n"
    "&gt; quoted\n"
    "&lt;img src=x onerror=alert(1)&gt; <javascript:alert(1)|trap>"
)


def chart(kind: str, title: str) -> Json:
    points = [{"label": c, "value": 3 + 2 * i} for i, c in enumerate(CATEGORIES)]
    drawn: Json = {"type": kind, "segments": points}
    if kind != "pie":
        axes = {"categories": CATEGORIES}
        drawn = {
            "type": kind,
            "series": [{"name": "Losses", "data": points}],
            "axis_config": axes,
        }
    return {"type": "data_visualization", "title": title, "chart": drawn}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def drawer_rows() -> list[list[Json]]:
    rows = [[raw("Account"), raw("Age")]]
    for number in range(7):
        age = number * 5 % 7
        rows.append(
            [
                raw(f"Account {number}"),
                {"type": "raw_number", "value": age, "text": f"{age} days"},
            ]
        )
    return rows


GALLERY: list[list[Json]] = [
    [
        {"type": "header", "text": plain("Your day")},
        section(MARKUP),
        {"type": "divider"},
        {"type": "section", "fields": [mrkdwn("*Value*\n€ 48,000"), mrkdwn("*Tier*\nbiggest")]},
        section("Log it", accessory=button("Log visit", "visit", value="7")),
        section(
            "Why did they leave?",
            block_id="why",
            accessory={"type": "static_select", "action_id": "reason", "options": REASONS},
        ),
        section("Snooze until", accessory={"type": "datepicker", "action_id": "snooze"}),
        section("Done", accessory={"type": "checkboxes", "action_id": "done", "options": REASONS}),
        {
            "type": "image",
            "image_url": "https://example.com/map.png",
            "alt_text": "A map of the visit",
        },
        {"type": "context", "elements": [mrkdwn("Directive: visit, listen.")]},
    ],
    [chart("bar", "Why they leave"), chart("pie", "Shares")],
    [chart("line", "Visits"), chart("area", "Value")],
    [
        {
            "type": "data_table",
            "caption": "The drawer",
            "page_size": 5,
            "rows": drawer_rows(),
        },
    ],
    [
        {
            "type": "markdown",
            "text": "# Script\n\n1. **Ask**\n2. Listen\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        },
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [{"type": "text", "text": "point one"}],
                        }
                    ],
                }
            ],
        },
        {"type": "card", "title": mrkdwn("Nordic Paper"), "body": mrkdwn("Lost 40 days ago")},
        {"type": "table", "rows": [[raw("Rep"), raw("Wins")], [raw("Ben"), raw("4")]]},
    ],
]


def loss_form() -> Json:
    return {
        "type": "modal",
        "callback_id": "loss",
        "notify_on_close": True,
        "title": plain("Log a loss"),
        "submit": plain("Log it"),
        "close": plain("Not now"),
        "blocks": [
            entry("account", "Account", {"type": "external_select", "min_query_length": 1}),
            entry("reason", "Reason", {"type": "static_select", "options": REASONS}),
            entry(
                "story",
                "What happened",
                {"type": "plain_text_input", "multiline": True},
                optional=True,
                hint=plain("In their words, if you have them."),
            ),
            entry("amount", "Value a year", {"type": "number_input", "is_decimal_allowed": False}),
            entry("day", "Last day", {"type": "datepicker"}, optional=True),
            entry("who", "Who knew them", {"type": "multi_users_select"}, optional=True),
            entry("avoidable", "Avoidable?", {"type": "radio_buttons", "options": REASONS[:2]}),
            entry("letter", "Their letter", {"type": "file_input"}, optional=True),
            {"type": "actions", "block_id": "deeper", "elements": [button("More…", "push")]},
        ],
    }


def note_form() -> Json:
    return {
        "type": "modal",
        "callback_id": "note",
        "title": plain("One more thing"),
        "submit": plain("Keep"),
        "blocks": [entry("note", "Your note", {"type": "plain_text_input"})],
    }


def home_view(greeting: str) -> Json:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain(greeting)},
            {"type": "actions", "block_id": "home", "elements": [button("Refresh", "refresh")]},
        ],
    }


def listen(app: AsyncApp, heard: list[Json]) -> None:
    """Make the app answer everything; what it was sent is appended to `heard`."""

    @app.command("/lost")
    async def lost(ack: Any, command: Json, client: Any) -> None:
        heard.append(command)
        match command["text"]:
            case "":
                await ack()
                await client.views_open(trigger_id=command["trigger_id"], view=loss_form())
            case "silence":
                return
            case "gallery":
                await ack()
                for blocks in GALLERY:
                    await client.chat_postMessage(
                        channel=command["user_id"], text="gallery", blocks=blocks
                    )
            case _:
                await ack(text="Understood.", blocks=CARD)

    @app.action(re.compile(""))
    async def pressed(ack: Any, body: Json, client: Any, respond: Any) -> None:
        heard.append(body)
        await ack()
        match body["actions"][0]["action_id"]:
            case "edit":
                await client.views_open(trigger_id=body["trigger_id"], view=loss_form())
            case "push":
                await client.views_push(trigger_id=body["trigger_id"], view=note_form())
            case "undo":
                await respond(text="Taken back.", replace_original=True)
            case "refresh":
                await client.views_publish(user_id=body["user"]["id"], view=home_view("Fresh"))

    @app.options("value")
    async def accounts(ack: Any, options: Json) -> None:
        typed = options["value"].lower()
        await ack(options=[option(a) for a in ACCOUNTS if typed in a.lower()])

    @app.view("loss")
    async def submitted(ack: Any, body: Json, client: Any) -> None:
        heard.append(body)
        if body["view"]["state"]["values"]["amount"]["value"]["value"] == "13":
            await ack(response_action="errors", errors={"amount": "Nobody is worth 13."})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text="Logged. *Thank you.*")

    @app.view("note")
    async def noted(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    @app.view_closed("loss")
    async def closed(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    @app.event("app_home_opened")
    async def at_home(event: Json, client: Any) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=home_view("Good morning"))

    @app.event("message")
    async def said(event: Json, client: Any) -> None:
        if event.get("bot_id") or event.get("subtype") not in (None, "file_share"):
            return
        heard.append(event)
        names = [f["name"] for f in event.get("files", [])]
        answer = f"Read {', '.join(names)}" if names else f"You said: {event['text']}"
        if event["channel_type"] == "im":
            await client.chat_postMessage(channel=event["channel"], text=answer)
