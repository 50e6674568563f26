"""The sandbox itself: a local Slack on one loopback port."""

import errno
import logging
import os
import socket
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.clock import MovableClock
from bot.sandbox.config import SandboxConfig
from bot.sandbox.errors import Nonsense
from bot.sandbox.page_acts import MOST_UPLOAD_BYTES, PageActs
from bot.sandbox.page_api import PageReads
from bot.sandbox.page_files import PageFiles
from bot.sandbox.parts import Parts, assemble, start_afresh
from bot.sandbox.slack_hooks import SlackHooks
from bot.sandbox.store import Store
from bot.sandbox.web_api.serving import WebApi

HOST = "127.0.0.1"
PORTS_TO_TRY = 50
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})
log = logging.getLogger(__name__)


class Sandbox:
    """A workspace in the hand: start it, point a bot at its address, stop it."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.clock = MovableClock()
        self._store: Store | None = None
        self._runner: web.AppRunner | None = None
        self._parts: Parts | None = None

    @property
    def parts(self) -> Parts:
        """What the running sandbox is made of, for tests that look inside. Raises RuntimeError."""
        if self._parts is None:
            raise RuntimeError("the sandbox is not running")
        return self._parts

    @property
    def address(self) -> str:
        """Where the page is, without a slash at the end; the Web API is under `/api/`."""
        return self.parts.posting.address

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL has to be."""
        return f"{self.address}/api/"

    async def start(self) -> str:
        """Open the workspace; returns its address. Raises OSError when no port is free."""
        self._store = Store(self.config.state_folder)
        self._parts = assemble(self.config, self.clock, self._store)
        self._runner = web.AppRunner(
            self._application(self._parts), access_log=None, shutdown_timeout=0.5
        )
        await self._runner.setup()
        listening = _listen(self.config.port)
        await web.SockSite(self._runner, listening).start()
        self._parts.posting.address = f"http://{HOST}:{listening.getsockname()[1]}"
        await self._parts.envelopes.carrier.start()
        if self._parts.http is not None:
            self._parts.envelopes.spawn(self._verify_url())
        return self.address

    async def stop(self) -> None:
        """Close everything; what is to be kept is kept already."""
        if self._parts is not None:
            self._parts.watchers.close()
            await self._parts.envelopes.stop()
            await self._parts.envelopes.carrier.stop()
            await self._parts.sockets.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._store is not None:
            self._store.close()
        self._parts = self._runner = self._store = None

    async def reset(self) -> None:
        """Start the story anew, as the page's button does."""
        await start_afresh(self.parts)

    async def _verify_url(self) -> None:
        """Ask the bot's request URL for its challenge, once it is there."""
        http = self.parts.http
        if http is None:
            return
        await http.until_connected()
        verified = await http.verify_url()
        self.parts.traffic.record("to_bot", "event", "url_verification", ok=verified)
        if not verified:
            log.warning("the request URL did not give the challenge back")

    def _application(self, parts: Parts) -> web.Application:
        app = web.Application(client_max_size=MOST_UPLOAD_BYTES * 2, middlewares=[_guard])
        api = WebApi(parts)
        app.add_routes(
            [
                web.route("*", "/api/{method}", api.serve),
                *SlackHooks(parts).routes(),
                *PageReads(parts).routes(),
                *PageActs(parts).routes(),
                *PageFiles(self.config.page_folder).routes(),
            ]
        )
        return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep other sites' pages out, and answer nonsense as the contract says."""
    if request.url.host not in LOCAL_NAMES:
        return web.Response(status=403, text="This address is for this machine only.")
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        return web.Response(status=403, text="This address is for its own page only.")
    try:
        return await handler(request)
    except Nonsense as wrong:
        body = {"ok": False, "error": wrong.error, "message": wrong.message}
        return web.json_response(body, status=400)


def _listen(port: int) -> socket.socket:
    """A listening socket on that port or, if it is taken, the next free one."""
    for candidate in [port] if port == 0 else range(port, port + PORTS_TO_TRY):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":
            # A port whose last connections are still fading away is free: pages find it again.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, candidate))
            listening.listen()
        except OSError as taken:
            listening.close()
            if taken.errno != errno.EADDRINUSE:
                raise
        else:
            listening.setblocking(False)
            return listening
    raise OSError(errno.EADDRINUSE, f"no free port from {port} to {port + PORTS_TO_TRY}")
