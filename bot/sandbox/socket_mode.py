"""Socket Mode: up to ten connections of the bot, and each envelope to exactly one of them."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.sandbox.letters import NOBODY_THERE, TOO_LATE, Answer, Letter
from bot.sandbox.records import Json

MOST_CONNECTIONS = 10
LONGEST_SECONDS = 18060
CLOSE_SECONDS = 0.5


@dataclass(eq=False, slots=True)
class _Connection:
    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)
    leaving: bool = False


class SocketMode:
    """The websocket side of the workspace."""

    def __init__(self, app_id: str, ack_seconds: float, changed: Callable[[], None]) -> None:
        self._app_id = app_id
        self._ack_seconds = ack_seconds
        self._changed = changed
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._someone_there = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether at least one connection takes envelopes."""
        return any(not c.leaving for c in self._connections)

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    async def start(self) -> None:
        """Nothing to do: the bot comes to us."""

    async def stop(self) -> None:
        """Close every connection."""
        for connection in list(self._connections):
            await connection.socket.close(code=1001)

    async def until_connected(self) -> None:
        """Return once a connection is there."""
        await self._someone_there.wait()

    def ticket(self) -> str:
        """A ticket for one connection, to go into the URL that apps.connections.open returns."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def refresh(self, *, warn_seconds: float = 0.0) -> None:
        """Recycle every connection as Slack does: a warning, then `refresh_requested`."""
        leaving = list(self._connections)
        for connection in leaving:
            await connection.socket.send_json(self._disconnect("warning"))
        await asyncio.sleep(warn_seconds)
        for connection in [c for c in leaving if c in self._connections]:
            connection.leaving = True
            with contextlib.suppress(ConnectionError):
                await connection.socket.send_json(self._disconnect("refresh_requested"))
        self._note_change()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=CLOSE_SECONDS)
        await socket.prepare(request)
        if self.connections >= MOST_CONNECTIONS:
            await socket.send_json(self._disconnect("too_many_websockets"))
            await socket.close()
            return socket
        connection = _Connection(socket)
        self._connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self._note_change()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acked(connection, message.data)
        finally:
            self._connections.remove(connection)
            for waiting in connection.waiting.values():
                if not waiting.done():
                    waiting.set_result(NOBODY_THERE)
            self._note_change()
        return socket

    async def deliver(self, letter: Letter) -> Answer:
        """Send one envelope down the connection that waits longest for one, and await its ack."""
        connection = next((c for c in self._connections if not c.leaving), None)
        if connection is None:
            return NOBODY_THERE
        self._connections.remove(connection)
        self._connections.append(connection)
        envelope_id = str(uuid4())
        acked: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = acked
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": letter.payload,
            "type": letter.kind,
            "accepts_response_payload": letter.wants_answer,
        }
        if letter.kind == "events_api":
            envelope |= {
                "retry_attempt": letter.retry_num,
                "retry_reason": "timeout" if letter.retry_num else "",
            }
        try:
            await connection.socket.send_json(envelope)
            return await asyncio.wait_for(acked, self._ack_seconds)
        except ConnectionError:
            return NOBODY_THERE
        except TimeoutError:
            return TOO_LATE
        finally:
            connection.waiting.pop(envelope_id, None)

    def _acked(self, connection: _Connection, data: str) -> None:
        try:
            ack = json.loads(data)
        except ValueError:
            return
        waiting = (
            connection.waiting.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
        )
        if waiting is not None and not waiting.done():
            waiting.set_result(Answer(ok=True, body=ack.get("payload") or None))

    def _note_change(self) -> None:
        if self.connected:
            self._someone_there.set()
        else:
            self._someone_there.clear()
        self._changed()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connections,
            "debug_info": self._debug_info(),
            "connection_info": {"app_id": self._app_id},
        }

    def _disconnect(self, reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": self._debug_info()}

    def _debug_info(self) -> Json:
        return {
            "host": "sandbox",
            "build_number": 1,
            "approximate_connection_time": LONGEST_SECONDS,
        }
