"""How a Web API call is served: token, scopes, rates, faults, and the answer in Slack's form."""

import asyncio
import base64
import json
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Fault
from bot.sandbox.parts import Parts
from bot.sandbox.records import Json
from bot.sandbox.web_api import basics, chat, conversations, files, users, views
from bot.sandbox.web_api.call import Call, Method

METHODS: Mapping[str, Method] = {
    **basics.METHODS,
    **users.METHODS,
    **conversations.METHODS,
    **chat.METHODS,
    **views.METHODS,
    **files.METHODS,
}
LONGEST_HANG = 600.0


class WebApi:
    """Serves `/api/METHOD`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        name = request.match_info["method"]
        started = time.monotonic()
        args, token, malformed = await _read(request)
        fault = self._parts.faults.strike(name, "slow", "hang", "fail", "rate_limit", "drop")
        answer = await before_work(fault)
        if answer is None:
            answer = {"ok": False, "error": malformed} if malformed else None
        if answer is None:
            answer = await self._run(name, args, token)
        if fault is not None and fault.kind == "drop":
            answer |= {"warning": "line_cut_by_fault"}
        self._parts.traffic.record(
            "from_bot",
            "api",
            name,
            ok=bool(answer["ok"]),
            ms=(time.monotonic() - started) * 1000,
            request=args,
            response=answer,
        )
        if fault is not None and fault.kind == "drop" and request.transport is not None:
            request.transport.abort()
        return self._response(answer)

    async def _run(self, name: str, args: Json, token: str) -> Json:
        method = METHODS.get(name)
        if method is None:
            return {"ok": False, "error": "unknown_method", "req_method": name}
        call = Call(self._parts, args)
        try:
            self._check_token(method, token)
            for scope in method.scopes:
                call.require_scope(scope)
            wait = self._parts.pace.wait_for_method(name, method.per_minute)
            if wait:
                raise SlackError("ratelimited", retry_after=wait)
            return await method.run(call)
        except SlackError as refused:
            return refused.as_json()

    def _check_token(self, method: Method, token: str) -> None:
        if method.token is None:
            return
        config = self._parts.config
        if not token:
            raise SlackError("not_authed")
        if token not in (config.bot_token, config.app_token):
            raise SlackError("invalid_auth")
        if not self._parts.workspace.installed:
            raise SlackError("account_inactive")
        wanted = config.bot_token if method.token == "bot" else config.app_token
        if token != wanted:
            raise SlackError("not_allowed_token_type")

    def _response(self, answer: Json) -> web.Response:
        headers = {"X-OAuth-Scopes": ",".join(sorted(self._parts.config.manifest.scopes))}
        if answer.get("error") == "ratelimited":
            headers["Retry-After"] = str(answer.pop("retry_after", 1))
            return web.json_response(answer, status=429, headers=headers)
        if answer.get("error") == "service_unavailable":
            return web.Response(status=503, text="service unavailable")
        return web.json_response(answer, headers=headers)


async def before_work(fault: Fault | None) -> Json | None:
    """Do what a fault does before, or in place of, the work."""
    if fault is None:
        return None
    match fault.kind:
        case "slow":
            await asyncio.sleep(fault.seconds)
        case "hang":
            await asyncio.sleep(fault.seconds if fault.seconds > 0 else LONGEST_HANG)
            return {"ok": False, "error": "service_unavailable"}
        case "fail":
            return {"ok": False, "error": fault.error or "service_unavailable"}
        case "rate_limit":
            return {"ok": False, "error": "ratelimited", "retry_after": int(fault.seconds)}
    return None


async def _read(request: web.Request) -> tuple[Json, str, str]:
    """The arguments, the token, and Slack's error for a body that cannot be read.

    A token may stand in the header or in a form field, not in a JSON body.
    """
    args: Json = dict(request.query)
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    kind = request.content_type
    if kind == "application/json":
        try:
            body: Any = json.loads(await request.text() or "{}")
        except ValueError:
            return args, token, "invalid_json"
        if not isinstance(body, dict):
            return args, token, "json_not_object"
        body.pop("token", None)
        args |= {k: v for k, v in body.items() if v is not None}
    elif request.method == "POST" and kind in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        form = await request.post()
        args |= {k: v for k, v in form.items() if isinstance(v, str)}
    if request.headers.get("Authorization", "").startswith("Basic "):
        token = ""
        args |= _client_credentials(request.headers["Authorization"])
    return args, token or str(args.pop("token", "")), ""


def _client_credentials(header: str) -> Json:
    """The app's id and secret, as oauth.v2.access takes them in a Basic header."""
    try:
        id, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": id, "client_secret": secret}
