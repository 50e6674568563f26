"""What people do to the app: commands, presses, choices; and what they see if it fails."""

import copy
from dataclasses import dataclass

from bot.sandbox.block_ids import find_element
from bot.sandbox.config import SandboxConfig
from bot.sandbox.envelopes import Envelopes
from bot.sandbox.errors import Nonsense, SlackError
from bot.sandbox.inputs import holds, options_of, state_of
from bot.sandbox.limits import option_problems
from bot.sandbox.modals import Views
from bot.sandbox.payloads import Payloads, action_ts
from bot.sandbox.posting import Posting, escaped
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.state import Workspace
from bot.sandbox.triggers import Triggers

TROUBLE = "We had some trouble connecting. Try again?"
DID_NOT_RESPOND = "Oh no, something went wrong. Please try that again."


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was pressed: a message, or a view."""

    blocks: list[Json]
    message: Message | None = None
    view: Json | None = None


class Interactions:
    """Sends what a person did and carries out what the app acked with."""

    def __init__(
        self,
        *,
        config: SandboxConfig,
        workspace: Workspace,
        envelopes: Envelopes,
        posting: Posting,
        payloads: Payloads,
        triggers: Triggers,
        urls: ResponseUrls,
        views: Views,
    ) -> None:
        self._config = config
        self._workspace = workspace
        self._envelopes = envelopes
        self._posting = posting
        self._payloads = payloads
        self._triggers = triggers
        self._urls = urls
        self._views = views

    # Commands

    async def command(self, person: str, channel: Channel, command: str, text: str) -> Json:
        """Run a slash command; the answer is `{"ok": True}` or what Slack would show."""
        registered = self._config.manifest.command(command)
        if registered is None or not self._workspace.installed:
            return _failed("unknown_command", f"{command} is not a valid command.")
        trigger = self._triggers.give(person, channel=channel.id)
        url = self._urls.give(person, channel.id)
        typed = escaped(text.strip())  # Slack escapes &, < and > in commands too
        if registered.escapes:
            typed = self._posting.marked_up(text.strip(), labels=True)
        payload = self._payloads.command(
            person, channel, command, text=typed, trigger=trigger, url=url
        )
        answer = await self._envelopes.ask(
            "slash_commands", "command", command, payload, wants_answer=True
        )
        if not answer.ok:
            return _failed(answer.error, f'{command} failed with the error "{answer.error}"')
        body = answer.body
        if isinstance(body, str):
            body = {"text": body}
        if isinstance(body, dict) and body:
            if body.get("response_type") == "in_channel":
                shown = f"{command} {text}".strip()
                self._posting.post_as_person(channel, person, shown, source="command")
            try:
                self._urls.respond(person, channel.id, body)
            except SlackError as refused:
                error = "invalid_command_response"
                why = f'{command} failed with the error "{error}" ({refused.error})'
                return _failed(error, why)
        return {"ok": True}

    # Presses and choices

    async def action(self, person: str, container: Json, action: Json, state: Json) -> Json:
        """Press or choose something in a message or a view."""
        place = self._place(person, container)
        given = copy.deepcopy(state.get("values") or {})
        where = given.setdefault(str(action.get("block_id")), {})
        where.setdefault(action["action_id"], action)
        current = state_of(
            place.blocks, given, file_object=self.file_object, here=self._views.origin(person)
        )
        payload = self._payloads.interaction("block_actions", person)
        payload["actions"] = [self._action(place, action)]
        if place.view is not None:
            self._views.remember(place.view, current)
            payload["container"] = {"type": "view", "view_id": place.view["id"]}
            payload["view"] = place.view
            payload["trigger_id"] = self._triggers.give(
                person, channel=self._views.origin(person), view=place.view["id"]
            )
        if place.message is not None:
            payload["state"] = current
            payload |= self._message_parts(person, place.message)
        answer = await self._envelopes.ask(
            "interactive", "action", action["action_id"], payload, wants_answer=False
        )
        return {"ok": True} if answer.ok else _failed(answer.error, DID_NOT_RESPOND)

    async def options(self, person: str, container: Json, query: Json) -> Json:
        """Ask the app for the options of a type-ahead: `{"options"}` or `{"option_groups"}`."""
        place = self._place(person, container)
        found = find_element(place.blocks, query["block_id"], query["action_id"])
        if found is None or "external_select" not in found[1]["type"]:
            raise Nonsense("no_such_element", "There is no such type-ahead there.")
        value = str(query.get("value", ""))
        if len(value) < found[1].get("min_query_length", 3):
            return {"options": []}
        payload = self._payloads.interaction("block_suggestion", person)
        payload |= {
            "action_id": query["action_id"],
            "block_id": query["block_id"],
            "value": value,
        }
        if place.view is not None:
            payload["container"] = {"type": "view", "view_id": place.view["id"]}
            payload["view"] = place.view
        if place.message is not None:
            parts = self._message_parts(person, place.message)
            payload |= {k: v for k, v in parts.items() if k in ("container", "channel", "message")}
        answer = await self._envelopes.ask(
            "interactive", "options", query["action_id"], payload, wants_answer=True
        )
        if not answer.ok:
            return _failed(answer.error, DID_NOT_RESPOND)
        body = answer.body if isinstance(answer.body, dict) else {}
        problems = option_problems(body)
        if problems:
            return _failed("invalid_options", f"{DID_NOT_RESPOND} ({problems[0]})")
        return {k: body[k] for k in ("options", "option_groups") if k in body} or {"options": []}

    def file_object(self, file_id: str) -> Json:
        """The file object of an upload. Raises Nonsense when there is none."""
        file = self._workspace.files.get(file_id)
        if file is None:
            raise Nonsense("file_not_found", f"There is no file {file_id}.")
        return file.as_slack(self._posting.address, self._config.story.team_id)

    def _place(self, person: str, container: Json) -> Place:
        if container.get("type") == "view":
            view = self._views.find(person, str(container.get("view_id")))
            if view is None:
                raise Nonsense("view_not_found", "That form is not open.")
            return Place(view["blocks"], view=view)
        channel, ts = str(container.get("channel")), str(container.get("ts"))
        message = self._workspace.message(channel, ts)
        if message is None or not message.seen_by(person):
            raise Nonsense("message_not_found", "That message is not there any more.")
        return Place(message.blocks, message=message)

    def _message_parts(self, person: str, message: Message) -> Json:
        channel = self._workspace.channels[message.channel]
        parts: Json = {
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": channel.id,
                "is_ephemeral": message.only_for is not None,
            },
            "channel": {"id": channel.id, "name": channel.name},
            "trigger_id": self._triggers.give(person, channel=channel.id),
            "response_url": self._urls.give(person, channel.id, message.ts),
        }
        if message.only_for is None:  # Slack leaves an ephemeral message out of the payload
            parts["message"] = self._posting.as_slack(message)
        return parts

    def _action(self, place: Place, pressed: Json) -> Json:
        """The entry of `actions`, made from the element that is there and what was chosen in it."""
        found = find_element(
            place.blocks, str(pressed.get("block_id")), str(pressed.get("action_id"))
        )
        if found is None:
            raise Nonsense("no_such_element", "There is nothing of that kind to press.")
        block, element = found
        kind = element["type"]
        made: Json = {
            "type": kind,
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": action_ts(),
        }
        field = holds(kind)
        if field is not None:
            given = {block["block_id"]: {element["action_id"]: pressed}}
            state = state_of([block], given, file_object=self.file_object)
            made |= state["values"][block["block_id"]][element["action_id"]]
        elif kind == "overflow":
            chosen = pressed.get("selected_option") or {}
            known = {o["value"]: o for o in options_of(element)}
            if chosen.get("value") not in known:
                raise Nonsense("invalid_action", "There is no such choice.")
            made["selected_option"] = known[chosen["value"]]
        elif kind == "feedback_buttons":
            made["value"] = pressed.get("value")
        for name in ("text", "value", "style", "placeholder"):
            if name in element and name not in made:
                made[name] = element[name]
        return made


def _failed(error: str, message: str) -> Json:
    return {"ok": False, "error": error, "message": message}
