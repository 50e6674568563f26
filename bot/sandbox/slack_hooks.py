"""Slack's addresses beside the Web API: response URLs, uploads, downloads, consent."""

import html
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Fault
from bot.sandbox.page_api import ascii_name
from bot.sandbox.parts import Parts
from bot.sandbox.records import File
from bot.sandbox.web_api.serving import before_work

SIGN_IN = "<!doctype html><title>Sign in</title><h1>Sign in to your workspace</h1>"


class SlackHooks:
    """The routes that a bot calls without naming a method."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[web.RouteDef]:
        """The routes, to be added to the server."""
        return [
            web.post("/actions/{rest:.+}", self.response_url),
            web.post("/upload/v1/{id}", self.upload),
            web.get("/files/{name:.+}", self.download),
            web.get("/signin", self.sign_in),
            web.get("/link/", self._parts.sockets.serve),
            web.get("/oauth/v2/authorize", self.authorize),
            web.post("/oauth/v2/authorize", self.allow),
        ]

    async def response_url(self, request: web.Request) -> web.Response:
        """Take an answer to a command or an action."""
        sent = await request.text()
        fault = self._parts.faults.strike("response_url", "slow", "hang", "fail", "rate_limit")
        faulty = await before_work(fault)
        if faulty is not None:
            return web.json_response(faulty, status=503)
        error = ""
        try:
            body = _posted(sent, request.content_type)
            if not isinstance(body, dict):
                raise SlackError("invalid_payload")
            self._parts.urls.answer(request.path, body)
        except SlackError as refused:
            error = refused.error
        self._parts.traffic.record(
            "from_bot",
            "response_url",
            "response_url",
            ok=not error,
            request=sent if error == "invalid_payload" else body,
            response=error or "ok",
        )
        if not error:
            return web.Response(text="ok")
        gone = error in ("used_url", "expired_url", "no_such_url")
        return web.json_response({"ok": False, "error": error}, status=404 if gone else 400)

    async def upload(self, request: web.Request) -> web.Response:
        """Second step of an upload: the bytes, bare or as a form's file."""
        fault: Fault | None = self._parts.faults.strike("upload", "slow", "hang", "fail")
        if await before_work(fault) is not None:
            return web.Response(status=503, text="service unavailable")
        if request.content_type == "multipart/form-data":
            form = await request.post()
            parts = [v for v in form.values() if isinstance(v, web.FileField)]
            content = parts[0].file.read() if parts else b""
        else:
            content = await request.read()
        try:
            self._parts.uploads.receive(request.match_info["id"], content)
        except SlackError as refused:
            return web.Response(status=400, text=refused.error)
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        """A file's bytes, for the bot's token; without it the way leads to a sign-in page."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        config = self._parts.config
        file, content = self._found(request.match_info["name"])
        fault = self._parts.faults.strike("download", "slow", "hang", "fail")
        failed = await before_work(fault) is not None
        allowed = token == config.bot_token and "files:read" in config.manifest.scopes
        allowed = allowed and self._parts.workspace.installed
        ok = allowed and not failed and content is not None
        self._parts.traffic.record(
            "from_bot", "download", file.name if file else request.path, ok=ok
        )
        if failed:
            return web.Response(status=503, text="service unavailable")
        if not allowed:
            return web.Response(status=302, headers={"Location": "/signin"})
        if file is None or content is None:
            return web.Response(status=404, text="not found")
        headers = {"Content-Disposition": f'attachment; filename="{ascii_name(file.name)}"'}
        return web.Response(body=content, content_type=file.mimetype, headers=headers)

    async def sign_in(self, request: web.Request) -> web.Response:
        """What a download without a token ends at."""
        return web.Response(text=SIGN_IN, content_type="text/html")

    async def authorize(self, request: web.Request) -> web.Response:
        """The consent page."""
        query = request.query
        if query.get("client_id") != self._parts.config.client_id:
            return web.Response(status=400, text="invalid_client_id")
        if not self._redirect_allowed(query.get("redirect_uri", "")):
            return web.Response(status=400, text="bad_redirect_uri")
        name = html.escape(self._parts.config.manifest.name)
        kept = "".join(
            f'<input type="hidden" name="{html.escape(k)}" value="{html.escape(v)}">'
            for k, v in query.items()
        )
        scopes = "".join(f"<li>{html.escape(s)}</li>" for s in query.get("scope", "").split(","))
        page = (
            f"<!doctype html><html lang=en><title>Install {name}</title>"
            f"<h1>{name} asks to use your workspace</h1><ul>{scopes}</ul>"
            f"<form method=post>{kept}<button>Allow</button>"
            "<button name=denied value=1>Cancel</button></form>"
        )
        return web.Response(text=page, content_type="text/html")

    async def allow(self, request: web.Request) -> web.Response:
        """The person's yes or no, back to the app."""
        form = {k: str(v) for k, v in (await request.post()).items()}
        target = form.get("redirect_uri") or self._first_redirect()
        if not self._redirect_allowed(target) or not target:
            return web.Response(status=400, text="bad_redirect_uri")
        back = {"state": form.get("state", "")}
        if form.get("denied"):
            back["error"] = "access_denied"
        else:
            installer = next(iter(self._parts.workspace.people))
            scope, asked = form.get("scope", ""), form.get("redirect_uri", "")
            back["code"] = self._parts.grants.allow(installer, scope, asked)
        return web.Response(status=302, headers={"Location": f"{target}?{urlencode(back)}"})

    def _first_redirect(self) -> str:
        return next(iter(self._parts.config.manifest.redirect_urls), "")

    def _redirect_allowed(self, target: str) -> bool:
        """Whether a redirect goes to one of the manifest's URLs, or stays on this machine."""
        if not target:
            return True
        listed = any(target.startswith(u) for u in self._parts.config.manifest.redirect_urls)
        return listed or urlsplit(target).hostname in ("127.0.0.1", "localhost")

    def _found(self, path: str) -> tuple[File | None, bytes | None]:
        id = path.split("/", maxsplit=1)[0].rpartition("-")[2]
        file = self._parts.workspace.files.get(id)
        if file is not None and not self._parts.uploads.visible_to_app(file):
            file = None
        return file, self._parts.workspace.content(id) if file else None


def _posted(text: str, content_type: str) -> Any:
    """A response's body: JSON, whatever its header says, or a form with `payload`."""
    if content_type == "application/x-www-form-urlencoded":
        form = dict(parse_qsl(text))
        text = form.get("payload", text)
    try:
        return json.loads(text)
    except ValueError:
        raise SlackError("invalid_payload") from None
