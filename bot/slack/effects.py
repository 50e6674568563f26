"""Carrying out what a handler wants done: answers, forms, pages and files."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, assert_never

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import files
from bot.slack.apologies import apology
from bot.slack.blocks import blocks_of
from bot.slack.connection import SlackConnection
from bot.slack.forms import modal_of
from bot.slack.messages import message_of
from bot.slack.payloads import WayBack
from bot.slack.surfaces import Surface
from bot.slack.web_api import asked
from domain.errors import Refused, SendFailed
from handlers.effects import (
    Effect,
    FormErrors,
    OpenForm,
    ReplaceSource,
    Reply,
    SendFile,
    SendReport,
    UpdateHome,
)
from handlers.views.elements import Code, View, say, spoken
from handlers.views.forms import Form

_TO_OPEN = 2.5  # seconds; a trigger lives for three
_TO_ANSWER = 5.0

NO_FORM = say(
    "The form could not be opened just now. Please try again in a moment. "
    "A loss can also be told in one line: ",
    Code("/lost Acme Corp, price"),
)

MakeReport = Callable[[str, SendReport], Awaitable[SendFile]]
"""Makes a report that was promised in a workspace."""

_log = logging.getLogger(__name__)


class Effects:
    """Carries effects out through the Web API and response URLs, one after another."""

    def __init__(self, connection: SlackConnection, report: MakeReport) -> None:
        self._report = report
        self._api = connection.api
        self._installations = connection.installations
        self._sender = connection.sender

    async def perform(self, way: WayBack, effects: Sequence[Effect]) -> None:
        """Carry out what is left once the answer is on its way; forms first, they are in a hurry.

        What cannot be carried out is told to the person where they can be reached, and logged.
        """
        for effect in sorted(effects, key=lambda e: not isinstance(e, OpenForm)):
            try:
                await self._perform_one(way, effect)
            except Refused as refusal:
                await self._apologise(way, say(*spoken(refusal.sentence)))
            except SendFailed as failure:
                _log.warning(
                    "%s for %s in %s failed: %s",
                    type(effect).__name__,
                    way.user_id,
                    way.workspace_id,
                    failure.reason,
                )
            except Exception as error:  # noqa: BLE001  # nobody else is there to tell the person
                what = f"{type(effect).__name__} for {way.user_id}"
                await self._apologise(way, apology(error, what, way.workspace_id))

    async def tell(self, way: WayBack, view: View, *, public: bool = False) -> None:
        """Answer where the person is, or else in their DM. Raises `SendFailed`."""
        if way.response_url:
            try:
                kind = "in_channel" if public else "ephemeral"
                message = message_of(view, "message" if public else "ephemeral")
                answer = {**message, "response_type": kind, "replace_original": False}
                await self._respond(way.response_url, answer)
                return
            except SendFailed as failure:
                _log.info("a response URL did not take the answer: %s", failure.reason)
        await self._sender.whisper(way.workspace_id, way.user_id, view)

    async def _apologise(self, way: WayBack, sorry: View) -> None:
        try:
            await self.tell(way, sorry)
        except SendFailed as failure:
            _log.warning("%s was not told of a fault: %s", way.user_id, failure.reason)

    async def _perform_one(self, way: WayBack, effect: Effect) -> None:
        match effect:
            case Reply(view, public):
                await self.tell(way, view, public=public)
            case ReplaceSource(view):
                await self._replace(way, view)
            case OpenForm(form):
                await self._open(way, form)
            case FormErrors(errors):
                await self.tell(way, say(" ".join(errors.values())))
            case UpdateHome(view):
                home = {"type": "home", "blocks": blocks_of(view, "home")}
                client = await self._client(way)
                await asked(client.views_publish(user_id=way.user_id, view=home))
            case SendFile():
                await self._send_file(way, effect)
            case SendReport():
                await self._send_file(way, await self._report(way.workspace_id, effect))
            case _ as never:
                assert_never(never)

    async def _send_file(self, way: WayBack, file: SendFile) -> None:
        channel = await self._sender.dm(way.workspace_id, way.user_id)
        await files.give(
            await self._client(way),
            self._api,
            channel=channel,
            name=file.name,
            content=file.content,
            says=file.says,
        )

    async def _open(self, way: WayBack, form: Form) -> None:
        """Open a form, on top of another where the person is in one, or say how to go on."""
        client = await self._client(way)
        modal = modal_of(form, way.memory)
        inside = way.view.get("type") == "modal"
        call = client.views_push if inside else client.views_open
        try:
            await asked(call(trigger_id=way.trigger_id, view=modal), seconds=_TO_OPEN)
        except SendFailed as failure:
            _log.warning("the form %s was not opened: %s", form.id, failure.reason)
            await self.tell(way, NO_FORM)

    async def _replace(self, way: WayBack, view: View) -> None:
        """Put a new message, or page of a form, in the place of the one that was acted upon."""
        if way.from_home:  # there is no message there, and the page is shown anew
            await self.tell(way, view)
            return
        if way.view and not way.form_sent:
            await self._replace_view(way, view)
            return
        try:
            await self._replace_message(way, view)
        except SendFailed as failure:
            _log.info("a message could not be replaced: %s", failure.reason)
            await self._sender.whisper(way.workspace_id, way.user_id, view)

    async def _replace_message(self, way: WayBack, view: View) -> None:
        """Replace by the response URL, which reaches private messages too, or else by its name."""
        surface: Surface = "message" if way.message_ref else "ephemeral"
        try:
            if not way.response_url:
                raise SendFailed("there is no response URL")
            message = message_of(view, surface)
            await self._respond(way.response_url, {**message, "replace_original": True})
        except SendFailed:
            if not way.message_ref:
                raise
            await self._sender.replace(way.workspace_id, way.message_ref, view)

    async def _replace_view(self, way: WayBack, view: View) -> None:
        kept = ("type", "title", "close", "callback_id", "private_metadata")
        page: dict[str, Any] = {k: way.view[k] for k in kept if way.view.get(k)}
        page["blocks"] = blocks_of(view, "modal")
        client = await self._client(way)
        await asked(client.views_update(view_id=str(way.view.get("id")), view=page))

    async def _respond(self, url: str, answer: Mapping[str, Any]) -> None:
        await asked(self._post(url, answer), seconds=_TO_ANSWER)

    async def _post(self, url: str, answer: Mapping[str, Any]) -> None:
        async with self._api.session.post(url, json=answer) as response:
            if response.status != 200:
                raise SendFailed(f"the response URL answered {response.status}")

    async def _client(self, way: WayBack) -> AsyncWebClient:
        return self._api.client(await self._installations.token(way.workspace_id))
