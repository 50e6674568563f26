"""Sending and closing a form, and what the app's answer does to the stack."""

from typing import Any

from bot.sandbox.block_ids import every_element
from bot.sandbox.envelopes import Envelopes
from bot.sandbox.errors import Nonsense, SlackError
from bot.sandbox.inputs import complaints, state_of
from bot.sandbox.interactions import TROUBLE, Interactions
from bot.sandbox.modals import Views
from bot.sandbox.payloads import Payloads
from bot.sandbox.records import Json
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.triggers import Triggers


class Forms:
    """What happens when a person presses a form's Submit or Close."""

    def __init__(
        self,
        *,
        envelopes: Envelopes,
        payloads: Payloads,
        triggers: Triggers,
        urls: ResponseUrls,
        views: Views,
        interactions: Interactions,
    ) -> None:
        self._envelopes = envelopes
        self._payloads = payloads
        self._triggers = triggers
        self._urls = urls
        self._views = views
        self._interactions = interactions

    async def submit(self, person: str, view_id: str, given: Json) -> Json:
        """Send a form.

        Answers `{"ok", "result"}`, or `{"ok": False, "errors"}` by block_id (Slack's own checks, or
        the app's), or an error with what Slack shows.
        """
        stack = self._views.stack(person)
        view = stack[-1] if stack else None
        if view is None or view["id"] != view_id:
            raise Nonsense("view_not_found", "That form is not the one on top.")
        state = state_of(
            view["blocks"],
            given,
            file_object=self._interactions.file_object,
            here=self._views.origin(person),
        )
        self._views.remember(view, state)
        wrong = complaints(view["blocks"], state)
        if wrong:
            return {"ok": False, "errors": wrong}
        payload = self._payloads.interaction("view_submission", person)
        payload |= {
            "trigger_id": self._triggers.give(
                person, channel=self._views.origin(person), view=view_id
            ),
            "view": view,
            "response_urls": self._response_urls(person, view),
        }
        answer = await self._envelopes.ask(
            "interactive", "submit", view["callback_id"], payload, wants_answer=True
        )
        if not answer.ok:
            return {"ok": False, "error": answer.error, "message": TROUBLE}
        try:
            return self._carry_out(person, view, answer.body)
        except SlackError as refused:
            messages = refused.beside.get("response_metadata", {}).get("messages", [])
            why = "; ".join([refused.error, *messages])
            return {"ok": False, "error": refused.error, "message": f"{TROUBLE} ({why})"}

    async def close(self, person: str, view_id: str, *, everything: bool) -> Json:
        """Close a form, or all; the app hears of those that asked for it."""
        if not any(v["id"] == view_id for v in self._views.stack(person)):
            raise Nonsense("view_not_found", "That form is not open.")
        closed = self._views.clear(person) if everything else self._views.close(person, view_id)
        for view in reversed(closed):
            if view["notify_on_close"]:
                payload = self._payloads.interaction("view_closed", person)
                payload |= {"view": view, "is_cleared": everything or len(closed) > 1}
                self._envelopes.spawn(
                    self._envelopes.ask(
                        "interactive", "closed", view["callback_id"], payload, wants_answer=False
                    )
                )
        return {"ok": True}

    def _carry_out(self, person: str, view: Json, body: Any) -> Json:
        """Do what the ack says; the person may have closed the form in the meantime."""
        still_open = any(v["id"] == view["id"] for v in self._views.stack(person))
        if not isinstance(body, dict) or not body.get("response_action"):
            if still_open:
                self._views.close(person, view["id"])
            return {"ok": True, "result": "closed"}
        match body["response_action"]:
            case "clear":
                self._views.clear(person)
                return {"ok": True, "result": "cleared"}
            case "errors":
                return {"ok": False, "errors": _known_errors(view, body.get("errors"))}
            case "update":
                self._views.update(
                    body.get("view"), view_id=view["id"], external_id=None, hash=None
                )
                return {"ok": True, "result": "updated"}
            case "push":
                self._views.push(person, body.get("view"))
                return {"ok": True, "result": "pushed"}
        raise SlackError("invalid_response_action")

    def _response_urls(self, person: str, view: Json) -> list[Json]:
        """One URL for each conversation select that asked for it."""
        found = []
        for block, element in every_element(view["blocks"]):
            if not element.get("response_url_enabled"):
                continue
            held = view["state"]["values"][block["block_id"]][element["action_id"]]
            channel = held.get("selected_conversation") or held.get("selected_channel")
            if channel:
                found.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": channel,
                        "response_url": self._urls.give(person, channel),
                    }
                )
        return found


def _known_errors(view: Json, errors: Any) -> dict[str, str]:
    """The app's errors, if they are such: texts by the block_id of an input of this form."""
    inputs = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_errors")
    return {str(k): str(v) for k, v in errors.items()}
