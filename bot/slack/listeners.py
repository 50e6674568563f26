"""The five listeners of the Slack app: each reads a payload, hands it on and answers."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult

from bot.slack import files, payloads
from bot.slack.apologies import apology
from bot.slack.connection import SlackConnection
from bot.slack.effects import Effects
from bot.slack.errands import Errands
from bot.slack.forms import errors_for, modal_of, options_of
from bot.slack.messages import message_of
from bot.slack.payloads import FileOffered, WayBack
from bot.slack.web_api import QUIET
from bot.slack.workspace_events import FAREWELLS, WorkspaceEvents
from domain.errors import Refused, SendFailed
from handlers.dispatch import Dispatcher
from handlers.effects import Effect, FormErrors, OpenForm, Reply, UpdateHome
from handlers.events import Event, FileShared
from handlers.registry import ACTIONS, FORMS
from handlers.views.elements import View, say

Body = dict[str, Any]

_ALL = re.compile(".*", re.DOTALL)
_GONE = say("That button is from an older version of me. Please run the command once more.")
_UNKNOWN = (
    "I do not know this workspace. If I was only just installed or started, please try again in a "
    "minute; else ask an admin to install me anew."
)
_NOT_MINE = "This form is from an older version of me. Please open it once more."
_log = logging.getLogger(__name__)


class Listeners:
    """What the app does when Slack calls. `bolt_app` listens."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        connection: SlackConnection,
        effects: Effects,
        errands: Errands,
        workspace_events: WorkspaceEvents,
    ) -> None:
        self._dispatcher = dispatcher
        self._connection = connection
        self._effects = effects
        self._errands = errands
        self._workspace_events = workspace_events

    def bolt_app(self) -> AsyncApp:
        """Make the Bolt app; what a payload is about is looked up in the registry, not by it.

        Signatures are checked before it, on the bytes as they came.
        """
        app = AsyncApp(
            name="lost-and-found",
            logger=QUIET,
            client=self._connection.api.client(),
            authorize=lambda team_id: self._authorize(team_id),  # Bolt would count `self` too
            request_verification_enabled=False,
            process_before_response=True,
        )
        app.middleware(self._only_installed)
        app.command(_ALL)(self.on_command)
        app.action(_ALL)(self.on_action)
        app.view(_ALL)(self.on_view)
        app.options(_ALL)(self.on_options)
        app.event(_ALL)(self.on_event)
        app.error(self.on_error)
        return app

    async def on_command(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Carry a command out; its answer travels in the ack, Web API or not."""
        event, way = payloads.command_from(body, _workspace(context))
        effects = await self._dispatcher.handle(event)
        answer = next((e for e in effects if isinstance(e, Reply)), None)
        if answer is None:
            await ack()
        else:
            await ack(_answer(answer.view, public=answer.public))
        self._later(way, [e for e in effects if e is not answer])

    async def on_action(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Carry a pressed button out."""
        event, way = payloads.action_from(body, _workspace(context))
        if event is None:
            await ack()
            return
        known = event.id in ACTIONS
        effects = await self._dispatcher.handle(event) if known else [Reply(_GONE)]
        await ack()
        self._later(way, effects)

    async def on_view(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Carry a form out: it closes, or stays and says what to mend, or another follows."""
        event, way = payloads.form_from(body, _workspace(context))
        known = event.id in FORMS
        effects = await self._dispatcher.handle(event) if known else [FormErrors({"": _NOT_MINE})]
        await self._answer_form(ack, way, effects)

    async def on_options(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Offer what matches what was typed."""
        asked = payloads.options_from(body, _workspace(context))
        await ack(options=options_of(await self._dispatcher.options(asked)))

    async def on_event(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Take in what happened in the workspace; files are fetched once Slack has its ack."""
        workspace_id, event = _workspace(context), body.get("event") or {}
        match event.get("type"):
            case "app_home_opened":
                opened, way = payloads.home_from(body, workspace_id)
                if opened is not None:
                    self._later(way, await self._dispatcher.handle(opened))
            case "file_shared" | "message":
                bot = context.bot_user_id or ""
                for offered in payloads.files_from(body, workspace_id, bot):
                    self._errands.run(self._take_file(offered))
            case _:
                await self._workspace_events.hear(event, workspace_id)
        await ack()

    async def on_error(
        self, error: Exception, body: Body, context: AsyncBoltContext
    ) -> BoltResponse:
        """Tell the person by what reference to ask, write down the rest, show no internals."""
        what = f"{body.get('command') or body.get('type')} of {context.get('user_id')}"
        sorry = apology(error, what, _workspace(context))
        if "command" in body:
            return BoltResponse(status=200, body=_answer(sorry))
        match body.get("type"):
            case "block_suggestion":
                return BoltResponse(status=200, body={"options": []})
            case "view_submission":
                _, way = payloads.form_from(body, _workspace(context))
                errors = errors_for(way.view, {"": sorry.summary})
                if errors:
                    return BoltResponse(
                        status=200, body={"response_action": "errors", "errors": errors}
                    )
                self._later(way, [Reply(sorry)])
            case "block_actions":
                _, way = payloads.action_from(body, _workspace(context))
                self._later(way, [Reply(sorry)])
            case "event_callback":  # Slack tells it again in a minute, so that nothing is lost
                return BoltResponse(status=500, body="")
        return BoltResponse(status=200, body="")

    async def _authorize(self, team_id: str | None) -> AuthorizeResult:
        """Answer Bolt's question who we are in a workspace, without asking Slack."""
        known = await self._connection.installations.of(team_id) if team_id else None
        if known is None:
            return AuthorizeResult(enterprise_id=None, team_id=team_id)
        return AuthorizeResult(
            enterprise_id=None,
            team_id=known.workspace_id,
            bot_user_id=known.bot_user_id,
            bot_token=known.token,
        )

    async def _only_installed(
        self,
        context: AsyncBoltContext,
        body: Body,
        next: Callable[[], Awaitable[BoltResponse]],  # Bolt passes it by this name
    ) -> BoltResponse:
        """Answer a workspace that we have no token for; Bolt's own way would call Slack first."""
        farewell = (body.get("event") or {}).get("type") in FAREWELLS  # Bolt brings no token along
        if context.bot_token or farewell:
            return await next()
        answer = {"response_type": "ephemeral", "text": _UNKNOWN} if "command" in body else ""
        return BoltResponse(status=200, body=answer)

    async def _answer_form(self, ack: AsyncAck, way: WayBack, effects: Sequence[Effect]) -> None:
        form = next((e for e in effects if isinstance(e, OpenForm)), None)
        wrong = next((e for e in effects if isinstance(e, FormErrors)), None)
        errors = errors_for(way.view, wrong.errors) if wrong else {}
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        if form is not None:
            modal = modal_of(form.form, way.memory.next_round())
            await ack(response_action="update", view=modal)
        else:
            await ack()
        self._later(way, [e for e in effects if e is not form])

    async def _take_file(self, offered: FileOffered) -> None:
        """Fetch a file, hand it on and answer in the DM it came from."""
        workspace_id = offered.way.workspace_id
        try:
            api = self._connection.api
            client = api.client(await self._connection.installations.token(workspace_id))
            fetched = await files.fetch(api, client, offered.file_id)
            event: Event = FileShared(offered.origin, fetched.name, fetched.content)
            effects = await self._dispatcher.handle(event)
        except Refused as refusal:
            effects = [Reply(say(refusal.sentence))]
        except SendFailed as failure:
            _log.warning("the file %s was not fetched: %s", offered.file_id, failure.reason)
            effects = [Reply(say("I could not fetch that file just now. Please drop it again."))]
        except Exception as error:  # noqa: BLE001  # nobody else is there to tell the person
            sorry = apology(error, f"a file of {offered.way.user_id}", workspace_id)
            effects = [Reply(sorry)]
        await self._effects.perform(offered.way, effects)

    def _later(self, way: WayBack, effects: Sequence[Effect]) -> None:
        if effects:
            self._errands.run(self._carry_out(way, effects))

    async def _carry_out(self, way: WayBack, effects: Sequence[Effect]) -> None:
        """Carry effects out, and show the bot's own page anew to who acted there."""
        await self._effects.perform(way, effects)
        if way.from_home and not any(isinstance(e, OpenForm | UpdateHome) for e in effects):
            shown = await self._dispatcher.handle(payloads.home_again(way))
            await self._effects.perform(way, shown)


def _answer(view: View, *, public: bool = False) -> dict[str, Any]:
    """Make the answer that a command's ack carries."""
    kind = "in_channel" if public else "ephemeral"
    return {**message_of(view, "message" if public else "ephemeral"), "response_type": kind}


def _workspace(context: Mapping[str, Any]) -> str:
    return str(context.get("team_id") or "")
